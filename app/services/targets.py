"""Targets of zones: what the city office asks of each in a year, how far it is, and what may be expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Invalid, Problem
from app.models import InvestmentTarget
from app.models.shapes import check
from app.models.target_shapes import TargetEdit
from app.rules import funnel, targets
from app.rules.access import Act
from app.rules.codes import CountedAt
from app.rules.funnel import Share, Way
from app.rules.rates import Signing
from app.rules.targets import Class, Forecast, Standing
from app.services import pipeline, reasons, zones
from app.services.signings import signings
from app.services.ways import ways

Record = dict[str, Any]
EVER = "1949-01-01"
FACTS = ("counted_at", "fills", "document")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def read(desk: Desk, zone: str | None = None, year: int | None = None, month: str | None = None) -> Record:
    """The targets of a year with how far they are at the end of ``month``; of the year of that month also what may be
    expected. A zone without a target is left out; ``totals`` adds up what is asked for in the same class."""
    at = pipeline.scope(desk, zone, month)
    shown = year or int(at.month[:4])
    rows = _rows(desk, at.ids, shown)
    until = min(at.until, f"{shown}-12-31")
    hopes = Hopes(desk, at) if rows and at.month[:4] == str(shown) else None
    done = _done(desk, rows, at, shown, until)
    names = pipeline.zone_names(desk, {row.zone_id for row in rows})
    items = [
        {"zone": names[row.zone_id][0], "name": names[row.zone_id][1], **_told(row, done[row.zone_id], hopes)}
        for row in rows
    ]
    items.sort(key=lambda item: item["zone"])
    return {"month": at.month, "year": shown, "until": until, "items": items, "totals": _totals(items)}


def one(desk: Desk, code: str, year: int) -> Record:
    """A zone's target as it was written; without classes where none is."""
    desk.ask(Act.LEAD_READ)
    row = _row(desk, zones.id_of(desk, code), year)
    if row is None:
        return {
            "zone": code,
            "year": year,
            "classes": [],
            "counted_at": "signed",
            "fills": False,
            "document": None,
            "version": 0,
        }
    return _written(row, code)


def _written(row: InvestmentTarget, code: str) -> Record:
    facts = {name: getattr(row, name) for name in FACTS}
    return {"zone": code, "year": row.year, "classes": orjson.loads(row.classes), **facts, "version": row.since}


def _rows(desk: Desk, ids: Sequence[int] | None, year: int) -> list[InvestmentTarget]:
    def build(query: Any, table: Any) -> Any:
        query = query.where(table.c.year == sa.bindparam("year"), table.c.classes != sa.literal_column("'[]'"))
        return query if ids is None else query.where(in_zones(table.c.zone_id, desk.link.dialect, "zones_"))

    values = {"year": year} | ({} if ids is None else {"zones_": zones_value(desk.link.dialect, ids)})
    return desk.rows(InvestmentTarget, ("of year", ids is None), build, values)


def _row(desk: Desk, zone_id: int, year: int) -> InvestmentTarget | None:
    found = desk.rows(
        InvestmentTarget, "of zone",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.year == sa.bindparam("year")),
        {"zone": zone_id, "year": year},
    )  # fmt: skip
    return found[0] if found else None


def _done(
    desk: Desk, rows: Sequence[InvestmentTarget], at: pipeline.Scope, year: int, until: str
) -> dict[int, list[Signing]]:
    """By zone: the contracts that count for its target."""
    january = f"{year}-01-01"
    counted_at = {row.zone_id: CountedAt(row.counted_at) for row in rows}
    first = january if set(counted_at.values()) <= {CountedAt.SIGNED} else EVER
    found: dict[int, list[Signing]] = defaultdict(list)
    for signing in signings(desk, sorted(counted_at), first, at.month) if rows else ():
        if targets.counted([signing], counted_at[signing.zone_id], january, until):
            found[signing.zone_id].append(signing)
    return found


class Hopes:
    """What became of earlier leads: of each zone, and, read only where a zone has too few, of all she sees together."""

    def __init__(self, desk: Desk, at: pipeline.Scope) -> None:
        self._desk, self._at = desk, at
        own: dict[Any, list[Way]] = dict(funnel.groups(ways(desk, at.ids), lambda way: str(way.zone_id)))
        self._zones = {int(zone): some for zone, some in own.items()}
        self._share = cache(self._share_of_all)

    def city(self, goal: str) -> Callable[[str], Share] | None:
        """None where she sees one zone only: nothing stands beside its own."""
        alone = not self._desk.actor.everywhere and len(self._desk.actor.zone_ids or ()) < 2
        return None if alone else lambda stage: self._share(stage, goal)

    def zone(self, zone_id: int, goal: str) -> Callable[[str], Share]:
        return lambda stage: funnel.chance(self._zones.get(zone_id, ()), stage, goal, self._at.until)

    def open(self, zone_id: int, goal: str) -> list[tuple[Way, str]]:
        return funnel.awaited(self._zones.get(zone_id, ()), goal, self._at.until)

    def _share_of_all(self, stage: str, goal: str) -> Share:
        return funnel.chance(self._all, stage, goal, self._at.until)

    @cached_property
    def _all(self) -> list[Way]:
        if self._at.ids is None:
            return [way for some in self._zones.values() for way in some]
        return ways(self._desk, None)


def _told(row: InvestmentTarget, done: Sequence[Signing], hopes: Hopes | None) -> Record:
    classes = classes_of(orjson.loads(row.classes))
    amounts = [targets.amount_of(signing) for signing in done]
    standings = targets.standings(classes, amounts, fills=row.fills)
    counted = {signing.lead_id for signing in done}
    open_leads = (
        [] if hopes is None else [h for h in hopes.open(row.zone_id, row.counted_at) if h[0].lead_id not in counted]
    )
    return {
        "year": row.year,
        **{name: getattr(row, name) for name in FACTS},
        "classes": [{**_standing(one), "forecast": hopes and _hope(hopes, row, one, open_leads)} for one in standings],
        "unknown": amounts.count(None),
        "withdrawn": sum(signing.gone for signing in done),
        "open_unknown": sum(way.amount is None for way, _ in open_leads),
        "version": row.since,
    }


def _standing(one: Standing) -> Record:
    return {
        "least_yuan": one.of.least, "below_yuan": one.of.below, "low": one.of.low, "high": one.of.high, "done": one.done,
        "given": one.given, "taken": one.taken, "counted": one.counted, "lacking": one.lacking, "state": one.state,
    }  # fmt: skip


def _hope(hopes: Hopes, row: InvestmentTarget, one: Standing, open_leads: Sequence[tuple[Way, str]]) -> Record:
    goal = row.counted_at
    return forecast_told(
        targets.forecast(one.of, one.done, open_leads, hopes.zone(row.zone_id, goal), hopes.city(goal))
    )


def forecast_told(found: Forecast) -> Record:
    bases = [
        {
            "stage": b.stage, "open": b.open, "numerator": b.share.numerator, "denominator": b.share.denominator,
            "percent": b.share.percent, "of": b.of,
        }
        for b in found.bases
    ]  # fmt: skip
    order = funnel.STAGES.index
    return {"open": found.open, "count": found.count, "bases": sorted(bases, key=lambda b: order(str(b["stage"])))}


def _totals(items: Sequence[Record]) -> list[Record]:
    """What is asked for and done over all zones, class by class."""
    found: dict[tuple[int, int | None], Record] = {}
    for item in items:
        for one in item["classes"]:
            key = (one["least_yuan"], one["below_yuan"])
            whole = found.setdefault(
                key, {"least_yuan": key[0], "below_yuan": key[1], "low": 0, "high": 0, "done": 0, "zones": 0}
            )
            for name in ("low", "high", "done"):
                whole[name] += one[name]
            whole["zones"] += 1
    return sorted(found.values(), key=lambda whole: (whole["least_yuan"], whole["below_yuan"] or 10**16))


def classes_of(said: Sequence[Record]) -> list[Class]:
    return [Class(one["least_yuan"], one["below_yuan"], one["low"], one["high"]) for one in said]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def exists(desk: Desk, code: str, year: int) -> bool:
    """Was a target written for this zone and year?"""
    return _row(desk, zones.id_of(desk, code), year) is not None


def put(desk: Desk, code: str, year: int, values: Record, *, version: int | None) -> Record:
    """Write the target of a zone and year as a whole, by the city office. No class: nothing is asked for. Other classes
    than were asked for need a reason.

    Raises Invalid for a class without a range or size and for two alike, Stale, Forbidden.
    """
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.TARGET_WRITE, zone_id)
    given = check(TargetEdit, reasons.take(desk, values))
    classes = _checked(given["classes"])
    row = _row(desk, zone_id, year)
    if row is None:
        row = InvestmentTarget(zone_id=zone_id, year=year)
    else:
        desk.current(row, version)
        if orjson.loads(row.classes) != classes and not desk.reason:
            reasons.refuse(["classes"])
    row.classes = orjson.dumps(classes, option=orjson.OPT_SORT_KEYS).decode()
    row.counted_at = CountedAt(given.get("counted_at", CountedAt.SIGNED))
    row.fills = given.get("fills", False)
    row.document = given.get("document")
    desk.keep(row)
    return _written(row, code)


def _checked(said: Sequence[Record]) -> list[Record]:
    """The classes from the smallest on, each with both ends of its size and of its range."""
    classes = [{"below_yuan": None, **one} for one in said]
    problems = []
    for n, one in enumerate(classes):
        if one["below_yuan"] is not None and one["below_yuan"] <= one["least_yuan"]:
            problems.append(Problem(f"/classes/{n}/below_yuan", "crossed", "The class ends before it begins"))
        if one["high"] < max(one["low"], 1):
            problems.append(Problem(f"/classes/{n}/high", "crossed", "At most cannot be less than at least, nor 0"))
    sizes = [(one["least_yuan"], one["below_yuan"]) for one in classes]
    if len(set(sizes)) < len(sizes):
        problems.append(Problem("/classes", "twice", "Two classes are of the same size"))
    if problems:
        raise Invalid(problems=problems)
    return sorted(classes, key=lambda one: (one["least_yuan"], one["below_yuan"] or 10**16))
