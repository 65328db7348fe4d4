"""A move with what was still missing for it: facts filled in and evidence attached in the same act."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.files import Stored
from app.models import Project
from app.rules.access import Act
from app.services import evidence, moves, projects

Record = dict[str, Any]


def fill_and_move(
    desk: Desk,
    id_: int,
    *,
    to: str,
    on: str | None = None,
    edit: Record | None = None,
    proofs: list[tuple[Record, Stored, str | None]] | None = None,
    override: bool = False,
    version: int | None = None,
) -> Record:
    """Fill in the missing facts, attach the evidence, move; all of it or nothing. Refuses what its parts refuse.

    ``proofs``: what is said of a file, the file that was put, and the name it came with.
    """
    desk.get(Project, id_, to=Act.PROJECT_MOVE)
    if edit:
        projects.amend(desk, id_, edit, version=version, merge=True)
        version = None
    for said, stored, name in proofs or ():
        evidence.add(desk, id_, said, stored=stored, name=name)
    return moves.move(desk, id_, to=to, on=on, override=override, version=version)
