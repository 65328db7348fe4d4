"""The funnel: the one place where a row is written, with its version, change, sums, search terms, stamps and chain.

A ``Book`` is one act under way. Services hand it rows; it compares, writes what changed at once (so that a unique key
speaks while there is still a sentence to say), and at the end closes the act: versions, changes, postings, act, head.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from typing import Any, TypeVar

import orjson

from app.engine import Link
from app.errors import Stale
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
    close_version,
    insert_row,
    open_version,
    select_one,
    take_back,
    update_row,
)
from app.models.base import BY_MODEL, NOUNS, Kept, Noun
from app.report_tallies import reckoned
from app.rules.gathering import WATCHED, gather
from app.rules.lights import LIGHT_RULES, LIGHT_RULES_KEY, USUAL
from app.rules.search_terms import terms_of_row
from app.tallies import LOOKED_AT, tally

Row = TypeVar("Row", bound=Kept)
Values = tuple[Any, ...]
Change = tuple[str, int, int | None, str]
"""Noun, row, zone and difference (canonical JSON, as it stands in the table)."""
SEARCHED = ("name", "investor_name", "location", "zone_id", "deleted_at")
Terms = dict[tuple[str | None, str | None, str | None, int], list[str]]
"""Name, investor, location and zone → the terms they are found by."""
HOUSE = {"id", "since", "created_at", "updated_at"}
"""Columns that the funnel itself writes."""
ALG = "sha256-1"


def canonical(value: Any) -> bytes:
    """JSON in one form only, for hashing: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def link_hash(prev: str, facts: list[Any], changes: Iterable[Change]) -> str:
    """The chain's next link: over the link before, the act's own facts, and each change in order."""
    made = sha256(ALG.encode() + prev.encode() + canonical(facts))
    for noun, row_id, zone_id, diff in changes:
        made.update(sha256(f"{noun} {row_id} {zone_id or 0} {diff}".encode()).digest())
    return made.hexdigest()


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
    terms: Terms = field(default_factory=dict)
    """Search terms that were made before the lock was taken."""
    _first: dict[tuple[str, int], Values | None] = field(default_factory=dict)
    _now: dict[tuple[str, int], Values] = field(default_factory=dict)
    _fresh: dict[tuple[str, int], Values] = field(default_factory=dict)
    _again: set[tuple[str, int]] = field(default_factory=set)
    """Rows written more than once in this act: they may have come back to what they were."""

    @cached_property
    def light_rules(self) -> Mapping[str, Any]:
        """The light rules in force when this act first wrote a row."""
        kept = self.link.value(LIGHT_RULES_KEPT, {"key": LIGHT_RULES_KEY})
        return orjson.loads(kept)["rules"] if kept else LIGHT_RULES[USUAL]

    # ── reading for writing ──────────────────────────────────────────────────────────────────────────────────────
    def load(self, model: type[Row], ids: Iterable[int]) -> list[Row]:
        """Rows by id, in the order asked, deleted ones too; ids that do not exist are left out."""
        noun = BY_MODEL[model]
        statement = select_one(noun.name)
        found = []
        for id_ in ids:
            values = self.link.row(statement, {"id": id_})
            if values is not None:
                found.append(self.adopt(model, values))
        return found

    def adopt(self, model: type[Row], values: Values) -> Row:
        """A row just read (all columns, in the table's order), known from now on as it was before this act."""
        noun = BY_MODEL[model]
        row: Row = noun.row(values)
        self._fresh[(noun.name, row.id or 0)] = noun.values(row)
        return row

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────
    def know(self, model: type[Row], rows: Mapping[int, Values]) -> None:
        """``adopt`` for rows that were read before the act and whose versions were found unchanged in it."""
        noun = BY_MODEL[model]
        self._fresh.update({(noun.name, id_): noun.values(noun.row(values)) for id_, values in rows.items()})

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
        for row, id_ in zip(rows, self.link.next_ids(noun.table.name, len(rows)), strict=True):
            row.__dict__.update(id=id_, since=self.seq, created_at=self.at, updated_at=self.at)
            row.numbered()
            if not settled:
                row.settle(self.today, self.light_rules, None)
        all_values = [noun.values(row) for row in rows]
        self.link.pour(insert_row(noun.name), all_values)
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
            if self.link.many(update_row(noun.name, columns), values_list) != len(values_list):
                raise Stale
        for row, key, before in written:
            row.__dict__.update(since=self.seq, updated_at=self.at)
            if key in self._first:
                self._again.add(key)
            self._first.setdefault(key, before)
            self._now[key] = noun.values(row)

    def before(self, row: Kept) -> dict[str, Any] | None:
        """The row as it was before this act; None when it is new or nothing of it was written."""
        noun = BY_MODEL[type(row)]
        first = self._first.get((noun.name, row.id or 0))
        return dict(zip(noun.columns, first, strict=True)) if first else None

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is kept inside is kept whole or, when something is refused, not at all; the act goes on."""
        marks = dict(self._first), dict(self._now), dict(self._fresh), set(self._again)
        try:
            with self.link.apart():
                yield
        except BaseException:
            self._first, self._now, self._fresh, self._again = marks
            raise

    def touched(self) -> bool:
        """Is there anything to close? Parents follow their children first, and rows changed and changed back are taken
        out: no version, no news."""
        self._gather()
        for key in self._again:
            noun, first = NOUNS[key[0]], self._first[key]
            if first is not None and not _news(noun, first, self._now[key]):
                facts = dict(zip(noun.columns, first, strict=True))
                values = {"id_": key[1], "seq_": self.seq, "old_": facts["since"], "at_": facts["updated_at"]}
                self.link.run(take_back(noun.name), values)
                self._fresh[key] = first
                del self._first[key], self._now[key]
        self._again.clear()
        return bool(self._now)

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
        found = set(self.parents)
        for (name, id_), now in self._now.items():
            first = self._first[name, id_]
            if name != noun.name or (first is not None and all(first[i] == now[i] for i in at)):
                continue
            found |= {row[parent_id] for row in (now, first) if row is not None and row[parent_id] is not None}
            if now[sums] is not None:
                found.add(id_)
        return found

    # ── closing ──────────────────────────────────────────────────────────────────────────────────────────────────
    def close(self, by: Signature) -> str:
        """Write everything that follows from what was kept; the act's hash. Only when ``touched``."""
        changes = self._versions_and_changes()
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

    def _versions_and_changes(self) -> list[Change]:
        changes, private, hashed = [], [], []
        closing: dict[str, list[dict[str, Any]]] = {}
        opening: dict[str, list[int]] = {}
        for n, ((name, id_), now) in enumerate(self._now.items()):
            noun, before = NOUNS[name], self._first[(name, id_)]
            if before is not None:
                old = before[noun.at["since"]]
                closing.setdefault(name, []).append({"id": id_, "seq": self.seq, "old": old})
            opening.setdefault(name, []).append(id_)
            diff, clear, salt = difference(noun, before, now)
            change = (name, id_, now[noun.at["zone_id"]], canonical(diff).decode())
            hashed.append(change)
            changes.append((self.seq, n, *change))
            if salt:
                private.append((self.seq, n, salt, canonical(clear).decode()))
        for name, values in closing.items():
            if self.link.many(close_version(name), values) != len(values):
                raise Stale
        for name, ids in opening.items():
            self.link.pour(open_version(name), [(id_,) for id_ in ids])
        self.link.pour(INSERT_CHANGE, changes)
        self.link.pour(INSERT_PRIVATE, private)
        return hashed

    def _written(self, noun: str = "project") -> Iterator[tuple[int, Values | None, Values]]:
        """The rows of a noun written: id, as it was before this act (None: it is new), as it is now."""
        for (name, id_), now in self._now.items():
            if name == noun:
                yield id_, self._first[(name, id_)], now

    def _postings(self) -> None:
        reported = reckoned(self.link, self._written(), self._written("report"))
        tally(self.link, self.seq, self._counted(), reported, opening=self.opening)

    def _counted(self) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any]]]:
        """What decides where a project counts, before and now, for those that count otherwise than before."""
        looked_at = _chosen(LOOKED_AT)
        for _, first, now in self._written():
            was, is_ = looked_at(first) if first else None, looked_at(now)
            if was != is_:
                yield dict(zip(LOOKED_AT, was, strict=True)) if was else None, dict(zip(LOOKED_AT, is_, strict=True))

    def _search(self) -> None:
        searched = _chosen(SEARCHED)
        gone: list[tuple[int]] = []
        found: list[tuple[int, Any]] = []
        for id_, first, now in self._written():
            *texts, deleted_at = searched(now)
            if first is not None and searched(first) == (*texts, deleted_at):
                continue
            if first is not None:
                gone.append((id_,))
            if deleted_at is None:
                terms = self.terms.get(tuple(texts)) or terms_of_row(*texts)
                found.append((id_, " ".join(terms) if self.link.dialect == "sqlite" else terms))
        self.link.pour(DROP_TERMS[self.link.dialect], gone)
        self.link.pour(ADD_TERMS[self.link.dialect], found)

    def _stamps(self) -> None:
        zones: dict[str, set[int | None]] = {}
        for (name, id_), now in self._now.items():
            noun, before = NOUNS[name], self._first[(name, id_)]
            place = noun.at["zone_id"]
            zones.setdefault(noun.stamp, set()).update((now[place], before[place] if before else None))
        of_zones = {f"zone:{z}" for z in zones.pop("zone", set()) if z is not None}
        self.link.pour(STAMP, [(scope, self.seq) for scope in sorted(of_zones | zones.keys())])


def _chosen(names: tuple[str, ...]) -> Callable[[Values], Values]:
    """These columns of a project's values."""
    places = NOUNS["project"].at
    return itemgetter(*(places[name] for name in names))


def _news(noun: Noun, before: Values, now: Values) -> bool:
    return any(before[i] != now[i] for i, _ in noun.told)


def difference(noun: Noun, before: Values | None, now: Values) -> tuple[dict[str, Any], dict[str, Any], str]:
    """``{field: [before, after]}``, the clear values of private fields, and the salt of the hashes ("" when there are none).

    Private fields stand in the difference as salted hashes, so their clear values can be erased and the chain still
    verifies; secret ones never stand anywhere in clear.
    """
    diff: dict[str, Any] = {}
    clear: dict[str, Any] = {}
    salt = ""
    for i, name in noun.told:
        old, new = (before[i] if before else None), now[i]
        if old == new:
            continue
        if name in noun.private or name in noun.secret:
            salt = salt or secrets.token_hex(16)
            diff[name] = [hidden(salt, old), hidden(salt, new)]
            if name in noun.private:
                clear[name] = [old, new]
        else:
            diff[name] = [old, new]
    return diff, clear, salt


def hidden(salt: str, value: Any) -> str | None:
    """What stands in a difference for a value that may have to be forgotten."""
    return None if value is None else "#" + sha256(salt.encode() + canonical(value)).hexdigest()[:32]
