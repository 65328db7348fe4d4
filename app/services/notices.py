"""Notices in the application, and what is sent out of the house: written down under a key, told or sent once.

All of this is chores, outside history; callers run the writing through ``Database.chore``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from app import clock
from app.desk import Desk
from app.engine import Link, Sql
from app.errors import NotFound
from app.rules.access import Act
from app.services.reminders import Call, Reminder
from app.words import month_name, say

Record = dict[str, Any]
MOST = 200
SENTENCES = {
    "own_missing": "You have {n} projects not reported for {month}, due on {due_on}",
    "reports_missing": "{zone}: {n} projects not reported for {month}, due on {due_on}",
    "not_submitted": "{zone}: all projects are reported for {month}; submit the month, due on {due_on}",
    "not_confirmed": "{zone}: {month} waits for your confirmation, due on {due_on}",
    "zones_open": "{n} zones have not submitted {month}, due on {due_on}",
    "zones_unconfirmed": "{n} zones are not confirmed for {month}; the lock is due on {due_on}",
    "not_locked": "Every zone is confirmed for {month}; lock the month, due on {due_on}",
    "call_zones": "Reports of {month}, due on {due_on}: {n} zones not submitted",
    "call_zone": "{zone}, reports of {month}, due on {due_on}: {n} projects not reported",
    "leads_late": "{n} of the leads that you follow are late or have not moved for long",
    "powers_ending": "{zone}: {n} delegations end soon",
    "test": "This is a test of reminders",
}

ADD = Sql(
    "INSERT INTO notice (account_id, key, kind, facts, address, created_at) "
    "VALUES (:account, :key, :kind, :facts, :address, :now) ON CONFLICT (account_id, key) DO NOTHING"
)
OWN = Sql(
    "SELECT key, kind, facts, address, created_at, read_at FROM notice WHERE account_id = :account "
    "ORDER BY created_at DESC, key LIMIT :most"
)
UNREAD = Sql("SELECT count(*) FROM notice WHERE account_id = :account AND read_at IS NULL")
READ_ONE = Sql(
    "UPDATE notice SET read_at = COALESCE(read_at, :now) WHERE account_id = :account AND key = :key RETURNING address"
)
READ_ALL = Sql("UPDATE notice SET read_at = :now WHERE account_id = :account AND read_at IS NULL")
WHERE_TO = Sql("SELECT email, locale FROM account WHERE id = :account AND deleted_at IS NULL")
QUEUE = Sql(
    "INSERT INTO delivery (key, channel, recipient, subject, body, state, created_at) "
    "VALUES (:key, :channel, :recipient, :subject, :body, 'queued', :now) ON CONFLICT (key) DO NOTHING"
)
ORDER = Sql(
    "INSERT INTO job (kind, arguments, actor, state, tries, created_at) "
    "VALUES ('deliver', :arguments, 'system:None', 'queued', 0, :now)"
)
LATEST = Sql(
    "SELECT key, channel, recipient, subject, state, tries, sentence, created_at, ended_at FROM delivery "
    "ORDER BY CASE state WHEN 'failed' THEN 0 ELSE 1 END, created_at DESC, key LIMIT 100"
)
AGAIN = Sql(
    "UPDATE delivery SET state = 'queued', sentence = NULL, ended_at = NULL WHERE key = :key AND state = 'failed'"
)
SWEEP = Sql("DELETE FROM notice WHERE read_at IS NOT NULL AND created_at < :old")
KEPT_DAYS = 400


@dataclass(frozen=True)
class Channels:
    """What the settings allow to be sent: e-mail or not, robots by the zone they are for, and how links begin."""

    mail: bool
    robots: tuple[tuple[str | None, str], ...]
    public_url: str
    language: str


# ── read by their owner ──────────────────────────────────────────────────────────────────────────────────────────────
def list_(desk: Desk) -> list[Record]:
    """Her notices, newest first, each as a ``sentence``; the last some hundred."""
    desk.ask(Act.ACCOUNT_OWN)
    rows = desk.link.rows(OWN, {"account": desk.actor.id, "most": MOST})
    return [
        {"key": key, "address": address, "at": at, "read": read_at is not None, "late": orjson.loads(facts)["late"],
         "sentence": sentence(kind, orjson.loads(facts), desk.language)}
        for key, kind, facts, address, at, read_at in rows
    ]  # fmt: skip


def unread(desk: Desk) -> int:
    """How many of her notices she has not read; for the head of every page."""
    if desk.actor.kind != "account":
        return 0
    return int(desk.link.value(UNREAD, {"account": desk.actor.id}))


def open_(link: Link, account_id: int, key: str) -> str:
    """She reads one: where it leads. NotFound for one that is not hers. A chore."""
    rows = link.rows(READ_ONE, {"account": account_id, "key": key, "now": clock.moment()})
    if not rows:
        raise NotFound
    return str(rows[0][0])


def read_all(link: Link, account_id: int) -> None:
    """She has seen them all. A chore."""
    link.run(READ_ALL, {"account": account_id, "now": clock.moment()})


def sentence(kind: str, facts: Record, language: str) -> str:
    """What a notice says, with how late it is."""
    said = {n: v for n, v in facts.items() if n in ("zone", "n")}
    if "month" in facts:
        said |= {"month": month_name(facts["month"], language), "due_on": _day(facts["due_on"], language)}
    text = say(SENTENCES[kind], language, **said)
    return text + say(" ({n} days late)", language, n=facts["late"]) if facts.get("late") else text


def _day(day: str, language: str) -> str:
    return f"{int(day[5:7])}月{int(day[8:])}日" if language == "zh_CN" else day


# ── written by the worker ────────────────────────────────────────────────────────────────────────────────────────────
def tell(link: Link, reminders: Iterable[Reminder], channels: Channels) -> int:
    """Write these notices, leaving out those that were written before; what is new goes into the post. How many. A chore."""
    count = 0
    for told in reminders:
        values = {"account": told.account_id, "key": told.key, "kind": told.kind, "address": told.address}
        if not link.run(ADD, {**values, "facts": orjson.dumps(told.facts).decode(), "now": clock.moment()}):
            continue
        count += 1
        email, locale = link.row(WHERE_TO, {"account": told.account_id}) or (None, None)
        if channels.mail and email:
            text = sentence(told.kind, told.facts, locale or channels.language)
            body = f"{text}\n\n{channels.public_url.rstrip('/')}{told.address}\n"
            post(link, f"mail:{told.account_id}:{told.key}", "mail", email, text, body)
    link.run(SWEEP, {"old": clock.later(-KEPT_DAYS * 86400)})
    return count


def call(link: Link, calls: Iterable[tuple[Call, Record]], channels: Channels) -> None:
    """What the group robots are to say, each once. ``calls``: with the projects that a zone's own robot names. A chore."""
    for one, more in calls:
        for n, (zone, _) in enumerate(channels.robots):
            if zone == one.zone:
                text = _call(one, {**one.facts, **more}, channels)
                post(link, f"robot:{n}:{one.key}", "robot", str(n), text.splitlines()[0], text)


def _call(one: Call, facts: Record, channels: Channels) -> str:
    lines = [sentence(one.kind, facts, channels.language)]
    for item in facts.get("named", ()):
        about = item.get("responsible_person") or item.get("n", "")
        lines.append(f"· {item['name']}{f' ({about})' if about else ''}")
    if facts.get("more"):
        lines.append(say("and {n} more", channels.language, n=facts["more"]))
    return "\n".join([*lines, f"{channels.public_url.rstrip('/')}{one.address}"])


def post(link: Link, key: str, channel: str, recipient: str, subject: str, body: str) -> None:
    """Put something into the post, once under its key, with the job that sends it. A chore."""
    values = {"key": key, "channel": channel, "recipient": recipient, "subject": subject[:200], "body": body}
    if link.run(QUEUE, {**values, "now": clock.moment()}):
        _order(link, key)


def _order(link: Link, key: str) -> None:
    link.run(ORDER, {"arguments": orjson.dumps({"key": key}).decode(), "now": clock.moment()})


# ── watched by the administrator ─────────────────────────────────────────────────────────────────────────────────────
def deliveries(desk: Desk) -> list[Record]:
    """What was sent and what became of it, failures first."""
    desk.ask(Act.SETTING_AMEND)
    names = ("key", "channel", "recipient", "subject", "state", "tries", "sentence", "created_at", "ended_at")
    return [dict(zip(names, row, strict=True)) for row in desk.link.rows(LATEST)]


def again(link: Link, key: str) -> None:
    """Try a failed one once more: somebody has decided that it did not arrive. A chore."""
    if not link.run(AGAIN, {"key": key}):
        raise NotFound
    _order(link, key)
