"""The third face: one process that does what takes long, and what the calendar asks for at night."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

from app import clock
from app.db import Database, house
from app.errors import Refusal
from app.files import Files
from app.services import evidence, families, lights, progress, responsibilities, years
from app.settings import Settings
from app.worker.exports import write_out
from app.worker.imports import bring_in
from app.worker.jobs import MOST_TRIES, Again, Job, beat, end, plan_once, take
from app.worker.likenesses import compare
from app.worker.reminders import deliver, remind

log = logging.getLogger("sanzhang.worker")
PAUSE_SECONDS = 2.0
MORNING = "08:30"
"""When the reminders of a day are sent, where the register lives."""


def turn_lights(db: Database, job: Job) -> None:
    """Every light that the calendar turns on this day, as one act of the house."""
    db.act_now(house(door="system"), lights.turn, job.arguments["day"])


def light_all(db: Database, job: Job) -> None:
    """Every light anew after the rules were changed, some thousands an act so that others can write between."""
    after = db.act_now(house(door="system"), lights.light_all, 0).value
    while after:
        beat(db, job)
        after = db.act_now(house(door="system"), lights.light_all, after).value


def open_year(db: Database, job: Job) -> None:
    """The zones that the act of opening a year left over; what is left after this act stands in a job of its own."""
    said = job.arguments
    caller = replace(house(door="system"), reason=said["reason"])
    db.act_now(caller, years.go_on, said["year"], said["zones"], said["by"])


def turn_names(db: Database, job: Job) -> None:
    """The names of those whose responsibility begins or has ended, shown in the rows of their projects."""
    db.act_now(house(door="system"), responsibilities.turn, job.arguments["day"])


def count_parts(db: Database, job: Job) -> None:
    """Bundles that an earlier version of the program left without their number of parts."""
    db.act_now(house(door="system"), families.recount)


def date_progress(db: Database, job: Job) -> None:
    """Progress that an earlier version of the program left without the day on which it was told."""
    db.act_now(house(door="system"), progress.date)


def sweep_files(db: Database, job: Job) -> None:
    """Files that no act ever came to refer to."""
    db.read_now(lambda link: evidence.sweep(link, Files.of(db.settings)))


NIGHTLY = ("turn_lights", "turn_names", "count_parts", "date_progress", "sweep_files")
"""Once a day, in this order."""
KINDS: dict[str, Callable[[Database, Job], None]] = {
    "turn_lights": turn_lights, "turn_names": turn_names, "count_parts": count_parts,
    "light_all": light_all, "open_year": open_year, "date_progress": date_progress, "sweep_files": sweep_files, "import": bring_in, "export": write_out,
    "remind": remind, "deliver": deliver,
}  # fmt: skip
"""Every kind of job and what does it. Each is safe to run twice."""


def run(settings: Settings, beside: int = 0) -> None:
    """Work until told to stop, or until the process it stands ``beside`` is gone; what is under way is finished first."""
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    db = Database(settings)
    try:
        while not over.is_set() and (not beside or os.getppid() == beside):
            for kind in NIGHTLY:
                plan_once(db, kind, day=clock.today())
            plan_once(db, "remind", clock.at(clock.today(), MORNING), day=clock.today())
            while not over.is_set() and (job := take(db)) is not None:
                do(db, job)
            if not compare_new(db):
                over.wait(PAUSE_SECONDS)
    finally:
        db.close()


def compare_new(db: Database) -> bool:
    """Look for likenesses of what has changed; True when there is more. Whatever goes wrong, the jobs have their turn."""
    try:
        return compare(db)
    except Exception:
        log.exception("comparing fell")
        return False


def do(db: Database, job: Job) -> None:
    """One job to its end: done, back into the queue for another try, or failed with the sentence."""
    try:
        KINDS[job.kind](db, job)
    except Again as again:
        end(db, job, "queued" if job.tries < MOST_TRIES else "failed", str(again), wait=again.seconds)
    except Refusal as refusal:
        end(db, job, "failed", refusal.msgid)
    except Exception as error:  # whatever it is, the next job must have its turn
        log.exception("job %s (%s) fell", job.id, job.kind)
        end(db, job, "queued" if job.tries < MOST_TRIES else "failed", type(error).__name__)
    else:
        end(db, job, "done")
