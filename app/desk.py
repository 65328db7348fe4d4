"""One person at one desk: what she may see, what she may do, and the way a service reads and keeps.

Five verbs: ``get`` (a row or 404; leave or 403), ``select`` (her rows of a noun, now or as of an act), ``columns`` (what of
them she may see), ``may`` (for controls) and ``keep``. Nothing else opens a noun's table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa

from app import remembered
from app.covered import covered, told
from app.engine import Link, Sql
from app.errors import Conflict, Forbidden, NotFound, Stale
from app.keep import Book, Signature
from app.models.base import BY_MODEL, FOREVER, NOUNS, Kept, Noun
from app.rules import access
from app.rules.access import Act, Role
from app.words import Word

T = TypeVar("T")
Row = TypeVar("Row", bound=Kept)
Build = Callable[[Any, Any], Any]
"""``build(select, table)``: adds filters, order and limit; values come as bind parameters."""


@dataclass(frozen=True)
class Actor:
    """A person, a key or the house itself, as the rights table sees it."""

    kind: str
    id: int | None
    name: str
    role: Role
    zone_ids: tuple[int, ...] | None
    """None: every zone."""
    locale: str | None = None
    unit_id: int | None = None
    expires_at: str | None = None
    bound: access.Bound | None = None
    """What a personal link narrows her to; None: her zones."""

    @property
    def everywhere(self) -> bool:
        return self.zone_ids is None or self.role in access.EVERY_ZONE

    @property
    def rights(self) -> tuple[Any, ...]:
        """Her rights class: people of one class get the same bytes."""
        return self.role.value, None if self.everywhere else self.zone_ids, *((self.bound,) if self.bound else ())

    def may(self, act: Act, zone_id: int | None = None) -> bool:
        """May she do this, in this zone when one is named?"""
        return access.may(self.role, act, self.bound is not None) and (zone_id is None or self.sees(zone_id))

    def sees(self, zone_id: int | None) -> bool:
        return zone_id is None or self.everywhere or zone_id in (self.zone_ids or ())


NO_LEAVE = "nothing is kept without asking leave first: desk.ask(Act.X) or desk.get(..., to=Act.X)"
SYSTEM = Actor("system", None, "system", Role.SYSTEM, None)


@dataclass
class Desk:
    """One actor and one transaction. ``seq`` names the act as of which is read; None is now."""

    actor: Actor
    link: Link
    language: str
    today: str
    """The day where the register lives, ``2026-06-30``."""
    door: str = "page"
    book: Book | None = None
    seq: int | None = None
    reason: str | None = None
    request_id: str | None = None
    word: Act | None = None
    later: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Jobs to be written in this act (kind, arguments)."""
    _words: tuple[str | None] | None = None
    """The state of what is ``remembered``, once it was looked at."""

    # ── leave ────────────────────────────────────────────────────────────────────────────────────────────────────
    def may(self, act: Act, zone_id: int | None = None) -> bool:
        """For controls: would ``ask`` be granted?"""
        return self.actor.may(act, zone_id)

    def may_write(self, group: str | None) -> bool:
        return access.may_write(self.actor.role, group)

    def ask(self, act: Act, zone_id: int | None = None) -> None:
        """Ask leave for an act; the first word that is not about reading is the word history keeps.

        Raises NotFound or Forbidden.
        """
        if not self.actor.sees(zone_id):
            raise NotFound
        if not self.actor.may(act):
            raise Forbidden("Your role may not do this: {act}", act=Word(f"act.{act.value}"))
        if self.word is None and act not in access.LOOKING:
            self.word = act

    def remembered(self, name: Hashable, make: Callable[[], T], zone: int | None = None) -> T:
        """What ``make`` reads of zones, industries and settings (and a ``zone``'s rows), again only when one has changed.

        All of her rights class get the same object: it must not be changed. In an act, and as of one, ``make`` is asked.
        """
        if self.book is not None or self.seq is not None:
            return make()
        if self._words is None:
            self._words = (remembered.stamp_of(self.link),)
        stamp = self._words[0] if zone is None else f"{self._words[0]} {remembered.stamp_of(self.link, f'zone:{zone}')}"
        return remembered.remembered(stamp, (name, self.actor.rights), make)

    # ── one row ──────────────────────────────────────────────────────────────────────────────────────────────────
    def get(self, model: type[Row], id_: int | None, *, to: Act = Act.REGISTER_READ, deleted: bool = False) -> Row:
        """The row, if it exists and is hers to see, and if she may do ``to`` with it."""
        if id_ is None or not 0 < id_ < FOREVER:
            raise NotFound
        row = self._one(model, id_)
        if row is not None and (bound := self.actor.bound) and not bound.sees(BY_MODEL[model].name, row):
            raise NotFound
        if row is None or (row.deleted_at is not None and not deleted) or not self.actor.sees(row.zone_id):
            raise NotFound
        self.ask(to, row.zone_id)
        return row

    def _one(self, model: type[Row], id_: int) -> Row | None:
        if self.book is not None:
            found = self.book.load(model, [id_])
            return found[0] if found else None
        noun = BY_MODEL[model]
        found_as = _row_now(noun.name) if self.seq is None else _row_as_of(noun.name)
        values = self.link.row(found_as, {"id": id_, "seq": self.seq})
        row: Row | None = noun.row(values) if values else None
        return row

    def current(self, row: Kept, version: int | None, changing: Iterable[str] | None = None) -> None:
        """Is ``version`` still what she read? ``changing`` lets a save through when none of its fields changed since.

        Raises ``Stale`` with ``current_version`` and ``changed``: field, before, after, by, at, reason, newest last.
        """
        if version is None or row.since == version:
            return
        since = self.changes_since(row, version)
        touched = {c["field"] for c in since}
        if changing is not None and version < row.since and not touched.intersection(changing):
            return
        raise Stale(extra={"current_version": row.since, "changed": since, "id": row.id})

    def changes_since(self, row: Kept, version: int) -> list[dict[str, Any]]:
        """What was changed in this row after act ``version``, field by field, oldest first.

        A private field is told in clear to who may read it, so that neither side of a conflict is lost; else as None.
        """
        noun = BY_MODEL[type(row)]
        found, unseen = [], self.unseen(noun)
        values = {"noun": noun.name, "id": row.id, "seq": version}
        for seq, diff, clear, at, name, reason in self.link.rows(CHANGES_SINCE, values):
            why = None if noun.guarded & unseen else reason  # it may name what the row does not
            for field_, before, after in told(noun, unseen, diff, clear):
                one = {"field": field_, "before": before, "after": after}
                found.append({**one, "by": name, "at": at, "reason": why, "version": seq})
        return found

    def keep(self, rows: Row | list[Row], *, settled: bool = False) -> None:
        """Write new and changed rows; see ``keep.Book.keep``. Only inside an act, and only in zones she sees."""
        if self.book is None:
            raise Conflict("Nothing can be written here")
        if self.word is None:
            raise LookupError(NO_LEAVE)
        held = rows if isinstance(rows, list) else [rows]
        if not all(map(self.actor.sees, {row.zone_id for row in held})):
            raise NotFound
        if (bound := self.actor.bound) and not all(bound.holds(BY_MODEL[type(r)].name, r) for r in held):
            raise NotFound
        self.book.keep(rows, settled=settled)

    # ── many rows ────────────────────────────────────────────────────────────────────────────────────────────────
    def table(self, model: type[Kept]) -> sa.Table:
        """The noun's table now, or that of its versions when the desk reads as of an act."""
        noun = BY_MODEL[model]
        return noun.versions if self.seq is not None else noun.table

    def then(self, table: Any) -> list[Any]:
        """The conditions of a row, of a table beside the one selected, that stood at the moment the desk reads."""
        if self.seq is None:
            return []
        return [table.c.since <= sa.bindparam("desk_seq"), table.c.until > sa.bindparam("desk_seq")]

    def columns(self, model: type[Kept], names: Iterable[str] | None = None) -> list[Any]:
        """Column expressions for what she may see: a phone is masked, a name its code name, in the SELECT itself."""
        noun, table = BY_MODEL[model], self.table(model)
        unseen, mask = self.unseen(noun), not self.may(Act.PHONE_READ)
        wanted = list(names) if names is not None else [c for c in noun.columns if c not in noun.secret]
        return [table.c[n] if n not in unseen else covered(noun, table, n, mask=mask).label(n) for n in wanted]

    def unseen(self, noun: Noun) -> frozenset[str]:
        """The private fields of a noun that she may not read: phones, and what is guarded where the row is confidential."""
        phones = frozenset() if self.may(Act.PHONE_READ) else noun.masked
        return phones if self.may(Act.LEAD_SECRET_READ) else phones | noun.guarded

    def select(
        self,
        model: type[Kept],
        key: Hashable,
        build: Build,
        values: dict[str, Any] | None = None,
        *,
        columns: Callable[[Any], list[Any]] | Iterable[str] | None = None,
        deleted: str = "no",
    ) -> list[tuple[Any, ...]]:
        """Her rows of a noun as tuples. ``key`` names the statement's shape: one key, one ``build``, one compilation.

        ``columns`` are names, or a function of the table giving expressions (for sums). ``deleted``: no, only or with.
        """
        mode = "all" if self.actor.everywhere else "one" if len(self.actor.zone_ids or ()) == 1 else "some"
        names = None if columns is None or callable(columns) else tuple(columns)
        shape = (
            model,
            key,
            names,
            callable(columns),
            mode,
            self.seq is not None,
            deleted,
            self.link.dialect,
            self.may(Act.PHONE_READ),
            self.may(Act.LEAD_SECRET_READ),
            self.actor.bound is not None,
        )
        statement = _SHAPES.get(shape)
        if statement is None:
            table = self.table(model)
            what = columns(table) if callable(columns) else self.columns(model, names)
            query = sa.select(*what).select_from(table)
            query = _restrict(query, table, mode, self.link.dialect, deleted, self.seq is not None)
            query = _bind(query, BY_MODEL[model].name, table, self.link.dialect) if self.actor.bound else query
            if len(_SHAPES) > 4096:
                _SHAPES.clear()
            statement = _SHAPES[shape] = Sql(build(query, table))
        given: dict[str, Any] = dict(values or {})
        if self.actor.bound is not None:
            given["desk_projects"] = zones_value(self.link.dialect, self.actor.bound.projects)
        if self.seq is not None:
            given["desk_seq"] = self.seq
        if mode == "one":
            given["desk_zone"] = (self.actor.zone_ids or (0,))[0]
        elif mode == "some":
            given["desk_zones"] = zones_value(self.link.dialect, self.actor.zone_ids or ())
        return self.link.rows(statement, given)

    def shared(
        self, model: type[Kept], zone_id: int, build: Build, values: dict[str, Any], columns: tuple[str, ...]
    ) -> list[tuple[Any, ...]]:
        """Rows of other zones in which a zone of hers has a share. ``build`` says which, ``columns`` hold nothing private."""
        if not self.actor.sees(zone_id) or self.actor.bound:
            raise NotFound
        if (BY_MODEL[model].private | BY_MODEL[model].secret) & set(columns):
            raise LookupError("a partner sees nothing private")
        other = lambda q, t: build(q.where(t.c.zone_id != sa.bindparam("other")), t)  # noqa: E731
        return self._in_all_zones().select(model, "shared", other, {**values, "other": zone_id}, columns=columns)

    def published(
        self, model: type[Kept], key: str, build: Build, values: dict[str, Any], columns: tuple[str, ...]
    ) -> list[Any]:
        """Like ``select``, over every zone: what of a noun the law publishes anyway (``access.PUBLISHED``)."""
        if self.actor.bound or not access.PUBLISHED[BY_MODEL[model].name].issuperset(columns):
            raise NotFound
        return self._in_all_zones().select(model, key, build, values, columns=columns)

    def taken(self, model: type[Kept], key: str, build: Build, values: dict[str, Any]) -> bool:
        """Is there such a row, in whatever zone, deleted or not? Of what must be one over all zones no more is told."""
        return bool(self._in_all_zones().select(model, key, build, values, columns=("id",), deleted="with"))

    def _in_all_zones(self) -> Desk:
        return replace(self, actor=replace(self.actor, zone_ids=None))

    def rows(
        self, model: type[Row], key: Hashable, build: Build, values: dict[str, Any] | None = None, **kw: Any
    ) -> list[Row]:
        """Like ``select``, as rows that can be changed and kept."""
        noun = BY_MODEL[model]
        found = self.select(model, ("rows", key), build, values, columns=lambda t: [t.c[c] for c in noun.columns], **kw)
        if self.book is not None:
            return self.book.adopted(model, found)
        return [noun.row(values) for values in found]

    def at(self, seq: int | None) -> Desk:
        """The same desk, reading as of an act."""
        return self if seq == self.seq and self.book is None else replace(self, seq=seq)

    def unbound(self) -> Desk:
        """The same desk over the whole zone, to read by: for what follows from rows that somebody bound may not see."""
        return self if self.actor.bound is None else replace(self, actor=replace(self.actor, bound=None))

    def apart(self) -> AbstractContextManager[None]:
        """One of many in an act: what is refused inside leaves no trace, and the act goes on (``with desk.apart():``)."""
        if self.book is None:
            raise Conflict("Nothing can be written here")
        return self.book.apart()

    @property
    def now(self) -> str:
        """The moment of the act under way."""
        if self.book is None:
            raise Conflict("Nothing can be written here")
        return self.book.at

    @property
    def light_rules(self) -> Mapping[str, Any]:
        """The light rules under which the act under way writes."""
        if self.book is None:
            raise Conflict("Nothing can be written here")
        return self.book.light_rules

    def signature(self) -> Signature:
        """Who signs the act, and under which word. Raises LookupError when no leave was asked for."""
        if self.word is None:
            raise LookupError(NO_LEAVE)
        a = self.actor
        return Signature(a.kind, a.id, a.name, self.door, self.word.value, self.reason, self.request_id)


_SHAPES: dict[Hashable, Sql] = {}

CHANGES_SINCE = Sql(
    "SELECT c.seq, c.diff, p.clear, a.at, a.actor_name, a.reason FROM change c JOIN act a ON a.seq = c.seq "
    "LEFT JOIN change_private p ON p.seq = c.seq AND p.n = c.n "
    "WHERE c.noun = :noun AND c.row_id = :id AND c.seq > :seq ORDER BY c.seq"
)


def zones_value(dialect: str, zones: Iterable[int]) -> Any:
    """A set of zone ids as the one value that ``in_zones`` takes."""
    return list(zones) if dialect == "postgresql" else "[" + ",".join(str(z) for z in zones) + "]"


def in_zones(column: Any, dialect: str, name: str = "desk_zones") -> Any:
    """``column`` is one of the zones given as a single value, so that the statement's shape does not depend on how many."""
    if dialect == "postgresql":
        return column == sa.func.any(sa.bindparam(name, type_=sa.ARRAY(sa.BigInteger)))
    return column.in_(sa.text(f"(SELECT value FROM json_each(:{name}))").bindparams(sa.bindparam(name)))


def _restrict(query: Any, table: sa.Table, mode: str, dialect: str, deleted: str, versions: bool) -> Any:
    if "zone_id" in table.c and mode == "one":
        query = query.where(
            sa.or_(table.c.zone_id == sa.bindparam("desk_zone"), table.c.zone_id.is_(None))
            if _loose(table)
            else table.c.zone_id == sa.bindparam("desk_zone")
        )
    elif "zone_id" in table.c and mode == "some":
        inside = in_zones(table.c.zone_id, dialect)
        query = query.where(sa.or_(inside, table.c.zone_id.is_(None)) if _loose(table) else inside)
    if deleted == "no":
        query = query.where(table.c.deleted_at.is_(None))
    elif deleted == "only":
        query = query.where(table.c.deleted_at.is_not(None))
    if versions:
        query = query.where(table.c.since <= sa.bindparam("desk_seq"), table.c.until > sa.bindparam("desk_seq"))
    return query


def _bind(query: Any, name: str, table: sa.Table, dialect: str) -> Any:
    """Only what hangs on the projects of a personal link. Raises NotFound for a noun that is not hers to read at all."""
    if name in access.SEEN_BY_BOUND:
        return query
    column = table.c.get("id" if name == "project" else "project_id")
    if column is None:
        raise NotFound
    return query.where(in_zones(column, dialect, "desk_projects"))


def _loose(table: sa.Table) -> bool:
    """Nouns that may belong to no zone (a department, a city's list) are seen by all."""
    return bool(table.c.zone_id.nullable)


@lru_cache(maxsize=64)
def _row_now(name: str) -> Sql:
    table = NOUNS[name].table
    return Sql(sa.select(table).where(table.c.id == sa.bindparam("id")))


@lru_cache(maxsize=64)
def _row_as_of(name: str) -> Sql:
    noun = NOUNS[name]
    v = noun.versions
    found = sa.select(*(v.c[c] for c in noun.columns))
    return Sql(
        found.where(v.c.id == sa.bindparam("id"), v.c.since <= sa.bindparam("seq"), v.c.until > sa.bindparam("seq"))
    )
