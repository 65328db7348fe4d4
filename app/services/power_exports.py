"""The catalogue with a column for each zone, as a workbook or comma-separated text: what the matrix shows, ready to come back
through the import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.desk import Desk
from app.errors import BadRequest
from app.rules.access import Act
from app.rules.codes import DelegationState
from app.services import chains
from app.services.demo import is_demo
from app.services.exports import TYPES, Made, written
from app.services.power_map import Asked, Column, Matrix, matrix
from app.sheets.forms import Form, FormColumn, FormGroup, FormLine
from app.sheets.textwriting import write_csv
from app.sheets.writing import write_xlsx
from app.words import Word, say, word

Record = dict[str, Any]
FACTS = (
    ("code", Word("Code"), "text", 12.0),
    ("name", Word("Item"), "text", 42.0),
    ("kind", Word("Kind of item"), "text", 11.0),
    ("department", Word("Original department"), "text", 22.0),
    ("level", Word("Original level"), "text", 9.0),
    ("basis", Word("Legal basis"), "text", 28.0),
    ("statutory_days", Word("Statutory working days"), "count", 10.0),
    ("promised_days", Word("Promised working days"), "count", 10.0),
    ("steps", Word("Steps of the chain"), "text", 20.0),
    ("reserved", Word("Reserved by law"), "text", 10.0),
    ("remarks", Word("Remarks"), "text", 20.0),
)
WORDS = {"kind": "PowerKind", "level": "PowerLevel"}


def file(desk: Desk, asked: Asked, form: str = "xlsx") -> Made:
    """The items and zones asked for as a file. Raises BadRequest for an unknown form."""
    desk.ask(Act.EXPORT_RUN)
    if form not in TYPES:
        raise BadRequest("Choose one of: {choices}", code="bad_parameter", choices=", ".join(TYPES))
    found = matrix(desk, asked)
    sheet = _form(desk, found)

    def write(path: Any) -> None:
        if form == "xlsx":
            write_xlsx(path, [(sheet, _lines(desk, found))])
            return
        with path.open("wb") as out:
            out.writelines(write_csv(sheet, _lines(desk, found)))

    return Made(f"{sheet.title}.{form}", TYPES[form], written(form, write), found.whole.total)


def _form(desk: Desk, found: Matrix) -> Form:
    def said(msgid: str, **values: Any) -> str:
        return say(msgid, desk.language, **values)

    one = found.columns[0].name if len(found.columns) == 1 else said(Word("All zones"))
    facts = [FormColumn(key, said(title), kind, width=width) for key, title, kind, width in FACTS]  # type: ignore[arg-type]
    zones = [FormColumn(f"zone-{column.id}", column.name, width=13) for column in found.columns]
    count = said(Word("{count} {count:item|items}"), count=f"{found.whole.total:,}")
    return Form(
        title=said(Word("{zone}: delegated items"), zone=one),
        sheet_name=said(Word("Items × zones")),
        columns=(FormColumn("serial", said(Word("No.")), "serial", width=6), *facts, *zones),
        unit_line=f"{count}　　{said(Word('As of {day}'), day=desk.today)}",
        band=said(Word("Demo data")) if is_demo(desk.at(None)) else "",
        footer=said(Word("Page &P of &N")),
    )


def _lines(desk: Desk, found: Matrix) -> Iterator[FormLine | FormGroup]:
    steps = chains.served(desk)
    for group in found.groups:
        name = group.department or say("No department named", desk.language)
        yield FormGroup(say("{name} ({count} {count:item|items})", desk.language, name=name, count=group.total), {})
        for power in group.powers:
            facts = [_fact(power, key, desk.language, steps) for key, *_ in FACTS]
            cells = [_cell(found, column, power, desk.language) for column in found.columns]
            yield FormLine([None, *facts, *cells])


def _fact(power: Record, key: str, language: str, steps: Record) -> Any:
    value = power[key]
    if key in WORDS and value is not None:
        return word(value, WORDS[key], language)
    if key == "reserved":
        return say("Yes", language) if value else None
    if key == "steps":
        return "；".join(steps.get(step, step) for step in value) or None
    return value


def _cell(found: Matrix, column: Column, power: Record, language: str) -> str | None:
    """``下放 运行中``; what was taken back begins with a dash, so that it is not read as given."""
    cell = found.cells.get((column.id, power["id"]))
    if cell is None:
        return None
    state = word(cell["state"], "DelegationState", language)
    revoked = cell["state"] == DelegationState.REVOKED
    return f"— {state}" if revoked else f"{word(cell['form'], 'DelegationForm', language)} {state}"
