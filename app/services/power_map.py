"""Which zone holds which item: the matrix of the city, the counts of a zone, what is stuck, what ends soon, and what a
sister zone has that this one lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.desk import Desk
from app.models import Delegation
from app.rules import delegations as rules
from app.rules.access import Act
from app.rules.codes import DelegationState as State
from app.rules.search_terms import fold
from app.services import delegations, powers, zone_search
from app.services.entering import setting_row

Record = dict[str, Any]
CELL = ("zone_id", "power_id", "number", "form", "state", "state_on", "given_on", "running_on", "effective_from", "effective_until", "revoked_on")  # fmt: skip
NONE = "none"
HELD = frozenset({State.TAKEN_OVER, State.RUNNING, State.ADJUSTED})
"""States in which a zone has taken an item over: what the shares of the matrix count."""
MOST_ZONES = 24
"""Columns of the matrix; beyond, the zones have to be chosen."""
Held = Mapping[tuple[int, int], Record]


@dataclass(frozen=True)
class Asked:
    """What of the matrix is asked for; empty is all."""

    departments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Column:
    """A zone of the matrix."""

    id: int
    code: str
    name: str
    hers: bool


@dataclass(frozen=True)
class Group:
    """The items of one department (None: nobody said whose they were), and of each zone how many it has taken over."""

    department: str | None
    powers: list[Record]
    held: list[int]
    total: int

    @property
    def shares(self) -> list[int | None]:
        """Per cent of the items, zone by zone."""
        return [percent(n, self.total) for n in self.held]


@dataclass(frozen=True)
class Matrix:
    """Items × zones. ``cells``: by zone and item the last period. ``more``: zones that found no place."""

    columns: list[Column]
    groups: list[Group]
    whole: Group
    cells: Held
    departments: list[tuple[str | None, int]]
    more: int
    catalogue: int
    all_zones: list[tuple[str, str]] = field(default_factory=list)


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def latest(desk: Desk) -> dict[tuple[int, int], Record]:
    """The last period of every item in every zone, as far as it is published: one statement."""
    desk.ask(Act.REGISTER_READ)
    rows = desk.published(Delegation, "matrix", lambda q, t: q.order_by(t.c.number), {}, CELL)
    return {(row[0], row[1]): dict(zip(CELL, row, strict=True)) for row in rows}


def matrix(desk: Desk, asked: Asked) -> Matrix:
    """The items asked for, by department, against the zones asked for (else those that hold anything, and her own)."""
    cells, catalogue, named = latest(desk), powers.by_id(desk), zone_search.numbered(desk)
    columns = _columns(desk, asked, cells, named)
    shown = columns[:MOST_ZONES]
    wanted = [
        (id_, p) for id_, p in catalogue.items() if _fits(p, asked) and _in_state(id_, shown, cells, asked.states)
    ]
    groups: dict[str | None, list[Record]] = {}
    for id_, power in wanted:
        groups.setdefault(power["department"], []).append({**power, "id": id_})
    made = [_group(name, items, shown, cells) for name, items in groups.items()]
    made.sort(key=lambda g: (g.department is None, -g.total, g.department or ""))
    everything = [power for group in made for power in group.powers]
    departments = Counter(power["department"] for power in catalogue.values())
    return Matrix(
        shown, made, _group(None, everything, shown, cells), cells,
        sorted(departments.items(), key=lambda d: (d[0] is None, -d[1], d[0] or "")), len(columns) - len(shown), len(catalogue),
        list(named.values()),
    )  # fmt: skip


def _columns(desk: Desk, asked: Asked, cells: Held, named: Mapping[int, tuple[str, str]]) -> list[Column]:
    """Her own zones first where she has some, then the others as they were registered."""
    own = set(desk.actor.zone_ids or ()) if not desk.actor.everywhere else set()
    holding = {zone for zone, _ in cells}
    found = [
        Column(id_, code, name, id_ in own)
        for id_, (code, name) in named.items()
        if (code in asked.zones if asked.zones else id_ in holding or id_ in own)
    ]
    return sorted(found, key=lambda c: not c.hers)


def _fits(power: Record, asked: Asked) -> bool:
    if asked.departments and (power["department"] or "") not in asked.departments:
        return False
    if asked.kinds and power["kind"] not in asked.kinds:
        return False
    words = fold(asked.text)
    return not words or any(words in fold(power[n] or "") for n in ("name", "code", "department", "basis"))


def _in_state(id_: int, columns: Iterable[Column], cells: Held, states: tuple[str, ...]) -> bool:
    """Does any zone shown hold it in one of these states (``none``: not at all)?"""
    return not states or any(state_in(cells, column.id, id_) in states for column in columns)


def state_in(cells: Held, zone_id: int, power_id: int) -> str:
    cell = cells.get((zone_id, power_id))
    return cell["state"] if cell else NONE


def _group(department: str | None, items: list[Record], columns: list[Column], cells: Held) -> Group:
    held = [sum(state_in(cells, column.id, item["id"]) in HELD for item in items) for column in columns]
    return Group(department, items, held, len(items))


# ── a zone ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def zone_head(desk: Desk, found: list[Record]) -> Record:
    """What stands at the top of a zone's page, of its last periods: counts by state, what waits longest, what ends soon."""
    states = Counter(f["state"] for f in found)
    stuck = sorted((f for f in found if f["days_waiting"] is not None), key=lambda f: -f["days_waiting"])
    ending = sorted((f for f in found if f["days_left"] is not None), key=lambda f: f["days_left"])
    return {
        "states": {state.value: states[state.value] for state in State},
        "in_force": sum(f["in_force"] for f in found),
        "settled": sum(f["in_force"] and f["settled_in_zone"] for f in found),
        "catalogue": len(powers.by_id(desk)),
        "stuck": stuck,
        "ending": ending,
    }


def gap(desk: Desk, code: str, sister: str) -> list[Record]:
    """The items that a sister zone has taken over and this zone has not: by department, with the sister's form and state."""
    own, _ = delegations.zone_named(desk, code)
    other, _ = delegations.zone_named(desk, sister)
    cells = latest(desk)
    return [
        {
            "power": power["code"],
            **{name: power[name] for name in ("name", "kind", "department")},
            **{name: cells[other, id_][name] for name in ("form", "state", "state_on")},
            "own_state": None if state_in(cells, own, id_) == NONE else state_in(cells, own, id_),
        }
        for id_, power in powers.by_id(desk).items()
        if state_in(cells, other, id_) in HELD and state_in(cells, own, id_) not in HELD
    ]


def sisters(desk: Desk, code: str) -> list[Record]:
    """The other zones that have taken anything over, those with most before: ``code, name, held``."""
    own, _ = delegations.zone_named(desk, code)
    held = Counter(zone for (zone, _), cell in latest(desk).items() if cell["state"] in HELD and zone != own)
    named = zone_search.numbered(desk)
    return [{"code": named[id_][0], "name": named[id_][1], "held": n} for id_, n in held.most_common() if id_ in named]


def ending(desk: Desk, day: str) -> dict[int, tuple[str, str, int]]:
    """Zones of which a delegation ends soon after this day: id → code, name, how many."""
    days, named = delegations.warn_days(desk), zone_search.numbered(desk)
    left = ((cell["zone_id"], rules.ends_soon(cell, day, days)) for cell in latest(desk).values())
    counted = Counter(zone_id for zone_id, n in left if n is not None and n >= 0)
    return {id_: (*named[id_], n) for id_, n in counted.items() if id_ in named}


# ── the city ─────────────────────────────────────────────────────────────────────────────────────────────────────────
FIRST = 8
"""So many lines are named on the page; the rest is behind the zones."""


def city(desk: Desk, asked: Asked) -> Record:
    """What the page of the catalogue shows: the matrix, how many delegations stand in which state, what has been waiting
    longest for its hand-over and what ends soonest, over the zones and items shown."""
    found = matrix(desk, asked)
    shown = {column.id: column for column in found.columns}
    items = {power["id"]: power for group in found.groups for power in group.powers}
    cells = [c for (zone, power), c in found.cells.items() if zone in shown and power in items]
    days = delegations.warn_days(desk)
    waiting = sorted(_lines(cells, lambda c: rules.days_waiting(c, desk.today)), key=lambda line: -line[0])
    ending = sorted(_lines(cells, lambda c: rules.ends_soon(c, desk.today, days)), key=lambda line: line[0])
    return {
        "matrix": found,
        "states": Counter(cell["state"] for cell in cells),
        "stuck": [_line(n, cell, shown, items) for n, cell in waiting[:FIRST]],
        "stuck_count": len(waiting),
        "ending": [_line(n, cell, shown, items) for n, cell in ending[:FIRST]],
        "ending_count": len(ending),
        "warn_days": days,
        "warn_version": desk.remembered("version of the warning", lambda: _version(desk)),
    }


def _version(desk: Desk) -> int:
    row = setting_row(desk, delegations.WARNING_KEY)
    return row.since if row else 0


def _lines(cells: list[Record], count: Callable[[Record], int | None]) -> list[tuple[int, Record]]:
    return [(n, cell) for cell in cells if (n := count(cell)) is not None]


def _line(days: int, cell: Record, zones: Mapping[int, Column], items: Mapping[int, Record]) -> Record:
    zone, power = zones[cell["zone_id"]], items[cell["power_id"]]
    return {"days": days, "zone": zone.code, "zone_name": zone.name, "power": power["code"], "name": power["name"]}
