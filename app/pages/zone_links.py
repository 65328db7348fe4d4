"""The menu of zones: up to two hundred links on every page, written once and joined, with the present zone marked."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from markupsafe import Markup

Zones = tuple[tuple[str, str], ...]
"""(code, name)"""


def zone_links(zones: Zones, before: str, after: str, current: str) -> Markup:
    """A link to each zone at ``before`` code ``after``; those named ``current`` are marked as where she is."""
    plain = _written(zones, before, after)
    marked = [
        link.replace('">', '" aria-current="true">', 1) if zone[1] == current else link
        for zone, link in zip(zones, plain, strict=True)
    ]
    return Markup("".join(marked))


@lru_cache(maxsize=100)
def _written(zones: Zones, before: str, after: str) -> tuple[str, ...]:
    return tuple(f'<a href="{escape(f"{before}{code}{after}")}">{escape(name)}</a>' for code, name in zones)
