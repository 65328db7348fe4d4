"""Everything that the page of one project shows, read together so that its parts agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Person, Project, Unit
from app.rules.access import Act, FieldGroup
from app.rules.codes import Procedure
from app.rules.firm_codes import Subject
from app.rules.gates import evidence_wanted, to_complete
from app.rules.identity import filed_in
from app.rules.ledgers import LEFT, doubt
from app.rules.settling import months_of_plan
from app.services import (
    baselines,
    entering,
    enterprise_pages,
    enterprises,
    evidence,
    families,
    history,
    industries,
    lead_stories,
    lists,
    moves,
    paths,
    photos,
    plans,
    projects,
    provenance,
    reports,
    responsibilities,
    start_decisions,
    transfers,
    verdicts,
    zone_search,
)
from app.services.records import record
from app.services.zones import COLUMNS as ZONE_COLUMNS

Record = dict[str, Any]
HISTORY_ROWS = 20
ACTS = {
    "move": Act.PROJECT_MOVE, "override": Act.PROJECT_OVERRIDE, "exit": Act.PROJECT_EXIT, "remove": Act.PROJECT_REMOVE,
    "restore": Act.PROJECT_RESTORE, "create": Act.PROJECT_CREATE, "people": Act.PEOPLE_AMEND, "prove": Act.EVIDENCE_ADD,
    "transfer": Act.PROJECT_TRANSFER, "unprove": Act.EVIDENCE_REMOVE, "report": Act.REPORT_WRITE, "correct": Act.REPORT_CORRECT,
    "plan": Act.PLAN_WRITE, "case": Act.CASE_WRITE, "accept": Act.BASELINE_ACCEPT, "history": Act.HISTORY_READ, "amend": Act.PROJECT_AMEND, "export": Act.EXPORT_RUN,
}  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """A project with everything around it."""

    project: Record
    """The record, with the five procedures as flat fields too."""
    zone: Record
    may: frozenset[str]
    """Which of ``ACTS`` the reader may do with it."""
    writes: frozenset[str]
    """Groups of fields she may write."""
    opening: Record
    plan_months: dict[int, int] | None
    """The plan of the year by month, where it was given so."""
    reports: list[Record]
    """Month by month, newest first."""
    photos: dict[str, list[Record]]
    """By month."""
    plans: list[Record]
    """Annual plans with their versions, newest year first."""
    changed: list[Record]
    """What of its commitments is another than what lights compare with (``baselines.told``)."""
    undecided: int | None
    """The year for which it must be decided what becomes of a start that did not come."""
    way: Record
    """Its way through the approval chain (``paths.with_cases``)."""
    moves: list[Record]
    transfers: list[Record]
    proofs: list[Record]
    wanted: list[tuple[str, ...]]
    """What would settle a pending project: any one of these sets of evidence kinds."""
    lacking: list[tuple[str, ...]]
    """Groups of fields its ledger asks for and that are blank: 待补."""
    speaks_for: str | None
    """The later ledger that its dates speak for."""
    filed_in: str | None
    """The region of its national code when that is another than its zone's: a warning, never a refusal."""
    responsibilities: list[Record]
    history: list[Record]
    sources: list[Record]
    """Fields that stand as an import wrote them."""
    parent: Record | None
    children: list[Record]
    partners: dict[str, str]
    """Names of the zones that have a share in it, by their codes."""
    lists: list[Record]
    firm: Record | None
    """The enterprise that it names, as ``{id, name}``."""
    verdicts: list[Record]
    """Of the city office, on this project and another registration (``verdicts.of_subject``)."""
    left: bool
    early: Record | None
    """The lead that it was (``lead_pages.early``)."""


def facts_of(desk: Desk, row: Project) -> Record:
    """The record and the procedures as flat fields."""
    found = record(desk, row)
    flat = {f"{p}_{part}": found["procedures"][p.value][part] for p in Procedure for part in ("state", "promised_on")}
    return found | flat | {"disposition_on": row.disposition_on}


def rights(desk: Desk, row: Project) -> tuple[frozenset[str], frozenset[str]]:
    """What the reader may do with a project, and which groups of fields she may write."""
    may = frozenset(word for word, act in ACTS.items() if desk.may(act, row.zone_id))
    if "case" in may and not responsibilities.serves(desk, row.id or 0):
        may -= {"case"}
    live = row.deleted_at is None
    writes = frozenset(g.value for g in FieldGroup if "amend" in may and live and desk.may_write(g))
    return may, writes


def whole(desk: Desk, id_: int, *, field: str | None = None, before: int | None = None) -> Whole:
    """The project and everything around it. ``field`` and ``before`` (an act's number) narrow its history."""
    row = desk.get(Project, id_, deleted=True)
    zone = zone_of(desk, row.zone_id)
    may, writes = rights(desk, row)
    gates, facts = entering.gates(desk), entering.facts_of(row)
    past: list[Record] = []
    if "history" in may:
        past = history.of_project(desk, id_, field=field, before=before, limit=HISTORY_ROWS if field is None else 500)
        _name_firms(desk, past)
    return Whole(
        project=facts_of(desk, row),
        zone=zone,
        may=may,
        writes=writes,
        opening=projects.opening(desk, id_) if row.deleted_at is None else {},
        plan_months=months_of_plan(row.plan_months),
        reports=reports.list_(desk, id_),
        photos=photos.by_month(desk, id_),
        plans=plans.list_(desk, id_),
        changed=[] if row.deleted_at else baselines.told(desk, id_),
        undecided=start_decisions.open_year(desk, row),
        way=paths.with_cases(desk, id_),
        moves=moves.history(desk, id_),
        transfers=transfers.list_(desk, id_),
        proofs=evidence.list_(desk, id_),
        wanted=evidence_wanted(gates, facts, row.ledger) if row.pending else [],
        lacking=[] if row.deleted_at else to_complete(gates, facts, row.ledger),
        speaks_for=doubt(row.ledger, started_on=row.started_on, completed_on=row.completed_on),
        filed_in=filed_in(row.national_code, zone["code"]),
        responsibilities=responsibilities.of_project(desk, id_)["items"],
        history=past,
        sources=provenance.of_project(desk, id_) if "history" in may else [],
        parent=_parent(desk, row),
        children=responsibilities.cards(desk, [c.id for c in families.children(desk, row)]),
        partners=zone_search.shown(desk) if row.shares != "[]" else {},
        lists=lists.of_project(desk, id_),
        firm=enterprise_pages.named(desk, {"enterprise_id": row.enterprise_id}),
        verdicts=verdicts.of_subject(desk, Subject.PROJECT, id_) if row.deleted_at is None else [],
        left=row.disposition in {d.value for d in LEFT},
        early=lead_stories.early(desk, id_),
    )


def _name_firms(desk: Desk, past: list[Record]) -> None:
    """In history an enterprise stands by its name."""
    changed = [c for act in past for c in act["changes"] if c["field"] == "enterprise_id"]
    known = enterprises.names(desk, (c[side] for c in changed for side in ("before", "after") if c[side]))
    for change in changed:
        change |= {side: known.get(change[side]) for side in ("before", "after")}


def zone_of(desk: Desk, zone_id: int) -> Record:
    """Code and names of a project's zone."""
    from app.models import Zone

    rows = desk.select(
        Zone, "by_id", lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": zone_id}, columns=ZONE_COLUMNS
    )
    facts = dict(zip(ZONE_COLUMNS, rows[0], strict=True))
    return facts | {"shown": facts["short_name"] or facts["name"]}


def _parent(desk: Desk, row: Project) -> Record | None:
    found = responsibilities.cards(desk, [row.parent_id]) if row.parent_id else []
    return found[0] if found else None


def one(desk: Desk, id_: int) -> tuple[Record, frozenset[str], frozenset[str]]:
    """The project and the reader's rights: for one field in edit, and for forms."""
    row = desk.get(Project, id_, deleted=True)
    return facts_of(desk, row), *rights(desk, row)


def offered(desk: Desk, id_: int, field: str) -> list[str]:
    """Words to choose from while a field is typed: industries, people, units of the zone and the city."""
    row = desk.get(Project, id_)
    if field == "industry":
        return [str(i["name"]) for i in industries.list_(desk)]
    named: dict[str, type[Person] | type[Unit]] = {
        "sponsor_leader": Person, "responsible_person": Person, "responsible_unit": Unit, "service_unit": Unit,
    }  # fmt: skip
    model = named.get(field)
    if model is None:
        return []
    here: Any = sa.bindparam("zone")
    rows = desk.select(
        model,
        "offered",
        lambda q, t: q.where(sa.or_(t.c.zone_id == here, t.c.zone_id.is_(None))).order_by(t.c.name).limit(300),
        {"zone": row.zone_id},
        columns=("name",),
    )
    return [str(r[0]) for r in rows]
