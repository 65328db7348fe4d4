"""A batch handed down at once: items × zones, different for every zone (因区而异), previewed first, one act, and every
conflict told at once; and a step taken by many delegations together, such as taking a batch back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.desk import Desk
from app.errors import Conflict, Invalid, Problem
from app.models import Delegation, Power
from app.models.power_shapes import DelegationBatch, DelegationMoves
from app.models.shapes import check
from app.rules.access import Act
from app.rules.codes import DelegationState as State
from app.rules.delegations import Fault
from app.services import delegations, powers, reasons, zone_search
from app.services.delegations import GIVEN, HELD
from app.words import Word

Record = dict[str, Any]
MOST = 20_000
"""Cells of one batch: 1,223 items for eleven zones are 13,453."""
SAME, NEW, REFUSED, STEP = "same", "new", "refused", "step"


@dataclass
class Cell:
    """One item in one zone: what becomes of it, and why not."""

    zone: str
    zone_name: str
    power: str
    name: str
    becomes: str
    row: Delegation | None = None
    faults: list[Fault] = field(default_factory=list)

    def told(self) -> Record:
        return {"zone": self.zone, "power": self.power, "becomes": self.becomes}


# ── which cells ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _cells(desk: Desk, sets: list[Record]) -> list[tuple[int, str, str, Power]]:
    """The zones and items that the sets name, each pair once. Raises Invalid for what does not exist, all at once."""
    named = {code: (id_, name) for id_, (code, name) in zone_search.numbered(desk).items() if desk.actor.sees(id_)}
    catalogue = powers.rows(desk)
    problems: list[Problem] = []
    found: dict[tuple[str, str], tuple[int, str, str, Power]] = {}
    for n, one in enumerate(sets):
        problems += _unknown(f"/sets/{n}/zones", one["zones"], named, NO_ZONE, "zone")
        problems += _unknown(f"/sets/{n}/powers", one["powers"], catalogue, NO_POWER, "power")
        for zone in (z for z in one["zones"] if z in named):
            id_, name = named[zone]
            for power in (p for p in one["powers"] if p in catalogue):
                found[zone, power] = (id_, zone, name, catalogue[power])
    if problems:
        raise Invalid(problems=problems)
    if not found:
        raise Invalid.one("/sets", "required", "Choose at least one zone and one item")
    if len(found) > MOST:
        raise Invalid.one("/sets", "too_long", "At most {most} entries", most=MOST)
    return list(found.values())


NO_ZONE, NO_POWER = (
    Word("There is no zone {zone} that you may see"),
    Word("There is no item {power} in the catalogue"),
)


def _unknown(place: str, sent: list[str], known: Mapping[str, Any], msgid: str, name: str) -> list[Problem]:
    return [
        Problem(f"{place}/{n}", "not_found", msgid, {name: code}) for n, code in enumerate(sent) if code not in known
    ]


# ── giving ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def weigh(desk: Desk, values: Record) -> list[Cell]:
    """What a batch would do, cell by cell: ``new``, ``same`` (held already just so) or ``refused``. Nothing is written."""
    desk.ask(Act.DELEGATION_GIVE)
    facts = check(DelegationBatch, reasons.take(desk, values))
    cells = _cells(desk, facts.pop("sets"))
    return weighed(desk, [(id_, zone, name, power, facts) for id_, zone, name, power in cells])


def weighed(desk: Desk, cells: Iterable[tuple[int, str, str, Power, Record]]) -> list[Cell]:
    """The same for cells that each bring facts of their own."""
    sought = list(cells)
    known = delegations.periods(desk, {cell[0] for cell in sought})
    found = []
    for zone_id, zone, name, power, facts in sought:
        periods = known.get((zone_id, power.id or 0), [])
        cell = Cell(zone, name, power.code, power.name, NEW)
        if periods and holds_so(periods[-1], facts):
            cell.becomes, cell.row = SAME, periods[-1]
        else:
            cell.row, cell.faults = delegations.begin(facts, zone_id, power, periods, desk.today)
            cell.becomes = REFUSED if cell.faults else NEW
        found.append(cell)
    return found


def holds_so(row: Delegation, facts: Record) -> bool:
    """Is it held already in all that was said?"""
    return row.state != State.REVOKED and all(getattr(row, n) == facts[n] for n in (*GIVEN, *HELD) if n in facts)


def give(desk: Desk, values: Record) -> Record:
    """Hand the batch down in one act. Raises Conflict with the reason of every cell that cannot be."""
    cells = weigh(desk, values)
    _refuse(cells)
    desk.keep([cell.row for cell in cells if cell.row is not None and cell.becomes == NEW])
    return _outcome(cells, NEW)


# ── a step of many ───────────────────────────────────────────────────────────────────────────────────────────────────
def weigh_moves(desk: Desk, values: Record) -> list[Cell]:
    """What a step of many would do, cell by cell: ``step``, ``same`` (it stands there already) or ``refused``."""
    facts = check(DelegationMoves, reasons.take(desk, values))
    cells = _cells(desk, facts.pop("sets"))
    desk.ask(delegations.act_of(facts["to"]))
    known = delegations.periods(desk, {cell[0] for cell in cells})
    return [_stepped(desk, cell, known.get((cell[0], cell[3].id or 0), []), facts) for cell in cells]


def _stepped(desk: Desk, cell: tuple[int, str, str, Power], periods: list[Delegation], facts: Record) -> Cell:
    _, zone, name, power = cell
    found = Cell(zone, name, power.code, power.name, STEP)
    if not periods:
        values = {"zone": name, "power": power.name}
        found.becomes, found.faults = REFUSED, [Fault("", "not_held", Word("{zone} does not hold {power}"), values)]
        return found
    found.row = periods[-1]
    if found.row.state == facts["to"] != State.ADJUSTED:
        found.becomes = SAME
        return found
    found.faults = delegations.take(found.row, facts, power, periods[:-1], desk.today)
    if found.faults:
        found.becomes = REFUSED
    return found


def move(desk: Desk, values: Record) -> Record:
    """Take the step in one act. Raises Conflict with the reason of every delegation that cannot."""
    cells = weigh_moves(desk, values)
    _refuse(cells)
    desk.keep([cell.row for cell in cells if cell.row is not None and cell.becomes == STEP])
    return _outcome(cells, STEP)


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _refuse(cells: list[Cell]) -> None:
    wrong = [cell for cell in cells if cell.faults]
    if not wrong:
        return
    problems = [delegations.problem(fault, f"/{cell.zone}/{cell.power}") for cell in wrong for fault in cell.faults]
    raise Conflict(
        "{count} of {of} cannot be so; nothing was written", code="batch_refused", problems=problems, count=len(wrong), of=len(cells)
    )  # fmt: skip


def _outcome(cells: list[Cell], word: str) -> Record:
    changed = sum(cell.becomes == word for cell in cells)
    return {"changed": changed, "same": len(cells) - changed, "items": [cell.told() for cell in cells]}
