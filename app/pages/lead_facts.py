"""The facts of a lead as its page shows them, and the words that every page of the pipeline needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from markupsafe import Markup, escape

from app.models import LeadFacts
from app.models.base import meta
from app.pages import facts, figures
from app.services.frames import Frame
from app.services.lead_projects import SHARED
from app.words import Word, say

GROUPS: tuple[tuple[Word, tuple[str, ...]], ...] = (
    (
        Word("What it is about"),
        (
            "name", "code_name", "content", "kind", "industry", "industry_chain", "technology", "location", "screening_result",
            "likelihood", "grade", "competitors", "remarks",
        ),
    ),
    (
        Word("The investor"),
        (
            "investor_name", "investor_profile", "capital_from", "origin", "channel", "referrer", "contact_name", "contact_title",
            "contact_phone",
        ),
    ),
    (
        Word("Amounts and what it needs"),
        (
            "intended_amount_yuan", "intended_amount_usd", "first_phase_yuan", "fixed_investment_yuan", "expected_output_yuan",
            "expected_tax_yuan", "jobs", "land_mode", "land_mu", "plant_area_m2", "energy_tce", "environment_needs",
        ),
    ),
    (
        Word("Contract and landing"),
        (
            "agreement", "framework_on", "signed_on", "contract_amount_yuan", "contract_amount_usd", "planned_start_month",
            "company_name", "company_credit_code", "company_registered_on", "registered_capital_yuan", "land_secured_on",
            "first_money_on", "funds_arrived_yuan",
        ),
    ),
    (
        Word("Who follows it"),
        ("responsible_leader", "keeper", "keeper_unit", "first_contact_unit", "first_contact_on"),
    ),
)  # fmt: skip
"""Title and fields."""
NOT_TYPED = frozenset({"confidential", "enterprise_id", "parent_project_id"})
"""Facts with forms of their own."""
DUE: dict[str, Word] = {
    "respond": Word("First answer by {day}"),
    "screen": Word("Screening by {day}"),
    "feedback": Word("Feedback by {day}"),
    "update": Word("News by {day}"),
}


def is_fact(field: str) -> bool:
    """Can this field be edited by itself?"""
    return field in LeadFacts.model_fields and field not in NOT_TYPED


def control(field: str, value: Any, language: str) -> facts.Control:
    """The control for a field that has this value."""
    return facts.control(field, value, language, "lead")


def editable(lead: dict[str, Any], writes: frozenset[str]) -> frozenset[str]:
    """What may be edited here: her groups of fields, without what the project says once there is one."""
    known = LeadFacts.model_fields
    hers = frozenset(n for n in known if is_fact(n) and meta(known[n]).get("group") in writes)
    return hers - SHARED.keys() if lead["project_id"] is not None else hers


def days(frm: str | None, until: str) -> int:
    """Days between two dates; 0 when the first is unknown."""
    return (date.fromisoformat(until) - date.fromisoformat(frm)).days if frm else 0


def words_of(reader: Frame) -> dict[str, Any]:
    """What every piece of these pages needs to speak."""
    language, today = reader.language, reader.today

    def idle(lead: dict[str, Any]) -> str:
        """Why the light is as it is."""
        if lead["light"] == "none":
            return ""
        n = days(lead["progress_on"] or lead["registered_on"], today)
        said = say("No progress for {n} days", language, n=n) if n else say("Progress today", language)
        return said + (say("; proposed for removal", language) if lead["to_remove"] else "")

    def due(lead: dict[str, Any]) -> str:
        """What the clock asks for, and how late it is; the day in it does not break."""
        if lead["due"] is None:
            return ""
        what, day = lead["due"]["what"], lead["due"]["on"]
        late = days(day, today)
        said = say(DUE[what], language, day=day) + (say(" ({n} days late)", language, n=late) if late > 0 else "")
        return escape(said).replace(day, Markup('<span class="nb">{}</span>').format(day))

    def money(lead: dict[str, Any], unit: str) -> tuple[str, str]:
        """The amount that stands for a lead, and what it is."""
        for field, said in (("contract_amount", Word("contract")), ("intended_amount", Word("intended"))):
            if (yuan := lead[f"{field}_yuan"]) is not None:
                return figures.in_words(yuan, unit, language), say(said, language)
            if (usd := lead[f"{field}_usd"]) is not None:
                return figures.dollars(usd, language), say(said, language)
        return "", ""

    return {
        "noun": "lead",
        "facts_at": lambda lead: f"/leads/{lead['id']}",
        "shown_fact": lambda field, value: facts.shown(field, value, language, "lead"),
        "sum_of": lambda lead, field: "",
        "idle": idle,
        "due": due,
        "money": money,
    }
