"""Lights of projects: rules as data, and one function that says colour, why, and on which day it will turn by itself.

The pace is judged at the reporting month, the last with a submitted report: a report that is missing has its own mark
and never makes a light worse. The start and statistics rules run on the calendar day. What is stored of the reason is a
code and numbers that do not age; the sentence is made where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.rules.codes import Disposition, Ledger, Light
from app.rules.money import due_share, months_between, next_month, pace, tenth

LIGHT_RULES: dict[str, dict[str, Any]] = {
    "yinchuan": {
        "start": {"yellow_months": 1, "red_months": 3},
        "pace": {"measure": "points_behind", "yellow_from": 10, "red_above": 30},
        "statistics": {"yellow_months": 1, "red_months": 2, "least_total_yuan": 5_000_000},
    },
    "wuhan": {"pace": {"measure": "percent_of_due", "yellow_below": 80, "red_below": 60}},
    "sanya": {
        "pace": {
            "measure": "percent_of_due",
            "yellow_below": 100,
            "red_below": 50,
            "least_annual_plan_yuan": 10_000_000,
        }
    },
}
"""Published rules, named after the city: JSON, editable. Points behind and percent of what is due are different mathematics.

``start``: months since the planned start month (1: the month has passed). ``statistics``: months since the start without
being in the statistics register, for projects that are large enough to be in it. Less behind than ``yellow_from`` is
green.
"""

USUAL = "yinchuan"
LIGHT_RULES_KEY = "light_rules"
"""The setting that holds other rules, once the city office has chosen or written some."""

SENTENCES = {
    "exited": "Left the ledgers",
    "completed": "Completed",
    "suspended": "Suspended",
    "deferred": "Deferred",
    "reserve": "Not yet due to start",
    "no_planned_start": "No planned start month",
    "no_annual_plan": "No annual plan",
    "not_reported": "No report yet this year",
    "spending_unknown": "Spending of this year unknown",
    "no_rule": "No light rule for this ledger",
    "below_scope": "Too small for the light rule",
    "start_ahead": "Planned to start in {planned}",
    "start_missed": "Planned to start in {planned}, not started",
    "start_ahead_slipped": "Planned to start in {planned}, first in {first}, postponed {postponements} times",
    "start_missed_slipped": "Planned to start in {planned}, first in {first}, postponed {postponements} times, not started",
    "start_postponed": "First planned to start in {planned}, postponed {postponements} times, not started",
    "pace_ahead": "Time passed {due} %, done {percent} %: {points} points ahead",
    "pace_behind": "Time passed {due} %, done {percent} %: {points} points behind",
    "pace_ahead_of_first": "Time passed {due} %, done {percent} % of the first plan of the year: {points} points ahead",
    "pace_behind_first": "Time passed {due} %, done {percent} % of the first plan of the year: {points} points behind",
    "statistics_missing": "Started on {started}, {months} months on not in the statistics register",
}
WORSE = (Light.NONE, Light.GREEN, Light.YELLOW, Light.RED)


@dataclass(frozen=True, slots=True)
class LightFacts:
    """What a light is computed from. ``planned_start_month`` and ``annual_plan_yuan`` are the baseline: what was first
    committed to in the year, or what the city office accepted since; ``first_start_month`` is the month named first of
    all, ``plan_changed`` says that another plan of the year is in force. ``this_year_yuan`` is the sum at the end of the
    reporting month."""

    ledger: Ledger | str
    disposition: Disposition | str = Disposition.ACTIVE
    planned_start_month: str | None = None
    first_start_month: str | None = None
    postponements: int = 0
    started_on: str | None = None
    registered_in_statistics_on: str | None = None
    total_investment_yuan: int | None = None
    plan_year: int | None = None
    annual_plan_yuan: int | None = None
    plan_changed: bool = False
    plan_months: Mapping[int, int] | None = None
    this_year_yuan: int | None = None


@dataclass(frozen=True, slots=True)
class Lit:
    """A light: colour, code of the reason and its numbers, and the next day on which it changes if nothing happens.

    ``also`` holds what the other rules found, worst first, as (colour, code, numbers).
    """

    colour: Light
    code: str
    numbers: dict[str, Any] = field(default_factory=dict)
    turns_on: str | None = None
    also: tuple[tuple[Light, str, dict[str, Any]], ...] = ()

    @property
    def msgid(self) -> str:
        return SENTENCES[self.code]

    @property
    def reason(self) -> dict[str, Any]:
        """What is stored beside the colour."""
        return {"code": self.code, **self.numbers}


def light(
    facts: LightFacts, today: str, reporting_month: str | None, rules: Mapping[str, Any] = LIGHT_RULES[USUAL]
) -> Lit:
    """The light of a project on the day ``today``, its pace judged at ``reporting_month`` (None: nothing reported)."""
    if (word := _without_light(facts)) is not None:
        return Lit(Light.NONE, word)
    upcoming = facts.ledger == Ledger.UPCOMING
    pace_ = _pace(facts, reporting_month, rules["pace"]) if "pace" in rules and not upcoming else None
    now = _light(facts, today, pace_, rules)
    for day in _turning_days(facts, rules):
        if day > today:
            then = _light(facts, day, pace_, rules)
            if (then.colour, then.code, then.numbers) != (now.colour, now.code, now.numbers):
                return replace(now, turns_on=day)
    return now


def _light(facts: LightFacts, today: str, pace_: Lit | None, rules: Mapping[str, Any]) -> Lit:
    """What the calendar says on a day, beside what the pace says whatever the day."""
    if facts.ledger == Ledger.UPCOMING:
        return _start(facts, today, rules["start"]) if "start" in rules else Lit(Light.NONE, "no_rule")
    found = [pace_] if pace_ is not None else []
    late = _statistics(facts, today, rules["statistics"]) if "statistics" in rules else None
    if late is not None:
        found.append(late)
    if not found:
        return Lit(Light.NONE, "no_rule")
    # Without an annual plan there is no light at all, only the word; what the calendar says stands beside it.
    if found[0].code != "no_annual_plan":
        found.sort(key=lambda lit: -WORSE.index(lit.colour))
    return replace(found[0], also=tuple((lit.colour, lit.code, lit.numbers) for lit in found[1:]))


def _without_light(facts: LightFacts) -> str | None:
    """The word that stands instead of a light."""
    if facts.disposition in (Disposition.LOST, Disposition.WITHDRAWN):
        return "exited"
    if facts.ledger == Ledger.COMPLETED:
        return "completed"
    if facts.disposition in (Disposition.SUSPENDED, Disposition.DEFERRED):
        return str(facts.disposition)
    return "reserve" if facts.ledger == Ledger.RESERVE else None


def _start(facts: LightFacts, today: str, rule: Mapping[str, Any]) -> Lit:
    planned = facts.planned_start_month
    if planned is None:
        return Lit(Light.NONE, "no_planned_start")
    passed = months_between(planned, today)
    colour = _by_months(passed, rule)
    numbers: dict[str, Any] = {"planned": planned}
    first = facts.first_start_month
    if first is not None and first < planned:  # the slip stays in sight, whatever was accepted
        slip = {**numbers, "first": first, "postponements": facts.postponements}
        return Lit(colour, "start_ahead_slipped" if colour is Light.GREEN else "start_missed_slipped", slip)
    if colour is Light.GREEN:
        return Lit(colour, "start_ahead", numbers)
    if facts.postponements:
        return Lit(colour, "start_postponed", {**numbers, "postponements": facts.postponements})
    return Lit(colour, "start_missed", numbers)


def _by_months(months: int, rule: Mapping[str, Any]) -> Light:
    if months >= rule["red_months"]:
        return Light.RED
    return Light.YELLOW if months >= rule["yellow_months"] else Light.GREEN


def _pace(facts: LightFacts, month: str | None, rule: Mapping[str, Any]) -> Lit:
    year = facts.plan_year
    if not facts.annual_plan_yuan or (month and year and year < int(month[:4])):
        return Lit(Light.NONE, "no_annual_plan")
    if facts.annual_plan_yuan < rule.get("least_annual_plan_yuan", 0):
        return Lit(Light.NONE, "below_scope")
    if month is None or (year and int(month[:4]) < year):
        return Lit(Light.NONE, "not_reported")
    due = due_share(month, planned_start_month=facts.planned_start_month, plan_months=facts.plan_months)
    found = pace(facts.this_year_yuan, facts.annual_plan_yuan, due)
    if found is None:
        return Lit(Light.NONE, "spending_unknown")
    numbers = {
        "points": abs(tenth(found.points)),
        "percent": tenth(found.done * 100),
        "due": tenth(found.due * 100),
        "month": month,
    }
    colour = _behind(-found.points, rule) if rule["measure"] == "points_behind" else _of_due(found.percent_of_due, rule)
    behind = found.points < 0
    if facts.plan_changed:
        return Lit(colour, "pace_behind_first" if behind else "pace_ahead_of_first", numbers)
    return Lit(colour, "pace_behind" if behind else "pace_ahead", numbers)


def _behind(points: Any, rule: Mapping[str, Any]) -> Light:
    if points > rule["red_above"]:
        return Light.RED
    return Light.YELLOW if points >= rule["yellow_from"] else Light.GREEN


def _of_due(percent: Any, rule: Mapping[str, Any]) -> Light:
    if percent is None or percent >= rule["yellow_below"]:
        return Light.GREEN
    return Light.RED if percent < rule["red_below"] else Light.YELLOW


def _statistics(facts: LightFacts, today: str, rule: Mapping[str, Any]) -> Lit | None:
    """None while all is well: registered, not started, not due yet, or too small to be counted."""
    if facts.started_on is None or facts.registered_in_statistics_on is not None:
        return None
    if facts.total_investment_yuan is not None and facts.total_investment_yuan < rule["least_total_yuan"]:
        return None
    for colour, months in ((Light.RED, rule["red_months"]), (Light.YELLOW, rule["yellow_months"])):
        if today >= months_later(facts.started_on, months):
            return Lit(colour, "statistics_missing", {"started": facts.started_on, "months": months})
    return None


def _turning_days(facts: LightFacts, rules: Mapping[str, Any]) -> list[str]:
    """Every day on which a calendar rule can change this light, in order."""
    days = []
    if "start" in rules and facts.planned_start_month is not None:
        days += [f"{next_month(facts.planned_start_month, by)}-01" for by in rules["start"].values()]
    if "statistics" in rules and facts.started_on is not None:
        rule = rules["statistics"]
        days += [months_later(facts.started_on, rule[key]) for key in ("yellow_months", "red_months")]
    return sorted(days)


def crossed(rules: Mapping[str, Any]) -> str | None:
    """The first rule of a set in which red would come before yellow."""
    pairs = {
        "start": ("yellow_months", "red_months"),
        "pace": ("yellow_from", "red_above"),
        "statistics": ("yellow_months", "red_months"),
    }
    for name, rule in rules.items():
        sooner, later = pairs[name]
        if rule.get("measure") == "percent_of_due":
            sooner, later = "red_below", "yellow_below"
        if rule[sooner] > rule[later]:
            return name
    return None


@lru_cache(maxsize=1 << 14)
def months_later(day: str, months: int) -> str:
    """The same day so many months later, or that month's last day: ``2026-08-31`` + 1 is ``2026-09-30``."""
    month = next_month(day[:7], months)
    last = date.fromisoformat(f"{next_month(month)}-01") - timedelta(days=1)
    return f"{month}-{min(int(day[8:10]), last.day):02d}"
