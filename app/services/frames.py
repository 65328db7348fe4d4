"""What every page shows of the reader herself: her name and role, the zones she can go to, and whether this is a demo."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.desk import Actor, Desk
from app.models import Zone
from app.rules.access import Act
from app.services import notices
from app.services.entering import setting

MOST_ZONES = 200
"""Zones that a menu can hold; who sees more goes through the register of zones."""


@dataclass(frozen=True)
class Frame:
    """The reader, as the frame of a page shows her."""

    actor: Actor
    language: str
    today: str
    zones: tuple[tuple[str, str], ...]
    """(code, short name) in order of their codes, at most ``MOST_ZONES``."""
    demo: bool
    unread: int = 0
    """Notices that she has not read."""

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def role(self) -> str:
        return self.actor.role.value

    def may(self, act: str) -> bool:
        """For controls: may she do this somewhere? ``act`` is the word, such as ``project.create``."""
        return self.actor.may(Act(act))


def frame(desk: Desk) -> Frame:
    """The frame of a page for this reader."""
    now = desk.at(None)
    zones = now.remembered("menu of zones", lambda: _menu(now))
    return Frame(desk.actor, desk.language, desk.today, zones, bool(setting(now, "demo", False)), notices.unread(now))


def _menu(desk: Desk) -> tuple[tuple[str, str], ...]:
    zones = desk.select(
        Zone,
        "menu",
        lambda q, t: q.order_by(t.c.code).limit(sa.bindparam("most")),
        {"most": MOST_ZONES + 1},
        columns=("code", "short_name", "name"),
    )
    return tuple((code, short or name) for code, short, name in zones)
