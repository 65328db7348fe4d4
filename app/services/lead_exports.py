"""Leads as a workbook or as comma-separated text: what the list shows her, ready to come back through the import.

Names that she may not see stand as the list shows them: the rows are those of the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from app.desk import Desk
from app.errors import BadRequest
from app.models import Lead
from app.models.base import meta
from app.rules import codes
from app.rules.access import Act
from app.services import leads
from app.services.asking import Asked
from app.services.demo import is_demo
from app.services.exports import TYPES, UNITS, Made, written
from app.sheets.fields import caption
from app.sheets.forms import Form, FormColumn, FormLine
from app.sheets.textwriting import write_csv
from app.sheets.writing import write_xlsx
from app.words import Word, say, word

SHOWN = (
    "code", "zone", "name", "code_name", "stage", "stage_on", "disposition", "investor_name", "capital_from", "origin", "channel",
    "referrer", "industry", "industry_chain", "content", "technology", "location", "intended_amount_yuan", "intended_amount_usd",
    "first_phase_yuan", "fixed_investment_yuan", "land_mu", "plant_area_m2", "energy_tce", "environment_needs",
    "expected_output_yuan", "expected_tax_yuan", "jobs", "likelihood", "grade", "competitors", "screening_result",
    "responsible_leader", "keeper", "keeper_unit", "contact_name", "contact_title", "contact_phone", "first_contact_unit",
    "first_contact_on", "agreement", "framework_on", "signed_on", "contract_amount_yuan", "contract_amount_usd",
    "planned_start_month", "company_name", "company_credit_code", "company_registered_on", "registered_capital_yuan",
    "land_secured_on", "first_money_on", "funds_arrived_yuan", "next_step", "next_step_on", "lost_to", "disposition_reason",
    "registered_on", "remarks",
)  # fmt: skip
TITLES = {"zone": Word("Zone"), "code": Word("Code of the lead")}
KINDS = {"yuan": "money", "count": "count", "measure": "number", "day": "day", "month": "month"}
WIDE = frozenset({"name", "content", "investor_name", "remarks", "technology", "competitors", "screening_result"})
LANGUAGES = ("zh_CN", "en")
PAGE = 500


def file(desk: Desk, asked: Asked, unit: str | None = None, form: str = "xlsx") -> Made:
    """The leads asked for as a file, in their order. ``unit``: wan or yi. Reads as of the desk's act.

    Raises BadRequest for an unknown form or unit, and what the list refuses.
    """
    desk.ask(Act.EXPORT_RUN)
    desk.ask(Act.LEAD_READ)
    if form not in TYPES or (unit or "yi") not in UNITS:
        raise BadRequest("The form is xlsx or csv, the unit wan or yi", code="bad_parameter")
    sheet = _form(desk, UNITS[unit or "yi"])
    count = [0]

    def write(path: Path) -> None:
        lines = _lines(desk, asked, count)
        if form == "xlsx":
            write_xlsx(path, [(sheet, lines)])
        else:
            with path.open("wb") as out:
                out.writelines(write_csv(sheet, lines))

    path = written(form, write)
    return Made(f"{sheet.title}.{form}", TYPES[form], path, count[0])


def _form(desk: Desk, unit: str) -> Form:
    language = desk.language
    title = say("Leads of investment promotion", language)
    said = say("Unit: {unit}", language, unit=unit)
    return Form(
        title=title,
        sheet_name=title,
        columns=tuple(_column(name, language, unit) for name in SHOWN),
        unit_line=f"{said}　　{say('As of {day}', language, day=desk.today)}",
        band=say("Demo data", language) if is_demo(desk.at(None)) else "",
        footer=say("Page &P of &N", language),
    )


def _column(name: str, language: str, unit: str) -> FormColumn:
    facts = {} if name in TITLES else meta(Lead.model_fields[name])
    dollars = facts.get("unit") == "usd"
    kind: Any = "money" if dollars else KINDS.get(str(facts.get("kind")), "text")
    in_unit = f"（{'万美元' if dollars else unit}）" if kind == "money" else ""
    return FormColumn(
        key=name,
        title=titled(name, language) + in_unit,
        kind=kind,
        width=30 if name in WIDE else 14,
        unit="万美元" if dollars else unit,
        choices=tuple(_words(name, language).values()) if name not in ("stage", "disposition") else (),
    )


def titled(name: str, language: str) -> str:
    """What a column of ours is called."""
    return say(TITLES.get(name) or str(Lead.model_fields[name].title), language)


def _words(name: str, language: str) -> dict[str, str]:
    """Code → word of a field that is a choice."""
    facts = {} if name in TITLES else meta(Lead.model_fields[name])
    if facts.get("kind") != "choice":
        return {}
    members: Any = getattr(codes, str(facts["codes"]))
    return {m.value: word(m, members.__name__, language) for m in members}


def _lines(desk: Desk, asked: Asked, count: list[int]) -> Iterator[FormLine]:
    asked = replace(asked, limit=PAGE, cursor=None)
    spoken = {name: _words(name, desk.language) for name in SHOWN}
    while True:
        found, following = leads.page(desk, asked)
        for lead in found:
            count[0] += 1
            values = [spoken[n].get(lead[n], lead[n]) if spoken[n] else lead[n] for n in SHOWN]
            yield FormLine(values, key=lead["code"], version=lead["version"])
        if following is None:
            return
        asked = replace(asked, cursor=following)


# ── how our own sheets are known again ───────────────────────────────────────────────────────────────────────────────
@cache
def own_captions() -> dict[str, str]:
    """Captions of our own sheets in both languages → field; what the house writes itself is understood and left alone."""
    house = {"stage_on", "disposition", "disposition_reason", "lost_to"}
    return {
        caption(titled(name, language)): "" if name in house else name for language in LANGUAGES for name in SHOWN
    } | {"#version": "version", "#key": "code"}


@cache
def own_words() -> dict[str, dict[str, str]]:
    """Field → word in either language → code."""
    return {
        name: {said.lower(): code for language in LANGUAGES for code, said in _words(name, language).items()}
        for name in SHOWN
        if _words(name, "en")
    }
