"""What a unit said of a heading, remembered for the next workbook that has it, and forgotten when she says so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import NotFound
from app.models import Layout
from app.services import zones
from app.services.choices import merged
from app.services.workbooks import Understood
from app.sheets.layouts import fingerprint, heading_text

REMEMBERED = ("heading", "columns", "marks")
"""Of what is said of a sheet. A period belongs to one workbook, a row to one sheet: neither is remembered."""


def applied(desk: Desk, choices: dict[str, Any], understood: Understood) -> dict[str, Any]:
    """Facts of a file that came in: its choices with what is remembered, its layouts, and what was remembered by whom."""
    prints = {table.sheet: fingerprint(table) for table in understood.tables}
    wanted = [p for p in prints.values() if p]
    found = _of_any(desk, wanted, choices.get("zone")) if desk.actor.kind == "system" else _known(desk, wanted)
    known = {row.fingerprint: row for row in found}
    sheets: dict[str, Any] = {}
    remembered: dict[str, Any] = {}
    for sheet, print_ in prints.items():
        row = known.get(print_ or "")
        if row is not None:
            sheets[sheet] = orjson.loads(row.said)
            remembered[sheet] = {"by": row.decided_by, "on": (row.updated_at or row.created_at or "")[:10]}
    texts = {t.sheet: heading_text(t) for t in understood.tables}
    return {
        "choices": merged({"sheets": sheets} if sheets else {}, choices),
        "layouts": {sheet: [print_, texts[sheet]] for sheet, print_ in prints.items() if print_},
        "remembered": remembered,
    }


def remember(desk: Desk, facts: dict[str, Any], given: dict[str, Any]) -> None:
    """Keep what she now says of the sheets named in ``given``, each under its layout."""
    for sheet, said in (given.get("sheets") or {}).items():
        if sheet not in facts.get("layouts", {}) or (said is not None and not said.keys() & set(REMEMBERED)):
            continue
        found, heading = facts["layouts"][sheet]
        _keep(desk, found, heading, _lasting(facts["choices"].get("sheets", {}).get(sheet, {})))
        facts.get("remembered", {}).pop(sheet, None)


def _lasting(said: dict[str, Any]) -> dict[str, Any]:
    kept = {name: said[name] for name in REMEMBERED if said.get(name)}
    columns = {
        at: {k: v for k, v in one.items() if k in ("field", "unit")} for at, one in kept.pop("columns", {}).items()
    }
    columns = {at: one for at, one in columns.items() if one}
    return {**kept, **({"columns": columns} if columns else {})}


def _keep(desk: Desk, found: str, heading: str, said: dict[str, Any]) -> None:
    rows = _known(desk, [found])
    if not said:
        _remove(desk, rows)
        return
    zones = desk.actor.zone_ids or ()
    row = rows[0] if rows else Layout(fingerprint=found, scope=_scope(desk), heading=heading or "?")
    row.zone_id = zones[0] if len(zones) == 1 and not desk.actor.everywhere else None
    row.said, row.decided_by = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode(), desk.actor.name[:60]
    desk.keep(row)


def forget(desk: Desk, facts: dict[str, Any], sheet: str) -> None:
    """Neither this file nor the next goes by what was remembered for the layout of ``sheet``."""
    if sheet in facts.get("layouts", {}):
        _remove(desk, _known(desk, [facts["layouts"][sheet][0]]))
    taken_back = dict.fromkeys(REMEMBERED)
    facts["choices"] = merged(facts["choices"], {"sheets": {sheet: taken_back}})
    facts.get("remembered", {}).pop(sheet, None)


def _remove(desk: Desk, rows: list[Layout]) -> None:
    for row in rows:
        row.deleted_at = desk.now
    if rows:
        desk.keep(rows)


def _scope(desk: Desk) -> str:
    """Whose memory it is: that of her unit, else of those who hold the same zones."""
    actor = desk.actor
    if actor.unit_id is not None:
        return f"unit:{actor.unit_id}"
    return "all" if actor.zone_ids is None else "zones:" + ",".join(map(str, actor.zone_ids))[:190]


def _known(desk: Desk, prints: list[str]) -> list[Layout]:
    """What her unit remembers of these headings, the latest last."""
    found: list[Layout] = []
    for one in dict.fromkeys(prints):
        found += desk.rows(
            Layout,
            "by_fingerprint",
            lambda q, t: q.where(
                t.c.fingerprint == sa.bindparam("fingerprint"), t.c.scope == sa.bindparam("scope")
            ).order_by(t.c.id),
            {"fingerprint": one, "scope": _scope(desk)},
        )
    return found


def _of_any(desk: Desk, prints: list[str], zone: str | None) -> list[Layout]:
    """At the command line the house has no unit: what the zone named there remembers, and without one what everybody who
    remembers the heading agrees on."""
    zone_id = None
    with suppress(NotFound):  # whoever places the rows says so
        zone_id = zones.id_of(desk, zone) if zone else None
    found: list[Layout] = []
    for one in dict.fromkeys(prints):
        rows = desk.rows(
            Layout,
            "by_fingerprint_of_any",
            lambda q, t: q.where(t.c.fingerprint == sa.bindparam("fingerprint")).order_by(t.c.updated_at, t.c.id),
            {"fingerprint": one},
        )
        here = [row for row in rows if row.zone_id is not None and row.zone_id == zone_id] or rows
        found += here[-1:] if len({row.said for row in here}) == 1 else []
    return found
