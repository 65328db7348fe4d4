"""What may be asked of a list of projects or leads: filters, order, cursor. Values never reach the statement's text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import BadRequest
from app.models.base import NOUNS

OPERATORS = ("eq", "in", "gte", "lte", "gt", "lt", "known", "unknown", "list")
TEXT_KEYS = {"name": "search_name"}
"""Text sorts by its pinyin key, where one is kept."""
COLUMN_OF = {"zone": "zone_id", "version": "since"}
UNSORTABLE = NOUNS["project"].json | {"phone"}
FIRST_KNOWN = {"lead": {"amount": ("contract_amount_yuan", "intended_amount_yuan")}}
"""Figures that are the first known one of several columns: they can be filtered by, and are no column themselves."""
USUAL_ORDER = {"project": ("-total_investment_yuan",), "lead": ("-registered_on",)}


@dataclass(frozen=True)
class Asked:
    """A question to the register: which projects, in which order, which page.

    ``zones`` are codes (None: all she sees); ``filters`` are (field, operator, value); ``sort`` are fields, ``-`` first for
    falling; ``cursor`` is what an earlier page gave.
    """

    zones: tuple[str, ...] | None = None
    ledger: str | None = None
    filters: tuple[tuple[str, str, Any], ...] = ()
    q: str | None = None
    sort: tuple[str, ...] = ()
    limit: int = 50
    cursor: str | None = None
    deleted: str = "no"
    seq: int | None = field(default=None)
    folded: bool = False
    """Phases and parts stand under their parent: only rows that are listed at their own place."""
    noun: str = "project"

    @property
    def shape(self) -> tuple[Any, ...]:
        """Everything that decides the statement's text."""
        zones = None if self.zones is None else len(self.zones) == 1
        return (
            zones,
            bool(self.ledger),
            tuple((f, o) for f, o, _ in self.filters),
            self.search_shape,
            self.sort,
            self.deleted,
            self.folded,
            self.noun,
        )

    @property
    def search_shape(self) -> Any:
        from app.services.searching import shape_of

        return shape_of(self) if self.q else None

    def search_values(self, desk: Desk) -> dict[str, Any]:
        from app.services.searching import values_of

        return values_of(desk, self)

    @property
    def digest(self) -> str:
        """What a cursor belongs to: the question without its page."""
        said = repr(
            (self.zones, self.ledger, self.filters, self.q, self.sort, self.deleted, self.seq, self.folded, self.noun)
        )
        return sha256(said.encode()).hexdigest()[:16]


class Page(NamedTuple):
    """Rows in the order of ``names``; ``next`` is the cursor of the following page or None."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    next: str | None


class Key(NamedTuple):
    column: str
    falling: bool
    """Largest first; unknown is the smallest value."""


def sort_keys(asked: Asked) -> list[Key]:
    """The order asked for; by default the largest total first, in a search the newest first."""
    wanted = asked.sort or (() if asked.q else USUAL_ORDER[asked.noun])
    noun = NOUNS[asked.noun]
    keys = []
    for said in wanted:
        name = said.removeprefix("-")
        column = TEXT_KEYS.get(name, COLUMN_OF.get(name, name))
        if column not in noun.columns or column in UNSORTABLE | noun.private:
            raise BadRequest("It cannot be sorted by {field}", code="unknown_sort", field=name)
        if column != "id":
            keys.append(Key(column, said.startswith("-")))
    return keys


def condition(desk: Desk, table: Any, name: str, operator: str, bind: str) -> Any:
    """One filter as an expression; its value comes as the bind parameter ``bind``."""
    column, noun = COLUMN_OF.get(name, name), NOUNS[str(table.name).removesuffix("_version")]
    either = FIRST_KNOWN.get(noun.name, {}).get(name)
    if (either is None and (column not in noun.columns or column in noun.private)) or operator not in OPERATORS:
        raise BadRequest("It cannot be filtered by {field}", code="unknown_filter", field=name)
    c: Any = table.c[column] if either is None else sa.func.coalesce(*(table.c[n] for n in either))
    value = sa.bindparam(bind, type_=c.type)
    if operator == "in":
        if desk.link.dialect == "postgresql":
            return c == sa.func.any(sa.bindparam(bind, type_=sa.ARRAY(c.type)))
        return c.in_(sa.text(f"(SELECT value FROM json_each(:{bind}))").bindparams(sa.bindparam(bind)))
    return {
        "eq": lambda: c == value,
        "gte": lambda: c >= value,
        "lte": lambda: c <= value,
        "gt": lambda: c > value,
        "lt": lambda: c < value,
        "known": lambda: c.is_not(None),
        "unknown": lambda: c.is_(None),
        "list": lambda: c.contains(value, autoescape=False),
    }[operator]()


# ── cursor ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def cursor_of(asked: Asked, last: list[Any]) -> str:
    """An opaque cursor behind the row with these sort values and id."""
    return base64.urlsafe_b64encode(orjson.dumps([asked.digest, *last])).decode().rstrip("=")


def read_cursor(asked: Asked) -> list[Any] | None:
    """The sort values and the id in a cursor. Raises BadRequest for one of another query or one we did not give."""
    if asked.cursor is None:
        return None
    try:
        said = orjson.loads(base64.urlsafe_b64decode(asked.cursor.encode() + b"=" * (-len(asked.cursor) % 4)))
        digest, *last = said
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadRequest.parameter("cursor", "This cursor is not one of ours", "bad_cursor") from error
    plain = all(v is None or isinstance(v, str | int | float) for v in last)
    if digest != asked.digest or len(last) != len(sort_keys(asked)) + 1 or not plain or not isinstance(last[-1], int):
        raise BadRequest.parameter("cursor", "This cursor belongs to another query", "bad_cursor")
    return list(last)


class Phase(NamedTuple):
    """A part of the rows after a cursor that one index walk answers."""

    shape: str
    values: dict[str, Any]
    where: Callable[[Any, Any], Any]


def keyset(keys: list[Key], after: list[Any] | None) -> list[Phase]:
    """The rows behind a cursor, as one or two index walks: those with a value, and those where it is unknown.

    After an unknown value only unknown ones follow (falling), or all known ones (rising).
    """
    if after is None:
        return [Phase("first", {}, lambda q, t: q)]
    *values, id_ = after
    if not keys:
        return [Phase("id", {"k_id": id_}, lambda q, t: q.where(t.c.id < sa.bindparam("k_id")))]
    if len(keys) == 1:
        return _single(keys[0], values[0], id_)
    given = {f"k{n}": v for n, v in enumerate(values) if v is not None} | {"k_id": id_}
    shape = "chain" + "".join("0" if v is None else "1" for v in values)
    return [Phase(shape, given, lambda q, t: q.where(_chain(t, keys, values)))]


def _single(key: Key, value: Any, id_: int) -> list[Phase]:
    bound = {"k_id": id_}
    tie = _tie(key)
    if value is None:
        same = Phase("null", bound, lambda q, t: q.where(t.c[key.column].is_(None), tie(t)))
        rest = Phase("known", {}, lambda q, t: q.where(t.c[key.column].is_not(None)))
        return [same] if key.falling else [same, rest]

    def known(q: Any, t: Any) -> Any:
        c = t.c[key.column]
        v = sa.bindparam("k0", type_=c.type)
        beyond, bounded = (c < v, c <= v) if key.falling else (c > v, c >= v)
        return q.where(bounded, sa.or_(beyond, tie(t)))

    found = [Phase("value", {**bound, "k0": value}, known)]
    if key.falling:
        found.append(Phase("nulls", {}, lambda q, t: q.where(t.c[key.column].is_(None))))
    return found


def _tie(key: Key) -> Callable[[Any], Any]:
    """Ties go by id in the same direction."""
    return lambda t: t.c.id < sa.bindparam("k_id") if key.falling else t.c.id > sa.bindparam("k_id")


def _chain(table: Any, keys: list[Key], values: list[Any]) -> Any:
    """Several sort keys: equal in the first ones and beyond in the next, for every next."""
    ways: list[Any] = []
    equal: list[Any] = []
    for n, (key, value) in enumerate(zip(keys, values, strict=True)):
        c = table.c[key.column]
        bind = sa.bindparam(f"k{n}", type_=c.type)
        if value is None:
            beyond = sa.false() if key.falling else c.is_not(None)
        else:
            beyond = sa.or_(c < bind, c.is_(None)) if key.falling else c > bind
        ways.append(sa.and_(*equal, beyond))
        equal = [*equal, c.is_(None) if value is None else c == bind]
    ways.append(sa.and_(*equal, _tie(keys[-1])(table)))
    return sa.or_(*ways)


def order(query: Any, table: Any, keys: list[Key]) -> Any:
    """The order of a page: unknown is the smallest value, ties by id in the direction of the last key."""
    for key in keys:
        c = table.c[key.column]
        query = query.order_by(c.desc().nulls_last() if key.falling else c.asc().nulls_first())
    falling = keys[-1].falling if keys else True
    return query.order_by(table.c.id.desc() if falling else table.c.id.asc())
