"""Personal links of reporters: who may be sent one, whom it was sent to, and how its bearer is recognised.

A link is bound to one person and one period. It opens what she answers for on the day she comes, so a hand-over takes it
along; it ends with its day, with the lock of the period, or when it is withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.desk import Actor, Desk
from app.engine import Link, Sql
from app.errors import Invalid, NotFound
from app.models import ReporterLink, Responsibility
from app.rules.access import Act, Bound, Role
from app.rules.codes import ResponsibilityRole
from app.rules.identity import shown_phone
from app.services import periods, zone_months, zones
from app.services.following import is_current
from app.services.identity import digest
from app.services.naming import Directory, by_ids
from app.words import Word

Record = dict[str, Any]
REPORTING = (ResponsibilityRole.RESPONSIBLE_PERSON, ResponsibilityRole.OWNER_CONTACT, ResponsibilityRole.LIAISON)
"""Who reports a project: the one who answers for it, the firm's contact, the liaison."""
LONGEST_DAYS = 92
UNOPENED: tuple[str | None, str | None] = (None, None)
GRACE_DAYS = 7
"""How long a link made after the lock was due is good, unless another day is given."""
OVER = Word("This link has run out or was withdrawn; please ask whoever sent it for a new one")
GIVEN = ("draft", "submitted", "confirmed")

BY_HASH = Sql(
    "SELECT l.id, l.zone_id, l.month, l.person_id, p.name FROM reporter_link l JOIN person p ON p.id = l.person_id "
    "JOIN period q ON q.month = l.month WHERE l.token_hash = :hash AND l.deleted_at IS NULL AND p.deleted_at IS NULL "
    "AND q.locked_on IS NULL AND l.expires_on >= :today"
)
ANSWERS_FOR = Sql(
    "SELECT DISTINCT project_id FROM responsibility WHERE person_id = :person AND zone_id = :zone AND deleted_at IS NULL "
    f"AND role IN ({', '.join(repr(role.value) for role in REPORTING)}) "
    "AND (from_on IS NULL OR from_on <= :today) AND (until_on IS NULL OR until_on >= :today) ORDER BY project_id"
)
SEEN = Sql(
    "INSERT INTO link_seen (link_id, first_at, last_at) VALUES (:id, :now, :now) "
    "ON CONFLICT (link_id) DO UPDATE SET last_at = excluded.last_at WHERE link_seen.last_at < :minute_ago"
)
UNSEEN = Sql("DELETE FROM link_seen WHERE link_id = :id")
SEEN_OF = Sql("SELECT s.link_id, s.first_at, s.last_at FROM link_seen s JOIN reporter_link l ON l.id = s.link_id "
              "WHERE l.zone_id = :zone AND l.month = :month")  # fmt: skip


# ── who comes ────────────────────────────────────────────────────────────────────────────────────────────────────────
def by_link(token: str) -> Any:
    """How to recognise the bearer of a personal link: a reporter, bound to her projects and the period.

    Raises NotFound when the link is over, whatever ended it.
    """
    hashed = digest(token)

    def identify(link: Link) -> Actor:
        today = clock.today()
        row = link.row(BY_HASH, {"hash": hashed, "today": today})
        if row is None:
            raise NotFound(OVER, code="link_over")
        id_, zone_id, month, person_id, name = row
        asked = {"person": person_id, "zone": zone_id, "today": today}
        projects = tuple(p for (p,) in link.rows(ANSWERS_FOR, asked))
        return Actor("reporter", id_, name, Role.REPORTER, (zone_id,), bound=Bound(projects, month))

    return identify


def seen(link: Link, token: str) -> None:
    """She has opened it in a browser: written at most once a minute. A chore."""
    actor: Actor = by_link(token)(link)
    link.run(SEEN, {"id": actor.id, "now": clock.moment(), "minute_ago": clock.later(-60)})


# ── whom links are sent to ───────────────────────────────────────────────────────────────────────────────────────────
def read(desk: Desk, code: str, month: str) -> Record:
    """Everybody who answers for a project that owes a report of the period: her projects, how many are reported, and
    her link if there is one (``state``: none, new, opened, withdrawn, over)."""
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REGISTER_READ, zone_id)
    told = zone_months.read(desk, code, month)
    items = {item["id"]: item for item in told["items"] if item["owes"]}
    directory = Directory.of(desk, {zone_id})
    links = {row.person_id: row for row in _links(desk, zone_id, month)}
    moments = {row[0]: row[1:] for row in desk.link.rows(SEEN_OF, {"zone": zone_id, "month": month})}
    answering = _answering(desk, items)
    found = [
        _told(desk, directory, person_id, [items[p] for p in sorted(answering.get(person_id, ()))], links.get(person_id), moments)
        for person_id in answering.keys() | links.keys()
    ]  # fmt: skip
    alone = [items[p] for p in items if not any(p in projects for projects in answering.values())]
    return {
        "month": month,
        "zone": code,
        "period": told["period"],
        "state": told["state"],
        "items": sorted(found, key=lambda r: (not r["owed"], r["name"] or "", r["person_id"])),
        "nobody": [{n: item[n] for n in ("id", "name")} for item in alone],
        "expires_on": usual_day(told["period"], desk.today),
    }


def _answering(desk: Desk, project_ids: Any) -> dict[int, set[int]]:
    """Person → the projects that she reports."""
    entries: list[Responsibility] = by_ids(desk, Responsibility, "of_projects", "project_id", project_ids)
    found: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.person_id is not None and entry.role in REPORTING and is_current(entry, desk.today):
            found[entry.person_id].add(entry.project_id)
    return found


def _links(desk: Desk, zone_id: int, month: str) -> list[ReporterLink]:
    return desk.rows(
        ReporterLink, "of_month",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.month == sa.bindparam("month")),
        {"zone": zone_id, "month": month}, deleted="with",
    )  # fmt: skip


def _told(
    desk: Desk,
    directory: Directory,
    person_id: int,
    hers: list[Record],
    row: ReporterLink | None,
    moments: dict[int, Any],
) -> Record:
    from app.models import Person

    person: Any = directory.by_id.get((Person, person_id))
    unit = directory.name(None, person.unit_id) if person and person.unit_id else None
    first, last = moments.get(row.id or 0, UNOPENED) if row else UNOPENED
    return {
        "person_id": person_id,
        "name": person.name if person else None,
        "unit": unit,
        "phone": shown_phone(person.phone, may_read=desk.may(Act.PHONE_READ)) if person else None,
        "projects": [{n: item[n] for n in ("id", "name", "state")} for item in hers],
        "owed": len(hers),
        "reported": sum(_reported(item) for item in hers),
        "state": _state(row, first, desk.today),
        "opened_at": first,
        "last_at": last,
        "expires_on": row.expires_on if row else None,
        "made_by": row.made_by if row else None,
        "version": row.since if row else 0,
    }


def _reported(item: Record) -> bool:
    """Is this project reported? A draft that its reporter has not handed in is not."""
    return item["state"] in GIVEN and (item["report"] or {}).get("handed_in") is not False


def _state(row: ReporterLink | None, opened_at: str | None, today: str) -> str:
    if row is None:
        return "none"
    if row.deleted_at is not None:
        return "withdrawn"
    if row.expires_on < today:
        return "over"
    return "opened" if opened_at else "new"


def usual_day(period: Record, today: str) -> str:
    """The last day of a link where none is given: that on which the month is due to be locked."""
    late = (date.fromisoformat(today) + timedelta(days=GRACE_DAYS)).isoformat()
    return str(period["lock_due_on"]) if period["lock_due_on"] >= today else late


# ── making and withdrawing ───────────────────────────────────────────────────────────────────────────────────────────
def make(desk: Desk, code: str, month: str, hashes: dict[int, str], *, expires_on: str | None = None) -> Record:
    """Links for these people (person → hash of the new link); one she had before opens nothing any more.

    Raises Invalid for somebody who has nothing to report here and for a day out of bounds, Conflict in a locked month.
    """
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REPORTER_INVITE, zone_id)
    known = read(desk, code, month)
    period = periods.row(desk, month)
    names = {r["person_id"]: r["name"] for r in known["items"] if r["owed"]}
    if strange := hashes.keys() - names.keys():
        raise Invalid.one(
            "/persons", "nothing_to_report", "{n} of them have nothing to report in this month", n=len(strange)
        )
    last = expires_on or known["expires_on"]
    _in_bounds(desk, last)
    rows = {row.person_id: row for row in _links(desk, zone_id, month)}
    made = []
    for person_id, hashed in sorted(hashes.items()):
        row = rows.get(person_id) or ReporterLink(zone_id=zone_id, month=period.month, person_id=person_id)
        row.token_hash, row.expires_on, row.made_by, row.deleted_at = hashed, last, desk.actor.name, None
        made.append(row)
    desk.keep(made)
    for row in made:
        desk.link.run(UNSEEN, {"id": row.id})
    return {"persons": sorted(hashes), "expires_on": last}


def _in_bounds(desk: Desk, day: str) -> None:
    latest = (date.fromisoformat(desk.today) + timedelta(days=LONGEST_DAYS)).isoformat()
    if not desk.today <= day <= latest:
        raise Invalid.one("/expires_on", "out_of_bounds", "Choose a day from today to {latest}", latest=latest)


def withdraw(desk: Desk, code: str, month: str, person_id: int, *, version: int | None) -> Record:
    """The link opens nothing any more. Raises NotFound when there is none, Stale when it was made anew meanwhile."""
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REPORTER_INVITE, zone_id)
    row = next((r for r in _links(desk, zone_id, month) if r.person_id == person_id and r.deleted_at is None), None)
    if row is None:
        raise NotFound
    desk.current(row, version)
    row.deleted_at = desk.now
    desk.keep(row)
    return {"person_id": person_id, "version": row.since}
