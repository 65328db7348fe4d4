"""Lights that the calendar turns: every row keeps the day on which its light changes if nothing happens."""

from __future__ import annotations

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project
from app.rules.access import Act


def turn(desk: Desk, day: str) -> int:
    """Turn exactly the lights that are due on ``day`` or before; how many. Run twice it finds nothing more to do."""
    desk.ask(Act.LIGHTS_TURN)
    rows = desk.rows(
        Project,
        "due",
        lambda q, t: q.where(t.c.light_turns_on <= sa.bindparam("day", type_=t.c.light_turns_on.type)),
        {"day": day},
    )
    desk.keep(rows)
    return len(rows)
