"""最近进展: the day on which a project's progress was last told, for rows that are older than this fact."""

from __future__ import annotations

from app import clock
from app.desk import Desk
from app.engine import Sql
from app.models import Project
from app.rules.access import Act

LAST_TOLD = Sql(
    "SELECT max(a.at) FROM change c JOIN act a ON a.seq = c.seq "
    "WHERE c.noun = 'project' AND c.row_id = :id AND c.diff LIKE '%\"progress_text\":%'"
)
MOST = 5000
"""Rows a night: each asks its own history."""


def date(desk: Desk) -> int:
    """Give rows without a day the one that history knows; how many. Run again it goes on with the next ones."""
    desk.ask(Act.LIGHTS_TURN)
    rows = desk.rows(
        Project,
        "undated_progress",
        lambda q, t: (
            q.where(t.c.progress_text.is_not(None), t.c.progress_told_on.is_(None)).order_by(t.c.id).limit(MOST)
        ),
    )
    for project in rows:
        told = desk.link.value(LAST_TOLD, {"id": project.id})
        project.progress_told_on = clock.day_of(str(told)) if told else desk.today
    desk.keep(rows)
    return len(rows)
