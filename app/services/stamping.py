"""Whether a month is locked only once every zone's paper has come back stamped: kept data, as the calendar is."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.models import Setting
from app.models.month_shapes import PapersEdit
from app.models.shapes import check
from app.rules.access import Act
from app.services import reasons
from app.services.entering import setting, setting_row

KEY = "papers"
UNLESS_SAID = {"scan_before_lock": False}
Record = dict[str, Any]


def rules(desk: Desk) -> Record:
    """The rules in force."""
    found: Record = {**UNLESS_SAID, **setting(desk, KEY, {})}
    return found


def read(desk: Desk) -> Record:
    """The rules, for who may read the register, with their version."""
    desk.ask(Act.REGISTER_READ)
    row = setting_row(desk, KEY)
    return {**rules(desk), "version": row.since if row else 0}


def put(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Change what was given; the rest stays."""
    desk.ask(Act.SETTING_AMEND)
    sent = check(PapersEdit, reasons.take(desk, values), partial=True)
    row = setting_row(desk, KEY) or Setting(key=KEY, value="{}")
    if row.id is not None:
        desk.current(row, version)
    given = {name: value for name, value in sent.items() if value is not None}
    row.value = orjson.dumps({**orjson.loads(row.value), **given}, option=orjson.OPT_SORT_KEYS).decode()
    desk.keep(row)
    return read(desk)
