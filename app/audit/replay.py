"""The replay: every row built again from its changes, held against each of its versions and against the live row.

All three come from the database in the order of their rows, so that a register of any size needs the memory of one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from app.audit.report import Part
from app.audit.weighing import Scales
from app.differences import hidden
from app.engine import Link, Sql
from app.models.base import FOREVER, NOUNS, Noun
from app.rules.counting import AMOUNTS, Cell, count_row
from app.words import Word

CHANGES = Sql(
    "SELECT c.row_id, c.seq, c.zone_id, c.diff, a.at, p.salt FROM change c LEFT JOIN act a ON a.seq = c.seq "
    "LEFT JOIN change_private p ON p.seq = c.seq AND p.n = c.n WHERE c.noun = :noun ORDER BY c.row_id, c.seq"
)
DECIDES = {
    "zone_id",
    "ledger",
    "disposition",
    "relation",
    "has_phases",
    "part_count",
    "pending",
    "light",
    "deleted_at",
} | set(AMOUNTS)
"""Fields that decide where a project counts."""
UNHASHED = ("created_at", "updated_at", "id", "since", "search_name")
Values = tuple[Any, ...]


def check_replay(link: Link, scales: Scales) -> Part:
    """Replay all nouns; what their projects weigh in the sums goes on the ``scales``."""
    part = Part("Replay")
    for noun in NOUNS.values():
        for id_, rows in _aligned(*_streams(link, noun)):
            part.looked_at += len(rows[0])
            _Row(noun, id_, part, scales).check(*rows)
    return part


def _streams(link: Link, noun: Noun) -> list[Iterator[Values]]:
    columns = ", ".join(noun.columns)
    return [
        link.stream(CHANGES, {"noun": noun.name}),
        link.stream(Sql(f"SELECT id, until, {columns} FROM {noun.versions.name} ORDER BY id, since")),
        link.stream(Sql(f"SELECT id, {columns} FROM {noun.table.name} ORDER BY id")),
    ]


def _aligned(*streams: Iterator[Values]) -> Iterator[tuple[int, list[list[Values]]]]:
    """Rows of several streams, each ordered by its first value, brought together value by value."""
    groups = [groupby(stream, key=itemgetter(0)) for stream in streams]
    fronts = [next(group, None) for group in groups]
    while any(front is not None for front in fronts):
        key = min(front[0] for front in fronts if front is not None)
        taken: list[list[Values]] = []
        for n, front in enumerate(fronts):
            mine = front is not None and front[0] == key
            taken.append(list(front[1]) if front is not None and mine else [])
            if mine:
                fronts[n] = next(groups[n], None)
        yield key, taken


class _Row:
    """One row through all its changes."""

    def __init__(self, noun: Noun, id_: int, part: Part, scales: Scales) -> None:
        self.noun, self.id, self.part, self.scales = noun, id_, part, scales
        self.state: list[Any] = [None] * len(noun.columns)
        self.at = {name: n for n, name in enumerate(noun.columns)}
        self.cell: Cell | None = None

    def check(self, changes: list[Values], versions: list[Values], lives: list[Values]) -> None:
        """Apply the changes one by one; after each the row must be what its version is, at the end what is live."""
        if len(changes) != len(versions):
            self._wrong(
                "{noun} {id} has {changes} changes and {versions} versions",
                changes=len(changes),
                versions=len(versions),
            )
        for n, (change, version) in enumerate(zip(changes, versions, strict=False)):
            until, values = version[1], version[2:]
            self._apply(change, values, first=changes[0][4])
            following = changes[n + 1][1] if n + 1 < len(changes) else FOREVER
            if until != following:
                self._wrong("{noun} {id}: the version of act {seq} ends at the wrong act", seq=change[1])
            self._compare(
                values, "{noun} {id}: {fields} of the version of act {seq} are not what its changes say", seq=change[1]
            )
        if not lives:
            self._wrong("{noun} {id} is missing")
        else:
            self._compare(lives[0][1:], "{noun} {id}: {fields} are not what its changes say")
        if self.noun.name == "project":
            self.scales.stands(self.cell, dict(zip(self.noun.columns, self.state, strict=True)))

    def _apply(self, change: Values, version: Values, first: str) -> None:
        _, seq, zone_id, said, moment, salt = change
        diff = orjson.loads(said)
        for name, (before, after) in diff.items():
            if name in self.noun.private or name in self.noun.secret:
                self._keep_hidden(name, after, version, salt, seq)
            elif name in self.at:
                if self.state[self.at[name]] != before:
                    self._wrong("{noun} {id}: act {seq} does not continue what was before", seq=seq)
                self.state[self.at[name]] = after
        facts = (first, moment, self.id, seq, version[self.at["search_name"]] if "search_name" in self.at else None)
        for name, value in zip(UNHASHED, facts, strict=True):
            if name in self.at:
                self.state[self.at[name]] = value
        if zone_id != self.state[self.at["zone_id"]]:
            self._wrong("{noun} {id}: act {seq} names another zone", seq=seq)
        if self.noun.name == "project" and not DECIDES.isdisjoint(diff):
            cell = count_row(dict(zip(self.noun.columns, self.state, strict=True)))
            self.scales.moves(seq, self.cell, cell)
            self.cell = cell

    def _keep_hidden(self, name: str, after: str | None, version: Values, salt: str | None, seq: int) -> None:
        """A private value stands in the change as a salted hash; once it has been erased nothing is left to compare."""
        value = version[self.at[name]]
        if salt is not None and hidden(salt, value) != after:
            self._wrong(
                "{noun} {id}: {fields} of the version of act {seq} are not what its changes say", fields=name, seq=seq
            )
        self.state[self.at[name]] = value

    def _compare(self, values: Values, msgid: str, **facts: Any) -> None:
        if tuple(self.state) != values:
            names = [
                c for c, wanted, found in zip(self.noun.columns, self.state, values, strict=True) if wanted != found
            ]
            self._wrong(msgid, fields=", ".join(names), **facts)

    def _wrong(self, msgid: str, **facts: Any) -> None:
        self.part.wrong(msgid, noun=Word(f"noun.{self.noun.name}"), id=self.id, **facts)
