"""A ledger in a master's form: its columns filled, its units, its totals; rows, order and numbers of a list where it has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count as counted_from
from itertools import islice
from typing import Any

import orjson

from app.desk import Desk
from app.errors import BadRequest, NotFound
from app.models import Form, ProjectList
from app.rules.access import Act
from app.rules.amounts import format_yuan, in_unit
from app.rules.codes import Ledger
from app.services import forms, ledgers, zones
from app.services.asking import Asked
from app.services.columns import Column
from app.services.demo import is_demo
from app.services.exports import FORM_KINDS, TYPES, Made, written
from app.services.paper import Paper
from app.sheets.blanks import unpacked
from app.sheets.forms import FormColumn, FormGroup, FormLine
from app.sheets.masters import Filling, filled, write_master
from app.words import say, word

UNGROUPED = "none"
MOST_SHOWN = 8
"""Rows of a preview."""


def file(desk: Desk, asked: Asked, name: str, *, told: Callable[[int], None] | None = None) -> Made:
    """The ledger asked for, written into the form ``name``. Reads as of the desk's act.

    Raises BadRequest when there is no such form, or it is another ledger's.
    """
    desk.ask(Act.EXPORT_RUN)
    sheet = _Sheet(desk, asked, _form(desk, str(asked.ledger), name))
    sheet.paper.told = told
    path = written("xlsx", lambda path: write_master(path, sheet.layout, sheet.columns, sheet.filling(), sheet.lines()))
    return Made(f"{sheet.title} {name}.xlsx", TYPES["xlsx"], path, sheet.paper.count)


def preview(desk: Desk, asked: Asked, name: str) -> dict[str, Any]:
    """Title, captions and the first rows as the form would show them, as values of the cells."""
    sheet = _Sheet(desk, asked, forms.find(desk.at(None), name))
    rows: list[dict[str, Any]] = []
    numbers = counted_from(1)
    for line in islice(sheet.lines(), MOST_SHOWN):
        rows.append({"label": line.label} if isinstance(line, FormGroup) else {"cells": sheet.shown(line, numbers)})
    filling = sheet.filling()
    top = [[filled(t, filling, sheet.layout) for t in row] for row in sheet.layout.top]
    return {"top": top, "rows": rows, "columns": sheet.columns, "heading": sheet.layout.heading, "notes": filling.notes,
            "merges": sheet.layout.merges}  # fmt: skip


def _form(desk: Desk, ledger: str, name: str) -> Form:
    try:
        row = forms.find(desk.at(None), name)
    except NotFound:
        raise BadRequest.parameter("form", "There is no form {form}", form=name[:60]) from None
    if row.ledger not in (None, ledger):
        here, there = (word(x, "Ledger", desk.language) for x in (ledger, row.ledger))
        raise BadRequest.parameter(
            "form", "The form {form} is for {there}, not for {here}", form=name, here=here, there=there
        )
    return row


class _Sheet:
    """One ledger on its way into a form."""

    def __init__(self, desk: Desk, asked: Asked, form: Form) -> None:
        self.desk, self.language, self.layout = desk, desk.language, unpacked(form.layout)
        self.code = _list_code(desk, form)
        if self.code is not None:
            asked = replace(asked, filters=(*asked.filters, ("lists", "list", f'"{self.code}"')))
        known = forms.fillable()
        self.filled: list[Column | None] = [known.get(c.key) for c in self.layout.columns]
        by = None if self.layout.grouped_by == UNGROUPED else self.layout.grouped_by
        self.paper = Paper(desk, asked, self._read(), by if self.code is None else None)
        zone = zones.read(desk.at(None), asked.zones[0]) if asked.zones and len(asked.zones) == 1 else None
        self.zone = (zone["short_name"] or zone["name"]) if zone else ""
        ledger = word(Ledger(str(asked.ledger)), "Ledger", self.language)
        self.title = f"{self.zone or say('All zones', self.language)} {ledger}"
        self.columns = [self._column(c, n) for n, c in enumerate(self.layout.columns)]

    def _read(self) -> list[Column | None]:
        """The columns of the form, and behind them what decides order and number in a list."""
        return [*self.filled, *((forms.NUMBERED,) if self.code is not None else ())]

    def _column(self, column: Any, at: int) -> FormColumn:
        ours = self.filled[at]
        kind: Any = "text" if ours is None else FORM_KINDS.get(ours.kind, "text")
        return FormColumn(column.key, column.caption, kind, width=column.width, unit=column.unit or "万元")

    def filling(self) -> Filling:
        year, month = self._period()
        head = self.paper.head
        notes = []
        empty = [c.caption for c in self.layout.columns if not c.key and c.caption]
        if empty:
            mark = "、" if self.language == "zh_CN" else ", "
            notes.append(
                say("Not filled, the register has no such figure: {captions}", self.language, captions=mark.join(empty))
            )
        band = say("Demo data", self.language) if is_demo(self.desk.at(None)) else ""
        footer = say("Page &P of &N", self.language)
        return Filling(
            self.zone,
            year,
            month,
            self.paper.sums(head),
            head["project_count"],
            notes=notes,
            band=band,
            footer=footer,
        )

    def _period(self) -> tuple[int, int | None]:
        """The year that the rows show, and the last month for which they know what was spent."""
        years = Counter(
            {k[0]: c[0] for k, c in ledgers.grouped(self.desk, self.paper.asked, ("plan_year",)).items() if k[0] is not None}
        )  # fmt: skip
        months = [k[0] for k in ledgers.grouped(self.desk, self.paper.asked, ("opening_month",)) if k[0] is not None]
        year = int(years.most_common(1)[0][0]) if years else int(max(months, default=self.desk.today)[:4])
        last = max((m for m in months if m[:4] == str(year)), default=None)
        return year, int(last[5:7]) if last else None

    def lines(self) -> Iterator[FormLine | FormGroup]:
        found = self.paper.lines()
        return found if self.code is None else iter(self._by_number(found))

    def shown(self, line: FormLine, numbers: Iterator[int]) -> list[str]:
        """The cells of a line as text, as they will be seen."""
        return [_seen(c, v, numbers) for c, v in zip(self.columns, line.values, strict=False)]

    def _by_number(self, found: Iterator[FormLine | FormGroup]) -> list[FormLine | FormGroup]:
        """In the order of the list, each under its number there. A list is short enough to be sorted here."""
        serial = next((n for n, c in enumerate(self.filled) if c is not None and c.key == "serial"), None)
        lines = [line for line in found if isinstance(line, FormLine)]
        numbers = {id(line): _number_in(line.values[-1], self.code or "") for line in lines}
        lines.sort(key=lambda line: _in_order(numbers[id(line)]))
        done: list[FormLine | FormGroup] = []
        for line in lines:
            values = list(line.values[:-1])
            if serial is not None:
                values[serial] = numbers[id(line)] or None
            done.append(FormLine(values, line.key, line.version))
        return done


def _seen(column: FormColumn, value: Any, numbers: Iterator[int]) -> str:
    if value is None:
        return str(next(numbers)) if column.kind == "serial" else ""
    if column.kind == "money":
        whole = in_unit(value, column.unit) % 1 == 0
        return format_yuan(value, column.unit, 0 if whole else column.shown_digits)
    return f"{value:.1f}%" if column.kind == "percent" else str(value)


def _list_code(desk: Desk, form: Form) -> str | None:
    return desk.at(None).get(ProjectList, form.list_id).code if form.list_id else None


def _number_in(told: str | None, code: str) -> str:
    return next((str(x["number"] or "") for x in orjson.loads(told or "[]") if x["code"] == code), "")


def _in_order(number: str) -> tuple[bool, int, str]:
    digits = "".join(c for c in number if c.isdecimal() and c.isascii())
    return (not number, int(digits[:18]) if digits else 0, number)
