"""Grouped counts and sums: by zone, ledger and light from the maintained sums, by anything else as a bounded scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from app.desk import Desk
from app.rules.codes import Ledger
from app.services import ledgers, lists, zones
from app.services.asking import Asked
from app.services.records import zone_codes
from app.services.whole_sums import LEDGERS, LIGHTS, Cells, Table

COLUMNS: dict[str, str] = {
    "zone": "zone_id",
    "ledger": "ledger",
    "industry": "industry",
    "light": "light",
    "kind": "kind",
    "nature": "construction_nature",
    "sponsor": "sponsor_leader",
}
"""What can be grouped by, and the column that holds it."""
GROUPS = (*COLUMNS, "size", "list")
MEANING = (
    "`size` is the lower bound of a class of total investment in yuan (0, 50 million, 100 million, 500 million, 1 and 2 "
    "billion). By `list` a project stands under each of its lists; null: on none."
)

Item = dict[str, Any]
Items = list[Item] | orjson.Fragment
"""Groups, or all of them as finished JSON."""


class Said:
    """Every zone's groups as JSON, and all of them joined: written again only where a figure has changed."""

    def __init__(self) -> None:
        self.of_zone: dict[int, tuple[Cells, bytes]] = {}
        """Zone → its cells, and the words in which they are said; as good as long as those cells stand."""
        self.whole: tuple[object, bytes] | None = None
        """The cells of every zone, and all of it."""


_said: dict[tuple[tuple[str, ...], str | None], Said] = {}
"""Grouping and ledger → what was said last; there are few of either."""


def kept(asked: Asked, by: tuple[str, ...]) -> bool:
    """Do the maintained sums answer this?"""
    plain = not asked.filters and not asked.q and asked.deleted == "no" and asked.seq is None
    return plain and set(by) <= {"zone", "ledger", "light"}


def _table(by: tuple[str, ...]) -> Table:
    return LIGHTS if "light" in by else LEDGERS


def summary(desk: Desk, asked: Asked, by: tuple[str, ...]) -> Items:
    """One item a group: its keys under the names in ``by``, counts, lights, and each amount as sum and known.

    Groups without a project are left out. Zone by zone over every zone, all of it is finished JSON.
    """
    if not kept(asked, by):
        return _items(desk, _counted(desk, ledgers.looked_up(desk, asked), by), by)
    if asked.zones is not None or not desk.actor.everywhere:
        ids = [zones.id_of(desk, code) for code in asked.zones] if asked.zones else desk.actor.zone_ids or ()
        return _items(desk, _summed(_table(by).of_zones(desk.link, ids), asked.ledger, by), by)
    if by[0] == "zone":
        return _zone_by_zone(desk, asked.ledger, by)
    sums = _table(by).of_all(desk.link)
    return _items(desk, _summed(sums.cells if "zone" in by else {0: sums.whole}, asked.ledger, by), by)


def _counted(desk: Desk, asked: Asked, by: tuple[str, ...]) -> Mapping[tuple[Any, ...], Sequence[int]]:
    """Cells counted when asked. A project may be on several lists: each list is a filter and a count of its own."""
    if "list" not in by:
        return ledgers.grouped(desk, asked, tuple(COLUMNS.get(name, name) for name in by))
    at, others = by.index("list"), tuple(name for name in by if name != "list")
    cells: dict[tuple[Any, ...], Sequence[int]] = {}
    for code in (*(found["code"] for found in lists.list_(desk)), None):
        on = ("lists", "eq", "[]") if code is None else ("lists", "list", f'"{code}"')
        for key, counted in _counted(desk, replace(asked, filters=(*asked.filters, on)), others).items():
            cells[(*key[:at], code, *key[at:])] = counted
    return cells


def _items(desk: Desk, cells: Mapping[tuple[Any, ...], Sequence[int]], by: tuple[str, ...]) -> list[dict[str, Any]]:
    named = zone_codes(desk.link, {key[by.index("zone")] for key in cells} if "zone" in by else set())
    found = []
    for key, counted in cells.items():
        keys = {name: named[value] if name == "zone" else value for name, value in zip(by, key, strict=True)}
        if counted[0]:
            found.append({**keys, **ledgers.flat(ledgers.head(counted))})
    return sorted(found, key=lambda item: [_place(name, item[name]) for name in by])


def _place(name: str, value: Any) -> tuple[bool, Any]:
    """Ledgers in the order of a project's life, everything else by its text, unknown first."""
    if name == "ledger":
        return True, list(Ledger).index(Ledger(value))
    return value is not None, value if value is not None else ""


def _summed(sums: dict[int, Cells], only: str | None, by: tuple[str, ...]) -> dict[tuple[Any, ...], Sequence[int]]:
    """The cells of some zones added up by the names in ``by``; ``only`` one ledger when it is named."""
    cells: dict[tuple[Any, ...], Sequence[int]] = {}
    for zone_id, of_zone in sums.items():
        for kept_as, counted in of_zone.items():
            ledger, light = (kept_as, None) if isinstance(kept_as, str) else kept_as
            if only in (None, ledger):
                facts = {"zone": zone_id, "ledger": ledger, "light": light}
                key = tuple(facts[name] for name in by)
                known = cells.get(key)
                cells[key] = counted if known is None else [a + b for a, b in zip(known, counted, strict=True)]
    return cells


def _zone_by_zone(desk: Desk, only: str | None, by: tuple[str, ...]) -> orjson.Fragment:
    """Every zone in the order of the codes, each in the words in which it was said when a figure of it last changed."""
    sums = _table(by).of_all(desk.link).cells
    said = _said.setdefault((by, only), Said())
    whole = said.whole
    if whole is None or whole[0] is not sums:
        codes = zone_codes(desk.link, sums)
        each = (
            _of_zone(desk, said, zone_id, sums[zone_id], only, by) for zone_id in sorted(sums, key=codes.__getitem__)
        )
        whole = said.whole = (sums, b"[" + b",".join(filter(None, each)) + b"]")
    return orjson.Fragment(whole[1])


def _of_zone(desk: Desk, said: Said, zone_id: int, cells: Cells, only: str | None, by: tuple[str, ...]) -> bytes:
    known = said.of_zone.get(zone_id)
    if known is None or known[0] is not cells:
        items = _items(desk, _summed({zone_id: cells}, only, by), by)
        known = said.of_zone[zone_id] = (cells, b",".join(map(orjson.dumps, items)))
    return known[1]
