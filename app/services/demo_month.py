"""The demo's month: opened by the city, confirmed for every zone but the first, which is a few days late."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from app.desk import Desk
from app.models import Period, Project, Report, ZoneMonth
from app.rules.calendar import first_month, last_day
from app.rules.codes import ReportState, ZoneMonthState
from app.services.calendar import calendar

OFFICE = "区项目办（演示）"
LATE = -2
"""Since when submission is due, in days from today; the other steps lie around it."""


def open_month(desk: Desk, made: list[Project]) -> None:
    """Open the month that the demo's projects report, and let all zones but the first have done their part."""
    reports: list[Report] = desk.rows(Report, "demo", lambda q, t: q.order_by(t.c.id))
    if not reports:
        return
    month = max(row.month for row in reports)

    def day(by: int) -> str:
        return (date.fromisoformat(desk.today) + timedelta(days=by)).isoformat()

    desk.keep(
        Period(
            month=month, first_month=first_month(month, calendar(desk)), cut_off_on=last_day(month), opened_on=day(LATE - 8),
            report_due_on=day(LATE - 3), submit_due_on=day(LATE), confirm_due_on=day(LATE + 1), lock_due_on=day(LATE + 3),
        )
    )  # fmt: skip
    home, by_zone = made[0].zone_id, defaultdict(list)
    for row in reports:
        by_zone[row.zone_id].append(row)
    done = [zone for zone in by_zone if zone != home]
    for row in (row for zone in done for row in by_zone[zone] if row.month == month):
        row.state, row.submitted_on = ReportState.CONFIRMED, day(LATE - 1)
    desk.keep([row for zone in done for row in by_zone[zone]])
    desk.keep(
        [
            ZoneMonth(
                zone_id=zone, month=month, state=ZoneMonthState.CONFIRMED, submitted_on=day(LATE - 1), submitted_by=OFFICE,
                confirmed_on=day(LATE), confirmed_by=OFFICE, missing_reason="业主未提供资料（演示）",
            )
            for zone in done
        ]
    )  # fmt: skip
