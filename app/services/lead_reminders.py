"""Who is to be reminded of leads: whoever follows one whose clock has run out or that has not moved for long, once a week.

No lead is named: a notice is read where many look over a shoulder, and leaves the house by e-mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from app.desk import Desk
from app.models import Lead
from app.rules import lead_clock
from app.rules.access import Role
from app.rules.codes import Light
from app.rules.names import split_names
from app.services.calendar import calendar
from app.services.lead_settings import clock

Record = dict[str, Any]
FOLLOWING = (Role.EDITOR.value, Role.REVIEWER.value)
COLUMNS = (
    "keeper", "zone_id", "disposition", "stage", "stage_on", "project_id", "responded_on", "registered_on", "progress_on",
)  # fmt: skip


def due(desk: Desk, day: str, accounts: list[Record]) -> Iterator[tuple[int, str, str, Record, str]]:
    """(account, key, kind, facts, address) of everybody who follows leads that are late, told already or not."""
    waiting = _late(desk, day)
    year, week, _ = date.fromisoformat(day).isocalendar()
    for account in accounts:
        name = account["name"]
        n = sum(waiting[name, zone] for zone in account["zones"])
        if n and account["role"] in FOLLOWING:
            address = f"/leads?keeper={quote(name)}&view=list&sort=progress_on"
            yield account["id"], f"leads:{year}-W{week:02d}", "leads_late", {"n": n, "late": 0}, address


def _late(desk: Desk, day: str) -> dict[tuple[str, int], int]:
    """How many leads are late, by who follows them and in which zone."""
    ticking, days = clock(desk), calendar(desk)
    rows = desk.select(
        Lead,
        "clocks",
        lambda q, t: q.where(t.c.disposition == "active", t.c.project_id.is_(None), t.c.keeper.is_not(None)),
        columns=COLUMNS,
    )
    found: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        lead: Any = SimpleNamespace(**dict(zip(COLUMNS, row, strict=True)))
        owed = lead_clock.due(lead, ticking, days)
        if (owed is not None and owed.on < day) or lead_clock.idle(lead, ticking, day) is Light.RED:
            for name in split_names(lead.keeper):
                found[name, lead.zone_id] += 1
    return found
