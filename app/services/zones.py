"""Zones: the register, yearly indicators, names that differ between sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound
from app.models import Indicator, Zone
from app.models.shapes import IndicatorEdit, ZoneEdit, ZoneNew, check
from app.rules.access import Act
from app.rules.identity import zone_code, zone_key
from app.words import Word

COLUMNS = (
    "id", "code", "name", "short_name", "level", "kind", "province", "city", "county", "planned_area_km2", "remaining_area_km2",
    "official_code", "reporting_month", "leading_industries", "aliases", "successor_of", "since", "created_at", "updated_at",
)  # fmt: skip
CODE_FORM = Word(
    "Write region and kind, and a number from the second zone on: 371500-ETDZ, 371500-OTHER-2. Kinds: ETDZ, HTZ, RESORT, BONDED, OTHER"
)
NAMES = ("leading_industries", "aliases", "successor_of")


def _record(row: tuple[Any, ...]) -> dict[str, Any]:
    facts = dict(zip(COLUMNS, row, strict=True))
    for name in NAMES:
        facts[name] = orjson.loads(facts[name])
    facts["version"] = facts.pop("since")
    facts.pop("id")
    return facts


def _of(zone: Zone) -> dict[str, Any]:
    return _record(tuple(getattr(zone, c) for c in COLUMNS))


def list_(desk: Desk) -> list[dict[str, Any]]:
    """The zones she may see, in the order in which they were registered."""
    desk.ask(Act.REGISTER_READ)
    return [_record(r) for r in desk.select(Zone, "all", lambda q, t: q.order_by(t.c.id), columns=COLUMNS)]


def find(desk: Desk, code: str, *, to: Act = Act.REGISTER_READ) -> Zone:
    """The zone with this code, if she may see it; NotFound otherwise."""
    found = desk.rows(
        Zone,
        "by_code",
        lambda q, t: q.where(t.c.code == sa.bindparam("code")),
        {"code": code},
    )
    if not found:
        raise NotFound("There is no zone {zone} that you may see", zone=code)
    desk.ask(to, found[0].id)
    return found[0]


def id_of(desk: Desk, code: str) -> int:
    """The id of a zone she may see; NotFound otherwise."""

    def look() -> list[tuple[int]]:
        by_code: Any = sa.bindparam("code")
        return desk.select(
            Zone, "id_by_code", lambda q, t: q.where(t.c.code == by_code), {"code": code}, columns=("id",)
        )

    found = desk.remembered(("zone id", code), look)
    if not found:
        raise NotFound
    return found[0][0]


def id_given(desk: Desk, code: str) -> int:
    """The id of a zone that somebody named in what she sent: one she may not see is her mistake in ``/zone``, not a 404."""
    try:
        return id_of(desk, code)
    except NotFound as error:
        raise Invalid.one("/zone", "not_found", "There is no zone {zone} that you may see", zone=code) from error


def read(desk: Desk, code: str) -> dict[str, Any]:
    """One zone as the API gives it."""
    return _of(find(desk, code))


def create(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    """Register a zone. Its code is unique for ever. Raises Invalid for one that is not written as codes of zones are."""
    desk.ask(Act.ZONE_CREATE)
    facts = check(ZoneNew, values)
    code = zone_code(facts["code"])
    if code is None:
        raise Invalid.one("/code", "malformed", CODE_FORM)
    return _register(desk, {**facts, "code": code})


def _register(desk: Desk, facts: dict[str, Any]) -> dict[str, Any]:
    if desk.rows(
        Zone,
        "taken",
        lambda q, t: q.where(t.c.code == sa.bindparam("code")),
        {"code": facts["code"]},
        deleted="with",
    ):
        raise Conflict("The code {zone} is taken", code="code_taken", zone=facts["code"])
    zone = Zone(**_columns(facts))
    desk.keep(zone)
    return _of(zone)


def amend(desk: Desk, code: str, edit: dict[str, Any], *, version: int | None = None) -> dict[str, Any]:
    """Change what was given of a zone; its code never changes."""
    zone = find(desk, code, to=Act.ZONE_AMEND)
    desk.current(zone, version)
    for name, value in _columns(check(ZoneEdit, edit, partial=True)).items():
        setattr(zone, name, value)
    desk.keep(zone)
    return _of(zone)


def _columns(facts: dict[str, Any]) -> dict[str, Any]:
    facts = {k: v for k, v in facts.items() if k != "reason"}
    return {k: orjson.dumps(v or []).decode() if k in NAMES else v for k, v in facts.items()}


INDICATOR = ("year", "key", "value", "unit", "rank", "of", "source")


def indicators(desk: Desk, code: str, year: int | None = None) -> list[dict[str, Any]]:
    """A zone's yearly figures, newest year first."""
    zone_id = id_of(desk, code)
    rows = desk.select(
        Indicator,
        "of_zone",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")).order_by(t.c.year.desc(), t.c.id),
        {"zone": zone_id},
        columns=INDICATOR,
    )
    return [dict(zip(INDICATOR, r, strict=True)) for r in rows if year is None or r[0] == year]


def put_indicators(desk: Desk, code: str, year: int, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write a zone's figures of one year; those not named stay."""
    zone = find(desk, code, to=Act.ZONE_AMEND)
    known = {
        (i.year, i.key): i
        for i in desk.rows(
            Indicator,
            "rows",
            lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")),
            {"zone": zone.id},
        )
    }
    changed = []
    for item in items:
        facts = check(IndicatorEdit, item)
        row = known.get((year, facts["key"])) or Indicator(zone_id=zone.id or 0, year=year, key=facts["key"])
        for name in facts.keys() - {"key"}:
            setattr(row, name, facts[name])
        changed.append(row)
    new = [r for r in changed if r.id is None]
    desk.keep([r for r in changed if r.id is not None])
    desk.keep(new)
    return indicators(desk, code, year)


def names(desk: Desk) -> dict[str, str]:
    """Every spelling of every zone she may see → its code, keyed as ``rules.identity.zone_key`` folds names."""
    found: dict[str, str] = {}
    for code, name, short, aliases in desk.select(
        Zone,
        "names",
        lambda q, t: q.order_by(t.c.id),
        columns=("code", "name", "short_name", "aliases"),
    ):
        for spelling in (code, name, short, *orjson.loads(aliases)):
            if spelling:
                found.setdefault(zone_key(spelling), code)
    return found


def import_rows(desk: Desk, rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Zones with aliases and yearly figures, as ``sanzhang zones import`` reads them; known zones are completed.

    Each row: the facts of a zone, and ``indicators``: a list with ``year`` and the facts of an indicator.
    """
    known = names(desk)
    counts = {"created": 0, "amended": 0, "indicators": 0}
    for row in rows:
        facts = {k: v for k, v in row.items() if k not in ("indicators", "code")}
        code = known.get(zone_key(row["name"])) or row["code"]
        try:
            zone = find(desk, code, to=Act.ZONE_AMEND)
        except NotFound:
            desk.ask(Act.ZONE_CREATE)
            _register(desk, check(ZoneNew, {"code": code, **facts}))  # a file of names makes codes of its own
            counts["created"] += 1
        else:
            fresh = {k: v for k, v in facts.items() if k != "name" and getattr(zone, k, None) in (None, "[]") and v}
            if fresh:
                amend(desk, code, fresh)
                counts["amended"] += 1
        by_year: dict[int, list[dict[str, Any]]] = {}
        for indicator in row.get("indicators", ()):
            by_year.setdefault(indicator["year"], []).append({k: v for k, v in indicator.items() if k != "year"})
        for year, items in by_year.items():
            put_indicators(desk, code, year, items)
            counts["indicators"] += len(items)
    return counts
