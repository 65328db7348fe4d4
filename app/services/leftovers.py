"""The rows of an import that stayed out, as a workbook to repair and send again."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from app.errors import NotFound
from app.services.preparing import Prepared
from app.services.workbooks import Understood
from app.sheets.leftovers import Left, Part, write_leftovers
from app.words import say

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LEFT = 2000
STATES = ("doubtful", "refused")
"""A row of another zone is not hers to repair."""


def left_out(prepared: Prepared, language: str) -> list[dict[str, Any]]:
    """The rows that stay out, with the reason each: they can be asked for after the import, too."""
    names = prepared.zone_names
    found = [d for d in prepared.drafts if d.state in ("doubtful", "refused", "elsewhere")][:MOST_LEFT]
    return [
        {
            "sheet": d.row.sheet, "row": d.row.number, "name": d.row.name, "state": d.state,
            "text": " ".join(say(n.msgid, language, **n.values) for n in d.problems),
            "zone": names[d.zone_id][0] if d.zone_id in names else None, "ledger": d.ledger,
        }
        for d in found
    ]  # fmt: skip


def workbook(understood: Understood, left: Iterable[dict[str, Any]]) -> bytes:
    """The file's sheets with only these rows (as ``left_out`` tells them). Raises NotFound where none stayed out."""
    rows = [one for one in left if one["state"] in STATES]
    parts = []
    for table in understood.tables:
        told = {
            one["row"]: Left(one["row"], one["text"], one.get("zone"), one.get("ledger"))
            for one in rows
            if one["sheet"] == table.sheet
        }
        if not told or table.heading is None:
            continue
        sheet = next(s for s in understood.book.sheets if s.name == table.sheet)
        groups = frozenset(line.row + 1 for line in table.others if line.kind == "group")
        parts.append(Part(sheet, table.heading[1], groups, told))
    if not parts:
        raise NotFound("No row stayed out")
    out = io.BytesIO()
    write_leftovers(out, parts)
    return out.getvalue()


def file_name(name: str) -> str:
    """What the workbook is called: after the file it came from."""
    return f"{PurePath(name).stem[:80]}-待处理.xlsx"
