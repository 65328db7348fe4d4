"""The funnel: the one place where a row is written, with its version, change, sums, search terms, stamps and chain.

A ``Book`` is one act under way. Services hand it rows; it compares, writes what changed at once (so that a unique key
speaks while there is still a sentence to say), and at the end closes the act: versions, changes, postings, act, head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import orjson

from app import agreeing
from app.differences import ALG, Key, Values, Wrote, canonical, change_hash, difference, has_news, link_hash
from app.engine import Link
from app.errors import Stale
from app.findable import FOUND_BY, terms
from app.kept_sql import (
    ADD_TERMS,
    CHILDREN,
    DROP_TERMS,
    HASHED,
    INSERT_ACT,
    INSERT_CHANGE,
    INSERT_PRIVATE,
    LIGHT_RULES_KEPT,
    SNAPSHOT,
    SNAPSHOT_EVERY,
    STAMP,
    UPDATE_HEAD,
    close_versions,
    insert_row,
    move_changes,
    move_terms,
    open_versions,
    select_one,
    take_back,
    update_row,
)
from app.laid import Laid
from app.models.base import BY_MODEL, NOUNS, Kept, Noun
from app.report_tallies import reckoned
from app.rules.gathering import WATCHED, gather
from app.rules.lights import LIGHT_RULES, LIGHT_RULES_KEY, USUAL
from app.tallies import Tally

Row = TypeVar("Row", bound=Kept)
HOUSE = {"id", "since", "created_at", "updated_at"}
"""Columns that the funnel itself writes."""


@dataclass(frozen=True)
class Signature:
    """Who writes an act, through which door, under which word, why."""

    actor_kind: str
    actor_id: int | None
    actor_name: str
    door: str
    word: str
    reason: str | None = None
    request_id: str | None = None


@dataclass
class Book:
    """One act under way: number, moment, and what it has touched so far."""

    link: Link
    seq: int
    at: str
    prev: str
    today: str
    """The day on which the act happens, where the register lives."""
    opening: bool = False
    """The rows come in as they stood before the register began (期初)."""
    import_id: int | None = None
    undoes: int | None = None
    parents: set[int] = field(default_factory=set)
    """Projects to be gathered when the act closes, beside the parents of those it wrote."""
    laid: Laid | None = None
    """Rows that were made before the lock was taken; ``pour`` writes them."""
    _first: dict[Key, Values | None] = field(default_factory=dict)
    _now: dict[Key, Values] = field(default_factory=dict)
    _fresh: dict[Key, Values] = field(default_factory=dict)
    _again: set[Key] = field(default_factory=set)
    """Rows written more than once in this act: they may have come back to what they were."""
    _poured: Laid | None = None

    @cached_property
    def light_rules(self) -> Mapping[str, Any]:
        """The light rules in force when this act first wrote a row."""
        kept = self.link.value(LIGHT_RULES_KEPT, {"key": LIGHT_RULES_KEY})
        return orjson.loads(kept)["rules"] if kept else LIGHT_RULES[USUAL]

    # ── reading for writing ──────────────────────────────────────────────────────────────────────────────────────
    def load(self, model: type[Row], ids: Iterable[int]) -> list[Row]:
        """Rows by id, in the order asked, deleted ones too; ids that do not exist are left out."""
        statement = select_one(BY_MODEL[model].name)
        found = (self.link.row(statement, {"id": id_}) for id_ in ids)
        return self.adopted(model, [values for values in found if values is not None])

    def reads(self, model: type[Kept]) -> None:
        """Rows of this noun decide what is written. It matters where they are read ahead of the act."""

    def adopted(self, model: type[Row], found: Iterable[Values]) -> list[Row]:
        """``adopt`` for all that was found, were it nothing."""
        self.reads(model)
        return [self.adopt(model, values) for values in found]

    def adopt(self, model: type[Row], values: Values) -> Row:
        """A row just read (all columns, in the table's order), known from now on as it was before this act."""
        noun = BY_MODEL[model]
        row: Row = noun.row(values)
        self._fresh[(noun.name, row.id or 0)] = noun.values(row)
        return row

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────
    def know(self, model: type[Row], rows: Mapping[int, Values]) -> dict[int, Row]:
        """``adopt`` for rows that were read before the act and whose versions were found unchanged in it."""
        noun = BY_MODEL[model]
        made: dict[int, Row] = {id_: noun.row(values) for id_, values in rows.items()}
        self._fresh.update({(noun.name, id_): noun.values(row) for id_, row in made.items()})
        return made

    def keep(self, rows: Row | list[Row], *, settled: bool = False) -> None:
        """Write new and changed rows of one noun. One row and 50,000 are the same code.

        ``settled``: what is derived from their facts was derived on this day already, before the lock was taken.

        Raises ``Stale`` when a row is no longer as it was read (or was kept in this act since: a second object of the
        same row would write old values back), ``Conflict`` when the database's own guards refuse.
        """
        batch: list[Row] = rows if isinstance(rows, list) else [rows]
        if not batch:
            return
        noun = BY_MODEL[type(batch[0])]
        new = [r for r in batch if r.id is None]
        old = [r for r in batch if r.id is not None]
        if new:
            self._insert(noun, new, settled)
        if old:
            self._update(noun, old, settled)

    def _insert(self, noun: Noun, rows: list[Any], settled: bool) -> None:
        for row, id_ in zip(rows, self._numbers(noun.table.name, len(rows)), strict=True):
            row.__dict__.update(id=id_, since=self.seq, created_at=self.at, updated_at=self.at)
            row.numbered()
            if not settled:
                row.settle(self.today, self.light_rules, None)
        all_values = [noun.values(row) for row in rows]
        self._write_new(noun, all_values)
        for row, values in zip(rows, all_values, strict=True):
            key = (noun.name, row.id)
            self._first[key] = None
            self._now[key] = values

    def _update(self, noun: Noun, rows: list[Any], settled: bool) -> None:
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        written = []
        quiet = [(noun.at[c], c) for c in noun.columns if c in noun.quiet - HOUSE]
        for row in rows:
            key = (noun.name, row.id)
            before = self._now.get(key) or self._fresh.get(key)
            if before is None:
                raise LookupError(f"{key} was not read in this act")
            old = before[noun.at["since"]]
            if row.since != old:
                raise Stale
            if not settled:
                row.settle(self.today, self.light_rules, before)
            values = noun.values(row)
            changed = tuple([c for i, c in noun.told if before[i] != values[i]])
            if not changed:
                continue
            changed += tuple([c for i, c in quiet if before[i] != values[i]])
            facts = {c: values[noun.at[c]] for c in changed}
            groups.setdefault(changed, []).append(
                {**facts, "id_": row.id, "old_": old, "seq_": self.seq, "at_": self.at}
            )
            written.append((row, key, before))
        for columns, values_list in groups.items():
            self._write_changed(noun, columns, values_list)
        for row, key, before in written:
            row.__dict__.update(since=self.seq, updated_at=self.at)
            if key in self._first:
                self._again.add(key)
            self._first.setdefault(key, before)
            self._now[key] = noun.values(row)

    def _numbers(self, table: str, count: int) -> Sequence[int]:
        return self.link.next_ids(table, count)

    def _write_new(self, noun: Noun, rows: list[Values]) -> None:
        self.link.pour(insert_row(noun.name), rows)

    def _write_changed(self, noun: Noun, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
        if self.link.many(update_row(noun.name, columns), rows) != len(rows):
            raise Stale

    def pour(self) -> bool:
        """Write the rows that were made ahead. False: there are none, or what they were made from has changed since.

        Raises ``Stale`` when a row is no longer as it was read.
        """
        laid = self.laid
        if laid is None or not laid.holds(self.link, self.today, self.light_rules, opening=self.opening):
            return False
        self._fresh = laid.known | self._fresh
        self._now.update(laid.moved_in(self.link, self.seq, self.at))
        self._first.update(laid.first)
        self._poured = laid
        return True

    def before(self, row: Kept) -> dict[str, Any] | None:
        """The row as it was before this act; None when it is new or nothing of it was written."""
        noun = BY_MODEL[type(row)]
        first = self._first.get((noun.name, row.id or 0))
        return dict(zip(noun.columns, first, strict=True)) if first else None

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is kept inside is kept whole or, when something is refused, not at all; the act goes on."""
        marks = dict(self._first), dict(self._now), dict(self._fresh), set(self._again), self._poured
        try:
            with self.link.apart():
                yield
        except BaseException:
            self._first, self._now, self._fresh, self._again, self._poured = marks
            raise

    def touched(self) -> bool:
        """Is there anything to close? Parents follow their children first, and rows changed and changed back are taken
        out: no version, no news."""
        self.keep(agreeing.followed(self, self._written("project")))
        self._gather()
        for key in self._again:
            noun, first = NOUNS[key[0]], self._first[key]
            if first is not None and not has_news(noun, first, self._now[key]):
                facts = dict(zip(noun.columns, first, strict=True))
                values = {"id_": key[1], "seq_": self.seq, "old_": facts["since"], "at_": facts["updated_at"]}
                self.link.run(take_back(noun.name), values)
                self._fresh[key] = first
                del self._first[key], self._now[key]
                if self._poured and key in self._poured.place:
                    self._poured = None  # its place among the changes would stay empty: all is counted up anew
        self._again.intersection_update(self._now)
        return bool(self._now)

    def _anew(self) -> Iterator[Wrote]:
        """What was written and does not stand ready."""
        ready = self._poured.place if self._poured else {}
        for key, now in self._now.items():
            if key not in ready or key in self._again:
                yield key, self._first[key], now

    def _gather(self) -> None:
        """Headings and bundles show the sums of their phases and parts, whoever wrote these and through which service."""
        noun = NOUNS["project"]
        parents = self.load(noun.model, sorted(self._parents(noun)))
        for parent in parents:
            children = [noun.row(row) for row in self.link.rows(CHILDREN, {"parent": parent.id})]
            gather(parent, children, self.today)
        self.keep(parents)

    def _parents(self, noun: Noun) -> set[int]:
        """The projects whose children, or whose own sums, are not what they were."""
        at = [noun.columns.index(name) for name in WATCHED]
        parent_id, sums = noun.columns.index("parent_id"), noun.columns.index("family_sums")
        found = self.parents | (self._poured.parents if self._poured else set())
        for (name, id_), first, now in self._anew():
            if name != noun.name or (first is not None and all(first[i] == now[i] for i in at)):
                continue
            found |= {row[parent_id] for row in (now, first) if row is not None and row[parent_id] is not None}
            if now[sums] is not None:
                found.add(id_)
        return found

    # ── closing ──────────────────────────────────────────────────────────────────────────────────────────────────
    def close(self, by: Signature) -> str:
        """Write everything that follows from what was kept; the act's hash. Only when ``touched``."""
        self._versions()
        changes = self._changes()
        self._postings()
        if self.seq % SNAPSHOT_EVERY == 0:
            self.link.run(SNAPSHOT, {"seq": self.seq})
        self._search()
        self._stamps()
        facts = [
            self.seq, self.at, by.actor_kind, by.actor_id, by.actor_name, by.door, by.word, by.reason, by.request_id,
            self.import_id, self.undoes, len(changes),
        ]  # fmt: skip
        made = link_hash(self.prev, facts, changes)
        said = dict(zip(HASHED, facts, strict=True))
        self.link.run(INSERT_ACT, {**said, "alg": ALG, "prev": self.prev, "hash": made})
        self.link.run(UPDATE_HEAD, {"seq": self.seq, "at": self.at, "hash": made})
        return made

    def _versions(self) -> None:
        """Close the versions that were the present ones, open those of this act: two statements a noun, however many rows."""
        ids: dict[str, list[int]] = {}
        closing: dict[str, list[int]] = {}
        for name, id_ in self._now:
            ids.setdefault(name, []).append(id_)
            if self._first[name, id_] is not None:
                closing.setdefault(name, []).append(id_)
        for name, old in closing.items():
            if self.link.run(close_versions(name, self.link.dialect), self._among(old)) != len(old):
                raise Stale
        for name, all_ in ids.items():
            self.link.run(open_versions(name, self.link.dialect), self._among(all_))

    def _among(self, ids: list[int]) -> dict[str, Any]:
        return {"ids": ids if self.link.dialect == "postgresql" else orjson.dumps(ids).decode(), "seq": self.seq}

    def _changes(self) -> list[bytes]:
        """Write the changes; their hashes, in order. One that stands ready is moved in where it lies."""
        laid = self._poured
        hashes = list(laid.hashes) if laid else []
        changes, private = [], []
        for key, first, now in self._anew():
            noun = NOUNS[key[0]]
            diff, clear, salt = difference(noun, first, now)
            change = (*key, now[noun.at["zone_id"]], canonical(diff).decode())
            n = laid.place.get(key, len(hashes)) if laid else len(hashes)
            hashes[n : n + 1] = [change_hash(change)]
            changes.append((self.seq, n, *change))
            if salt:
                private.append((self.seq, n, salt, canonical(clear).decode()))
        self.link.pour(INSERT_CHANGE, changes)
        self.link.pour(INSERT_PRIVATE, private)
        if laid:
            taken = {n for _, n, *_ in changes}
            self.link.run(move_changes(self.link.dialect), self._among(sorted(taken)))
            self.link.pour(INSERT_PRIVATE, [(self.seq, n, *said) for n, *said in laid.private if n not in taken])
        return hashes

    def _projects(self) -> Iterator[Wrote]:
        """The projects written that do not stand ready."""
        return (one for one in self._anew() if one[0][0] == "project")

    def _postings(self) -> None:
        self._tally().write(self.link, self.seq)

    def _tally(self) -> Tally:
        """What the act adds to the sums. What stood ready and was written again is counted as it is now."""
        laid, reports = self._poured, list(self._written("report"))
        tally = laid.tally if laid else Tally(opening=self.opening)
        for key, first, now in self._projects():
            if laid and key in laid.place:
                tally.move(first, laid.now[key], -1)
            tally.move(first, now)
        whose = NOUNS["report"].at["project_id"]
        open_ = {now[whose] for _, _, now in reports} | {id_ for (_, id_), _, _ in self._projects()}
        projects = [one for one in self._written("project") if not laid or one[1] is not None or one[0] in open_]
        if laid:
            stood = [
                (id_, None, laid.now[key])
                for id_, first, _ in projects
                if not first and (key := ("project", id_)) in laid.now
            ]
            tally.reckon(reckoned(self.link, stood, ()), -1)
        tally.reckon(reckoned(self.link, projects, reports))
        return tally

    def _written(self, noun: str) -> Iterator[tuple[int, Values | None, Values]]:
        """All rows of a noun written: id, as it was before this act (None: it is new), as it is now."""
        return ((id_, self._first[name, id_], now) for (name, id_), now in self._now.items() if name == noun)

    def _search(self) -> None:
        """Write the terms by which projects and leads are found, where they are not what they were."""
        dialect, laid = self.link.dialect, self._poured
        gone, found = terms((one for one in self._anew() if one[0][0] in FOUND_BY), dialect)
        if laid:
            again = {id_ for name, id_ in self._again if name == "project"}
            gone += [(id_,) for (id_,) in laid.unfound if id_ not in again]
            self.link.pour(DROP_TERMS[dialect], gone)
            self.link.run(move_terms(dialect), self._among(sorted(again)))
        else:
            self.link.pour(DROP_TERMS[dialect], gone)
        self.link.pour(ADD_TERMS[dialect], found)

    def _stamps(self) -> None:
        zones = self._zones()
        of_zones = {f"zone:{z}" for z in zones.pop("zone", set()) if z is not None}
        self.link.pour(STAMP, [(scope, self.seq) for scope in sorted(of_zones | zones.keys())])

    def _zones(self) -> dict[str, set[int | None]]:
        """The zones touched, by what stamps them."""
        zones = {stamp: set(its) for stamp, its in self._poured.zones.items()} if self._poured else {}
        for (name, _), first, now in self._anew():
            noun = NOUNS[name]
            place = noun.at["zone_id"]
            zones.setdefault(noun.stamp, set()).update((now[place], first[place] if first else None))
        return zones
