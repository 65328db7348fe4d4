"""The city's calendar as kept data: due days, working days, whether January is reported with February."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.models import Setting
from app.models.month_shapes import CalendarEdit
from app.models.shapes import check
from app.rules.access import Act
from app.rules.calendar import CALENDAR
from app.services import reasons
from app.services.entering import setting, setting_row

KEY = "calendar"
Record = dict[str, Any]


def calendar(desk: Desk) -> Record:
    """The calendar in force."""
    found: Record = {**CALENDAR, **setting(desk, KEY, {})}
    return found


def read(desk: Desk) -> Record:
    """The calendar, for who may read the register, with its version."""
    desk.ask(Act.REGISTER_READ)
    row = setting_row(desk, KEY)
    return {**calendar(desk), "version": row.since if row else 0}


def put(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Change what was given of the calendar; the rest stays. Periods that are open keep the days they were opened with."""
    desk.ask(Act.SETTING_AMEND)
    sent = check(CalendarEdit, reasons.take(desk, values), partial=True)
    given = {name: value for name, value in sent.items() if value is not None}
    row = setting_row(desk, KEY) or Setting(key=KEY, value="{}")
    if row.id is not None:
        desk.current(row, version)
    known = orjson.loads(row.value)
    if "due" in given:
        said = {step: {"offset": 0, **due} for step, due in given["due"].items() if due}
        given["due"] = {**calendar(desk)["due"], **said}
    for name in ("holidays", "workdays"):
        if name in given:
            given[name] = sorted(set(given[name]))
    row.value = orjson.dumps({**known, **given}, option=orjson.OPT_SORT_KEYS).decode()
    desk.keep(row)
    return read(desk)
