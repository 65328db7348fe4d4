"""Projects: read, create, amend, remove and restore, exits. One check and one way of writing for every door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from app.models import Move, Project, ProjectFacts
from app.models.base import meta
from app.models.shapes import ProjectEdit, check
from app.rules.access import Act
from app.rules.codes import Disposition, Ledger
from app.rules.identity import national_code
from app.rules.ledgers import DATE_OF_MOVE, LEFT
from app.rules.settling import derive
from app.services import entering, enterprises, families, own_references, people, reasons, reports, year_turn, zones
from app.services.industries import code_of
from app.services.records import record, shape

Record = dict[str, Any]
OPENING = {
    "month": "opening_month",
    "before_year_yuan": "opening_before_year_yuan",
    "this_year_yuan": "opening_this_year_yuan",
}


def read(desk: Desk, id_: int, *, deleted: bool = False) -> Record:
    """One project as the API gives it. ``deleted``: also one that was deleted; else NotFound ``deleted`` says how to see it."""
    return read_placed(desk, id_, deleted=deleted)[0]


def read_placed(desk: Desk, id_: int, *, deleted: bool = False) -> tuple[Record, int]:
    """``read``, and the id of the zone in which the project stands."""
    desk.ask(Act.REGISTER_READ)
    made = shape()
    by_id: Any = sa.bindparam("id")
    rows = desk.select(
        Project, "one", lambda q, t: q.where(t.c.id == by_id), {"id": id_}, columns=made.columns, deleted="with"
    )
    if not rows:
        raise NotFound
    if (gone := rows[0][made.at["deleted_at"]]) is not None and not deleted:
        raise NotFound(
            "This project was deleted. With deleted=with it can be seen, and restore brings it back",
            code="deleted",
            extra={"id": id_, "deleted_at": gone},
        )
    return made.records(desk, rows)[0], rows[0][made.at["zone_id"]]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def create(
    desk: Desk,
    facts: dict[str, Any],
    *,
    zone: str,
    ledger: str = Ledger.RESERVE,
    ref: dict[str, str] | None = None,
    dates: Mapping[str, str | None] | None = None,
    override: bool = False,
) -> Record:
    """Register a project in a ledger, through that ledger's gate.

    ``dates``: ``started_on`` and ``completed_on`` as far as they have happened. Raises Conflict ``gate_not_met`` or
    ``reference_taken``, Invalid with every problem.
    """
    project = build(desk, facts, zone=zone, ledger=ledger, ref=ref, dates=dates)
    found = entering.lacks(desk, entering.facts_of(project), project.ledger, None, desk.today, None)
    entering.pass_gate(
        desk, found, entering.facts_of(project), project.ledger, override=override, zone_id=project.zone_id
    )
    project.pending = found.evidence_missing
    desk.keep(project)
    enter(desk, [project], override=override and not found.passes)
    people.follow_names(desk, [project])
    return record(desk, project)


def build(
    desk: Desk,
    facts: dict[str, Any],
    *,
    zone: str,
    ledger: str,
    ref: dict[str, str] | None = None,
    dates: Mapping[str, str | None] | None = None,
) -> Project:
    """A checked project that is not kept yet."""
    zone_id = zones.id_given(desk, zone)
    desk.ask(Act.PROJECT_CREATE, zone_id)
    values = checked(desk, check(ProjectFacts, reasons.take(desk, facts)))
    guard_fields(desk, values)
    enterprises.named(desk, values, None)
    project = placed(values, zone_id, ledger, dates or {}, desk.today)
    if ref is not None:
        own_references.refuse_taken(desk, Project, ref["source"], ref["id"])
        project.ref_source, project.ref_id = ref["source"], ref["id"]
    families.check_parent(desk, project)
    return project


def placed(values: dict[str, Any], zone_id: int, ledger: str, dates: Mapping[str, str | None], today: str) -> Project:
    """A new row from checked values, standing in its ledger. Touches no register, so that many can be made beforehand."""
    facts: dict[str, Any] = {**values, "zone_id": zone_id, "ledger": Ledger(ledger).value}
    project = Project(**facts)
    for name in DATE_OF_MOVE.values():
        setattr(project, name, dates.get(name))
    project.entered_ledger_on = entered_on(project) or today
    project.first_planned_start_month = project.planned_start_month
    return project


def entered_on(project: Project) -> str | None:
    """The day of the fact that brought a project where it stands, when there is one."""
    date = DATE_OF_MOVE.get(Ledger(project.ledger))
    return getattr(project, date) if date else project.signed_on


def enter(desk: Desk, projects: list[Project], *, override: bool = False) -> None:
    """The first line of the ledger history of new projects."""
    desk.keep(
        [
            Move(
                zone_id=p.zone_id, project_id=p.id or 0, from_ledger=None, to_ledger=p.ledger, happened_on=p.entered_ledger_on,
                reason=desk.reason, override=override, pending=p.pending,
            )
            for p in projects
        ]
    )  # fmt: skip


def amend(desk: Desk, id_: int, edit: dict[str, Any], *, version: int | None, merge: bool = False) -> Record:
    """Change the fields given; what is left out stays, None is unknown.

    ``merge``: a stale save goes through when none of its fields changed since ``version``, and ``_merged`` says what
    else is new. Raises Stale, Invalid (``reason_required`` too), Forbidden for a group of fields she may not write.
    """
    project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
    values = checked(desk, check(ProjectEdit, reasons.take(desk, edit), partial=True))
    guard_fields(desk, values)
    others = desk.changes_since(project, version) if merge and version is not None and version != project.since else []
    desk.current(project, version, changing=values.keys() if merge else None)
    apply(desk, project, values)
    desk.keep(project)
    people.follow_names(desk, [project], values.keys())
    reports.follow_facts(desk, [project], values)
    found = record(desk, project)
    return {**found, "_merged": others} if others else found


def apply(desk: Desk, project: Project, values: dict[str, Any]) -> None:
    """Set checked values on a row: reasons asked for, postponements counted, the parent looked at."""
    enterprises.named(desk, values, project.investor_name)
    before = {name: getattr(project, name) for name in values}
    put(project, values)
    allow(desk, project, before, values)


def put(project: Project, values: Mapping[str, Any]) -> None:
    """Set checked values on a row, postponements counted. Touches no register, so that many can be made beforehand."""
    start = values.get("planned_start_month")
    if start and project.planned_start_month and start > project.planned_start_month:
        project.postponements += 1
    for name, value in values.items():
        setattr(project, name, value)
    project.first_planned_start_month = project.first_planned_start_month or project.planned_start_month


def allow(desk: Desk, project: Project, before: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Refuse what was set where a reason is missing, or where the parent cannot be one."""
    families.refuse_sums(project, (name for name, value in values.items() if value != before[name]))
    reasons.ask(desk, before, values)
    if "parent_id" in values or "relation" in values:
        families.check_parent(desk, project)
    _within_total(desk, project, values)


def _within_total(desk: Desk, project: Project, values: dict[str, Any]) -> None:
    """Money spent may not exceed the total unless somebody says why."""
    touched = {"total_investment_yuan", *OPENING.values()} & values.keys()
    if not touched or desk.reason:
        return
    derive(project, desk.today, desk.light_rules)
    total, spent = project.total_investment_yuan, project.invested_to_date_yuan
    if total is not None and spent is not None and spent > total:
        raise Invalid(
            "Money spent would exceed the total investment; say why or correct it",
            code="reason_required",
            problems=[
                Problem(
                    f"/{f}",
                    "reason_required",
                    "Spent {spent} yuan of {total} yuan: correct the figure, or say why",
                    {"spent": f"{spent:,}", "total": f"{total:,}"},
                )
                for f in touched
            ],
        )


def checked(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    """Values of a checked shape, with what needs the register's own words: the national code, the industry."""
    if values.get("national_code"):
        repaired = national_code(values["national_code"])
        if repaired is None:
            raise Invalid.one(
                "/national_code", "malformed", "A national project code is written 2502-371500-04-01-123456"
            )
        values["national_code"] = repaired
    if "industry" in values:
        values["industry_code"] = code_of(desk, values["industry"])
    return values


def guard_fields(desk: Desk, values: Iterable[str]) -> None:
    """Refuse fields of a group that she may not write. Raises Forbidden naming them."""
    fields = ProjectFacts.model_fields
    closed = [n for n in values if n in fields and not desk.may_write(meta(fields[n]).get("group"))]
    if closed:
        raise Forbidden(
            "You may not write this field",
            code="field_not_allowed",
            problems=[Problem(f"/{n}", "field_not_allowed", "You may not write this field") for n in closed],
        )


def remove(desk: Desk, id_: int, *, version: int | None) -> Record:
    """Mark a project deleted; ``restore`` brings it back."""
    project = desk.get(Project, id_, to=Act.PROJECT_REMOVE)
    desk.current(project, version)
    if families.children(desk, project):
        raise Conflict("It has phases or parts; remove these first", code="has_children")
    project.deleted_at = desk.now
    desk.keep(project)
    return record(desk, project)


def restore(desk: Desk, id_: int, *, version: int | None = None) -> Record:
    """Bring a deleted project back as it was."""
    project = desk.get(Project, id_, to=Act.PROJECT_RESTORE, deleted=True)
    desk.current(project, version)
    project.deleted_at = None
    desk.keep(project)
    year_turn.bring_up(desk, project)
    return record(desk, project)


def duplicate(desk: Desk, id_: int) -> Record:
    """A new project in the same ledger with the same facts, except those that name the one it came from."""
    project = desk.get(Project, id_, to=Act.PROJECT_CREATE)
    own = {"national_code", "statistical_code", "statistical_name", "parent_id", "relation", "phase_no"}
    copied = {n: getattr(project, n) for n in ProjectFacts.model_fields if n not in own}
    new = Project(zone_id=project.zone_id, ledger=project.ledger, **copied)
    for name in (*DATE_OF_MOVE.values(), "entered_ledger_on", "industry_code", "first_planned_start_month"):
        setattr(new, name, getattr(project, name))
    new.pending = entering.lacks(desk, copied, new.ledger, None, desk.today, None).evidence_missing
    desk.keep(new)
    enter(desk, [new])
    people.follow_names(desk, [new])
    return record(desk, new)


def bulk(desk: Desk, chosen: list[tuple[int, int | None]], values: dict[str, Any]) -> Record:
    """Set the same fields on chosen rows (id, version read), all or nothing, as one act. One reason serves all."""
    values = checked(desk, check(ProjectEdit, reasons.take(desk, values), partial=True))
    guard_fields(desk, values)
    projects = []
    for id_, version in chosen:
        project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
        desk.current(project, version, changing=values.keys())
        apply(desk, project, values)
        projects.append(project)
    desk.keep(projects)
    people.follow_names(desk, projects, values.keys())
    reports.follow_facts(desk, projects, values)
    return {"changed": len(projects), "ids": [p.id for p in projects]}


def amend_many(desk: Desk, edits: list[dict[str, Any]]) -> Record:
    """Different fields of different rows as one act (a pasted block): ``[{id, version, values}]``, all or nothing."""
    projects: list[Project] = []
    names: set[str] = set()
    for edit in edits:
        project = desk.get(Project, edit["id"], to=Act.PROJECT_AMEND)
        values = checked(desk, check(ProjectEdit, edit["values"], partial=True))
        guard_fields(desk, values)
        desk.current(project, edit.get("version"), changing=values.keys())
        apply(desk, project, values)
        projects.append(project)
        names |= values.keys()
    desk.keep(projects)
    people.follow_names(desk, projects, names)
    reports.follow_facts(desk, projects, names)
    return {"changed": len(projects), "ids": [p.id for p in projects]}


# ── opening, exits ───────────────────────────────────────────────────────────────────────────────────────────────────
def opening(desk: Desk, id_: int) -> Record:
    """The state at the end of the last month before reporting here began."""
    project = desk.get(Project, id_)
    return {**{name: getattr(project, column) for name, column in OPENING.items()}, "version": project.since}


def put_opening(desk: Desk, id_: int, values: dict[str, Any], *, version: int | None) -> Record:
    """Write the opening; changing it later needs a reason."""
    project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
    desk.current(project, version)
    given = reasons.take(desk, values)
    changed = {OPENING[n]: v for n, v in given.items() if n in OPENING}
    if (given.get("month") or "") > desk.today[:7]:
        raise Invalid.one("/month", "future", "The day of a fact cannot lie in the future")
    known = {c: getattr(project, c) for c in changed}
    late = [n for n, c in OPENING.items() if c in changed and known[c] is not None and known[c] != changed[c]]
    if late and not desk.reason:
        reasons.refuse(late)
    apply(desk, project, changed)
    desk.keep(project)
    reports.follow_facts(desk, [project], changed)
    return opening(desk, id_) | {"version": project.since}


def dispose(
    desk: Desk,
    id_: int,
    *,
    disposition: str,
    on: str | None = None,
    destination: str | None = None,
    version: int | None = None,
) -> Record:
    """Defer, suspend, let go (lost, withdrawn: it leaves the ledgers on that day) or resume (active)."""
    project = desk.get(Project, id_, to=Act.PROJECT_EXIT)
    desk.current(project, version)
    wanted = Disposition(disposition)
    if on is not None and on > desk.today:
        raise Invalid.one("/on", "future", "The day of a fact cannot lie in the future")
    if wanted != Disposition.ACTIVE and not desk.reason:
        reasons.refuse(["disposition"])
    if wanted == project.disposition:
        raise Conflict("This has been decided already", code="same_disposition")
    disposed(project, wanted, desk.reason, on or desk.today, destination)
    desk.keep(project)
    year_turn.bring_up(desk, project)
    return record(desk, project)


def disposed(
    project: Project, wanted: Disposition, reason: str | None, on: str, destination: str | None = None
) -> None:
    """What a decision about a project writes into its row."""
    project.disposition = wanted
    project.disposition_reason = reason if wanted != Disposition.ACTIVE else None
    project.disposition_on = on
    project.destination = destination if wanted in LEFT else None
