"""Types of values, as they come in and as both databases hold them.

Days, months and moments are strings in one canonical form everywhere in Python, so nothing is converted between a row and
its JSON.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from sqlalchemy.ext.compiler import compiles

_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    """Refuse what one of the databases cannot hold or nobody can read again: NUL, control characters, lone surrogates."""
    if _UNREADABLE.search(text) is not None:
        raise ValueError("control characters are not accepted")
    return text


def trimmed(value: Any) -> Any:
    """Blank is unknown: white space alone becomes None."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    return value


NO_DAY, NO_MONTH, NO_YEAR, NO_MOMENT = "not a day", "not a month", "the year is out of range", "not a moment"
"""Why a text is no day or month; ``models.checking`` has the sentence for each."""


def _day(value: str) -> str:
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise ValueError(NO_DAY) from None
    if parsed.isoformat() != value:
        raise ValueError(NO_DAY)
    if not 1949 <= parsed.year <= 2200:
        raise ValueError(NO_YEAR)
    return value


def _month(value: str) -> str:
    try:
        return _day(value + "-01")[:7]
    except ValueError as error:
        raise ValueError(NO_YEAR if str(error) == NO_YEAR else NO_MONTH) from None


def _moment(value: str) -> str:
    return datetime.fromisoformat(value).isoformat()


def _local(value: str) -> str:
    """By the clock of whoever was there, without a time zone: cameras know none."""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value) is None:
        raise ValueError(NO_MOMENT)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(NO_MOMENT) from None
    _day(value[:10])
    return value


Text = Annotated[str, BeforeValidator(trimmed), AfterValidator(_plain)]
Day = Annotated[
    str, BeforeValidator(trimmed), AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Month = Annotated[
    str,
    BeforeValidator(trimmed),
    AfterValidator(_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "example": "2026-06"}),
]
LocalMoment = Annotated[
    str,
    BeforeValidator(trimmed),
    AfterValidator(_local),
    WithJsonSchema({"type": "string", "example": "2026-06-20T14:33:05"}),
]
Moment = Annotated[str, AfterValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


class DayType(sa.types.UserDefinedType[str]):
    """DATE on PostgreSQL, TEXT on SQLite; always ``2026-06-30`` in Python."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "DATE"


class MomentType(sa.types.UserDefinedType[str]):
    """TIMESTAMPTZ on PostgreSQL, TEXT on SQLite; always UTC ``2026-06-30T08:00:00.000000Z`` in Python."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "TIMESTAMPTZ"


@compiles(DayType, "sqlite")
@compiles(MomentType, "sqlite")
@compiles(sa.String, "sqlite")
@compiles(sa.Text, "sqlite")
def _text_on_sqlite(type_: Any, compiler: Any, **kw: Any) -> str:
    return "TEXT"


@compiles(sa.BigInteger, "sqlite")
@compiles(sa.Boolean, "sqlite")
def _integer_on_sqlite(type_: Any, compiler: Any, **kw: Any) -> str:
    return "INTEGER"


@compiles(sa.Float, "sqlite")
def _real_on_sqlite(type_: Any, compiler: Any, **kw: Any) -> str:
    return "REAL"


TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that both databases compare and sort alike."""
