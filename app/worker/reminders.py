"""Reminders of a day, and what is sent out of the house. A job may run twice; a message goes out once."""

from __future__ import annotations

from app import clock
from app.db import Database, house
from app.engine import Link, Sql
from app.services import notices, reminders
from app.services.notices import Channels
from app.settings import Settings
from app.words import Word
from app.worker import sending
from app.worker.jobs import MOST_TRIES, Again, Job

WAITS = (60, 600)
"""Seconds until the second and the third try."""
CLAIM = Sql(
    "UPDATE delivery SET state = 'sending', tries = tries + 1 WHERE key = :key AND state = 'queued' "
    "RETURNING channel, recipient, subject, body"
)
STATE = Sql("SELECT state FROM delivery WHERE key = :key")
END = Sql(
    "UPDATE delivery SET state = :state, sentence = :sentence, ended_at = :now WHERE key = :key AND state = 'sending'"
)
UNSURE = Word("It may have arrived; it is not sent again by itself")
GONE = Word("This robot is no longer among the settings")


def channels(settings: Settings) -> Channels:
    """What may be sent out by the settings."""
    return Channels(bool(settings.smtp_host), settings.webhooks, settings.public_url, settings.locale)


def remind(db: Database, job: Job) -> None:
    """Tell everybody what is due on this day, whom nobody has told yet."""
    open_to = channels(db.settings)
    language = open_to.language
    people, calls = db.ask_now(house(language), reminders.due, job.arguments["day"])
    db.chore_now(lambda link: notices.tell(link, people, open_to))
    wanted = {zone for zone, _ in open_to.robots}
    said = []
    for call in calls:
        if call.zone in wanted:
            month = call.facts["month"]
            more = db.ask_now(house(language), reminders.named, call.zone, month) if call.zone else {}
            said.append((call, more))
    db.chore_now(lambda link: notices.call(link, said, open_to))


def deliver(db: Database, job: Job) -> None:
    """Send one message. What certainly did not go out is tried again later; what may have gone out never is."""
    key = job.arguments["key"]
    taken = db.chore_now(lambda link: _claim(link, key))
    if taken is None:
        return
    channel, recipient, subject, body = taken
    try:
        if channel == "mail":
            sending.mail(db.settings, key, recipient, subject, body)
        else:
            sending.robot(db.settings, db.settings.webhooks[int(recipient)][1], body)
    except sending.NotSent as error:
        last = job.tries >= MOST_TRIES
        _end(db, key, "failed" if last else "queued", str(error))
        raise Again(str(error), WAITS[min(job.tries, len(WAITS)) - 1]) from error
    except IndexError:
        _end(db, key, "failed", GONE)
    except sending.Unsure as error:
        _end(db, key, "failed", f"{UNSURE}: {error}")
    else:
        _end(db, key, "sent", None)


def _claim(link: Link, key: str) -> tuple[str, str, str, str] | None:
    rows = link.rows(CLAIM, {"key": key})
    if rows:
        channel, recipient, subject, body = rows[0]
        return channel, recipient, subject, body
    if link.value(STATE, {"key": key}) == "sending":  # whoever sent it fell while it did
        link.run(END, {"key": key, "state": "failed", "sentence": UNSURE, "now": clock.moment()})
    return None


def _end(db: Database, key: str, state: str, sentence: str | None) -> None:
    values = {"key": key, "state": state, "sentence": sentence, "now": clock.moment()}
    db.chore_now(lambda link: link.run(END, values))
