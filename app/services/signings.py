"""Contracts wherever they stand: on leads that are in no ledger yet, and on projects with the early chapter of their lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import Lead, Project, Report
from app.rules.dated import BUILT
from app.rules.firm_codes import Subject
from app.rules.rates import Signing
from app.services.verdicts import counting

Record = dict[str, Any]
LEAD = (
    "id", "zone_id", "project_id", "disposition", "framework_on", "signed_on", "contract_amount_yuan", "contract_amount_usd",
    "company_registered_on", "land_secured_on", "first_money_on", "funds_arrived_yuan",
)  # fmt: skip
WORKS = ("id", "parent_id", "ledger", "pending", "started_on", "in_production_on")
"""What says of a project, or of a phase or part of it, whether works have begun."""
PROJECT = (
    *WORKS, "zone_id", "relation", "disposition", "signed_on", "contract_amount_yuan", "total_investment_yuan",
)  # fmt: skip


def signings(desk: Desk, ids: Sequence[int] | None, first: str, month: str) -> list[Signing]:
    """The contracts signed, or agreed in a framework, since the day ``first`` in these zones (None: all she sees), with
    the money that arrived up to ``month``. Some others may be among them: the rules of a cohort choose."""
    leads = _leads(desk, ids, first)
    by_project: dict[int, Record] = {}
    for lead in leads:
        if lead["project_id"] is not None:
            by_project.setdefault(lead["project_id"], lead)
    recent = [id_ for id_, lead in by_project.items() if _since(lead, first)]
    projects = {row["id"]: row for row in (*_signed(desk, ids, first), *_by_ids(desk, "id", recent, PROJECT))}
    children = _children(desk, projects)
    funds = _funds(desk, projects, children, month)
    found = [_of_project(row, children[id_], by_project.get(id_), funds.get(id_)) for id_, row in projects.items()]
    # a lead whose project was deleted stands by itself again
    found += [_of_lead(lead) for lead in leads if _since(lead, first) and lead["project_id"] not in projects]
    return _judged(desk, found)


def _judged(desk: Desk, found: list[Signing]) -> list[Signing]:
    """What the city office found to be registered twice, or moved here from another zone, is no signing of its own; what it
    found to be more money for a known project counts by its increment, like an expansion."""
    on = {
        Subject.PROJECT: counting(desk.link, Subject.PROJECT, (s.project_id for s in found if s.project_id), desk.seq),
        Subject.LEAD: counting(
            desk.link, Subject.LEAD, (s.lead_id for s in found if s.lead_id and not s.project_id), desk.seq
        ),
    }
    kept = []
    for one in found:
        told = on[Subject.PROJECT if one.project_id else Subject.LEAD].get(one.project_id or one.lead_id or 0)
        if told is None:
            kept.append(one)
        elif told.signs:
            amount = one.amount if told.increment_yuan is None else told.increment_yuan
            total = one.total if told.increment_yuan is None else told.increment_yuan
            kept.append(replace(one, relation="expansion", amount=amount, total=total))
    return kept


def _since(lead: Mapping[str, Any], first: str) -> bool:
    return max(lead["signed_on"] or "", lead["framework_on"] or "") >= first


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _zoned(desk: Desk, ids: Sequence[int] | None, query: Any, table: Any) -> Any:
    return query if ids is None else query.where(in_zones(table.c.zone_id, desk.link.dialect, "zones_"))


def _values(desk: Desk, ids: Sequence[int] | None, **more: Any) -> dict[str, Any]:
    return more if ids is None else {**more, "zones_": zones_value(desk.link.dialect, ids)}


def _leads(desk: Desk, ids: Sequence[int] | None, first: str) -> list[Record]:
    """Those with an agreement since then, and those that became projects; ``expands``: it is to expand a project."""

    def build(query: Any, table: Any) -> Any:
        day = sa.bindparam("first", type_=table.c.signed_on.type)
        recent = sa.or_(table.c.signed_on >= day, table.c.framework_on >= day, table.c.project_id.is_not(None))
        return _zoned(desk, ids, query.where(recent).order_by(table.c.id), table)

    def columns(table: Any) -> list[Any]:
        # what it expands may be confidential; that it expands something is counted for everybody alike
        return [*(table.c[name] for name in LEAD), table.c.parent_project_id.is_not(None)]

    rows = desk.select(Lead, ("signings", ids is None), build, _values(desk, ids, first=first), columns=columns)
    return [dict(zip((*LEAD, "expands"), row, strict=True)) for row in rows]


def _signed(desk: Desk, ids: Sequence[int] | None, first: str) -> list[Record]:
    """First contracts and expansions signed since then."""

    def build(query: Any, table: Any) -> Any:
        signed = table.c.signed_on >= sa.bindparam("first", type_=table.c.signed_on.type)
        whole = sa.or_(table.c.relation.is_(None), table.c.relation == sa.literal_column("'expansion'"))
        return _zoned(desk, ids, query.where(signed, whole), table)

    rows = desk.select(Project, ("signings", ids is None), build, _values(desk, ids, first=first), columns=PROJECT)
    return [dict(zip(PROJECT, row, strict=True)) for row in rows]


def _by_ids(desk: Desk, column: str, ids: Iterable[int], names: tuple[str, ...]) -> list[Record]:
    wanted = sorted(set(ids))
    if not wanted:
        return []
    rows = desk.select(
        Project, ("of signings", column), lambda q, t: q.where(in_zones(t.c[column], desk.link.dialect, "ids_")),
        {"ids_": zones_value(desk.link.dialect, wanted)}, columns=names,
    )  # fmt: skip
    return [dict(zip(names, row, strict=True)) for row in rows]


def _children(desk: Desk, projects: Iterable[int]) -> dict[int, list[Record]]:
    """Phases and parts by their project; an expansion is a contract of its own."""
    found: dict[int, list[Record]] = defaultdict(list)
    for row in _by_ids(desk, "parent_id", projects, (*WORKS, "relation")):
        if row["relation"] in ("phase", "part"):
            found[row["parent_id"]].append(row)
    return found


def _funds(desk: Desk, projects: Iterable[int], children: Mapping[int, Sequence[Record]], month: str) -> dict[int, int]:
    """What the reports up to a month say has arrived, by project, with its phases and parts."""
    belongs = {id_: id_ for id_ in projects}
    belongs |= {child["id"]: id_ for id_, rows in children.items() for child in rows}
    if not belongs:
        return {}

    def build(query: Any, table: Any) -> Any:
        mine = in_zones(table.c.project_id, desk.link.dialect, "ids_")
        told = table.c.funds_in_place_yuan.is_not(None)
        return query.where(mine, told, table.c.month <= sa.bindparam("month")).group_by(table.c.project_id)

    rows = desk.select(
        Report, "funds of signings", build, {"ids_": zones_value(desk.link.dialect, sorted(belongs)), "month": month},
        columns=lambda t: [t.c.project_id, sa.func.sum(t.c.funds_in_place_yuan)],
    )  # fmt: skip
    found: dict[int, int] = defaultdict(int)
    for project_id, funds in rows:
        found[belongs[project_id]] += int(funds)
    return found


# ── joining ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _of_lead(lead: Mapping[str, Any]) -> Signing:
    return Signing(
        zone_id=lead["zone_id"], lead_id=lead["id"], signed_on=lead["signed_on"], framework_on=lead["framework_on"],
        relation="expansion" if lead["expands"] else None, amount=lead["contract_amount_yuan"], usd=lead["contract_amount_usd"],
        disposition=lead["disposition"], registered_on=lead["company_registered_on"], land_on=lead["land_secured_on"],
        money_on=lead["first_money_on"], funds=lead["funds_arrived_yuan"],
    )  # fmt: skip


def _of_project(
    row: Mapping[str, Any], children: Sequence[Record], lead: Mapping[str, Any] | None, told: int | None
) -> Signing:
    """A project's own facts hold; its lead adds what came before. Works have begun with those of the first phase."""
    early: Mapping[str, Any] = lead or {}
    works = (row, *children)
    built = [one for one in works if one["ledger"] in BUILT and one["started_on"] is not None]
    arrived = [funds for funds in (early.get("funds_arrived_yuan"), told) if funds is not None]
    return Signing(
        zone_id=row["zone_id"], lead_id=early.get("id"), project_id=row["id"], relation=row["relation"],
        signed_on=row["signed_on"], framework_on=early.get("framework_on"), amount=row["contract_amount_yuan"],
        usd=early.get("contract_amount_usd"), total=row["total_investment_yuan"], disposition=row["disposition"],
        early=lead is not None, registered_on=early.get("company_registered_on"), land_on=early.get("land_secured_on"),
        money_on=early.get("first_money_on"), funds=max(arrived, default=None),
        started_on=min((one["started_on"] for one in built if not one["pending"]), default=None),
        pending_start_on=min((one["started_on"] for one in built if one["pending"]), default=None),
        in_production_on=min((one["in_production_on"] for one in works if one["in_production_on"] is not None), default=None),
    )  # fmt: skip
