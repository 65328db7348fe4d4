"""The facts of a project as its page shows them: groups in reading order, and the control that each is edited with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.projects import ProjectFacts
from app.pages import figures
from app.pages.environment import field_meta
from app.rules.codes import Procedure
from app.rules.money import needs_reason
from app.services.typed import SHAPES, codes_of
from app.words import Word, say, word

GROUPS: tuple[tuple[Word, tuple[str, ...]], ...] = (
    (
        Word("Basic facts"),
        (
            "name", "content", "kind", "construction_nature", "nature_by_hand", "industry", "park", "location", "national_code",
            "registered_in_statistics_on", "statistical_code", "statistical_name", "remarks",
        ),
    ),
    (
        Word("Investor and investment"),
        (
            "investor_name", "contract_amount_yuan", "filed_investment_yuan", "total_investment_yuan", "fixed_investment_yuan",
            "statistical_investment_yuan", "foreign_investment_usd", "plan_year", "annual_plan_yuan", "expected_output_yuan",
            "expected_tax_yuan", "jobs",
        ),
    ),
    (
        Word("Dates"),
        (
            "signed_on", "transfer_month", "planned_start_month", "started_on", "planned_completion_month", "completed_on",
            "planned_production_month", "in_production_on",
        ),
    ),
    (
        Word("Progress and problems"),
        ("progress_text", "problems_own", "problems_government", "bottleneck"),
    ),
    (
        Word("Five procedures"),
        ("approval_class", *(f"{p}_{part}" for p in Procedure for part in ("state", "promised_on"))),
    ),
    (
        Word("Land and energy"),
        ("land_mode", "land_mu", "plant_area_m2", "is_high_energy_emission", "energy_tce"),
    ),
)  # fmt: skip
"""Title and fields. Days of the start and the completion are written by moves and only shown."""
PEOPLE = ("sponsor_leader", "responsible_unit", "responsible_person", "phone", "service_unit")
FAMILY = ("parent_id", "relation", "phase_no")
LONG = 200
UNITS = {
    "mu": Word("mu"),
    "m²": Word("m²"),
    "m2": Word("m²"),
    "percent": Word("%"),
    "people": Word("people"),
    "tce": Word("tce"),
    "usd": Word("10k USD"),
}
HINTS = {"month": Word("2026.4, 2026-04 or 2026年4月"), "day": Word("2026.4.5 or 2026-04-05")}
"""How a date may be typed."""


@dataclass(frozen=True)
class Control:
    """How a field is edited: an input with what stands in it, its unit, or the words to choose from."""

    kind: str
    """text, area or choice."""
    value: str
    unit: str
    hint: str
    choices: tuple[tuple[str, str], ...] = ()
    asks_why: bool = False
    """A change of the present value needs a reason."""
    longest: int = LONG


def is_fact(field: str) -> bool:
    """Can this field be edited by itself?"""
    return field in ProjectFacts.model_fields and field not in (*FAMILY, "enterprise_id")


def control(field: str, value: Any, language: str, noun: str = "project") -> Control:
    """The control for a field that has this value."""
    facts = field_meta(noun, field)
    kind, longest = facts.get("kind"), _longest(field, noun)
    asks = needs_reason(field, value, object())
    if kind in ("choice", "flag"):
        chosen = "" if value is None else str(value) if kind == "choice" else "yes" if value else "no"
        return Control("choice", chosen, "", "", _choices(field, kind, language, noun), asks)
    unit = unit_of(field, language, noun)
    if kind == "yuan":
        return Control("text", figures.exact(value), unit, say("5.4亿 or 54000 in this unit", language), asks_why=asks)
    if facts.get("unit") == "usd":
        return Control("text", "" if value is None else figures.number(value / 10_000), unit, "", asks_why=asks)
    if longest > LONG:
        return Control("area", value or "", "", "", asks_why=asks, longest=longest)
    return Control(
        "text", _plain(value), unit, say(HINTS[kind], language) if kind in HINTS else "", asks_why=asks, longest=longest
    )


def unit_of(field: str, language: str, noun: str = "project") -> str:
    """The unit in which a field is shown and typed, in words."""
    facts = field_meta(noun, field)
    if facts.get("kind") == "yuan":
        return say(figures.WORDS["wan"], language)
    found = UNITS.get(str(facts.get("unit")))
    return say(found, language) if found else ""


def shown(field: str, value: Any, language: str, noun: str = "project") -> str:
    """A fact as it is read: value and unit."""
    if value is None or value == "":
        return ""
    facts = field_meta(noun, field)
    if facts.get("kind") == "yuan":
        return figures.in_words(value, "wan", language)
    if facts.get("unit") == "usd":
        return figures.dollars(value, language)
    text = figures.shown(value, facts, language)
    unit = unit_of(field, language, noun)
    return f"{text} {unit}" if unit else text


def _choices(field: str, kind: str, language: str, noun: str) -> tuple[tuple[str, str], ...]:
    blank = ("", say("Not filled in", language))
    if kind == "flag":
        return (blank, ("yes", say("Yes", language)), ("no", say("No", language)))
    codes = codes_of(field, noun)
    return (blank, *((m.value, word(m, codes.__name__, language)) for m in codes))


def _longest(field: str, noun: str) -> int:
    for limit in SHAPES[noun].model_fields[field].metadata:
        if (found := getattr(limit, "max_length", None)) is not None:
            return int(found)
    return LONG


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)
