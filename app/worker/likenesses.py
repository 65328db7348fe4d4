"""Every lead and project that is new or was renamed is compared with those of all zones, for the city office to look at."""

from __future__ import annotations

from app.db import Database
from app.services import comparing

TURNS = 20
"""Batches in one go; then other work has its turn."""


def compare(db: Database) -> bool:
    """Compare what has changed since the last time; True when there is more."""
    for _ in range(TURNS):
        found = db.read_now(comparing.next_batch)
        if found is None:
            return False
        db.chore_now(lambda link, found=found: comparing.write(link, found))  # type: ignore[misc]
    return True
