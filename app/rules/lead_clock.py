"""The clock of a lead: until when it must be answered, judged and told on, and since when nothing has moved."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.rules.calendar import is_workday
from app.rules.codes import LeadDisposition, LeadStage, Light
from app.rules.money import next_month

CLOCK: dict[str, Any] = {
    "respond_workdays": 1,
    "screen_workdays": 3,
    "feedback_days": 7,
    "update_days": 14,
    "yellow_months": 2,
    "red_months": 3,
    "remove_months": 6,
    "protect_months": 6,
}
"""As shipped: an answer within one working day, screened within three, feedback within a week, news every two weeks; without
progress yellow after two months, red after three, proposed for removal after six. ``protect_months``: how long the zone that
registered a lead first is protected. The city office keeps its own."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed next: ``respond``, ``screen``, ``feedback`` or ``update``, and the last day for it."""

    what: str
    on: str


def due(lead: Any, clock: Mapping[str, Any], calendar: Mapping[str, Any]) -> Due | None:
    """What the clock asks for next. None: nothing (it is not active, landed, or stands in a ledger)."""
    if lead.disposition != LeadDisposition.ACTIVE or lead.stage == LeadStage.LANDED or lead.project_id is not None:
        return None
    if lead.responded_on is None:
        return Due("respond", workdays_after(lead.registered_on, clock["respond_workdays"], calendar))
    if lead.stage == LeadStage.LEAD:
        return Due("screen", workdays_after(lead.registered_on, clock["screen_workdays"], calendar))
    if lead.stage == LeadStage.SCREENING:
        return Due("feedback", _days_after(lead.stage_on or lead.registered_on, clock["feedback_days"]))
    return Due("update", _days_after(lead.progress_on or lead.registered_on, clock["update_days"]))


def idle(lead: Any, clock: Mapping[str, Any], today: str) -> Light:
    """Green while it moves, yellow and red by the months without progress; none when it is not active any more."""
    if lead.disposition != LeadDisposition.ACTIVE or lead.project_id is not None:
        return Light.NONE
    since = lead.progress_on or lead.registered_on
    for colour, months in ((Light.RED, clock["red_months"]), (Light.YELLOW, clock["yellow_months"])):
        if since <= before(today, months):
            return colour
    return Light.GREEN


def to_remove(lead: Any, clock: Mapping[str, Any], today: str) -> bool:
    """Has it stood still so long that it is proposed for removal?"""
    return (
        lead.disposition == LeadDisposition.ACTIVE
        and lead.project_id is None
        and (lead.progress_on or lead.registered_on) <= before(today, clock["remove_months"])
    )


def before(today: str, months: int) -> str:
    """The same day so many months ago; the last of the month where there is none."""
    month = next_month(today, -months)
    return f"{month}-{min(int(today[8:]), monthrange(int(month[:4]), int(month[5:]))[1]):02d}"


def workdays_after(day: str, count: int, calendar: Mapping[str, Any]) -> str:
    """The day so many working days after ``day``."""
    found = date.fromisoformat(day)
    while count > 0:
        found += timedelta(days=1)
        count -= is_workday(found.isoformat(), calendar)
    return found.isoformat()


def _days_after(day: str, count: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=count)).isoformat()
