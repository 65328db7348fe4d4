"""A confirmed import, brought in by the worker as the person who confirmed it."""

from __future__ import annotations

from dataclasses import replace

from app.db import Caller, Database, house
from app.errors import Refusal
from app.services import identity, import_rows, imports, intake
from app.services.preparing import prepare
from app.services.workbooks import opened
from app.unswept import unswept
from app.words import sentence_of
from app.worker.jobs import Job, beat


@unswept()
def bring_in(db: Database, job: Job) -> None:
    """Read, prepare, commit. Safe to run twice: the act commits only what is still confirmed, in the same transaction."""
    import_id = job.arguments["import_id"]
    caller = _asker(job.actor)
    try:
        said = db.ask_now(caller, intake.look, import_id)
        if said["state"] != "confirmed":
            return
        confirmed = db.ask_now(caller, intake.confirmed, import_id)
        caller = replace(caller, language=confirmed["language"], reason=confirmed["reason"])
        beat(db, job, "reading", 0, 3)
        understood = opened(
            db.settings, said["digest"], said["file_name"], said["names"], said["choices"].get("sheets")
        )
        beat(db, job, "comparing", 1, 3)
        prepared = db.ask_now(caller, prepare, understood, intake.choices_of(said["choices"]))
        beat(db, job, "writing", 2, 3)
        known = {"import_id": import_id, "seen": confirmed["seen"]}
        db.act_ahead_now(caller, import_rows.make, imports.commit, prepared, **known)
    except Refusal as refusal:
        # by the house: her rights may be what has gone
        db.act_now(house(caller.language), intake.failed, import_id, sentence_of(refusal, caller.language))


def _asker(actor: str) -> Caller:
    """Who confirmed it, with the rights she (or the key) has now."""
    kind, _, number = actor.partition(":")
    if kind == "account":
        return Caller(identity.by_account(int(number)))
    return Caller(identity.by_key_id(int(number)), door="api") if kind == "key" else house(door="api")
