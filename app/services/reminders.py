"""Who is to be reminded of what today: read from the months as they stand, by the calendar. Sending is not done here.

Each reminder has a key: month, step and occasion. Whoever was told under a key is not told under it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from app.desk import Desk
from app.models import Account, Responsibility, Zone
from app.rules.access import Act, Role
from app.rules.calendar import days_late
from app.rules.reminders import Occasion, occasion
from app.services import lead_reminders, months, periods, power_map, zone_months
from app.services.calendar import calendar
from app.services.following import is_current
from app.services.naming import by_ids
from app.services.reporters import REPORTING

Record = dict[str, Any]
OFFICE = (Role.EDITOR.value, Role.REVIEWER.value)
MOST_NAMED = 12
"""Projects or zones that one message names; the rest are counted."""


class Reminder(NamedTuple):
    """One person is told one thing: ``kind`` with its ``facts`` makes the sentence, ``address`` is where she can act."""

    account_id: int
    key: str
    kind: str
    facts: Record
    address: str


class Call(NamedTuple):
    """What a group robot is to say of one zone, or of all (``zone`` None)."""

    zone: str | None
    key: str
    kind: str
    facts: Record
    address: str


def due(desk: Desk, day: str) -> tuple[list[Reminder], list[Call]]:
    """Everything that somebody is to be told on this day, told already or not."""
    desk.ask(Act.LIGHTS_TURN)
    people, calls = [], []
    days = calendar(desk)
    for period in periods.all_(desk):
        if period["locked_on"] is None and period["opened_on"] <= day:
            found = _Month(desk, period, days, day)
            people += list(found.people())
            calls += list(found.calls())
    people += [Reminder(*told) for told in lead_reminders.due(desk, day, _accounts(desk, day))]
    return [*people, *_ending(desk, day)], calls


def _ending(desk: Desk, day: str) -> Iterator[Reminder]:
    """Once a month and zone: how many of its delegations end soon, to its office and to the city's."""
    counted = power_map.ending(desk, day)
    if not counted:
        return
    for account in _accounts(desk, day):
        for zone_id, (code, name, n) in counted.items():
            if account["role"] == Role.CITY_OFFICE.value or (account["role"] in OFFICE and zone_id in account["zones"]):
                facts = {"zone": name, "n": n, "late": 0}
                place = f"/zones/{code}/powers?state=soon"
                yield Reminder(account["id"], f"{day[:7]}:powers:{code}", "powers_ending", facts, place)


class _Month:
    """A period on a day: which of its steps have an occasion, and who stands in the way."""

    def __init__(self, desk: Desk, period: Record, days: Record, day: str) -> None:
        self.desk, self.period, self.day = desk, period, day
        self.month = period["month"]
        self.steps = {s: occasion(period[f"{s}_due_on"], day, days) for s in ("report", "submit", "confirm", "lock")}
        self.zones = (
            [z for z in months.read(desk, self.month)["items"] if z["owed"]] if any(self.steps.values()) else []
        )

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def people(self) -> Iterator[Reminder]:
        if not self.zones:
            return
        accounts = _accounts(self.desk, self.day)
        ids = dict(self.desk.select(Zone, "ids of codes", lambda q, t: q, columns=("code", "id")))
        here = {ids[z["zone"]]: z for z in self.zones}
        for account in accounts:
            if account["role"] in OFFICE:
                yield from self._office(account, here)
            elif account["role"] == Role.CITY_OFFICE.value:
                yield from self._city(account)
        yield from self._answering(accounts, ids, here)

    def _office(self, account: Record, here: dict[int, Record]) -> Iterator[Reminder]:
        for zone_id in account["zones"]:
            zone = here.get(zone_id)
            if zone is None:
                continue
            lacking = zone["missing"] + zone["returned"]
            facts = {"zone": zone["name"], "n": lacking}
            place = f"/zones/{zone['zone']}/months/{self.month}"
            if zone["state"] == "open":
                kind = "reports_missing" if lacking else "not_submitted"
                yield from self._told(account, "submit", f"{kind}:{zone['zone']}", kind, facts, place)
            elif zone["state"] == "submitted" and account["role"] == Role.REVIEWER.value:
                yield from self._told(account, "confirm", f"confirm:{zone['zone']}", "not_confirmed", facts, place)

    def _city(self, account: Record) -> Iterator[Reminder]:
        place, submit = f"/months/{self.month}", self.steps["submit"]
        late = [z for z in self.zones if z["state"] == "open"]
        if late and submit is not None and submit.name != "ahead":
            yield from self._told(account, "submit", "zones", "zones_open", {"n": len(late)}, place)
        waiting = months.waiting(self.zones)
        kind = "zones_unconfirmed" if waiting else "not_locked"
        yield from self._told(account, "lock", "lock", kind, {"n": len(waiting)}, place)

    def _answering(self, accounts: list[Record], ids: dict[str, int], here: dict[int, Record]) -> Iterator[Reminder]:
        """Those whose account names the person who answers for projects: how many of hers are not reported."""
        persons = {a["person_id"]: a for a in accounts if a["person_id"] is not None}
        if self.steps["report"] is None or not persons:
            return
        entries: list[Responsibility] = by_ids(self.desk, Responsibility, "of_holder", "person_id", persons)
        hers: dict[tuple[int, int], set[int]] = defaultdict(set)
        for entry in entries:
            if entry.role in REPORTING and is_current(entry, self.day) and entry.zone_id in here:
                hers[(entry.person_id or 0, entry.zone_id)].add(entry.project_id)
        lacking: dict[int, int] = defaultdict(int)
        for (person_id, zone_id), projects in hers.items():
            zone = here[zone_id]
            if zone["state"] == "open" and zone["missing"] + zone["returned"]:
                told = zone_months.some(self.desk, zone["zone"], self.month, sorted(projects))
                lacking[person_id] += sum(
                    i["owes"] and i["state"] in ("not_submitted", "returned") for i in told["items"]
                )
        for person_id, n in lacking.items():
            if n:
                yield from self._told(persons[person_id], "report", "own", "own_missing", {"n": n}, "/my")

    def _told(self, account: Record, step: str, what: str, kind: str, facts: Record, place: str) -> Iterator[Reminder]:
        now = self.steps[step]
        if now is not None:
            yield Reminder(account["id"], self._key(what, now), kind, self._facts(step, facts), place)

    def _key(self, what: str, now: Occasion) -> str:
        return f"{self.month}:{what}:{now.name}"

    def _facts(self, step: str, facts: Record) -> Record:
        due_on = self.period[f"{step}_due_on"]
        return {**facts, "month": self.month, "due_on": due_on, "late": days_late(due_on, self.day)}

    # ── group robots ─────────────────────────────────────────────────────────────────────────────────────────────────
    def calls(self) -> Iterator[Call]:
        now = self.steps["submit"]
        late = [z for z in self.zones if z["state"] == "open"]
        if now is None or not late:
            return
        said = [{"name": z["name"], "n": z["missing"] + z["returned"]} for z in late]
        facts = self._facts(
            "submit", {"n": len(late), "named": said[:MOST_NAMED], "more": max(0, len(said) - MOST_NAMED)}
        )
        yield Call(None, self._key("zones", now), "call_zones", facts, f"/months/{self.month}")
        for zone in late:
            yield Call(
                zone["zone"], self._key(f"zone:{zone['zone']}", now), "call_zone",
                self._facts("submit", {"zone": zone["name"], "n": zone["missing"] + zone["returned"]}),
                f"/zones/{zone['zone']}/months/{self.month}",
            )  # fmt: skip


def named(desk: Desk, code: str, month: str) -> Record:
    """The projects of a zone that are not reported, with who answers: what a zone's own robot names."""
    missing = zone_months.read(desk, code, month)["missing"]
    return {"named": missing[:MOST_NAMED], "more": max(0, len(missing) - MOST_NAMED)}


ACCOUNT = ("id", "name", "role", "zones", "person_id", "from_on", "until_on")


def _accounts(desk: Desk, day: str) -> list[Record]:
    """Everybody whose right holds on this day."""
    rows = desk.select(Account, "reminded", lambda q, t: q.order_by(t.c.id), columns=ACCOUNT)
    found = [dict(zip(ACCOUNT, row, strict=True)) for row in rows]
    return [
        {**a, "zones": orjson.loads(a["zones"])} for a in found
        if (a["from_on"] is None or a["from_on"] <= day) and (a["until_on"] is None or a["until_on"] >= day)
    ]  # fmt: skip
