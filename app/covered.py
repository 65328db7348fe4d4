"""What stands in a SELECT, and in a change, for a value that the reader may not see."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import orjson
import sqlalchemy as sa

from app.models.base import Noun


def covered(noun: Noun, table: Any, name: str, *, mask: bool) -> Any:
    """What stands for a value that she may not read. ``mask``: she may not read phones."""
    column = _masked(table.c[name]) if mask and name in noun.masked else table.c[name]
    if name not in noun.guarded:
        return column
    instead = table.c.code_name if name == "name" else sa.null()
    confidential = table.c.confidential
    if table is noun.versions:  # what is confidential today was never told, however it stood then
        now = noun.table.alias("now")
        confidential |= sa.exists().where(now.c.id == table.c.id, now.c.confidential)
    return sa.case((confidential, instead), else_=column)


def _masked(column: Any) -> Any:
    """``138****0100``: the first three and the last four."""
    long = sa.func.length(column)
    masked = sa.func.substr(column, 1, 3).concat("****").concat(sa.func.substr(column, long - 3))
    return sa.case((long >= 8, masked), (column.is_(None), None), else_="****")


def told(noun: Noun, unseen: Collection[str], diff: str, clear: str | None) -> Iterator[tuple[str, Any, Any]]:
    """Field, before and after of a change: private ones in clear to who may read them, else None on both sides."""
    private = orjson.loads(clear) if clear else {}
    for field, sides in orjson.loads(diff).items():
        if field in unseen or field in noun.secret:
            yield field, None, None
        else:
            before, after = private.get(field, (None, None)) if field in noun.private else sides
            yield field, before, after
