"""A waiting file of leads as both faces show it: its sheets and columns, its rows with before and after, every doubt."""

from __future__ import annotations

from typing import Any

from app.services.draft import Note
from app.services.lead_drafts import LeadDraft
from app.services.lead_import_acts import reasons_for
from app.services.lead_imports import Prepared
from app.sheets.lead_tables import LeadTable
from app.words import say

Record = dict[str, Any]


def preview(prepared: Prepared, language: str) -> Record:
    """Counts, the act it knows of, fields that want a reason, sheets, rows."""
    return {
        "counts": prepared.counts,
        "as_of_act": prepared.seq,
        "reason_needed_for": reasons_for(prepared),
        "sheets": [_sheet(table, language) for table in prepared.tables],
        "items": [_row(draft, language) for draft in prepared.drafts],
    }


def _sheet(table: LeadTable, language: str) -> Record:
    return {
        "name": table.sheet,
        "kind": table.kind,
        "title": table.title,
        "stage": table.stage,
        "reason": say(table.reason, language) if table.reason else None,
        "rows": len(table.rows),
        "columns": [
            {
                "letter": c.letter, "caption": c.caption, "field": c.field, "unit": c.unit, "by_hand": c.by_hand,
                "doubt": say(c.doubt, language) if c.doubt else None,
            }
            for c in table.columns
            if c.caption or c.field
        ],
    }  # fmt: skip


def _row(draft: LeadDraft, language: str) -> Record:
    known = draft.known
    fields = [
        {
            "field": name,
            "before": getattr(known, name) if known else None,
            "after": value,
            "cell": cell.at if (cell := draft.row.cells.get(name)) else None,
        }
        for name, value in draft.values.items()
    ]
    return {
        "sheet": draft.row.sheet, "row": draft.row.number, "name": draft.row.name, "state": draft.state, "zone": draft.zone,
        "id": known.id if known else None, "code": known.code if known else None, "fields": fields, "stage": draft.reached,
        "stage_told": draft.to, "lacks": list(draft.lacks), "said": draft.contact.get("told") or draft.told,
        "notes": [_note(n, language) for n in draft.notes], "problems": [_note(n, language) for n in draft.problems],
    }  # fmt: skip


def _note(note: Note, language: str) -> Record:
    return {"cell": note.at or None, "field": note.field or None, "text": say(note.msgid, language, **note.values)}
