"""What an import would do, as plain values for the page and ``--json``, and as text for a clerk at the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.rules.amounts import format_yuan
from app.services.columns import Column as LedgerColumn
from app.services.draft import Absent, Draft, Note, Proposed
from app.services.drafts import NO_PLACE, PLACED
from app.services.preparing import Prepared, kind_of, title
from app.sheets.tables import Column, Table
from app.sheets.values import MARKS
from app.words import say, word

STATES = ("new", "changed", "same", "move", "left", "doubtful", "refused", "elsewhere")
MOST_LINES = 200
"""Rows that the text names one by one; the rest is counted."""


def preview(prepared: Prepared, language: str) -> dict[str, Any]:
    """Everything as plain values: the file, each sheet with its mapping, totals and rows, the counts, what wants a reason."""
    book = prepared.understood.book
    rows: dict[int, list[dict[str, Any]]] = {}
    for draft in prepared.drafts:
        rows.setdefault(draft.sheet, []).append(row_of(prepared, draft, language))
    return {
        "file": {"name": book.filename, "kind": book.kind, "digest": book.sha256, "encoding": book.encoding},
        "opening": prepared.choices.opening,
        "counts": prepared.counts,
        "reason_needed_for": [title(f, language) for f in prepared.reasons],
        "as_of_act": prepared.seq,
        "absent": [absent_of(prepared, a, language) for a in prepared.absent],
        "sheets": [
            sheet_of(prepared, n, language) | {"rows": rows.get(n, [])} for n in range(len(prepared.understood.tables))
        ],
    }


def rows_in(seen: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of a preview in the order of the file, each with the name of its sheet."""
    return [{"sheet": sheet["sheet"], **row} for sheet in seen["sheets"] for row in sheet["rows"]]


def sheet_of(prepared: Prepared, at: int, language: str) -> dict[str, Any]:
    """How a sheet was understood, without its rows. The totals of our own workbooks leave out what does not count
    (parts, headings), so they are not compared with the rows."""
    table, own = prepared.understood.tables[at], prepared.understood.own[at]
    return {
        "sheet": table.sheet,
        "kind": table.kind,
        "reason": say(table.reason, language, **table.reason_values),
        "title": table.title,
        "zone": table.zone,
        "year": table.year,
        "month": table.month,
        "unit": table.unit,
        "ledger": table.ledger,
        "heading": list(table.heading) if table.heading else None,
        "marks": marks_of(table),
        "columns": columns_of(table, own, language),
        "others": [{"row": o.row + 1, "kind": o.kind, "text": o.text} for o in table.others if o.kind != "blank"],
        "checks": [
            {
                "row": c.row, "label": c.label, "cell": c.cell, "field": c.field, "caption": c.caption, "stated": c.stated,
                "computed": c.computed, "agrees": c.agrees,
                "register": prepared.stated.get((at, n)),
            }
            for n, c in enumerate(() if own else table.checks)
        ],
    }  # fmt: skip


def columns_of(table: Table, own: dict[int, LedgerColumn], language: str) -> list[dict[str, Any]]:
    """The columns of a sheet with what each means, in words."""
    return [_column(c, own.get(c.index), language) for c in table.columns if c.caption or c.field]


def marks_of(table: Table) -> dict[str, int]:
    """The signs before names, and before how many."""
    return dict(Counter(sign for row in table.rows for sign in dict.fromkeys(row.marks) if sign in MARKS).most_common())


def _column(column: Column, own: LedgerColumn | None, language: str) -> dict[str, Any]:
    target, caption, field = column.target, column.caption, column.target.field
    doubt = say(column.doubt, language, **column.doubt_values) if column.doubt else None
    if own is not None:
        caption, field, doubt = say(own.title, language), own.edits or field, None
    if field in NO_PLACE:
        doubt = say("The register has no field for this; the text is kept with the row's origin", language)
    return {
        "letter": column.letter, "caption": caption, "field": field or None, "value_at": column.value_at or None, "value": column.value or None,
        "title": column_title(field, language) if field else None, "imported": imported(field),
        "unit": target.unit, "unit_from": column.unit_from, "by_hand": column.by_hand, "kind": target.kind, "year": target.year, "month": target.month, "level": target.level, "doubt": doubt,
    }  # fmt: skip


def imported(field: str) -> bool:
    """Does a column of this meaning write anything into the register?"""
    return bool(field) and field not in NO_PLACE and (field not in PLACED or field == "name")


MEANING_SENTENCES = {
    "serial": "No.", "zone": "Zone", "ledger": "Ledger", "key": "Code", "code": "Code", "version": "Version", "name": "Project name",
    "derived": "Computed by the register", "project_count": "Number of projects", "construction_period": "Start and planned completion",
    "owner_head": "Owner's head", "owner_contact": "Owner's contact", "owner_phone": "Owner's phone", "liaison": "Liaison",
    "liaison_phone": "Liaison's phone", "service_person": "Service person", "goal_text": "Goal of the year", "next_steps": "Next steps",
    "invested_yuan": "Invested in the month", "funds_in_place_yuan": "Funds in place", "statistical_invested_yuan": "Invested, in statistics",
    "foreign_utilised_usd": "Foreign capital utilised", "lists": "Lists",
}  # fmt: skip
"""Meanings of columns that are no field of a project."""


def column_title(field: str, language: str) -> str:
    return say(MEANING_SENTENCES[field], language) if field in MEANING_SENTENCES else title(field, language)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def row_of(prepared: Prepared, draft: Draft, language: str) -> dict[str, Any]:
    """One row: where it stands, what becomes of it, the cells that are written (before → after), doubts and refusals."""
    known = draft.known
    zone = prepared.zone_names.get(draft.zone_id)
    return {
        "row": draft.row.number,
        "name": draft.row.name,
        "state": draft.state,
        "written": draft.writes,
        "zone": zone[0] if zone else None,
        "zone_name": zone[1] if zone else draft.row.zone,
        "ledger": known["ledger"] if known else draft.ledger,
        "ledger_told": draft.ledger,
        "id": known["id"] if known else None,
        "code": known["code"] if known else None,
        "part": draft.parent is not None,
        "move": _move(draft.move, language),
        "joins": draft.joins,
        "cells": list(_cells(draft)),
        "notes": [_said(n, language) for n in draft.notes],
        "problems": [_said(n, language) for n in draft.problems],
        "missing": [title(f, language) for f in draft.missing],
        "conflicts": [
            {
                "field": name,
                "cell": draft.at(draft.cells.get(name) or draft.cells.get(SHOWN_BY.get(name, name))),
                "before": c.before,
                "mine": c.mine,
                "theirs": c.theirs,
                "by": c.by,
                "at": c.at,
                "decided": c.decided,
            }
            for name, c in draft.clashes.items()
        ],
        "candidates": [
            {"id": c.id, "code": c.code, "name": c.name, "investor_name": c.investor_name, "score": c.score}
            for c in draft.candidates
        ],
    }


def _move(move: Proposed | None, language: str) -> dict[str, Any] | None:
    if move is None:
        return None
    return {
        "from": move.frm,
        "to": move.to,
        "on": move.on,
        "lacks": [list(group) for group in move.lacks],
        "why_not": say(move.why.msgid, language, **move.why.values) if move.why else None,
        "pending": move.pending,
        "back": move.back,
        "accepted": move.accepted,
        "override": move.forced,
    }


def absent_of(prepared: Prepared, absent: Absent, language: str) -> dict[str, Any]:
    """A project that no sheet lists: which it is, what is to become of it, which doubtful rows may mean it."""
    known = absent.known
    zone = prepared.zone_names.get(int(known["zone_id"]))
    return {
        "id": known["id"], "code": known["code"], "name": known["name"], "investor_name": known["investor_name"],
        "total_investment_yuan": known["total_investment_yuan"], "zone": zone[0] if zone else None, "zone_name": zone[1] if zone else None,
        "ledger": known["ledger"], "sheet": absent.sheet, "do": absent.do, "disposition": absent.choice.get("disposition"),
        "acts": absent.acts, "reason": absent.choice.get("reason"), "move": _move(absent.move, language),
        "maybe": [{"sheet": sheet, "row": row} for sheet, row in absent.maybe],
    }  # fmt: skip


def _cells(draft: Draft) -> Iterator[dict[str, Any]]:
    doubtful = {n.field for n in draft.notes if n.field}
    for name, value in draft.values.items():
        datum = draft.cells.get(name) or draft.cells.get(SHOWN_BY.get(name, name))
        yield {
            "field": name,
            "before": draft.known.get(name) if draft.known else None,
            "after": value,
            "raw": datum.raw if datum else None,
            "cell": draft.at(datum),
            "doubtful": name in doubtful,
        }


SHOWN_BY = {
    "opening_month": "invested_this_year_yuan",
    "opening_before_year_yuan": "invested_before_this_year_yuan",
    "opening_this_year_yuan": "invested_this_year_yuan",
    "plan_year": "annual_plan_yuan",
    "nature_by_hand": "construction_nature",
}
"""A field → the meaning of the column that told it."""


def _said(note: Note, language: str) -> dict[str, Any]:
    return {"cell": note.at, "field": note.field, "text": say(note.msgid, language, **note.values)}


# ── text for a clerk ─────────────────────────────────────────────────────────────────────────────────────────────────
def text(seen: dict[str, Any], language: str, done: str | None = None) -> str:
    """The preview as lines: what was understood of each sheet, the rows that want attention, the counts."""
    lines = [say("File {name}", language, name=seen["file"]["name"])]
    for sheet, one in seen.get("remembered", {}).items():
        said = say("Remembered from {name}, {day}", language, name=one["by"], day=one["on"])
        lines.append(f"【{sheet}】{said}")
    for sheet in seen["sheets"]:
        lines += ["", *_sheet_lines(sheet, language)]
    counts = seen["counts"]
    told = [f"{word(s, 'RowState', language)} {counts[s]}" for s in (*STATES, "absent") if counts[s]]
    lines += [
        "",
        say("Rows: {counts}", language, counts=("，" if language == "zh_CN" else ", ").join(told) or "0"),
    ]
    if seen["reason_needed_for"]:
        lines.append(say("A reason is needed for: {fields}", language, fields="、".join(seen["reason_needed_for"])))
    if done:
        lines.append(done)
    return "\n".join(lines)


def _sheet_lines(sheet: dict[str, Any], language: str) -> list[str]:
    lines = [f"【{sheet['sheet']}】{word(sheet['kind'], 'SheetKind', language)}：{sheet['reason']}"]
    if sheet["title"]:
        lines.append("  " + say("Title: {title}", language, title=sheet["title"]))
    lines += [f"  {line}" for line in _mapping(sheet, language)]
    for check in sheet["checks"]:
        if check["agrees"] is False:
            what = check["caption"] or say("Number of projects", language)
            lines.append("  " + say(
                "{cell} {label}: the sheet says {stated} for {what}, its rows come to {computed}", language, cell=check["cell"], label=check["label"],
                what=what, stated=_figure(check, "stated"), computed=_figure(check, "computed"),
            ))  # fmt: skip
    shown = [r for r in sheet["rows"] if r["state"] != "same"]
    for row in shown[:MOST_LINES]:
        lines += [f"  {line}" for line in _row_lines(row, language)]
    if len(shown) > MOST_LINES:
        lines.append("  " + say("… and {count} more rows", language, count=len(shown) - MOST_LINES))
    return lines


def _figure(check: dict[str, Any], name: str) -> str:
    if check["field"] == "percent":
        return f"{check[name]} %"
    return str(check[name]) if check["field"] == "project_count" else format_yuan(check[name], "万元") + " 万元"


def _mapping(sheet: dict[str, Any], language: str) -> Iterator[str]:
    taken = [
        f"{c['letter']} {c['caption']} → {c['title']}" + (f"（{c['unit']}）" if c["unit"] else "")
        for c in sheet["columns"]
        if c["imported"]
    ]
    left = [f"{c['letter']} {c['caption']}" for c in sheet["columns"] if not c["imported"] and c["field"] not in PLACED]
    if taken:
        yield say("Columns: {columns}", language, columns="；".join(taken))
    if left:
        yield say("Not imported: {columns}", language, columns="；".join(left))


def _row_lines(row: dict[str, Any], language: str) -> Iterator[str]:
    state = word(row["state"], "RowState", language)
    place = " · ".join(
        x
        for x in (row["zone_name"], word(row["ledger"], "Ledger", language) if row["ledger"] else None, row["code"])
        if x
    )
    yield say("Row {row} [{state}] {name}", language, row=row["row"], state=state, name=row["name"]) + (
        f"（{place}）" if place else ""
    )
    if row["written"]:
        for cell in row["cells"]:
            before = shown(cell["field"], cell["before"], language)
            after = shown(cell["field"], cell["after"], language)
            yield f"    {title(cell['field'], language)}：" + (f"{before} → {after}" if row["id"] else after)
    for one in (*row["problems"], *row["notes"]):
        yield f"    ! {one['cell'] + ' ' if one['cell'] else ''}{one['text']}"
    for one in row["conflicts"]:
        values = {k: shown(one["field"], one[k], language) for k in ("before", "mine", "theirs")}
        yield "    ≠ " + say(
            "{cell} {field}: before {before}; in the sheet {mine}; in the register {theirs} ({by})", language,
            cell=one["cell"], field=title(one["field"], language), by=one["by"], **values,
        )  # fmt: skip
    for one in row["candidates"]:
        yield f"    ? {one['code']} {one['name']} {one['investor_name'] or ''}".rstrip()


def shown(field: str, value: Any, language: str) -> str:
    """A field's value as text for the command line; unknown is a dash."""
    if value is None or value == "":
        return "—"
    kind = kind_of(field)
    if kind.get("kind") == "yuan":
        return format_yuan(value, "万元") + " 万元"
    if kind.get("kind") == "choice":
        return word(value, kind["codes"], language)
    if kind.get("kind") == "flag":
        return say("Yes" if value else "No", language)
    return str(value).replace("\n", " ")
