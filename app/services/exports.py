"""A ledger as a workbook or as comma-separated text: what the page shows, on paper, and ready to come back.

Cells carry full values; a hidden key and version stand in each row, so that an edited copy is compared cell by cell.
Rows are fetched page by page and leave at once: memory does not grow with the ledger.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import orjson

from app.desk import Desk
from app.errors import BadRequest, Invalid, NotFound
from app.models import Zone
from app.rules.access import Act
from app.rules.codes import Kind, Ledger, Relation
from app.services import columns as ledger_columns
from app.services import history, ledgers, lists, zones
from app.services.asking import Asked
from app.services.columns import Column
from app.services.demo import is_demo
from app.services.industries import list_ as industry_list
from app.services.ledger_pages import column_of, family_of, listed
from app.services.preparing import ledger_named
from app.services.typed import codes_of
from app.sheets.forms import Form, FormColumn, FormGroup, FormLine
from app.sheets.textwriting import write_csv
from app.sheets.writing import write_xlsx
from app.words import say, word

UNITS = {"wan": "万元", "yi": "亿元"}
USUAL_UNIT = {Ledger.IN_CONSTRUCTION: "wan", Ledger.COMPLETED: "wan"}
"""Ledgers before construction are read in 亿元, the others in 万元."""
Row = tuple[Any, ...]
Maker = Callable[[Row, dict[str, int]], Any]
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
BATCH = 1000
ALWAYS = (
    "id", "code", "since", "zone_id", "name", "marks", "parent_id", "relation", "phase_no", "has_phases", "part_count",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
FORM_KINDS = {
    "yuan": "money",
    "percent": "percent",
    "month": "month",
    "day": "day",
    "choice": "choice",
    "state": "text",
    "number": "number",
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
) -> Made:
    """The ledger asked for as a file. ``unit``: wan or yi; ``columns``: keys, the usual ones when none is named;
    ``by``: industry or zone, by zone where several stand in it. Reads as of the desk's act.

    Raises BadRequest for an unknown form or unit, and what ``ledgers.page`` refuses.
    """
    desk.ask(Act.EXPORT_RUN)
    if form not in TYPES or (unit or "wan") not in UNITS:
        raise BadRequest("The form is xlsx or csv, the unit wan or yi", code="bad_parameter")
    sheet = _Sheet(desk, asked, unit, columns, by)
    with tempfile.NamedTemporaryFile(prefix="export-", suffix=f".{form}", delete=False) as out:
        path = Path(out.name)
        try:
            if form == "csv":
                for piece in write_csv(sheet.form, sheet.lines()):
                    out.write(piece)
            else:
                write_xlsx(path, [(sheet.form, sheet.lines())])
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return Made(f"{sheet.form.title}.{form}", TYPES[form], path, sheet.count)


class _Sheet:
    """One ledger on its way to paper: the form, and its lines one after the other."""

    def __init__(self, desk: Desk, asked: Asked, unit: str | None, keys: Sequence[str] | None, by: str | None) -> None:
        self.desk, self.language = desk, desk.language
        self.ledger = Ledger(str(asked.ledger))
        self.unit = UNITS[unit or USUAL_UNIT.get(self.ledger, "yi")]
        self.many = asked.zones is None or len(asked.zones) != 1
        self.by = column_of(desk, by or ("zone" if self.many else None))
        shown = ledger_columns.chosen(self.ledger, keys)
        self.columns = (ledger_columns.ZONE, *shown) if self.many else shown
        self.asked = replace(ledgers.looked_up(desk, listed(asked, self.by)), cursor=None)
        self.needs = tuple(
            dict.fromkeys((*ALWAYS, *(n for c in self.columns for n in c.needs), *_group_needs(self.by)))
        )
        rows = desk.at(None).select(
            Zone, "names_of_all", lambda q, t: q.order_by(t.c.id), columns=("id", "code", "short_name", "name")
        )
        self.zone_names = {id_: short or name for id_, _, short, name in rows}
        self.industries = {i["code"]: i["name"] for i in industry_list(desk.at(None))}
        self.groups = {g["key"]: g for g in ledgers.groups(desk, self.asked, self.by)} if self.by else {}
        self.head = ledgers.filtered(desk, self.asked)
        zone = zones.read(desk.at(None), asked.zones[0]) if asked.zones and len(asked.zones) == 1 else None
        self.form = self._form((zone["short_name"] or zone["name"]) if zone else say("All zones", self.language))
        self.count = 0
        self.under: dict[int, list[Row]] = {}
        """Phases and parts under the rows of the page under way."""

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)

    # ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _form(self, zone: str) -> Form:
        title = self.say(
            "{zone}: ledger of projects, {ledger}", zone=zone, ledger=word(self.ledger, "Ledger", self.language)
        )
        first = (
            FormColumn("serial", self.say("No."), "serial", width=5),
            FormColumn("name", self.say("Project name"), width=30),
        )
        return Form(
            title=title,
            sheet_name=word(self.ledger, "Ledger", self.language),
            columns=(*first, *(self._column(c) for c in self.columns)),
            unit_line=self._unit_line(),
            band=self.say("Demo data") if is_demo(self.desk.at(None)) else "",
            total_label=self.say("Total {counted}", counted=ledgers.counted(self.head, self.language)),
            totals=self._totals(self.head),
            footer=self.say("Page &P of &N"),
        )

    def _unit_line(self) -> str:
        said = self.say("Unit: {unit}", unit=self.unit)
        counted = ledgers.counted(self.head, self.language)
        return "　　".join((said, counted, self.say("As of {day}", day=self._day())))

    def _day(self) -> str:
        if self.desk.seq is None:
            return self.desk.today
        return str(self.desk.link.value(history.MOMENT_OF, {"seq": self.desk.seq}) or self.desk.today)[:10]

    def _column(self, column: Column) -> FormColumn:
        return FormColumn(
            key=column.key,
            title=self.say(column.title),
            kind=FORM_KINDS.get(column.kind, "text"),  # type: ignore[arg-type]
            group=self.say(column.heading) if column.heading else "",
            width=max(6, round(column.width / 8)),
            unit=self.unit,
            choices=self._choices(column),
        )

    def _choices(self, column: Column) -> tuple[str, ...]:
        if column.kind != "choice" or column.edits is None:
            return ()
        if column.extra.get("of") == "flag":
            return (self.say("Yes"), self.say("No"))
        codes = codes_of(column.edits)
        return tuple(word(m, codes.__name__, self.language) for m in codes)

    def _totals(self, head: dict[str, Any]) -> dict[str, Any]:
        """The official sums under their columns, as on the page; what nobody knows is left blank."""
        sums = {n: a["official_sum"] for n, a in head["amounts"].items() if a["official_known"]}
        for column in self.columns:
            if column.kind == "percent" and sums.get(column.extra["whole"]) and column.extra["part"] in sums:
                sums[column.key] = 100 * sums[column.extra["part"]] / sums[column.extra["whole"]]
        return sums

    # ── the lines ────────────────────────────────────────────────────────────────────────────────────────────────
    def lines(self) -> Iterator[FormLine | FormGroup]:
        """Every project in order, with a group row before each group."""
        makers = [self._maker(c) for c in self.columns]
        at = {n: i for i, n in enumerate(self.needs)}
        last: Any = self
        shown = 0
        for row in self._rows():
            key = row[at["zone_id"]] if self.by == "zone" else row[at[self.by]] if self.by else self
            if key != last:
                shown += 1
                yield FormGroup(
                    self._group_label(key, shown), self._totals(self.groups[key]) if key in self.groups else {}
                )
                last = key
            for one in (row, *self.under.get(row[at["id"]], ())):
                self.count += 1
                yield self._line(one, at, makers, under=one is not row)

    def _line(self, row: Row, at: dict[str, int], makers: list[Maker], *, under: bool) -> FormLine:
        values = (None, f"{row[at['marks']] or ''}{row[at['name']]}", *(make(row, at) for make in makers))
        counts = row[at["relation"]] != Relation.PART and not row[at["has_phases"]]
        return FormLine(values, row[at["code"]], row[at["since"]], numbered=counts, level=int(under))

    def _rows(self) -> Iterator[Row]:
        asked = replace(self.asked, limit=BATCH)
        while True:
            page = ledgers.page(self.desk, asked, self.needs)
            self.under, _ = family_of(self.desk, asked, page)
            yield from page.rows
            if page.next is None:
                return
            asked = replace(asked, cursor=page.next)

    def _group_label(self, key: Any, number: int) -> str:
        name = self.zone_names.get(key, "") if self.by == "zone" else self._industry(key)
        group = self.groups.get(key)
        counted = ledgers.counted(group, self.language) if group else ""
        return self.say(
            "{number}. {name} {counted}", number=_numeral(number, self.language), name=name, counted=counted
        )

    def _industry(self, key: str | None) -> str:
        return self.industries.get(key, key) if key else self.say("Unclassified")

    def _maker(self, column: Column) -> Maker:
        first = column.needs[0]
        special = {
            "zone": lambda row, at: self.zone_names.get(row[at["zone_id"]], ""),
            "percent": lambda row, at: _percent(row[at[column.extra["part"]]], row[at[column.extra["whole"]]]),
            "light": lambda row, at: word(row[at["light"]], "Light", self.language),
            "class": lambda row, at: self._class(row[at["kind"]], row[at["relation"]]),
            "source": lambda row, at: self.say("Signed" if row[at["signed_on"]] else "Planned"),
            "state": lambda row, at: self._state(row[at[first]], row[at[column.extra["promised"]]]),
        }
        if column.kind in special:
            return special[column.kind]
        if column.kind == "choice":
            if column.extra.get("of") == "flag":
                return lambda row, at: None if row[at[first]] is None else self.say("Yes" if row[at[first]] else "No")
            return lambda row, at: (
                word(row[at[first]], column.extra["codes"], self.language) if row[at[first]] else None
            )
        if column.kind == "lists":
            return lambda row, at: "、".join(orjson.loads(row[at[first]]))
        return lambda row, at: row[at[first]]

    def _class(self, kind: str | None, relation: str | None) -> str:
        expanded = kind == Kind.EXPANSION or relation == Relation.EXPANSION
        return self.say("Expansion" if expanded else "To start")

    def _state(self, state: str | None, promised: str | None) -> str | None:
        said = word(state, "ProcedureState", self.language) if state else ""
        return f"{said} {promised or ''}".strip() or None


def _group_needs(by: str | None) -> tuple[str, ...]:
    return () if by is None else ("zone_id",) if by == "zone" else (by,)


def _percent(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else 100 * part / whole


def _numeral(number: int, language: str) -> str:
    """一、二、… as the forms number their groups; 11 is 十一."""
    if language != "zh_CN" or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    said = ("" if tens < 2 else NUMERALS[tens - 1]) + ("十" if tens else "")
    return said + (NUMERALS[ones - 1] if ones else "")


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
) -> str:
    """``sanzhang export``: write the ledger to ``out`` (.xlsx or .csv); the sentence to print. ``as_of`` is an act's number;
    ``listed`` the code of a list, whose members only are written."""
    form = out.suffix.lower().removeprefix(".")
    if listed is not None:
        db.ask_now(caller, _list_named, listed)
    on = (("lists", "list", f'"{listed}"'),) if listed is not None else ()
    asked = Asked(zones=tuple(zones) or None, ledger=ledger_named(ledger), filters=on, seq=as_of)
    made: Made = db.ask_now(replace(caller, as_of=as_of), file, asked, None, form)
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
