"""The funnel: the one place where a row is written, with its version, change, sums, search terms, stamps and chain.

A ``Book`` is one act under way. Services hand it rows; it compares, writes what changed at once (so that a unique key
speaks while there is still a sentence to say), and at the end closes the act: versions, changes, postings, act, head.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
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
from app.rules.gathering import WATCHED, gather
from app.rules.lights import LIGHT_RULES, LIGHT_RULES_KEY, USUAL
from app.rules.search_terms import terms_of_row
from app.tallies import tally

Row = TypeVar("Row", bound=Kept)
Values = tuple[Any, ...]
SEARCHED = ("name", "investor_name", "location", "zone_id", "deleted_at")
ALG = "sha256-1"


def canonical(value: Any) -> bytes:
    """JSON in one form only, for hashing: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def link_hash(prev: str, facts: list[Any], changes: Iterable[tuple[str, int, int | None, str]]) -> str:
    """The chain's next link: over the link before, the act's own facts, and each change in order.

    A change is its noun, row, zone and difference (canonical JSON, as it stands in the table).
    """
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
    def keep(self, rows: Row | list[Row]) -> None:
        """Write new and changed rows of one noun. One row and 50,000 are the same code.

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
            self._insert(noun, new)
        if old:
            self._update(noun, old)

    def _insert(self, noun: Noun, rows: list[Any]) -> None:
        for row, id_ in zip(rows, self.link.next_ids(noun.table.name, len(rows)), strict=True):
            row.id, row.since = id_, self.seq
            row.created_at = row.updated_at = self.at
            row.settle(self.today, self.light_rules, None)
        all_values = [noun.values(row) for row in rows]
        self.link.many(insert_row(noun.name), [dict(zip(noun.columns, v, strict=True)) for v in all_values])
        for row, values in zip(rows, all_values, strict=True):
            key = (noun.name, row.id)
            self._first[key] = None
            self._now[key] = values

    def _update(self, noun: Noun, rows: list[Any]) -> None:
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        written = []
        for row in rows:
            key = (noun.name, row.id)
            before = self._now.get(key) or self._fresh.get(key)
            if before is None:
                raise LookupError(f"{key} was not read in this act")
            old = before[noun.columns.index("since")]
            if row.since != old:
                raise Stale
            row.settle(self.today, self.light_rules, before)
            values = noun.values(row)
            changed = tuple(
                c for c, b, a in zip(noun.columns, before, values, strict=True) if b != a and c not in noun.quiet
            )
            if not changed:
                continue
            quiet = tuple(
                c for c in noun.quiet if c in noun.columns and c not in ("id", "since", "updated_at", "created_at")
            )
            facts = dict(zip(noun.columns, values, strict=True))
            groups.setdefault(changed + quiet, []).append(
                {**{c: facts[c] for c in changed + quiet}, "id_": row.id, "old_": old, "seq_": self.seq, "at_": self.at}
            )
            written.append((row, key, before))
        for changed, values_list in groups.items():
            if self.link.many(update_row(noun.name, changed), values_list) != len(values_list):
                raise Stale
        for row, key, before in written:
            row.since, row.updated_at = self.seq, self.at
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

    def _versions_and_changes(self) -> list[tuple[str, int, int | None, str]]:
        changes, private, hashed = [], [], []
        closing: dict[str, list[dict[str, Any]]] = {}
        opening: dict[str, list[dict[str, Any]]] = {}
        for n, (key, now) in enumerate(self._now.items()):
            noun = NOUNS[key[0]]
            before = self._first[key]
            if before is not None:
                closing.setdefault(noun.name, []).append(
                    {"id": key[1], "seq": self.seq, "old": before[noun.columns.index("since")]}
                )
            opening.setdefault(noun.name, []).append({"id": key[1]})
            diff, clear, salt = difference(noun, before, now)
            said = canonical(diff).decode()
            zone_id = now[noun.columns.index("zone_id")]
            hashed.append((noun.name, key[1], zone_id, said))
            changes.append(
                {"seq": self.seq, "n": n, "noun": noun.name, "row_id": key[1], "zone_id": zone_id, "diff": said}
            )
            if salt:
                private.append({"seq": self.seq, "n": n, "salt": salt, "clear": canonical(clear).decode()})
        for name, values in closing.items():
            if self.link.many(close_version(name), values) != len(values):
                raise Stale
        for name, values in opening.items():
            self.link.many(open_version(name), values)
        self.link.many(INSERT_CHANGE, changes)
        self.link.many(INSERT_PRIVATE, private)
        return hashed

    def _postings(self) -> None:
        tally(self.link, self.seq, self._projects(), opening=self.opening)

    def _projects(self) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any]]]:
        """Every project touched: as it was before this act (None: it is new), and as it is now."""
        columns = NOUNS["project"].columns
        for key, now in self._now.items():
            if key[0] == "project":
                first = self._first[key]
                yield dict(zip(columns, first, strict=True)) if first else None, dict(zip(columns, now, strict=True))

    def _search(self) -> None:
        noun = NOUNS["project"]
        at = [noun.columns.index(c) for c in SEARCHED]
        gone: list[dict[str, Any]] = []
        found: list[dict[str, Any]] = []
        for (name, id_), now in self._now.items():
            if name != "project":
                continue
            before = self._first[(name, id_)]
            new = [now[i] for i in at]
            if before is not None and [before[i] for i in at] == new:
                continue
            if before is not None:
                gone.append({"id": id_})
            if new[4] is None:
                found.append({"id": id_, "terms": terms_of_row(new[0], new[1], new[2], new[3])})
        self.link.many(DROP_TERMS[self.link.dialect], gone)
        if self.link.dialect == "sqlite":
            found = [{"id": f["id"], "terms": " ".join(f["terms"])} for f in found]
        self.link.many(ADD_TERMS[self.link.dialect], found)

    def _stamps(self) -> None:
        scopes = set()
        for key, now in self._now.items():
            noun = NOUNS[key[0]]
            if noun.stamp != "zone":
                scopes.add(noun.stamp)
                continue
            index = noun.columns.index("zone_id")
            before = self._first[key]
            scopes.update(f"zone:{z}" for z in {now[index], before[index] if before else None} if z is not None)
        self.link.many(STAMP, [{"scope": s, "seq": self.seq} for s in sorted(scopes)])


def _news(noun: Noun, before: Values, now: Values) -> bool:
    return any(b != a for c, b, a in zip(noun.columns, before, now, strict=True) if c not in noun.quiet)


def difference(noun: Noun, before: Values | None, now: Values) -> tuple[dict[str, Any], dict[str, Any], str]:
    """``{field: [before, after]}``, the clear values of private fields, and the salt of the hashes ("" when there are none).

    Private fields stand in the difference as salted hashes, so their clear values can be erased and the chain still
    verifies; secret ones never stand anywhere in clear.
    """
    diff: dict[str, Any] = {}
    clear: dict[str, Any] = {}
    salt = ""
    for i, name in enumerate(noun.columns):
        old, new = (before[i] if before else None), now[i]
        if old == new or name in noun.quiet:
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
