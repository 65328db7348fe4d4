"""The table of jobs: taking one, beating, ending. Rows are written in the act that causes them, or by the night."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import Any

import orjson

from app import clock
from app.db import Database
from app.engine import Link, Sql

SILENT_SECONDS = 30
MOST_TRIES = 3
ME = f"{socket.gethostname()}:{os.getpid()}"

OLDEST = (
    "SELECT id, kind, arguments, actor, tries FROM job WHERE (state = 'queued' OR (state = 'running' AND beat_at < :silent)) "
    "AND (not_before IS NULL OR not_before <= :now) ORDER BY id LIMIT 1"
)
TAKE = {"sqlite": Sql(OLDEST), "postgresql": Sql(OLDEST + " FOR UPDATE SKIP LOCKED")}
MARK = Sql(
    "UPDATE job SET state = :state, owner = :owner, beat_at = :now, tries = :tries, sentence = :sentence, "
    "not_before = :not_before WHERE id = :id"
)
BEAT = Sql(
    "UPDATE job SET beat_at = :now, step = :step, done = :done, total = COALESCE(:total, total) WHERE id = :id AND owner = :owner"
)
PLANNED = Sql("SELECT count(*) FROM job WHERE kind = :kind AND arguments = :arguments")
PLAN = Sql(
    "INSERT INTO job (kind, arguments, actor, state, tries, created_at, not_before) "
    "VALUES (:kind, :arguments, :actor, 'queued', 0, :now, :not_before)"
)


class Again(Exception):
    """A job that could not be done now: the same again after some seconds, as long as it has tries."""

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(sentence)
        self.seconds = seconds


@dataclass(frozen=True)
class Job:
    """One piece of work taken by this process."""

    id: int
    kind: str
    arguments: dict[str, Any]
    actor: str
    tries: int


def take(db: Database) -> Job | None:
    """The oldest job that nobody does, or whose doer has been silent for 30 s."""

    def chosen(link: Link) -> Job | None:
        row = link.row(TAKE[link.dialect], {"silent": clock.later(-SILENT_SECONDS), "now": clock.moment()})
        if row is None:
            return None
        job = Job(row[0], row[1], orjson.loads(row[2]), row[3], row[4] + 1)
        state, sentence = (
            ("running", None) if job.tries <= MOST_TRIES else ("failed", "It was begun three times and never finished")
        )
        _mark(link, job, state, sentence)
        return job if state == "running" else None

    return db.chore_now(chosen)


def _mark(link: Link, job: Job, state: str, sentence: str | None, not_before: str | None = None) -> None:
    values = {"id": job.id, "state": state, "owner": ME, "now": clock.moment(), "tries": job.tries}
    link.run(MARK, {**values, "sentence": sentence, "not_before": not_before})


def end(db: Database, job: Job, state: str, sentence: str | None = None, *, wait: float = 0) -> None:
    """Done, failed, or back into the queue, there to ``wait`` so many seconds."""
    not_before = clock.later(wait) if wait else None
    db.chore_now(lambda link: _mark(link, job, state, sentence, not_before))


def beat(db: Database, job: Job, step: str | None = None, done: int | None = None, total: int | None = None) -> None:
    """Still at it, and how far."""
    values = {"id": job.id, "owner": ME, "now": clock.moment(), "step": step, "done": done, "total": total}
    db.chore_now(lambda link: link.run(BEAT, values))


def plan_once(db: Database, kind: str, not_before: str | None = None, **arguments: Any) -> None:
    """A job that exists once for these arguments: the night of a day, or its morning (``not_before``)."""
    said = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS).decode()

    def planned(link: Link) -> None:
        if not link.value(PLANNED, {"kind": kind, "arguments": said}):
            link.run(
                PLAN,
                {
                    "kind": kind,
                    "arguments": said,
                    "actor": "system:None",
                    "now": clock.moment(),
                    "not_before": not_before,
                },
            )

    db.chore_now(planned)
