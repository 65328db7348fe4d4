"""Invented cases of the demo projects: how long approvals took before powers were handed down, and since."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.demo.dates import days_later
from app.rules.calendar import CALENDAR, days_after
from app.rules.chains import CHAINS, PERMIT, applies, class_of
from app.rules.codes import ProcedureState

Row = dict[str, Any]
HELD_ON = Callable[[str, str], bool]
"""Does the zone settle the step that items serve under this key on this day?"""

ORDER = (
    ("filing", "filing"), ("land", "land"), ("land_permit", "land"), ("environment", "environment"), ("energy", "environment"),
    ("water_soil", "environment"), ("design_review", "planning_permit"), ("planning_permit", "planning_permit"),
    ("drawing_review", "construction_permit"), ("civil_defence", "construction_permit"), (PERMIT, "construction_permit"),
)  # fmt: skip
"""The steps in the order in which they are told, each with the procedure whose state speaks for it."""
OFFICES = {
    "filing": "行政审批服务局", "land": "自然资源和规划局", "land_permit": "自然资源和规划局", "environment": "生态环境局",
    "energy": "行政审批服务局", "water_soil": "水利局", "design_review": "自然资源和规划局", "planning_permit": "自然资源和规划局",
    "drawing_review": "住房和城乡建设局", "civil_defence": "国防动员办公室", PERMIT: "住房和城乡建设局",
}  # fmt: skip
OWN_OFFICE = "开发区行政审批局"


def cases(project: Mapping[str, Any], seed: int, held_on: HELD_ON, today: str) -> list[Row]:
    """The cases of one project: those of the procedures that are done, and of the one under way."""
    if not project["signed_on"] or not project["filing_state"]:
        return []
    steps = {step["key"]: step for step in CHAINS[class_of(project)]["steps"]}
    rng = random.Random(f"cases/{seed}/{project['code']}")
    found: list[Row] = []
    latest = project["started_on"] or today
    day = str(project["signed_on"])
    for key, procedure in ORDER:
        state = project[f"{procedure}_state"]
        if key not in steps or state == ProcedureState.NOT_STARTED or applies(steps[key], project) is False:
            continue
        if applies(steps[key], project) is None and key != procedure:
            continue
        day = days_after(day, rng.randint(1, 12), CALENDAR)
        day = min(latest, day)
        done = state == ProcedureState.DONE
        if not done and key != procedure:
            continue
        row = _decided(rng, steps[key], day, held_on, latest) if done else _open(rng, key, day, project, today)
        found.append(row)
        day = row.get("decided_on") or day
    return found


def _decided(rng: random.Random, step: Row, applied: str, held_on: HELD_ON, latest: str) -> Row:
    """A case that was granted, slower outside than where the zone settles it, now and then beyond its promise. What would
    not have been granted by the ``latest`` day was applied for earlier, beside the step before."""
    promised = step["promised_days"] or 5
    own = held_on(step["served_as"], applied)
    share = rng.uniform(0.4, 0.95) if own else rng.uniform(0.9, 2.1)
    days = max(1, round(promised * share))
    accepted = days_after(applied, rng.randint(0, 2), CALENDAR)
    decided = days_after(accepted, days, CALENDAR)
    if decided > latest:
        accepted, decided = days_later(latest, -days * 7 // 5), latest
        applied = min(applied, accepted)
    row: Row = {
        "step": step["key"], "applied_on": applied, "accepted_on": accepted, "decided_on": decided, "result": "granted",
        "settled_in": "zone" if own else step["authority"], "settled_by": OWN_OFFICE if own else OFFICES[step["key"]],
        "settled_under": "delegated" if own else "window_only" if rng.random() < 0.15 else None,
        "corrections_asked": rng.choice((0, 0, 0, 1, 1, 2)),
    }  # fmt: skip
    return row


def _open(rng: random.Random, key: str, applied: str, project: Mapping[str, Any], today: str) -> Row:
    """A case under way, promised for the day that stands on the project's row."""
    promised = project[f"{key}_promised_on"]
    applied = max(applied, days_later(today, -rng.randint(5, 45)))
    applied = min([applied, *([days_later(promised, -3)] if promised else [])])
    return {
        "step": key,
        "applied_on": applied,
        "accepted_on": applied if rng.random() < 0.8 else None,
        "promised_on": promised,
    }


def served(held: Sequence[Any], items: Mapping[str, Sequence[str]]) -> HELD_ON:
    """Whether a zone that holds these settles a step on a day: all items that serve it."""

    def held_on(step: str, day: str) -> bool:
        codes = items.get(step, ())
        own = {one.power for one in held if one.settles(day)}
        return bool(codes) and own.issuperset(codes)

    return held_on
