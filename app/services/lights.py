"""Lights that turn by themselves: by the calendar, for which every row keeps its day, and by other rules."""

from __future__ import annotations

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project
from app.rules.access import Act

AT_ONCE = 5_000


def light_all(desk: Desk, after: int) -> int:
    """Judge the next projects after this id under the rules in force; the last id looked at, 0 when there are no more.

    Only a light that really becomes another is written. What has no light whatever the rules is not looked at.
    """
    desk.ask(Act.LIGHTS_TURN)
    rows = next_ones(desk, after)
    desk.keep(rows)
    return rows[-1].id or 0 if rows else 0


def next_ones(desk: Desk, after: int) -> list[Project]:
    """The next projects after this id whose light hangs on the rules."""
    return desk.rows(
        Project,
        "to light",
        lambda q, t: (
            q.where(t.c.id > sa.bindparam("after"), sa.or_(t.c.ledger == "upcoming", t.c.ledger == "in_construction"))
            .order_by(t.c.id)
            .limit(sa.bindparam("most"))
        ),
        {"after": after, "most": AT_ONCE},
    )


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
