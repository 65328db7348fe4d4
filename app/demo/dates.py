"""Days and months for invented projects, counted from the demo's today."""

from __future__ import annotations

import random
from datetime import date, timedelta

from app.rules.money import next_month


def day_in(rng: random.Random, month: str, not_after: str | None = None) -> str:
    """A day of ``month``, by choice not after a given day."""
    day = f"{month}-{rng.randint(1, 28):02d}"
    return min(day, not_after) if not_after else day


def days_later(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def month_back(rng: random.Random, month: str, least: int, most: int) -> str:
    """A month between ``least`` and ``most`` months before ``month``."""
    return next_month(month, -rng.randint(least, most))


def month_ahead(rng: random.Random, month: str, least: int, most: int) -> str:
    return next_month(month, rng.randint(least, most))
