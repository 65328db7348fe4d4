"""A zone's month as a PDF to be signed and stamped: the figures of one submission, their hash and short code on every page.

The same figures give the same bytes. Nothing but ``month.typ`` and the font beside it is read, and no name is ever markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import segno
import typst

from app.rules.papers import AMOUNTS, shown_code
from app.words import Word, period_name, say

HERE = Path(__file__).parent
Record = dict[str, Any]
WAN = 10_000
DASH = "—"
UNBROKEN = re.compile(r"([!-~\u00a1-\u024f]{12})(?=[!-~\u00a1-\u024f])")
"""A run of letters without a blank would stand out of its cell."""
COLUMNS: tuple[tuple[str, Word, float], ...] = (
    ("serial", Word("No."), 7),
    ("name", Word("Project"), 41),
    ("total_investment_yuan", Word("Total investment"), 19),
    ("annual_plan_yuan", Word("Annual plan"), 18),
    ("invested_yuan", Word("This month"), 17),
    ("cumulative_this_year_yuan", Word("From January"), 18),
    ("of_plan", Word("% of annual plan"), 14),
    ("invested_to_date_yuan", Word("To date"), 19),
    ("progress_text", Word("Visible progress"), 0),
    ("problems_own", Word("Problems"), 26),
    ("problems_government", Word("Needs government"), 26),
    ("next_steps", Word("Next steps"), 26),
)
"""Field, caption and width in millimetres; 0 takes what is left."""
NUMERIC = frozenset({"serial", "of_plan", *AMOUNTS})
DATE = Word("Date:")
SIGNS = (Word("Filled in by"), Word("Checked by"), Word("Head of the zone"), Word("Stamp of the zone"))


def drawn(paper: Record, figures: Record, language: str, verify_at: str, *, demo: bool = False) -> bytes:
    """The PDF of a paper (``papers.told``) and its figures; ``verify_at`` is the address that its QR code opens. ``demo``:
    every page says that its figures are invented."""

    def said(msgid: str, **values: Any) -> str:
        return say(msgid, language, **values)

    band = f"{said('Demo data')} · {said('Projects, firms, people and amounts are invented')}" if demo else ""
    data = json.dumps(_data(paper, figures, said, language, verify_at) | {"band": band}, ensure_ascii=False)
    made: bytes = typst.compile(
        HERE / "month.typ", root=HERE, font_paths=[HERE / "fonts"], ignore_system_fonts=True, sys_inputs={"data": data}
    )
    return made


def _data(
    paper: Record, figures: Record, said: Callable[..., str], language: str, verify_at: str
) -> Record:  # fmt: skip
    rows = figures["rows"]
    reason = figures["missing_reason"]
    month = period_name(figures["month"], figures["first_month"], language)
    left = said("Zone: {zone}", zone=figures["zone_name"])
    return {
        "lang": language[:2],
        "region": "CN" if language == "zh_CN" else "GB",
        "title": said("Monthly report of projects: {month}", month=month),
        "left": left,
        "middle": said(
            "Submitted on {day} by {who}; submission no. {number}",
            day=paper["submitted_on"],
            who=paper["submitted_by"],
            number=paper["number"],
        ),
        "right": said("Unit: 10,000 yuan"),
        "note": said("Missing reports: {reason}", reason=reason) if reason else "",
        "columns": [
            {"title": said(title), "width": width, "numeric": field in NUMERIC} for field, title, width in COLUMNS
        ],
        "rows": [[broken(_cell(field, n, row, said)) for field, _, _ in COLUMNS] for n, row in _numbered(rows)],
        "sums": [_sum(field, [row for row in rows if row["owes"]], said) for field, _, _ in COLUMNS],
        "signs": [said(sign) for sign in SIGNS],
        "date": said(DATE),
        "qr": _code(verify_at),
        "verify": broken(said("Does this paper match the register? {address}", address=verify_at)),
        "foot": {
            "code_label": said("Short code"),
            "code": shown_code(paper["code"]),
            "hash_label": said("Content hash"),
            "hash": paper["content_hash"],
            "page": said("Page {page} of {pages}", page="{page}", pages="{pages}"),
        },
    }


def _numbered(rows: list[Record]) -> Iterator[tuple[str, Record]]:
    """What counts has a number; a bundle whose parts count, and what reports of its own accord, has none."""
    number = 0
    for row in rows:
        number += row["owes"]
        yield str(number) if row["owes"] else "", row


def _cell(field: str, number: str, row: Record, said: Callable[..., str]) -> str:
    if field == "serial":
        return number
    if field == "of_plan":
        return _share(row["cumulative_this_year_yuan"], row["annual_plan_yuan"])
    if field in AMOUNTS:
        return wan(row[field])
    text: str = row[field] or ""
    if field != "progress_text":
        return text
    if not row["reported"]:
        return said("Not reported")
    why = row["no_change_reason"]
    return text or (said("No change: {reason}", reason=why) if why else "")


def _sum(field: str, rows: list[Record], said: Callable[..., str]) -> Record:
    """The sum of what is known, and of how many it is known where that is not all."""
    if field == "name":
        return {"text": said("Total of {n} projects", n=len(rows)), "known": ""}
    if field == "of_plan":
        both = [r for r in rows if r["annual_plan_yuan"] is not None and r["cumulative_this_year_yuan"] is not None]
        sums = [sum(r[n] for r in both) for n in ("cumulative_this_year_yuan", "annual_plan_yuan")]
        return {"text": _share(*sums) if both else DASH, "known": _known(len(both), len(rows))}
    if field not in AMOUNTS:
        return {"text": "", "known": ""}
    known = [row[field] for row in rows if row[field] is not None]
    return {"text": wan(sum(known)) if known else DASH, "known": _known(len(known), len(rows))}


def _known(known: int, of: int) -> str:
    return f"{known}/{of}" if known != of else ""


def wan(yuan: int | None) -> str:
    """Yuan in 万元 to the last yuan that is known, thousands apart: ``12,345.67``."""
    if yuan is None:
        return DASH
    whole, rest = divmod(abs(yuan), WAN)
    tail = f".{rest:04d}".rstrip("0") if rest else ""
    return f"{'-' if yuan < 0 else ''}{whole:,}{tail}"


def _share(part: int | None, whole: int | None) -> str:
    return DASH if part is None or not whole else f"{100 * part / whole:.1f}%"


def _code(address: str) -> str:
    return segno.make(address, error="m").svg_inline(border=0, scale=4)


def broken(text: str) -> str:
    """With places at which a long run may break."""
    return UNBROKEN.sub("\\1\u200b", text)
