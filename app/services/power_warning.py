"""How long ahead the end of a delegation is told: kept data, as the calendar is."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.models import Setting
from app.models.power_shapes import WarningEdit
from app.models.shapes import check
from app.rules.access import Act
from app.services import reasons
from app.services.delegations import WARNING_KEY, warn_days
from app.services.entering import setting_row

Record = dict[str, Any]


def read(desk: Desk) -> Record:
    """The days in force, with their version."""
    desk.ask(Act.REGISTER_READ)
    row = setting_row(desk, WARNING_KEY)
    return {"warn_days": warn_days(desk), "version": row.since if row else 0}


def put(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Tell it earlier or later; 0 tells it on the last day."""
    desk.ask(Act.SETTING_AMEND)
    given = check(WarningEdit, reasons.take(desk, values))
    row = setting_row(desk, WARNING_KEY) or Setting(key=WARNING_KEY, value="{}")
    if row.id is not None:
        desk.current(row, version)
    row.value = orjson.dumps({"warn_days": given["warn_days"]}).decode()
    desk.keep(row)
    return read(desk)
