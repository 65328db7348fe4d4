"""Our own workbook that was edited while the register moved on: per cell, what stood there, what she wrote, what stands now.

The hidden version of a row says what its sheet knew. A field that only the register changed since is left alone; one that
both changed is a conflict: the row waits until she has chosen hers or theirs, and neither is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.desk import Desk, zones_value
from app.engine import Sql
from app.models import BY_MODEL, Project
from app.rules.access import Act

CHANGED = (
    "SELECT c.row_id, c.seq, c.diff, p.clear, a.actor_name, a.at FROM change c JOIN act a ON a.seq = c.seq "
    "LEFT JOIN change_private p ON p.seq = c.seq AND p.n = c.n WHERE c.noun = 'project' AND c.seq > :least AND c.row_id "
)
SINCE = {
    "sqlite": Sql(CHANGED + "IN (SELECT value FROM json_each(:ids)) ORDER BY c.seq"),
    "postgresql": Sql(CHANGED + "= ANY(CAST(:ids AS bigint[])) ORDER BY c.seq"),
}
MINE, THEIRS = "mine", "theirs"
FOLLOWS = {"nature_by_hand": "construction_nature"}
"""A field that is typed → the one that the sheet shows for it."""


@dataclass(frozen=True, slots=True)
class Later:
    """A field that changed in the register after the sheet was written: what it was then, and who changed it last, when."""

    before: Any
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed. ``decided``: mine, theirs, or None while nobody has."""

    before: Any
    mine: Any
    theirs: Any
    by: str
    at: str
    decided: str | None = None


def later(desk: Desk, versions: Mapping[int, int]) -> dict[int, dict[str, Later]]:
    """What changed in these projects (id → version that a sheet knows) since: id → field → ``Later``."""
    if not versions:
        return {}
    noun, clear_too = BY_MODEL[Project], desk.may(Act.PHONE_READ)
    values = {"ids": zones_value(desk.link.dialect, sorted(versions)), "least": min(versions.values())}
    found: dict[int, dict[str, Later]] = {}
    for id_, seq, diff, clear, by, at in desk.link.rows(SINCE[desk.link.dialect], values):
        if seq <= versions[id_]:
            continue
        private = orjson.loads(clear) if clear and clear_too else {}
        fields = found.setdefault(id_, {})
        for name, sides in orjson.loads(diff).items():
            before = (private.get(name, (None,)) if name in noun.private else sides)[0]
            first = fields.get(name)
            fields[name] = Later(first.before if first else before, by, at)
    return found


def met(
    values: Mapping[str, Any],
    since: Mapping[str, Later],
    known: Mapping[str, Any],
    decided: Mapping[str, str],
    says: Callable[[str, Any], bool],
) -> tuple[dict[str, Any], dict[str, Clash]]:
    """The values that may be written, and the clashes. ``says(field, before)``: does the sheet still say what was before?"""
    kept, clashes = {}, {}
    for name, value in values.items():
        changed = since.get(FOLLOWS.get(name, name))
        if changed is None:
            kept[name] = value
        elif not says(name, changed.before):
            theirs = known[FOLLOWS.get(name, name)]
            clashes[name] = Clash(changed.before, value, theirs, changed.by, changed.at, decided.get(name))
            if decided.get(name) == MINE:
                kept[name] = value
    return kept, clashes


def undecided(clashes: Mapping[str, Clash]) -> Iterable[str]:
    """The fields that wait for a choice."""
    return [name for name, clash in clashes.items() if clash.decided is None]
