"""Cases of a project's approval chain: entered, amended, taken out. The project's five procedures follow in the same act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from app.models import Case, CaseFacts, Project
from app.models.case_shapes import CaseEdit, CaseNew
from app.models.checking import check
from app.rules import cases as rules
from app.rules.access import Act
from app.rules.cases import PROCEDURES, PROMISED, STATE, days_used, in_zone, stands, state_of
from app.rules.codes import CaseResult, ProcedureState
from app.services import chains, own_references, powers, reasons, responsibilities
from app.services.calendar import calendar
from app.services.naming import by_ids

Record = dict[str, Any]
FACTS = tuple(CaseFacts.model_fields)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def list_(desk: Desk, project_id: int) -> list[Record]:
    """The cases of a project in the order of its chain, and its procedures of which no more is known than their state."""
    project = desk.get(Project, project_id, deleted=True)
    rows: list[Case] = by_ids(desk, Case, "of_projects", "project_id", [project_id])
    found = told(desk, rows) + [typed for typed in (_typed(desk, project, rows)) if typed]
    place = {key: n for n, key in enumerate(chains.names(desk))}
    return sorted(found, key=lambda c: (place.get(c["step"], len(place)), c["applied_on"] or "", c["id"] or 0))


def of_zone(desk: Desk, zone_id: int) -> list[Case]:
    """The cases of a zone."""
    return desk.rows(Case, "of_zone", lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")), {"zone": zone_id})


def told(desk: Desk, rows: Iterable[Case]) -> list[Record]:
    """Cases as both faces show them."""
    names, days = chains.names(desk), calendar(desk)
    return [_record(row, names, days, desk.today) for row in rows]


def _record(row: Case, names: Mapping[str, str], days: Record, today: str) -> Record:
    facts = {name: getattr(row, name) for name in FACTS}
    ref = {"source": row.ref_source, "id": row.ref_id} if row.ref_id is not None else None
    return {
        "id": row.id, "project_id": row.project_id, "step": row.step, "step_name": names.get(row.step, row.step), **facts,
        "days_used": days_used(facts, days), "days_told": row.days_used is not None, "state": state_of(row.result).value,
        "in_zone": in_zone(facts), "late": late(facts, today), "typed": False, "ref": ref, "version": row.since,
        "created_at": row.created_at, "updated_at": row.updated_at,
    }  # fmt: skip


def late(case: Mapping[str, Any], today: str) -> bool:
    """Was it, or is it, beyond the promised day?"""
    if case["promised_on"] is None or (case["result"] is not None and case["decided_on"] is None):
        return False
    return bool((case["decided_on"] or today) > case["promised_on"])


def _typed(desk: Desk, project: Project, rows: list[Case]) -> list[Record]:
    """The procedures whose state stands on the project's row alone."""
    names, known = chains.names(desk), {row.step for row in rows if stands(row.result)}
    found = []
    for step in PROCEDURES:
        state, promised = getattr(project, STATE.format(step)), getattr(project, PROMISED.format(step))
        if step not in known and (state or promised):
            blank: Record = dict.fromkeys(FACTS)
            found.append({
                "id": None, "project_id": project.id, "step": step, "step_name": names[step], **blank, "promised_on": promised,
                "days_told": False, "state": state, "in_zone": None, "typed": True, "ref": None, "version": None,
                "late": bool(promised and promised < desk.today and state != ProcedureState.DONE),
                "created_at": None, "updated_at": None,
            })  # fmt: skip
    return found


def read(desk: Desk, project_id: int, case_id: int) -> Record:
    """One case of a project."""
    return told(desk, [_of(desk, project_id, case_id)])[0]


def _of(desk: Desk, project_id: int, case_id: int, *, to: Act = Act.REGISTER_READ) -> Case:
    desk.get(Project, project_id, deleted=to is Act.REGISTER_READ)
    row = desk.get(Case, case_id, to=to)
    if row.project_id != project_id:
        raise NotFound
    if to is not Act.REGISTER_READ:
        served(desk, project_id)
    return row


def served(desk: Desk, project_id: int) -> None:
    """Leave to write cases of this project. Raises Forbidden for a service unit that does not serve it."""
    if not responsibilities.serves(desk, project_id):
        raise Forbidden(
            "Your unit does not serve this project; whoever edits it can name your unit as its service unit"
        )


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def create(desk: Desk, project_id: int, values: Record) -> Record:
    """Enter a case. Raises Invalid; Conflict ``case_there`` where the step has one already, ``reference_taken``."""
    project = desk.get(Project, project_id, to=Act.CASE_WRITE)
    served(desk, project_id)
    facts = check(CaseNew, reasons.take(desk, values))
    step, ref = facts.pop("step"), facts.pop("ref", None)
    if step not in chains.keys(desk):
        raise Invalid.one("/step", "not_found", "There is no step {key} in the chains", key=step)
    row = Case(zone_id=project.zone_id, project_id=project_id, step=step, **facts)
    if ref is not None:
        own_references.refuse_taken(desk, Case, ref["source"], ref["id"])
        row.ref_source, row.ref_id = ref["source"], ref["id"]
    if row.promised_on is None and step in PROCEDURES and stands(row.result):
        row.promised_on = getattr(project, PROMISED.format(step))  # typed before more was known
    return _kept(desk, project, row)


def amend(desk: Desk, project_id: int, case_id: int, values: Record, *, version: int | None) -> Record:
    """Change the facts given. Another decision than the one that was kept needs a reason."""
    row = _of(desk, project_id, case_id, to=Act.CASE_WRITE)
    facts = check(CaseEdit, reasons.take(desk, values), partial=True)
    desk.current(row, version)
    decided = [n for n in ("result", "decided_on") if n in facts and getattr(row, n) not in (None, facts[n])]
    if decided and not desk.reason:
        reasons.refuse(decided)
    for name, value in facts.items():
        setattr(row, name, value)
    return _kept(desk, desk.get(Project, project_id), row, typed=CaseResult.GRANTED if "result" not in facts else None)


def remove(desk: Desk, project_id: int, case_id: int, *, version: int | None) -> Record:
    """Take a case out that should not be there; it stays in history. One that was decided needs a reason."""
    row = _of(desk, project_id, case_id, to=Act.CASE_REMOVE)
    desk.current(row, version)
    if row.result is not None and not desk.reason:
        reasons.refuse(["result"])
    row.deleted_at = desk.now
    desk.keep(row)
    _show(desk, desk.get(Project, project_id), row)
    return {**told(desk, [row])[0], "version": row.since}


def _kept(desk: Desk, project: Project, row: Case, *, typed: str | None = None) -> Record:
    """Keep a case that holds together. ``typed``: a result that may stand without its day, as it was typed into the row."""
    facts = {name: getattr(row, name) for name in FACTS}
    if row.power_code is not None and not powers.rows(desk, [row.power_code]):
        raise Invalid.one("/power_code", "not_found", "There is no item {power} in the catalogue", power=row.power_code)
    wrong = [w for w in rules.contradictions(facts, desk.today) if not (w.code == "day_needed" and typed == row.result)]
    if wrong:
        raise Invalid(problems=[Problem(f"/{w.field}", w.code, rules.SENTENCES[w.code]) for w in wrong])
    if stands(row.result) and any(other.id != row.id for other in standing(desk, project, row.step)):
        raise Conflict("This step has a case already; go on with that one", code="case_there")
    desk.keep(row)
    _show(desk, project, row)
    return told(desk, [row])[0]


def standing(desk: Desk, project: Project, step: str) -> list[Case]:
    """The case of a step that is under way, granted, or not needed: at most one."""
    rows: list[Case] = by_ids(desk, Case, "of_projects", "project_id", [project.id or 0])
    return [row for row in rows if row.step == step and stands(row.result)]


def _show(desk: Desk, project: Project, row: Case) -> None:
    """The project's row says what its case says. A case that ended otherwise, or is gone, leaves the step not started."""
    if row.step not in PROCEDURES:
        return
    shown = row.deleted_at is None and stands(row.result)
    if not shown and standing(desk, project, row.step):
        return
    state = state_of(row.result) if shown else ProcedureState.NOT_STARTED
    setattr(project, STATE.format(row.step), state.value)
    setattr(project, PROMISED.format(row.step), row.promised_on if shown else None)
    desk.keep(project)
