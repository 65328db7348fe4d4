"""Fields, and the two tables that every kept noun has: now, and every version.

A field is written once, in its shape: type, English title (the msgid), limits, unit, secrecy. Columns, CHECK constraints,
the version table, the edit shape and both faces follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, get_args

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.types import TEXT, DayType, MomentType
from app.rules.access import FieldGroup

YUAN_LIMIT = 10**15
FOREVER = 2**63 - 1
"""``until`` of a version that is the present one."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata = SQLModel.metadata


# ── one constructor a kind of field; the first argument is the title and msgid ───────────────────────────────────────
def _field(
    title: str, sa_type: Any, *, default: Any = None, group: FieldGroup | None, extra: dict[str, Any], **limits: Any
) -> Any:
    meta = {k: v for k, v in {"group": group, **extra}.items() if v is not None}
    nullable = limits.pop("nullable", True)
    index = {k: limits.pop(k) for k in ("index", "unique", "foreign_key", "primary_key") if k in limits}
    description = limits.pop("description", None)
    return Field(
        default=default,
        title=title,
        description=description,
        sa_type=sa_type,
        nullable=nullable,
        schema_extra={"json_schema_extra": meta} if meta else None,
        **index,
        **limits,
    )


def text(
    title: str,
    longest: int = 200,
    *,
    group: FieldGroup | None = FieldGroup.FACTS,
    private: bool = False,
    guarded: bool = False,
    **kw: Any,
) -> Any:
    """A line of text of at most ``longest`` characters. ``private`` is a phone and its like: masked for who may not read
    phones, its clear value kept out of the permanent history; ``guarded`` is kept out too, and hidden from who may not see
    names while the row is ``confidential``."""
    extra = {
        "kind": "text",
        "private": private or guarded or None,
        "masked": private or None,
        "guarded": guarded or None,
        "aliases": kw.pop("aliases", None),
        "long": longest > 200 or None,
    }
    return _field(title, TEXT, group=group, extra=extra, max_length=longest, **kw)


def secret(title: str, longest: int, **kw: Any) -> Any:
    """A hash that history names but never shows, and that no SELECT for a face brings along."""
    return _field(title, TEXT, group=None, extra={"kind": "text", "secret": True}, max_length=longest, **kw)


def yuan(title: str, *, group: FieldGroup | None = FieldGroup.AMOUNTS, **kw: Any) -> Any:
    """An amount in whole yuan, 0 to 10^15. None is unknown, never zero."""
    return _field(
        title, sa.BigInteger(), group=group, extra={"kind": "yuan", "unit": "yuan"}, ge=0, le=YUAN_LIMIT, **kw
    )


def signed_yuan(title: str, *, group: FieldGroup | None = FieldGroup.MONTH, **kw: Any) -> Any:
    """An amount in whole yuan that may be below zero: what a month takes back (核减)."""
    extra = {"kind": "yuan", "unit": "yuan"}
    return _field(title, sa.BigInteger(), group=group, extra=extra, ge=-YUAN_LIMIT, le=YUAN_LIMIT, **kw)


def count(title: str, most: int, *, unit: str, group: FieldGroup | None = FieldGroup.FACTS, **kw: Any) -> Any:
    """A whole number from 0 to ``most`` in ``unit``."""
    least = kw.pop("least", 0)
    return _field(title, sa.BigInteger(), group=group, extra={"kind": "count", "unit": unit}, ge=least, le=most, **kw)


def measure(title: str, most: float, *, unit: str, group: FieldGroup | None = FieldGroup.FACTS, **kw: Any) -> Any:
    """A measured quantity (area, energy) from 0 to ``most`` in ``unit``; never money."""
    extra = {"kind": "measure", "unit": unit}
    return _field(title, sa.Float(53), group=group, extra=extra, ge=0, le=most, **kw)


def degrees(title: str, most: int, *, group: FieldGroup | None = FieldGroup.MONTH, **kw: Any) -> Any:
    """A place on the globe in one direction, from ``-most`` to ``most`` degrees."""
    extra = {"kind": "measure", "unit": "degrees"}
    return _field(title, sa.Float(53), group=group, extra=extra, ge=-most, le=most, **kw)


def day(title: str, *, group: FieldGroup | None = FieldGroup.FACTS, **kw: Any) -> Any:
    """A calendar day, ``2026-06-30``."""
    return _field(title, DayType(), group=group, extra={"kind": "day"}, **kw)


def month(title: str, *, group: FieldGroup | None = FieldGroup.FACTS, **kw: Any) -> Any:
    """A month, ``2026-06``."""
    return _field(title, TEXT, group=group, extra={"kind": "month"}, **kw)


def choice(title: str, codes: type[StrEnum], *, group: FieldGroup | None = FieldGroup.FACTS, **kw: Any) -> Any:
    """One member of ``codes``, stored by its value."""
    return _field(title, TEXT, group=group, extra={"kind": "choice", "codes": codes.__name__}, **kw)


def flag(title: str, *, group: FieldGroup | None = FieldGroup.FACTS, **kw: Any) -> Any:
    """True, false or unknown."""
    return _field(title, sa.Boolean(), group=group, extra={"kind": "flag"}, **kw)


def moment(title: str, **kw: Any) -> Any:
    """A moment in UTC, written by the house."""
    return _field(title, MomentType(), group=None, extra={"kind": "moment"}, **kw)


def ref(title: str, *, guarded: bool = False, **kw: Any) -> Any:
    """The id of another row. ``guarded``: it would give away what a guarded text hides."""
    extra = {"kind": "ref", "private": guarded or None, "guarded": guarded or None}
    return _field(title, sa.BigInteger(), group=kw.pop("group", None), extra=extra, **kw)


def json_text(title: str, *, group: FieldGroup | None = None, **kw: Any) -> Any:
    """Structured data as canonical JSON text: the same bytes on both databases, so that history hashes alike."""
    return _field(title, TEXT, group=group, extra={"kind": "json"}, **kw)


class Kept(SQLModel):
    """What every kept noun carries. ``since`` is the number of the act that wrote the row: the API's ``version``.

    A row is a bag of plain values: what comes in was checked by a shape. So it is made and changed without the bookkeeping
    of pydantic, which would take 0.4 ms a row and an import a minute.
    """

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    zone_id: int | None = ref("Zone")
    since: int = Field(default=0, sa_type=sa.BigInteger, nullable=False)
    created_at: str | None = moment("Created at")
    updated_at: str | None = moment("Updated at")
    deleted_at: str | None = moment("Deleted at")

    def __new__(cls, **facts: Any) -> Kept:
        return object.__new__(cls)

    def __init__(self, **facts: Any) -> None:
        """A new row; what is left out has its default. Raises TypeError for a name that is no column."""
        columns = _defaults(type(self))
        if unknown := facts.keys() - columns.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        self.__dict__.update(columns)
        self.__dict__.update(facts)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.__dict__:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        self.__dict__[name] = value

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # a row changes

    def numbered(self) -> None:
        """Fill what follows from the number that a new row was given. Called by ``keep`` before the row is written."""

    def settle(self, today: str, light_rules: Mapping[str, Any], before: Sequence[Any] | None) -> None:
        """Fill what is derived from the row's own facts. Called by ``keep`` before the row is compared and written;
        ``before``: the values of its columns as they were, None for a new row."""


@cache
def _defaults(model: type[Kept]) -> dict[str, Any]:
    return {name: None if field.is_required() else field.get_default() for name, field in model.model_fields.items()}


@dataclass(frozen=True)
class Noun:
    """A kept noun as the funnel sees it: its table, its version table, and what to know about its columns."""

    name: str
    model: type[Kept]
    table: sa.Table
    versions: sa.Table
    stamp: str
    """Scope a change touches: ``zone`` (the row's zone), ``rights`` or ``words``."""
    columns: tuple[str, ...]
    private: frozenset[str]
    """Fields whose clear values may be erased from history."""
    masked: frozenset[str]
    """Those of them that stand masked for who may not read phones."""
    guarded: frozenset[str]
    """Those of them that only some may read while the row is ``confidential``; its ``code_name`` stands for its ``name``."""
    secret: frozenset[str]
    """Fields that history names but never shows, such as a password's hash."""
    flags: frozenset[str]
    json: frozenset[str]
    quiet: frozenset[str] = frozenset({"id", "since", "created_at", "updated_at", "search_name"})
    """Columns that are no news: they never make a change by themselves and stand in no difference."""

    @cached_property
    def at(self) -> dict[str, int]:
        """Column → its place among the values."""
        return {name: n for n, name in enumerate(self.columns)}

    @cached_property
    def told(self) -> tuple[tuple[int, str], ...]:
        """The columns whose change is news, each with its place."""
        return tuple((n, name) for n, name in enumerate(self.columns) if name not in self.quiet)

    def row(self, values: Sequence[Any]) -> Any:
        """A row of this noun from the values of all its columns, without validating what was validated when written."""
        row = object.__new__(self.model)
        facts = row.__dict__
        facts.update(zip(self.columns, values, strict=True))
        for name in self.flags:
            if facts[name] is not None:
                facts[name] = bool(facts[name])
        return row

    def chosen(self, *names: str) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        """The values of these columns out of a row's."""
        return itemgetter(*(self.at[name] for name in names))

    def put(self, values: Sequence[Any], facts: Mapping[str, Any]) -> tuple[Any, ...]:
        """The same values, with these facts in their places."""
        found = list(values)
        for name, value in facts.items():
            found[self.at[name]] = value
        return tuple(found)

    def values(self, row: Any) -> tuple[Any, ...]:
        """The values of all columns of a row. Enum members become their words: one driver would store their names."""
        found = tuple(map(row.__dict__.get, self.columns))
        if PLAIN.issuperset(map(type, found)):
            return found
        return tuple([v if type(v) in PLAIN else _word(v) for v in found])


PLAIN = frozenset({str, int, float, bool, type(None)})
"""What a row nearly always consists of: then there is nothing to convert, and an import of 50,000 rows asks a million times."""


def _word(value: Any) -> Any:
    return str.__str__(value) if isinstance(value, str) and type(value) is not str else value


NOUNS: dict[str, Noun] = {}
BY_MODEL: dict[type[SQLModel], Noun] = {}


def noun(stamp: str = "zone", *constraints: sa.schema.SchemaItem) -> Any:
    """Class decorator of a kept table: adds the guards its limits imply, makes the version table, registers the noun."""

    def register(model: type[Kept]) -> type[Kept]:
        table: sa.Table = model.__table__  # type: ignore[attr-defined]
        for item in (*_checks(model), *constraints):
            table.append_constraint(item) if isinstance(item, sa.Constraint) else item._set_parent(table)
        _sqlite(table, autoincrement=True)
        made = Noun(
            # plain: for SQLAlchemy's own kind of text the driver looks for a way to write it, each time
            name=_word(table.name),
            model=model,
            table=table,
            versions=_versions(table),
            stamp=stamp,
            columns=tuple(c.name for c in table.columns),
            private=_marked(model, "private"),
            masked=_marked(model, "masked"),
            guarded=_marked(model, "guarded"),
            secret=_marked(model, "secret"),
            flags=frozenset(c.name for c in table.columns if isinstance(c.type, sa.Boolean)),
            json=frozenset(name for name, f in model.model_fields.items() if meta(f).get("kind") == "json"),
        )
        NOUNS[made.name] = BY_MODEL[model] = made
        return model

    return register


def meta(field: Any) -> dict[str, Any]:
    """Unit, group, kind and secrecy that stand beside a field's title."""
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _marked(model: type[SQLModel], word: str) -> frozenset[str]:
    return frozenset(name for name, f in model.model_fields.items() if meta(f).get(word))


def _sqlite(table: sa.Table, *, autoincrement: bool = False) -> None:
    table.dialect_options["sqlite"]["strict"] = True
    table.dialect_options["sqlite"]["autoincrement"] = autoincrement


def _checks(model: type[SQLModel]) -> list[sa.CheckConstraint]:
    """CHECK constraints from the same limits that the shapes have."""
    found = []
    for name, field in model.model_fields.items():
        low = high = longest = None
        for limit in field.metadata:
            low = getattr(limit, "ge", low)
            high = getattr(limit, "le", high)
            longest = getattr(limit, "max_length", longest)
        if high is not None:
            found.append(sa.CheckConstraint(f"{name} BETWEEN {low:.0f} AND {high:.0f}", name=name))
        if longest is not None:
            found.append(sa.CheckConstraint(f"length({name}) <= {longest}", name=name))
        kind = meta(field).get("kind")
        if kind == "month":
            found.append(sa.CheckConstraint(f"{name} LIKE '____-__'", name=name))
        if kind == "choice":
            words = ", ".join(f"'{m.value}'" for m in _codes_of(field))
            found.append(sa.CheckConstraint(f"{name} IN ({words})", name=name))
    return found


def _codes_of(field: Any) -> type[StrEnum]:
    for part in (field.annotation, *get_args(field.annotation)):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return part
    raise TypeError(f"a choice needs an enum: {field}")


def _versions(table: sa.Table) -> sa.Table:
    """Every version of every row: the same columns, no foreign keys, and ``until``."""
    columns = [
        sa.Column(c.name, c.type, primary_key=c.name in ("id", "since"), nullable=c.nullable, autoincrement=False)
        for c in table.columns
    ]
    made = sa.Table(
        f"{table.name}_version", table.metadata, *columns, sa.Column("until", sa.BigInteger, nullable=False)
    )
    _sqlite(made)
    return made
