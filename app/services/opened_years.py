"""Which plan year each zone shows: the newest that a person has opened for it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.desk import Desk
from app.models import Zone, ZoneYear


def newest(desk: Desk) -> dict[int, int]:
    """Zone → the newest year opened for it. A zone for which none was opened is left out."""

    def look() -> dict[int, int]:
        rows = desk.select(
            ZoneYear, "newest", lambda q, t: q.group_by(t.c.zone_id),
            columns=lambda t: [t.c.zone_id, sa.func.max(t.c.year)],
        )  # fmt: skip
        return dict(rows)

    return desk.remembered("opened years", look)


def of(desk: Desk, zone_id: int) -> int | None:
    """The newest year opened for this zone."""
    return newest(desk).get(zone_id)


def of_all(desk: Desk, ids: Sequence[int] | None) -> int | None:
    """The year that all of these zones (None: all she sees) have reached; None while one of them has opened none."""
    found = newest(desk)
    if not found:
        return None
    wanted = [id_ for (id_,) in desk.select(Zone, "ids", lambda q, t: q, columns=("id",))] if ids is None else ids
    return min((found.get(id_, 0) for id_ in wanted), default=0) or None
