"""A calendar for other programs: whatever is written in it comes back as it was, line by line as RFC 5545 asks."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from app.rules.ics import WIDTH, Event, calendar, escaped, folded, plain, stamped

WRITTEN = st.text(st.characters(codec="utf-8") | st.sampled_from('\r\n,;\\:"隔膜（演示）'), max_size=300)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


@given(WRITTEN, WRITTEN)
def test_what_is_written_comes_back_and_no_line_is_too_long(summary: str, name: str) -> None:
    event = Event("1@sanzhang", "2026-12-01", summary, "2026-11-27T08:05:00.123Z", 7, name, "http://127.0.0.1/leads/1")
    text = calendar(name, [event, event])
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= WIDTH for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    told = dict(line.split(":", 1) for line in unfolded(text) if ":" in line)
    assert unescaped(told["SUMMARY"]) == plain_lines(summary)
    assert unescaped(told["X-WR-CALNAME"]) == plain_lines(name)
    assert (told["DTSTART;VALUE=DATE"], told["DTSTAMP"], told["SEQUENCE"]) == ("20261201", "20261127T080500Z", "7")
    assert [line for line in unfolded(text) if line.startswith("BEGIN")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "BEGIN:VEVENT",
    ]


def plain_lines(text: str) -> str:
    """What of a text can stand in a calendar: its lines, without other control characters."""
    return "\n".join(map(plain, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=400))
def test_folding_parts_no_character_and_is_undone_by_joining(line: str) -> None:
    assert folded(line).replace("\r\n ", "") == line


def test_a_line_end_in_a_name_begins_no_property() -> None:
    assert escaped("甲\nATTENDEE:mailto:x@y") == "甲\\nATTENDEE:mailto:x@y"
    assert plain("http://a/\r\nX:1") == "http://a/X:1"
    assert stamped("2026-06-30T08:05:00Z") == "20260630T080500Z"
