"""The search terms that an act has to write: of projects and leads that are new, or whose texts are not what they were.

One index serves both: a lead stands in it under its number below zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.differences import Wrote
from app.models.base import NOUNS
from app.rules.duplicates import keys
from app.rules.search_terms import terms_of_row

FOUND_BY = {
    "project": ("name", "investor_name", "location", "zone_id", "enterprise_id"),
    "lead": (
        "name",
        "code_name",
        "investor_name",
        "location",
        "zone_id",
        "enterprise_id",
        "company_name",
        "company_credit_code",
    ),
}
"""The columns by which a row of a noun is found."""
_chosen = {noun: NOUNS[noun].chosen(*names, "deleted_at") for noun, names in FOUND_BY.items()}


def place(noun: str, id_: int) -> int:
    """The number of a row in the index."""
    return id_ if noun == "project" else -id_


def of_project(
    name: str | None, investor: str | None, location: str | None, zone_id: int, firm: int | None = None
) -> list[str]:
    """The terms of a project: those by which it is searched, and the keys by which one that is like it finds it."""
    return [*terms_of_row(name, investor, location, zone_id), *keys(name, investor, None, firm)]


def of_lead(
    name: str,
    code_name: str | None,
    investor: str | None,
    location: str | None,
    zone_id: int,
    firm: int | None = None,
    company: str | None = None,
    credit_code: str | None = None,
) -> list[str]:
    """The terms of a lead. Its code name stands beside its name; what a reader may see decides afterwards which one counts."""
    searched = terms_of_row(f"{name} {code_name or ''}", investor, location, zone_id)
    return [*searched, *keys(name, investor or company, credit_code, firm)]


TERMS: dict[str, Callable[..., list[str]]] = {"project": of_project, "lead": of_lead}


def written(noun: str, row: Sequence[Any], dialect: str) -> Any:
    """The terms of a row that holds ``FOUND_BY``, in the database's own form."""
    its = TERMS[noun](*row)
    return " ".join(its) if dialect == "sqlite" else its


def terms(rows: Iterable[Wrote], dialect: str) -> tuple[list[tuple[int]], list[tuple[int, Any]]]:
    """The places in the index whose terms are to go, and the terms that come in."""
    gone: list[tuple[int]] = []
    found: list[tuple[int, Any]] = []
    for (noun, id_), first, now in rows:
        chosen = _chosen[noun]
        *texts, deleted_at = chosen(now)
        if first is not None and chosen(first) == (*texts, deleted_at):
            continue
        if first is not None:
            gone.append((place(noun, id_),))
        if deleted_at is None:
            found.append((place(noun, id_), written(noun, texts, dialect)))
    return gone, found
