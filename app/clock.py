"""Wall time, looked up at the door only. Inside, the number of the act is the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.settings import get_settings


def moment(when: datetime | None = None) -> str:
    """A moment as the register writes it: UTC, ``2026-06-30T08:00:00.000000Z``."""
    return (when or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def later(seconds: float) -> str:
    """The moment so many seconds from now."""
    return moment(datetime.now(UTC) + timedelta(seconds=seconds))


@lru_cache(maxsize=4)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def house_zone() -> ZoneInfo:
    """Where a day begins and ends: the setting, Asia/Shanghai unless changed."""
    return _zone(get_settings().timezone)


def today() -> str:
    """The day it is where the register lives."""
    return datetime.now(house_zone()).date().isoformat()


def day_of(moment: str) -> str:
    """The day on which a moment fell there."""
    return datetime.fromisoformat(moment).astimezone(house_zone()).date().isoformat()


def at(day: str, time: str) -> str:
    """When the clock on the wall says ``08:30`` on a day, as a moment in UTC."""
    return moment(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=house_zone()))


def end_of_day(day: str) -> str:
    """The last moment of a day, as a moment in UTC."""
    start = datetime.fromisoformat(day).replace(tzinfo=house_zone())
    return moment(start + timedelta(days=1) - timedelta(microseconds=1))
