"""A project's way through its approval chain, for both faces."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from app.desk import Desk
from app.models import Project
from app.rules.chains import class_of
from app.rules.coverage import counted, settling
from app.rules.paths import Stage, StepState, Way, current, days_of, way
from app.services import cases, coverage_rows, entering
from app.services.calendar import calendar
from app.services.zone_search import numbered
from app.words import say

Record = dict[str, Any]


def read(desk: Desk, project_id: int) -> Record:
    """Who settles each step, where it leaves the zone first, days inside and outside, what is late, when the permit comes."""
    return _read(desk, project_id)[0]


def with_cases(desk: Desk, project_id: int) -> Record:
    """The same with every case of the project (``cases``): those too that ended otherwise before a step was settled."""
    found, all_ = _read(desk, project_id)
    return {**found, "cases": [case for case in all_ if case["id"]]}


def _read(desk: Desk, project_id: int) -> tuple[Record, list[Record]]:
    project = desk.get(Project, project_id, deleted=True)
    class_ = class_of(vars(project))
    steps = entering.chains(desk)[class_]["steps"]
    by_step: dict[str, list[Record]] = defaultdict(list)
    all_ = cases.list_(desk, project_id)
    for case in all_:
        by_step[case["step"]].append(case)
    mine = {step: now for step, all_ in by_step.items() if (now := current(all_))}
    zone = numbered(desk)[project.zone_id][0]
    served = coverage_rows.serving(steps, coverage_rows.items(desk))
    where = settling(served, coverage_rows.held(desk, zone), desk.today)
    found = way(steps, vars(project), mine, where, desk.today, calendar(desk))
    strange = [key for key in by_step if key not in {step["key"] for step in steps}]
    return _told(desk, project, class_, found, by_step, strange), all_


def _told(
    desk: Desk, project: Project, class_: str, found: Way, by_step: dict[str, list[Record]], strange: list[str]
) -> Record:  # fmt: skip
    stages = [_stage(desk, stage, len(by_step.get(stage.key, ()))) for stage in found.stages]
    names = {stage["step"]: stage["name"] for stage in stages}
    live = [stage for stage in stages if stage["state"] not in (StepState.NOT_NEEDED, StepState.NOT_KNOWN)]
    return {
        "project_id": project.id, "class": class_, "class_told": project.approval_class is not None, "on": desk.today,
        "steps": stages, "leaves_at": found.leaves_at, "leaves_at_name": names.get(found.leaves_at or ""),
        "days_inside": found.days_inside, "days_outside": found.days_outside,
        "settled": sum(stage["state"] == StepState.SETTLED for stage in live), "of": len(live),
        "late": [stage["step"] for stage in live if stage["late"] and stage["state"] == StepState.UNDER_WAY],
        "permit_on": found.permit_on, "permit_granted": found.permit_granted,
        "unknown": [stage["step"] for stage in stages if stage["state"] == StepState.NOT_KNOWN],
        "without_days": list(found.without_days),
        "beside": [case for key in strange for case in by_step[key]],
    }  # fmt: skip


def _stage(desk: Desk, stage: Stage, count: int) -> Record:
    step, case = stage.step, stage.case
    return {
        "step": stage.key, "name": say(step["name"], desk.language), "phase": step["phase"], "state": stage.state.value,
        "authority": step["authority"], "reserved": step["reserved"], "counted": counted(step), "clock": step["clock"],
        "in_zone": stage.in_zone, "settled_in": case["settled_in"] if case else None, "settled_by": case["settled_by"] if case else None,
        "settled_under": case["settled_under"] if case else None, "waits_for": list(stage.waits_for),
        "days_promised": days_of(step), "days_used": stage.days_used, "late": stage.late, "late_days": stage.late_days,
        "ends_on": stage.ends_on, "case": case, "cases": count,
    }  # fmt: skip
