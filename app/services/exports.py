"""A ledger as a workbook or as comma-separated text: what the page shows, on paper, and ready to come back.

Cells carry full values; a hidden key and version stand in each row, so that an edited copy is compared cell by cell.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from app.desk import Desk
from app.errors import BadRequest, Invalid, NotFound
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import columns as ledger_columns
from app.services import history, ledgers, lists, zones
from app.services.asking import Asked
from app.services.choices import ledger_named
from app.services.columns import NAME, SERIAL, Column
from app.services.demo import is_demo
from app.services.filters import told_in_words
from app.services.industries import list_ as industry_list
from app.services.paper import Head, Paper
from app.services.typed import codes_of
from app.sheets.forms import Form, FormColumn, FormGroup, FormLine
from app.sheets.textwriting import write_csv
from app.sheets.writing import write_xlsx
from app.words import say, word

UNITS = {"wan": "万元", "yi": "亿元"}
USUAL_UNIT = {Ledger.IN_CONSTRUCTION: "wan", Ledger.COMPLETED: "wan"}
"""Ledgers before construction are read in 亿元, the others in 万元."""
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
FORM_KINDS = {
    "yuan": "money",
    "percent": "percent",
    "month": "month",
    "day": "day",
    "choice": "choice",
    "state": "text",
    "number": "number",
    "serial": "serial",
}


@dataclass(frozen=True)
class Made:
    """A file that was written: the name to offer, its media type, where it lies (the caller removes it), how many projects."""

    name: str
    media_type: str
    path: Path
    count: int


def file(
    desk: Desk,
    asked: Asked,
    unit: str | None = None,
    form: str = "xlsx",
    *,
    columns: Sequence[str] | None = None,
    by: str | None = None,
    told: Callable[[int], None] | None = None,
) -> Made:
    """The ledger asked for as a file. ``unit``: wan or yi; ``columns``: keys, the usual ones when none is named;
    ``by``: industry, zone or none; left out: by zone where several stand in it. Reads as of the desk's act.

    ``told`` hears how many rows are written, now and then. Raises BadRequest for an unknown form or unit, and what
    ``ledgers.page`` refuses.
    """
    desk.ask(Act.EXPORT_RUN)
    if form not in TYPES or (unit or "wan") not in UNITS:
        raise BadRequest("The form is xlsx or csv, the unit wan or yi", code="bad_parameter")
    sheet = _Sheet(desk, asked, unit, columns, by)
    sheet.paper.told = told
    path = written(form, lambda path: _write(sheet, form, path))
    return Made(f"{sheet.form.title}.{form}", TYPES[form], path, sheet.paper.count)


def written(suffix: str, write: Callable[[Path], Any]) -> Path:
    """A new file that ``write`` fills; nothing is left of it when that fails."""
    with tempfile.NamedTemporaryFile(prefix="export-", suffix=f".{suffix}", delete=False) as made:
        path = Path(made.name)
    try:
        write(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _write(sheet: _Sheet, form: str, path: Path) -> None:
    if form == "xlsx":
        write_xlsx(path, [(sheet.form, sheet.lines())])
        return
    with path.open("wb") as out:
        out.writelines(write_csv(sheet.form, sheet.lines()))


class _Sheet:
    """One ledger in the house's own form: its layout, and its lines one after the other."""

    def __init__(self, desk: Desk, asked: Asked, unit: str | None, keys: Sequence[str] | None, by: str | None) -> None:
        self.desk, self.language = desk, desk.language
        self.ledger = Ledger(str(asked.ledger))
        self.unit = UNITS[unit or USUAL_UNIT.get(self.ledger, "yi")]
        many = asked.zones is None or len(asked.zones) != 1
        shown = ledger_columns.chosen(self.ledger, keys)
        self.columns = (SERIAL, NAME, *((ledger_columns.ZONE,) if many else ()), *shown)
        grouped = by or ("zone" if many else "none")
        self.paper = Paper(desk, asked, self.columns, None if grouped == "none" else grouped)
        self.asked, self.industries = asked, tuple(i["name"] for i in industry_list(desk.at(None)))
        zone = zones.read(desk.at(None), asked.zones[0]) if asked.zones and len(asked.zones) == 1 else None
        self.form = self._form((zone["short_name"] or zone["name"]) if zone else say("All zones", self.language))

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)

    # ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _form(self, zone: str) -> Form:
        title = self.say(
            "{zone}: ledger of projects, {ledger}", zone=zone, ledger=word(self.ledger, "Ledger", self.language)
        )
        head = self.paper.head
        return Form(
            title=title,
            sheet_name=word(self.ledger, "Ledger", self.language),
            columns=tuple(form_column(c, self.language, self.unit, self.industries) for c in self.columns),
            unit_line=self._unit_line(head),
            band=self.say("Demo data") if is_demo(self.desk.at(None)) else "",
            sums=tuple(self._sums(head)),
            footer=self.say("Page &P of &N"),
        )

    def _unit_line(self, head: Head) -> str:
        """单位：万元　27 个（拆分后 31 项，另待核 3）　筛选：…　截至 …"""
        said = [self.say("Unit: {unit}", unit=self.unit), ledgers.counted(head, self.language)]
        filters = told_in_words(self.asked, self.language)
        if filters:
            said.append(self.say("Filter: {filters}", filters=filters))
        return "　　".join((*said, self.say("As of {day}", day=self._day())))

    def _day(self) -> str:
        if self.desk.seq is None:
            return self.desk.today
        return str(self.desk.link.value(history.MOMENT_OF, {"seq": self.desk.seq}) or self.desk.today)[:10]

    def _sums(self, head: Head) -> Iterator[FormGroup]:
        """合计 with the official figures; what is pending stands in a row of its own below."""
        counted = ledgers.counted(head, self.language)
        yield FormGroup(self.say("Total {counted}", counted=counted), self.paper.sums(head))
        if head["pending_count"]:
            label = self.say("Another {count} pending", count=f"{head['pending_count']:,}")
            yield FormGroup(label, self.paper.sums(head, pending=True))

    def lines(self) -> Iterator[FormLine | FormGroup]:
        """Every project in order, with a group row before each group."""
        return self.paper.lines()


# ── columns of a workbook ────────────────────────────────────────────────────────────────────────────────────────────
def form_column(column: Column, language: str, unit: str, industries: Sequence[str]) -> FormColumn:
    """A column of a ledger as a column of a workbook, with the words that its cells offer."""
    dollars = column.extra.get("unit") == "usd"
    return FormColumn(
        key=column.key,
        title=ledger_columns.caption(column, language),
        kind="money" if dollars else FORM_KINDS.get(column.kind, "text"),  # type: ignore[arg-type]
        group=say(column.heading, language) if column.heading else "",
        width=ledger_columns.characters(column),
        unit="万美元" if dollars else unit,
        choices=_choices(column, language, industries),
    )


def _choices(column: Column, language: str, industries: Sequence[str]) -> tuple[str, ...]:
    if column.edits == "industry":
        return tuple(industries)
    typed = "nature_by_hand" if column.key == "construction_nature" else column.edits
    if column.kind != "choice" or typed is None:
        return ()
    if column.extra.get("of") == "flag":
        return (say("Yes", language), say("No", language))
    codes = codes_of(typed)
    return tuple(word(m, codes.__name__, language) for m in codes)


# ── from the command line ────────────────────────────────────────────────────────────────────────────────────────────
class Register(Protocol):
    """The part of ``db.Database`` that an export from the command line needs."""

    def ask_now(self, caller: Any, service: Any, *args: Any, **kw: Any) -> Any: ...


def run(
    db: Register,
    caller: Any,
    out: Path,
    *,
    ledger: str,
    zones: Sequence[str] = (),
    as_of: int | None = None,
    listed: str | None = None,
    master: str | None = None,
) -> str:
    """``sanzhang export``: write the ledger to ``out`` (.xlsx or .csv); the sentence to print.

    ``as_of`` is an act's number; ``listed`` the code of a list, whose members only are written; ``master`` the name of a form.
    """
    from app.services import form_exports

    form = out.suffix.lower().removeprefix(".")
    if master is not None and form != "xlsx":
        raise BadRequest("A form is written as xlsx, in its own units", code="bad_parameter")
    if listed is not None:
        db.ask_now(caller, _list_named, listed)
    on = (("lists", "list", f'"{listed}"'),) if listed is not None else ()
    asked = Asked(zones=tuple(zones) or None, ledger=ledger_named(ledger), filters=on, seq=as_of)
    who = replace(caller, as_of=as_of)
    made: Made = (
        db.ask_now(who, file, asked, None, form)
        if master is None
        else db.ask_now(who, form_exports.file, asked, master)
    )
    try:
        shutil.copyfile(made.path, out)
    finally:
        made.path.unlink(missing_ok=True)
    return say("Wrote {count} projects to {file}", caller.language, count=made.count, file=out.name)


def _list_named(desk: Desk, code: str) -> None:
    try:
        lists.find(desk, code)
    except NotFound:
        raise Invalid.one("/list", "not_found", "There is no list {list}", list=code) from None
