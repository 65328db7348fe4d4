"""Search by two Chinese characters, pinyin or initials: candidates from the index of terms, then the real text decides."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.rules.search_terms import fts_match, matches, terms_of_query
from app.services import zones
from app.services.asking import Asked

SEARCHED = ("name", "investor_name", "location")


def searched_in(asked: Asked) -> tuple[str, ...]:
    """The columns whose text decides."""
    return SEARCHED if asked.noun == "project" else (*SEARCHED, "code_name")


def shape_of(asked: Asked) -> Any:
    """What of a search decides the statement's text: how many groups of terms there are."""
    return len(terms_of_query(asked.q or "", None)), asked.zones is not None and len(asked.zones) == 1


def _groups(desk: Desk, asked: Asked) -> list[list[str]]:
    one = asked.zones[0] if asked.zones is not None and len(asked.zones) == 1 else None
    return terms_of_query(asked.q or "", zones.id_of(desk, one) if one else None)


def values_of(desk: Desk, asked: Asked) -> dict[str, Any]:
    """The bind values of a search."""
    groups = _groups(desk, asked)
    if desk.seq is not None or not groups:
        return {}
    if desk.link.dialect == "sqlite":
        return {"match_": fts_match(groups)}
    return {f"terms{n}": group for n, group in enumerate(groups)}


def found_ids(desk: Desk, asked: Asked, query: Any, table: Any) -> Any:
    """Narrow a query to the candidates of the index. As of an earlier act, and for a single character, all rows asked
    for are candidates."""
    groups = _groups(desk, asked)
    if desk.seq is not None or not groups:
        return query
    place = table.c.id if asked.noun == "project" else -table.c.id
    if desk.link.dialect == "sqlite":
        return query.where(
            place.in_(
                sa.text("(SELECT rowid FROM search WHERE search MATCH :match_)").bindparams(sa.bindparam("match_"))
            )
        )
    overlaps = " AND ".join(f"terms && CAST(:terms{n} AS text[])" for n in range(len(groups)))
    binds: list[Any] = [sa.bindparam(f"terms{n}") for n in range(len(groups))]
    return query.where(place.in_(sa.text(f"(SELECT id FROM project_terms WHERE {overlaps})").bindparams(*binds)))


def still_matches(q: str | None, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The candidates whose real text, as far as it was shown to her, holds every word asked for."""
    if not q:
        return rows
    name, investor, location = (columns.index(c) for c in SEARCHED)
    if "code_name" in columns:
        code = columns.index("code_name")
        return [r for r in rows if matches(q, f"{r[name]} {r[code] or ''}", r[investor], r[location])]
    return [r for r in rows if matches(q, r[name], r[investor], r[location])]
