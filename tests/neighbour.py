"""Another process on the same database: adds one to a project's jobs so many times. ``python -m tests.neighbour URL ID TIMES``"""

from __future__ import annotations

import sys

from app.db import Caller, Database, house
from app.errors import Stale
from app.models import Project
from app.settings import Settings
from tests import deeds


def add_one(database: Database, caller: Caller, id_: int) -> int:
    """Read, add one, write with the version that was read, again and again until it holds; how often it was stale."""
    stale = 0
    while True:
        jobs, since = database.ask_now(caller, _read, id_)
        try:
            database.act_now(caller, deeds.amend, id_, since, {"jobs": jobs + 1})
        except Stale:
            stale += 1
            continue
        return stale


def _read(desk: object, id_: int) -> tuple[int, int]:
    project = desk.get(Project, id_)  # type: ignore[attr-defined]
    return project.jobs or 0, project.since


def main(url: str, id_: str, times: str) -> None:
    database = Database(Settings(database_url=url))
    for _ in range(int(times)):
        add_one(database, house(), int(id_))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
