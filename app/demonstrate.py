"""Loading the demo city: its whole story in one transaction, or nothing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.db import Caller, Database, Then, house
from app.desk import SYSTEM
from app.services import demo


def load(db: Database, *, seed: int = 1, scale: str = "city", **told: Any) -> dict[str, Any]:
    """Fill an empty register with the demo city; how many ``zones`` and ``projects``. ``told`` as in ``services.demo.story``.

    Raises Conflict when it holds projects.
    """
    acts = [(_caller(c.who), Then(c.at, c.day), c.tell) for c in demo.story(seed, scale, **told)]
    counted: dict[str, Any] = db.acts_now(acts)[-1]
    return counted


def _caller(who: str | None) -> Caller:
    """The house itself, or somebody invented in whose name it writes: she has no account."""
    if who is None:
        return house(door="cli")
    actor = replace(SYSTEM, kind="account", name=who)
    return Caller(lambda link: actor, door="page")
