"""One row of a foreign sheet on its way into the register: which fields it tells, beside what the register knows.

Pure: nothing is read and nothing is written here. A blank cell tells nothing; what cannot be taken says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import Invalid, Problem
from app.models import ProjectFacts
from app.models.base import YUAN_LIMIT
from app.rules.codes import Disposition, Ledger
from app.rules.family import closed, told_sums
from app.rules.identity import FILED_ELSEWHERE, filed_in, national_code
from app.rules.ledgers import LISTED, nature
from app.rules.reads import NOTHING
from app.services import own_workbooks, told_months
from app.services.checked_rows import checked_facts
from app.services.conflicts import met, undecided
from app.services.draft import AT, Draft
from app.services.likeness import equal, near, value_of
from app.sheets.tables import Table
from app.sheets.targets import Target
from app.sheets.values import Datum

PLAIN = frozenset(ProjectFacts.model_fields) - {
    "name",
    "plan_year",
    "annual_plan_yuan",
    "parent_id",
    "relation",
    "phase_no",
    "enterprise_id",
}
"""Fields of a sheet that are fields of the register as they stand."""
DATES = ("started_on", "completed_on")
WRITTEN = PLAIN.union(DATES)
SPENT = ("invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan")
OPENING = ("opening_month", "opening_before_year_yuan", "opening_this_year_yuan")
PLACED = frozenset({"serial", "name", "zone", "ledger", "key", "version", "code", "derived", "project_count", ""})
"""Columns that say which project it is and where it stands, or what the register computes itself."""
NO_PLACE = frozenset({
    "owner_head", "owner_contact", "owner_phone", "liaison", "liaison_phone", "service_person", "goal_text", "next_steps", "lists",
})  # fmt: skip
"""Understood, but the register has no field for it: the text stays with the row's origin."""


def fill(
    draft: Draft, table: Table, today: str, *, clears: bool = False, reported: Mapping[str, Any] | None = None
) -> None:
    """Read the row's cells into ``draft.values`` (what differs from ``draft.known``), its doubts into notes and problems.

    ``clears``: an empty cell makes what is known unknown again. ``reported``: what the project's reports hold.
    """
    told = _told(draft, table.unit or "万元")
    sums = closed(told_sums(draft.known["family_sums"]) if draft.known else None)
    _sums(draft, told, sums)
    _code(draft, told)
    ledger = str(draft.known["ledger"]) if draft.known else draft.ledger
    _span(draft, told, ledger, table)
    values = {name: value_of(datum) for name, datum in told.items() if name in WRITTEN}
    draft.cells = told
    _plan(draft, told, values, table)
    _opening(draft, told, values, table)
    _nature(draft, told, values, ledger, today)
    _disposition(draft, told, values)
    if draft.row.marks:
        values["marks"] = draft.row.marks[:20]
    name = _name(draft)
    if draft.known is None or not equal(draft.known["name"], name):
        values["name"] = name
    if draft.known is not None:
        if clears:
            values |= {n: None for n in _emptied(draft, table, told) if n not in values and n not in sums}
        known = draft.known
        values = {n: v for n, v in values.items() if v != known[n] and not _same(draft, n, v)}
        values = _met(draft, values)
        _written_by_moves(draft, values)
    draft.values = _checked(draft, values)
    draft.values |= told_months.read(draft, table, reported or {}, today)
    if draft.known is not None and draft.state == "new":
        draft.state = "changed" if draft.values else "same"
    for field in undecided(draft.clashes):
        at = draft.cells.get(field) or draft.cells.get(_SHOWN_BY.get(field, ""))
        draft.doubt("This changed in the register after the sheet was written; choose one of the two", at, field)


def _sums(draft: Draft, told: dict[str, Datum], sums: frozenset[str]) -> None:
    """What the register sums over phases or parts is not written from the parent's row; a sheet that says otherwise is told."""
    known: Mapping[str, Any] = draft.known or NOTHING
    for name in [name for name in told if name in sums]:
        datum = told.pop(name)
        if not near(datum, known[name], exact=draft.own):
            draft.note("The register sums this over its phases or parts; the sheet's amount is left out", datum, name)


def _met(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    """What may be written although the register moved on since the sheet was."""
    known: Mapping[str, Any] = draft.known or NOTHING
    kept, draft.clashes = met(
        values, draft.later, known, draft.decided, lambda name, before: _same(draft, name, values[name], before)
    )
    return kept


def _emptied(draft: Draft, table: Table, told: dict[str, Datum]) -> list[str]:
    """Fields that the sheet has a column for, whose cell in this row is empty. What could not be read is not empty."""
    filled = {datum.column for datum in draft.row.cells}
    fields = []
    for column in table.columns:
        ours = draft.ours.get(column.index)
        name = ours.edits if ours is not None else column.field
        if name and column.index not in filled and name not in told and (name in PLAIN or name == "annual_plan_yuan"):
            fields.append(name)
    return [n for n in fields if draft.known is not None and draft.known.get(n) is not None]


def _name(draft: Draft) -> str:
    """Our own workbooks write the marks before the name; there they are no part of it."""
    marks = draft.known["marks"] if draft.own and draft.known else None
    if "marks" in draft.later:
        marks = draft.later["marks"].before
    return draft.row.name.removeprefix(marks) if marks else draft.row.name


def _told(draft: Draft, unit: str) -> dict[str, Datum]:
    """The first cell of each field that holds a value; unreadable ones refuse the row, doubtful ones are told."""
    told: dict[str, Datum] = {}
    for read in draft.row.cells:
        for datum in _typed(draft, read, unit) if draft.ours else (read,):
            name = datum.target.field
            if name in PLACED:
                continue
            if datum.problem:
                draft.refuse(datum.problem, datum, name, **datum.values)
            if datum.doubt and not (name in NO_PLACE and datum.value is not None):
                draft.note(datum.doubt, datum, name, **datum.values)
            if datum.value is not None and name not in told:
                told[name] = datum
    phone = told.get("phone")
    if phone is not None and "****" in str(phone.value):
        del told["phone"]  # the mask of one who may not read phones, on its way back
    return told


def _typed(draft: Draft, datum: Datum, unit: str) -> Iterable[Datum]:
    """A cell of one of our own columns is read as typing is; every other as the sheet's reader read it."""
    column = draft.ours.get(datum.column)
    if column is None or not (column.edits or column.key == "construction_nature"):
        return (datum,)
    try:
        unit = column.extra.get("shown_in") or unit
        found = own_workbooks.value(column, datum.raw, unit)
    except Invalid as refusal:
        first = refusal.problems[0] if refusal.problems else Problem("", refusal.code, refusal.msgid, refusal.values)
        return (
            Datum(Target(column.edits or column.key), datum.column, datum.raw, None, None, first.msgid, first.values),
        )
    unit_of = unit if column.kind == "yuan" else None
    return [
        Datum(Target(name, unit_of), datum.column, datum.raw, read.value, read.doubt, None, read.values or {})
        for name, read in found.items()
    ]


def _code(draft: Draft, told: dict[str, Datum]) -> None:
    """A national code is repaired; what is none (正在办理) is left out, and says so."""
    datum = told.get("national_code")
    if datum is None:
        return
    repaired = national_code(str(datum.value))
    if repaired is None:
        draft.note(
            "“{text}” is not a national project code; it is left out", datum, "national_code", text=datum.raw[:60]
        )
        del told["national_code"]
        return
    told["national_code"] = _as(datum, repaired)
    zone, known = draft.zone or "", draft.known["national_code"] if draft.known else None
    if repaired != known and (filed := filed_in(repaired, zone)):
        draft.note(FILED_ELSEWHERE, datum, "national_code", filed=filed, zone=zone[:6])


def _span(draft: Draft, told: dict[str, Datum], ledger: str | None, table: Table) -> None:
    """建设起止年限 into a start and a planned completion, where no column of their own names them."""
    datum = told.pop("construction_period", None)
    if datum is None:
        return
    start, end = datum.value.start, datum.value.end
    begun = ledger in (Ledger.IN_CONSTRUCTION, Ledger.COMPLETED)
    if table.year and start and start[:7] > f"{table.year}-{table.month or 12:02d}":
        begun = False
    if start and begun and "started_on" not in told:
        day = start if len(start) == 10 else f"{start}-01"
        told["started_on"] = _as(datum, day)
    elif start and not begun and "planned_start_month" not in told:
        told["planned_start_month"] = _as(datum, start[:7])
    if end and "planned_completion_month" not in told:
        told["planned_completion_month"] = _as(datum, end[:7])


def _as(datum: Datum, value: Any) -> Datum:
    return Datum(datum.target, datum.column, datum.raw, value)


# ── amounts with a place in time ─────────────────────────────────────────────────────────────────────────────────────
def _plan(draft: Draft, told: dict[str, Datum], values: dict[str, Any], table: Table) -> None:
    datum = told.get("annual_plan_yuan")
    if datum is None:
        return
    known = draft.known
    shown = known["plan_year"] if known else None
    year = shown if draft.own and shown else datum.target.year or shown or table.year
    if shown and year != shown and known and known["annual_plan_yuan"] is not None:
        draft.note(
            "This is the plan of {year}; the register shows that of {shown}",
            datum,
            "annual_plan_yuan",
            year=year,
            shown=shown,
        )
        return
    values["annual_plan_yuan"] = datum.value
    if year and not shown:
        values["plan_year"] = year


def _opening(draft: Draft, told: dict[str, Datum], values: dict[str, Any], table: Table) -> None:
    """Money spent as the state at the end of a month: before the year, in the year. Nothing is split by guess."""
    before, this, whole = (told.get(name) for name in SPENT)
    if before is None and this is None and whole is None:
        return
    if (
        draft.own
        and draft.known
        and all(d is None or near(d, draft.known[d.field], exact=True) for d in (before, this, whole))
    ):
        return
    first = this or before or whole
    month = _month_of(draft, this, before, whole, table)
    if month is None:
        draft.note("No month is named for the money spent; it is left out", first, "opening_month")
        return
    amounts = _split(draft, before, this, whole)
    known = draft.known
    if known and known["opening_month"]:
        if month < known["opening_month"]:
            draft.note(
                "The register knows a later state ({month}); the money spent is left out",
                first,
                "opening_month",
                month=known["opening_month"],
            )
            return
        if month > known["opening_month"]:
            # the opening is told once; what comes later is the report of its month
            if this is not None:
                told_months.tell(draft, month, told_months.CUMULATIVE, this)
            return
    values["opening_month"] = month
    values |= {name: amount for name, amount in zip(OPENING[1:], amounts, strict=True) if amount is not None}


def _month_of(draft: Draft, this: Datum | None, before: Datum | None, whole: Datum | None, table: Table) -> str | None:
    """The month at whose end the figures held, ``2010-07``."""
    target = next(d.target for d in (this, whole, before) if d is not None)
    known = draft.known["opening_month"] if draft.known else None
    year, month = target.year or table.year, target.month or table.month
    if draft.own and known:
        return str(known)
    if year is None:
        return str(known) if known else None
    if month is None:
        if known and known[:4] == str(year):
            return str(known)
        if this is not None:
            return None
        # 至2009年底 alone: the state before 2010 is known, that of 2010 is not
        month = 1
    return f"{year}-{month:02d}"


def _split(
    draft: Draft, before: Datum | None, this: Datum | None, whole: Datum | None
) -> tuple[int | None, int | None]:
    """Before the year and in the year; one of them may follow from the whole and the other."""
    b, t, w = (d.value if d is not None else None for d in (before, this, whole))
    if w is not None and b is None and t is not None and w >= t:
        b = w - t
        draft.note("Before this year = since the start − this year", whole, "opening_before_year_yuan")
    elif w is not None and t is None and b is not None and w >= b:
        t = w - b
        draft.note("This year = since the start − before this year", whole, "opening_this_year_yuan")
    elif w is not None and b is None and t is None:
        draft.note(
            "Only the sum since the start is told; it cannot be split into years and is left out",
            whole,
            "opening_month",
        )
    elif w is not None and b is not None and t is not None and w != b + t:
        draft.note(
            "Since the start is not the sum of before this year and this year; the two are taken",
            whole,
            "invested_to_date_yuan",
        )
    return b, t


# ── words that the house derives or decides ──────────────────────────────────────────────────────────────────────────
def _nature(draft: Draft, told: dict[str, Datum], values: dict[str, Any], ledger: str | None, today: str) -> None:
    """The nature follows from ledger and dates; only a word that differs from what follows is kept by hand."""
    datum = told.get("construction_nature")
    if datum is None or ledger is None:
        return
    if draft.known is not None and datum.value == draft.known["construction_nature"]:
        return
    facts = {**(draft.known or {}), **{k: v for k, v in values.items() if v is not None}}
    year = int(facts.get("plan_year") or (facts.get("opening_month") or today)[:4])
    derived = nature(
        ledger,
        year,
        started_on=facts.get("started_on"),
        completed_on=facts.get("completed_on"),
        planned_completion_month=facts.get("planned_completion_month"),
    )
    if datum.value != derived:
        values["nature_by_hand"] = datum.value


def _disposition(draft: Draft, told: dict[str, Datum], values: dict[str, Any]) -> None:
    """A new row may come in as deferred or suspended; later that is an act of its own, as leaving always is."""
    datum = told.get("disposition")
    if datum is None or datum.value == (draft.known["disposition"] if draft.known else Disposition.ACTIVE):
        return
    if draft.known is None and Disposition(datum.value) in LISTED:
        values["disposition"] = datum.value
    else:
        draft.note("The state of a project is changed on its own page, with a reason", datum, "disposition")


def _written_by_moves(draft: Draft, values: dict[str, Any]) -> None:
    """Start and completion are written by the move; a blank one may be filled in, a known one is not changed here."""
    known: Mapping[str, Any] = draft.known or NOTHING
    ledgers = list(Ledger)
    for name, ledger in (("started_on", Ledger.IN_CONSTRUCTION), ("completed_on", Ledger.COMPLETED)):
        if name not in values:
            continue
        if known[name] is None and draft.ledger == ledger.value != known["ledger"]:
            del values[name]  # the day of the move that the sheet proposes
            continue
        stands = ledgers.index(Ledger(known["ledger"])) >= ledgers.index(ledger)
        if known[name] is not None or not stands:
            draft.note("This day is written by the move", draft.cells.get(name), name)
            del values[name]


def _same(draft: Draft, name: str, value: Any, *then: Any) -> bool:
    """Does the row say what the register holds, or held ``then``?"""
    before = then[0] if then else draft.known[name] if draft.known else None
    datum = draft.cells.get(name) or draft.cells.get(_SHOWN_BY.get(name, ""))
    if datum is not None and datum.value == value:
        return near(datum, before, exact=draft.own)
    return equal(before, value)


_SHOWN_BY = {"opening_before_year_yuan": SPENT[0], "opening_this_year_yuan": SPENT[1]}


# ── checked as typing is ─────────────────────────────────────────────────────────────────────────────────────────────
OWN_LIMITS = frozenset({*OPENING, *DATES, "marks", "disposition"})


def _checked(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    """The values as the one check of the house leaves them; every problem refuses the row, at its cell."""
    facts = {n: v for n, v in values.items() if n not in OWN_LIMITS}
    found = {n: values[n] for n in OWN_LIMITS & values.keys()}
    try:
        found |= checked_facts(facts)
    except Invalid as refusal:
        for problem in refusal.problems or [Problem("", refusal.code, refusal.msgid, refusal.values)]:
            name = problem.pointer.removeprefix("/")
            draft.refuse(problem.msgid, draft.cells.get(name), name, **problem.values)
    for name in OPENING[1:]:
        if (amount := found.get(name)) is not None and not 0 <= amount <= YUAN_LIMIT:
            draft.refuse("The amount is out of range", draft.cells.get(_SHOWN_BY[name]), name)
    return {name: found[name] for name in sorted(found, key=AT.__getitem__)}
