"""The sums: postings are what the changes say, totals are the sum of postings and what the live rows add up to.

Postings stand in the order of acts and the replay goes row by row. So each act is weighed on both sides: every figure of
every cell times a random number of its own. Equal weights mean equal postings (but for a chance of one in 2^60), and one
number an act is all that has to be remembered.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from app.audit.report import Part
from app.engine import Link, Sql
from app.models import core
from app.report_tallies import all_reckoned
from app.rules.counting import Cell, posting_kinds
from app.rules.dated import Dated, dated
from app.words import Word

COLUMNS = ", ".join(core.COUNTED)
POSTINGS = Sql(f"SELECT seq, zone_id, ledger, kind, {COLUMNS} FROM posting ORDER BY seq")
TOTALS = Sql(f"SELECT zone_id, ledger, {COLUMNS} FROM total")
COPIES = Sql(f"SELECT seq, zone_id, ledger, {COLUMNS} FROM total_at ORDER BY seq")
LIGHTS = Sql(f"SELECT zone_id, ledger, light, {COLUMNS} FROM light_total")
FACTS = Sql("SELECT zone_id, fact, period, projects, amount_sum, amount_known FROM dated_total")
Cells = dict[tuple[int, str], list[int]]
Sums = dict[tuple[int, str, str], list[int]]
Key = TypeVar("Key", bound=Hashable)


class Scales:
    """What every act weighs by its changes, and where every project stands in the end."""

    def __init__(self) -> None:
        self.weights: dict[int, int] = {}
        self.standing: Cells = {}
        self.lights: Sums = {}
        self.dated: Sums = {}
        self._random: dict[tuple[int, str, str], list[int]] = {}

    def moves(self, seq: int, before: Cell | None, after: Cell | None) -> None:
        """An act moved a project from one cell of the sums to another."""
        for cell, sign, kind in posting_kinds(before, after, opening=False):
            self.put(seq, sign, (cell.zone_id, cell.ledger, kind), cell.counted)

    def put(self, seq: int, sign: int, key: tuple[int, str, str], counted: Sequence[int]) -> None:
        """Put a posting on the scales."""
        if key[2] == "opened":  # the changes do not say that rows came in as an opening
            key = (key[0], key[1], "added")
        random = self._random.get(key)
        if random is None:
            random = self._random[key] = [secrets.randbits(61) for _ in core.COUNTED]
        weight = sum(r * value for r, value in zip(random, counted, strict=True) if value)
        self.weights[seq] = self.weights.get(seq, 0) + sign * weight

    def stands(self, cell: Cell | None, row: Mapping[str, Any]) -> None:
        """This is where a project stands now, and what the row says in the end."""
        if cell is not None:
            _add(self.standing, (cell.zone_id, cell.ledger), cell.counted)
            _add(self.lights, (cell.zone_id, cell.ledger, cell.light), cell.counted)
        for found in dated(row):
            self.fact(row["zone_id"], found)

    def fact(self, zone_id: int, found: Dated) -> None:
        """A fact of a month, here and everywhere."""
        for place in (zone_id, core.EVERYWHERE):
            counted = (1, found.amount or 0, int(found.amount is not None))
            _add(self.dated, (place, found.fact, found.period), counted)


def check_sums(link: Link, scales: Scales) -> Part:
    """Hold postings, totals and their kept copies against what is on the scales."""
    part = Part("Sums")
    running: Cells = {}
    copies = _copies(link)
    waiting = next(copies, None)
    for seq, zone_id, ledger, kind, *counted in link.stream(POSTINGS):
        while waiting is not None and waiting[0] < seq:
            _compare_copy(waiting, running, part)
            waiting = next(copies, None)
        part.looked_at += 1
        scales.put(seq, -1, (zone_id, ledger, kind), counted)
        _add(running, (zone_id, ledger), counted)
    while waiting is not None:
        _compare_copy(waiting, running, part)
        waiting = next(copies, None)
    for seq, weight in scales.weights.items():
        if weight:
            part.wrong("The postings of act {seq} are not what its changes say", seq=seq)
    totals = {(zone_id, ledger): counted for zone_id, ledger, *counted in link.rows(TOTALS)}
    _compare(totals, running, part, "The sums of zone {zone}, {ledger}, are not the sum of their postings")
    _compare(totals, scales.standing, part, "The sums of zone {zone}, {ledger}, are not what its projects add up to")
    _check_derived(link, scales, part)
    return part


def _check_derived(link: Link, scales: Scales, part: Part) -> None:
    """The sums by light and by month are what the rows of projects and of reports add up to."""
    for zone_id, found_, _ in all_reckoned(link):
        scales.fact(zone_id, found_)
    for statement, standing in ((LIGHTS, scales.lights), (FACTS, scales.dated)):
        found = {(row[0], row[1], row[2]): list(row[3:]) for row in link.rows(statement)}
        if _known(found) != _known(standing):
            part.wrong("The sums by light or by month are not what the projects add up to; run sanzhang migrate")


def _copies(link: Link) -> Any:
    """The kept copies of the sums, one act at a time."""
    seq, cells = None, {}
    for at, zone_id, ledger, *counted in link.stream(COPIES):
        if seq is not None and at != seq:
            yield seq, cells
            cells = {}
        seq, cells[zone_id, ledger] = at, counted
    if seq is not None:
        yield seq, cells


def _compare_copy(copy: tuple[int, Cells], running: Cells, part: Part) -> None:
    if _known(copy[1]) != _known(running):
        part.wrong("The copy of the sums kept at act {seq} is not what stood then", seq=copy[0])


def _compare(found: Cells, wanted: Cells, part: Part, msgid: str) -> None:
    left, right = _known(found), _known(wanted)
    for key in sorted(left.keys() | right.keys()):
        if left.get(key) != right.get(key):
            part.wrong(msgid, zone=key[0], ledger=Word(f"Ledger.{key[1]}"))


def _known(cells: dict[Key, list[int]]) -> dict[Key, list[int]]:
    return {key: list(counted) for key, counted in cells.items() if any(counted)}


def _add(cells: dict[Key, list[int]], key: Key, counted: Iterable[int]) -> None:
    known = cells.get(key)
    cells[key] = list(counted) if known is None else [a + b for a, b in zip(known, counted, strict=True)]
