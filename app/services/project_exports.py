"""One project on its own page (one-project form): everything that a ledger can show of it, its months, room for signatures.

Ready to come back: the page is compared cell by cell, as a ledger is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project
from app.rules.access import Act
from app.rules.codes import Ledger, Procedure
from app.services import columns as ledger_columns
from app.services import reports
from app.services.columns import LIGHT, NAME, OF_PLAN, OF_TOTAL, ZONE, Column
from app.services.demo import is_demo
from app.services.exports import TYPES, UNITS, Made, form_column, written
from app.services.field_titles import title
from app.services.industries import list_ as industry_list
from app.services.paper_cells import Cells
from app.sheets.forms import FormColumn
from app.sheets.page_writing import PageCell, PageForm, write_page
from app.words import Word, say

MONTHS = 12
"""Reports that the page shows, the last ones."""
BLOCKS: tuple[tuple[Word, tuple[str, ...]], ...] = (
    (
        Word("Basic facts"),
        (
            "name", "zone", "ledger", "light", "construction_nature", "kind", "industry", "park", "location", "national_code",
            "investor_name", "content",
        ),
    ),
    (
        Word("Investment"),
        (
            "total_investment_yuan", "annual_plan_yuan", "invested_before_this_year_yuan", "invested_this_year_yuan",
            "percent_of_plan", "invested_to_date_yuan", "percent_of_total", "contract_amount_yuan", "filed_investment_yuan",
            "fixed_investment_yuan", "statistical_investment_yuan", "foreign_investment_usd",
        ),
    ),
    (
        Word("Dates"),
        (
            "signed_on", "transfer_month", "planned_start_month", "started_on", "planned_completion_month", "completed_on",
            "planned_production_month", "in_production_on", "registered_in_statistics_on",
        ),
    ),
    (Word("Progress and problems"), ("progress_text", "problems_own", "problems_government", "bottleneck")),
    (Word("Five procedures"), tuple(f"{step}_state" for step in Procedure)),
    (
        Word("Responsibility"),
        ("sponsor_leader", "responsible_unit", "responsible_person", "phone", "service_unit"),
    ),
)  # fmt: skip
"""Title and columns of each block; what a ledger can show beside these stands in a last one."""
LEFT_OUT = frozenset({"serial", "class", "source", "postponements", "parent_id", "relation", "phase_no"})
"""Columns of a list only, and places in a family that are numbers of other projects."""
LEDGER = Column("ledger", "Ledger", "choice", 90, needs=("ledger",), extra={"codes": "Ledger"})


def file(desk: Desk, id_: int, unit: str = "wan") -> Made:
    """The page of a project as .xlsx; the caller removes the file. ``unit``: wan or yi."""
    row = desk.get(Project, id_, to=Act.EXPORT_RUN)
    form = _form(desk, row, UNITS[unit])
    path = written("xlsx", lambda path: write_page(path, form))
    return Made(f"{row.name[:80]}.xlsx", TYPES["xlsx"], path, 1)


def _form(desk: Desk, row: Project, unit: str) -> PageForm:
    language = desk.language
    months = _months(desk, row, unit)
    return PageForm(
        title=row.name,
        key=row.code,
        version=row.since,
        blocks=list(_blocks(desk, row, unit)),
        unit_line="　　".join((
            say("Unit: {unit}", language, unit=unit), row.code, say("As of {day}", language, day=desk.today),
        )),
        band=say("Demo data", language) if is_demo(desk.at(None)) else "",
        months=(say("Month by month", language), *months) if months[1] else None,
        signatures=("　　　　　　".join(
            say(msgid, language) for msgid in (
                Word("Filled in by (signature):"), Word("Responsible unit (seal):"), Word("Sponsor leader (signature):"),
            )
        ),),
        footer=say("Page &P of &N", language),
    )  # fmt: skip


def _blocks(desk: Desk, row: Project, unit: str) -> Iterator[tuple[str, list[PageCell]]]:
    language = desk.language
    known = ledger_columns.all_of(Ledger(row.ledger)) | {
        c.key: c for c in (NAME, ZONE, LEDGER, LIGHT, OF_PLAN, OF_TOTAL)
    }
    named = {key for _, keys in BLOCKS for key in keys}
    rest = tuple(key for key in known if key not in named and key not in LEFT_OUT)
    values = _values(desk, row, known)
    industries = tuple(i["name"] for i in industry_list(desk.at(None)))
    for heading, keys in (*BLOCKS, (Word("Others"), rest)):
        shown = [known[key] for key in keys if key in known]
        yield (
            say(heading, language),
            [PageCell(_cell(c, language, unit, industries), values[c.key], _wide(c)) for c in shown],
        )


def _cell(column: Column, language: str, unit: str, industries: tuple[str, ...]) -> FormColumn:
    if column.key == "ledger":
        return FormColumn(column.key, say(column.title, language), "choice")
    return form_column(column, language, unit, industries)


def _wide(column: Column) -> bool:
    return column.key == "name" or bool(column.extra.get("long"))


def _values(desk: Desk, row: Project, columns: dict[str, Column]) -> dict[str, Any]:
    """By key of column; read as a ledger reads, so that what she may not see is masked."""
    needs = tuple(dict.fromkeys(("marks", *(n for c in columns.values() for n in c.needs))))
    (found,) = desk.select(
        Project, ("one", needs), lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": row.id}, columns=needs
    )
    at, cells = {n: i for i, n in enumerate(needs)}, Cells(desk)
    return {key: cells.maker(column)(found, at) for key, column in columns.items() if key not in LEFT_OUT}


def _months(desk: Desk, row: Project, unit: str) -> tuple[list[FormColumn], list[list[Any]]]:
    """The last reports in the order of their months; the sheet's reader leaves them alone."""
    language = desk.language
    columns = [
        FormColumn("", say("Month", language), "month"),
        FormColumn("", title("invested_this_month_yuan", language), "money", unit=unit),
        FormColumn("", title("invested_this_year_yuan", language), "money", unit=unit),
        FormColumn("", title("progress_text", language)),
    ]
    found = reversed(reports.list_(desk, row.id or 0)[:MONTHS])
    rows = [[r["month"], r["invested_yuan"], r["cumulative_this_year_yuan"], r["progress_text"]] for r in found]
    return columns, rows
