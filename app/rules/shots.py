"""What a camera writes into a picture about when and where, read from the values of its EXIF; and what a device says of it.

Cameras and editors write all kinds of rubbish there. What cannot be a time or a place is unknown, never an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TAKEN, LATITUDE, LONGITUDE = 0x9003, (1, 2), (3, 4)
"""Tags: DateTimeOriginal; hemisphere and degrees of each direction in the GPS part."""
WRITTEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture as it is kept: its pixels, and when and where the file says it was taken."""

    jpeg: bytes
    width: int
    height: int
    taken_at: str | None
    place: tuple[float, float] | None


def number(sent: Any) -> Any:
    """A figure that came as text in a form; what is none stays text, to be refused with everything else."""
    try:
        return float(sent)
    except (TypeError, ValueError):
        return sent


def taken_at(exif: Mapping[int, Any]) -> str | None:
    """When the shutter was pressed, by the camera's own clock: ``2026-06-20T14:33:05``."""
    found = WRITTEN.fullmatch(str(exif.get(TAKEN, "")).strip("\0 "))
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*found.groups()))
    except ValueError:
        return None
    return moment.isoformat() if 1990 <= moment.year <= 2200 else None


def place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, to about a metre; None unless both are there and lie on the globe."""
    latitude, longitude = _degrees(gps, *LATITUDE, "S", 90), _degrees(gps, *LONGITUDE, "W", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return latitude, longitude


def _degrees(gps: Mapping[int, Any], side: int, parts: int, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[parts])
        found = degrees + minutes / 60 + seconds / 3600
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not math.isfinite(found) or not 0 <= found <= most:
        return None
    return round(-found if str(gps.get(side, "")).strip("\0 ").upper().startswith(negative) else found, 5)
