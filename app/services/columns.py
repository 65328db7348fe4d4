"""The columns of the ledgers as data: what each shows, how wide, under which heading, and which field it edits.

The defaults follow the forms of the field and differ by ledger; the chooser has the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.models import ProjectFacts
from app.models.base import meta
from app.models.projects import Project
from app.rules.codes import Ledger, Procedure
from app.words import Word, say

SMALLEST, LARGEST = 1, 60
"""Classes ``pw-1`` to ``pw-60`` of the stylesheet: widths on paper in half percents."""


@dataclass(frozen=True)
class Column:
    """One column of a ledger."""

    key: str
    title: str
    """msgid of its heading."""
    kind: str
    """How it is shown: yuan, percent, text, month, day, choice, light, state and the few made of several fields."""
    width: int
    """Pixels on the screen."""
    heading: str = ""
    """msgid of the heading above it and its neighbours; none when it stands alone."""
    needs: tuple[str, ...] = ()
    """Fields of a project that it is made of, the one it shows first."""
    edits: str | None = None
    """Field that typing into it changes."""
    group: str | None = None
    """Group of fields that the right to write is granted by."""
    phone: int = 0
    """Place in the two-line card of a phone: 1 beside the name, 2 and 3 below; 0: not there."""
    sort: str | None = None
    summed: bool = False
    """The totals row has a figure for it."""
    extra: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    def __hash__(self) -> int:
        return hash(self.key)

    def wide(self, language: str) -> int:
        """Pixels on the screen; English words are longer than Chinese ones, figures are not."""
        if language != "en" or self.kind in ("month", "day"):
            return self.width
        return round(self.width * (1.12 if self.numeric else 1.37 if self.width < 110 else 1.2))

    @property
    def numeric(self) -> bool:
        return self.kind in ("yuan", "percent", "number")


SUMMED = frozenset({"total_investment_yuan", "annual_plan_yuan", "invested_this_year_yuan", "invested_to_date_yuan"})
MONEY, LAND, PROGRESS, STEPS, DATES, PEOPLE = (
    Word("Investment"),
    Word("Land"),
    Word("Progress"),
    Word("Five procedures"),
    Word("Dates"),
    Word("Responsibility"),
)
WIDTHS = {"yuan": 98, "month": 84, "day": 96, "choice": 84, "flag": 72, "count": 84, "measure": 84, "text": 120}
KINDS = {"measure": "number", "count": "number", "flag": "choice"}


ON_PAPER: dict[str, int] = {
    "light": 118, "yuan": 116, "percent": 84, "state": 108, "number": 72, "day": 146, "month": 118, "phone": 180,
    "responsible_person": 104, "sponsor_leader": 104, "service_person": 104, "construction_nature": 96, "class": 96,
    "content": 240, "land_mode": 108, "problems_own": 140, "remarks": 104,
}  # fmt: skip
"""Widths on paper by key or kind where they differ from the screen's: figures may not touch, a day, a phone number and a
name stand in one line, bars are not printed."""
NAME_ON_PAPER, NUMBER_ON_PAPER = 232, 44


def _field(name: str, heading: str = "", width: int = 0, title: str = "", phone: int = 0) -> Column:
    """A column that shows one field of a project as it is."""
    found = Project.model_fields[name]
    facts = meta(found)
    kind = str(facts.get("kind"))
    writable = name in ProjectFacts.model_fields
    return Column(
        key=name,
        title=title or str(found.title),
        kind=KINDS.get(kind, kind),
        width=width or WIDTHS.get(kind, 120),
        heading=heading,
        needs=(name,),
        edits=name if writable else None,
        group=facts.get("group") if writable else None,
        phone=phone,
        sort=None if facts.get("private") or facts.get("long") else name,
        summed=name in SUMMED,
        extra={"codes": facts.get("codes"), "long": bool(facts.get("long")), "of": kind, "unit": facts.get("unit")},
    )


def _percent(key: str, title: str, part: str, whole: str, phone: int = 0) -> Column:
    needs = (part, whole, "light_reason")
    return Column(key, title, "percent", 118, MONEY, needs, phone=phone, extra={"part": part, "whole": whole})


def _procedure(step: Procedure, title: str) -> Column:
    state, promised = f"{step.value}_state", f"{step.value}_promised_on"
    edits = {"edits": state, "group": "procedures", "extra": {"codes": "ProcedureState", "promised": promised}}
    return Column(state, title, "state", 124, STEPS, (state, promised), sort=state, **edits)  # type: ignore[arg-type]


SERIAL = Column("serial", "No.", "serial", 40)
NAME = Column("name", "Project name", "text", NAME_ON_PAPER, needs=("name",))
LIGHT = Column("light", "Light", "light", 70, needs=("light", "light_reason"), phone=2, sort="light")
ZONE = Column("zone", "Zone", "zone", 104, needs=("zone_id",))
CLASS = Column(
    "class", "Class", "class", 76, needs=("kind", "relation"), edits="kind", group="facts", extra={"codes": "Kind"}
)
SOURCE = Column("source", "Source", "source", 60, needs=("signed_on",))
OF_PLAN = _percent("percent_of_plan", "% of annual plan", "invested_this_year_yuan", "annual_plan_yuan", phone=3)
OF_TOTAL = _percent("percent_of_total", "% of total", "invested_to_date_yuan", "total_investment_yuan")
STEPS_SHORT = {
    Procedure.FILING: Word("Filing"),
    Procedure.LAND: Word("Land use"),
    Procedure.ENVIRONMENT: Word("Environment"),
    Procedure.PLANNING_PERMIT: Word("Planning permit"),
    Procedure.CONSTRUCTION_PERMIT: Word("Construction permit"),
}
PROCEDURES = tuple(_procedure(step, title) for step, title in STEPS_SHORT.items())


def _answering(*names: str) -> tuple[Column, ...]:
    widths = {
        "sponsor_leader": 88,
        "responsible_unit": 128,
        "responsible_person": 80,
        "phone": 116,
        "service_unit": 128,
    }
    return tuple(_field(n, PEOPLE, widths[n]) for n in names)


TOTAL = _field("total_investment_yuan", MONEY, 132, phone=1)
INVESTOR = _field("investor_name", width=170)
CONTENT = _field("content", width=220)
REMARKS = _field("remarks", width=160)

DEFAULTS: dict[Ledger, tuple[Column, ...]] = {
    Ledger.IN_CONSTRUCTION: (
        LIGHT,
        _field("construction_nature", width=76),
        INVESTOR,
        CONTENT,
        TOTAL,
        _field("invested_before_this_year_yuan", MONEY, 104, "To the end of last year"),
        _field("annual_plan_yuan", MONEY),
        _field("invested_this_month_yuan", MONEY, title="This month"),
        _field("invested_this_year_yuan", MONEY, title="This year"),
        OF_PLAN,
        _field("invested_to_date_yuan", MONEY, title="Since the start"),
        OF_TOTAL,
        _field("progress_text", PROGRESS, 180),
        _field("problems_own", PROGRESS, 160),
        _field("problems_government", PROGRESS, 140),
        _field("started_on", DATES, title="Start"),
        _field("planned_completion_month", DATES),
        _field("registered_in_statistics_on", DATES, title="In statistics"),
        *_answering("sponsor_leader", "responsible_unit", "responsible_person", "phone", "service_unit"),
        REMARKS,
    ),
    Ledger.UPCOMING: (
        LIGHT,
        CLASS,
        INVESTOR,
        CONTENT,
        TOTAL,
        _field("land_mode", LAND, 84),
        _field("land_mu", LAND, 84, "Land (mu)"),
        *PROCEDURES,
        _field("planned_start_month", "Start", 84, phone=3),
        _field("postponements", "Start", 72, "Postponed (times)"),
        _field("bottleneck", PROGRESS, 140),
        _field("problems_government", PROGRESS, 140),
        *_answering("sponsor_leader", "responsible_unit", "responsible_person", "service_unit"),
        REMARKS,
    ),
    Ledger.RESERVE: (
        SOURCE,
        INVESTOR,
        CONTENT,
        TOTAL,
        _field("land_mu", width=92, title="Land wanted (mu)"),
        _field("signed_on", phone=3),
        _field("progress_text", PROGRESS, 220, "Latest progress", phone=2),
        _field("progress_told_on", PROGRESS, title="Told on"),
        _field("transfer_month", width=104),
        *_answering("sponsor_leader", "responsible_unit", "responsible_person"),
        REMARKS,
    ),
    Ledger.COMPLETED: (
        INVESTOR,
        CONTENT,
        TOTAL,
        _field("invested_to_date_yuan", MONEY, title="Since the start"),
        OF_TOTAL,
        _field("started_on", DATES, title="Start"),
        _field("completed_on", DATES, title="Completion", phone=3),
        _field("in_production_on", DATES, title="Production"),
        _field("registered_in_statistics_on", DATES, title="In statistics"),
        *_answering("sponsor_leader", "responsible_unit", "responsible_person"),
        REMARKS,
    ),
}

NO_COLUMN = frozenset({"name", "nature_by_hand", "plan_year", "enterprise_id"})


@lru_cache(maxsize=8)
def all_of(ledger: Ledger) -> dict[str, Column]:
    """Every column that this ledger can show, the default ones first."""
    found = {c.key: c for c in DEFAULTS[ledger]}
    for other in DEFAULTS.values():
        found |= {c.key: c for c in other if c.key not in found}
    for name in ProjectFacts.model_fields:
        promised = name.endswith("_promised_on")
        if name not in found and name not in NO_COLUMN and not promised:
            found[name] = _field(name)
    return found


def chosen(ledger: Ledger, keys: Iterable[str] | None) -> tuple[Column, ...]:
    """The columns with these keys in the order of the register; the default ones when none is named."""
    known, wanted = all_of(ledger), set(keys or ())
    return tuple(c for k, c in known.items() if k in wanted) or DEFAULTS[ledger]


def headings(columns: tuple[Column, ...]) -> list[tuple[str, list[Column]]]:
    """Neighbours under one heading together; a column without heading stands alone."""
    found: list[tuple[str, list[Column]]] = []
    for column in columns:
        if column.heading and found and found[-1][0] == column.heading:
            found[-1][1].append(column)
        else:
            found.append((column.heading, [column]))
    return found


def _on_paper(column: Column | None) -> int:
    if column is None:
        return NAME_ON_PAPER
    return ON_PAPER.get(column.key) or ON_PAPER.get(column.kind, column.width)


def paper_width(column: Column | None, columns: tuple[Column, ...]) -> int:
    """Class number of a column's width on paper, its share of the sheet in half percents; None: the project's name."""
    whole = sum(map(_on_paper, (None, *columns))) + NUMBER_ON_PAPER
    return max(SMALLEST, min(LARGEST, round(200 * _on_paper(column) / whole)))


IN_CELLS = {"light": 8, "yuan": 12.5, "percent": 9, "day": 11, "month": 9, "number": 9, "choice": 9, "serial": 5}
"""Characters that a column of a workbook needs for its kind; text has what it has on the screen, a little narrower."""


def characters(column: Column) -> float:
    """Width of a column in a workbook: a ledger on A3 paper must stay legible."""
    return IN_CELLS.get(column.kind) or max(9, round(column.width / 9))


def caption(column: Column, language: str) -> str:
    """The heading of a column in a workbook; dollars say so, for the unit line speaks of yuan."""
    title = say(column.title, language)
    return say("{title} (10k USD)", language, title=title) if column.extra.get("unit") == "usd" else title
