"""A long ledger, written by the worker as the person who ordered it."""

from __future__ import annotations

from app.db import Caller, Database
from app.errors import Conflict, Refusal
from app.files import Files
from app.services import export_jobs, identity
from app.words import sentence_of
from app.worker.jobs import Job, beat


def write_out(db: Database, job: Job) -> None:
    """Write the file, put it into the store by its digest. Safe to run twice: the second file takes the first one's place.

    Nobody refers to the file but the job, so the night's sweep takes it away when it is a day old.
    """
    said, number = job.arguments, int(job.actor.partition(":")[2])
    caller = Caller(identity.by_account(number), language=said["language"])

    def told(done: int) -> None:
        beat(db, job, "writing", done, None)

    try:
        made = db.ask_now(caller, export_jobs.make, said, told)
    except Refusal as refusal:
        raise Conflict(sentence_of(refusal, said["language"])) from refusal
    try:
        with made.path.open("rb") as file:
            digest = Files(db.settings.files_dir).put(file).digest
    finally:
        made.path.unlink(missing_ok=True)
    db.chore_now(lambda link: export_jobs.kept(link, job.id, digest, made))
