"""The search terms that an act has to write: of projects that are new, or whose texts are not what they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.differences import Wrote
from app.models.base import NOUNS
from app.rules.search_terms import terms_of_row

_searched = NOUNS["project"].chosen("name", "investor_name", "location", "zone_id", "deleted_at")


def terms(projects: Iterable[Wrote], dialect: str) -> tuple[list[tuple[int]], list[tuple[int, Any]]]:
    """The projects whose terms are to go, and the terms that come in, in the database's own form."""
    gone: list[tuple[int]] = []
    found: list[tuple[int, Any]] = []
    for (_, id_), first, now in projects:
        *texts, deleted_at = _searched(now)
        if first is not None and _searched(first) == (*texts, deleted_at):
            continue
        if first is not None:
            gone.append((id_,))
        if deleted_at is None:
            its = terms_of_row(*texts)
            found.append((id_, " ".join(its) if dialect == "sqlite" else its))
    return gone, found
