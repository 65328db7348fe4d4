"""One act over several chosen projects: deleted, brought back or doubled together, or not at all."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.services import projects

Chosen = list[tuple[int, int | None]]
"""(id, version read) of each."""


def remove(desk: Desk, chosen: Chosen) -> list[int]:
    """Mark them deleted; ``restore`` brings them back."""
    return [int(projects.remove(desk, id_, version=version)["id"]) for id_, version in chosen]


def restore(desk: Desk, ids: list[int]) -> list[int]:
    """Bring them back as they were."""
    return [int(projects.restore(desk, id_)["id"]) for id_ in ids]


def duplicate(desk: Desk, ids: list[int]) -> list[tuple[int, int]]:
    """A copy of each: (id copied, id of the copy)."""
    return [(id_, int(projects.duplicate(desk, id_)["id"])) for id_ in ids]


def block(desk: Desk, edits: list[dict[str, Any]]) -> list[int]:
    """A pasted block: ``[{id, version, values}]`` as one act."""
    return [int(id_) for id_ in projects.amend_many(desk, edits)["ids"]]
