"""A calendar as other programs subscribe to it (RFC 5545): days with a summary, escaped and folded as the standard asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 75
"""Octets of a line, without its end."""
TEXT = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Event:
    """Something on one day. ``stamp`` is the moment it was last written, as RFC 3339 in UTC."""

    uid: str
    day: str
    summary: str
    stamp: str
    sequence: int = 0
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event]) -> str:
    """The whole calendar as text. Its lines end in CRLF and are at most 75 octets long."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sanzhang//Next steps//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamped(event.stamp)}"
    yield f"DTSTART;VALUE=DATE:{event.day.replace('-', '')}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{plain(event.url)}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def plain(text: str) -> str:
    """Without characters that would end a line or that no calendar may hold."""
    return "".join(c for c in text if c == "\t" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff"))


def escaped(text: str) -> str:
    """A text value: separators and line ends escaped, other control characters left out."""
    return plain(text.replace("\r\n", "\n").replace("\r", "\n").translate(TEXT))


def stamped(moment: str) -> str:
    """``2026-06-30T08:05:00.123Z`` as ``20260630T080500Z``."""
    return moment[:19].replace("-", "").replace(":", "") + "Z"


def folded(line: str) -> str:
    """A long line in pieces of at most 75 octets, none of which parts a character."""
    pieces, piece, room = [], "", WIDTH
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", WIDTH - 1  # what goes on begins with a blank
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
