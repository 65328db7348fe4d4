"""The pipeline as a board and as a list: leads by stage with count and sum, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project
from app.rules.access import Act
from app.rules.codes import LeadStage
from app.rules.names import split_names
from app.rules.search_terms import sort_key
from app.services import industries, lead_records, leads, ledgers
from app.services.asking import Asked

Record = dict[str, Any]
CARDS = 15
"""Leads of a stage that the board shows at first, and brings with each "more"."""
MOST_KEEPERS = 200


@dataclass(frozen=True)
class Column:
    """One stage of the board: how many leads, what they come to, and the first of them."""

    stage: LeadStage
    head: Record
    leads: list[Record]
    next: str | None


@dataclass(frozen=True)
class Rights:
    """What the reader may do with leads, for controls."""

    create: bool
    move: bool
    step: bool


def rights(desk: Desk) -> Rights:
    """Of the zones that she works in."""
    return Rights(desk.may(Act.LEAD_CREATE), desk.may(Act.LEAD_MOVE), desk.may(Act.FOLLOW_UP_AMEND))


def narrowed(desk: Desk, asked: Asked, colour: str | None) -> Asked:
    """The question with the light in it, which hangs on the clock, with who follows a lead among others, and with its words
    looked up."""
    return ledgers.looked_up(desk, leads.coloured(desk, _followed(desk, asked), colour))


def _followed(desk: Desk, asked: Asked) -> Asked:
    """A person follows the leads that name her beside others too."""
    wanted = next((value for field, operator, value in asked.filters if (field, operator) == ("keeper", "eq")), None)
    cells = [cell for cell in _keepers(desk) if wanted in split_names(cell)] if wanted else []
    if not cells:
        return asked
    others = tuple(one for one in asked.filters if one[0] != "keeper")
    return replace(asked, filters=(*others, ("keeper", "in", cells)))


def _keepers(desk: Desk) -> list[str]:
    """Who follows leads, as it is written: several names may stand in one cell."""
    rows = ledgers.scanned(
        desk,
        Asked(noun="lead"),
        "keepers",
        lambda t: [t.c.keeper],
        lambda q, t: q.where(t.c.keeper.is_not(None)).group_by(t.c.keeper).order_by(t.c.keeper).limit(MOST_KEEPERS),
    )
    return [str(cell) for (cell,) in rows]


def board(desk: Desk, asked: Asked, colour: str | None) -> list[Column]:
    """Every stage with the first of its leads; the last to arrive stands first."""
    desk.ask(Act.LEAD_READ)
    whole = narrowed(desk, replace(asked, sort=("-stage_on",)), colour)
    heads = sums(desk, whole)
    pages = {stage: ledgers.page(desk, _of(whole, stage), lead_records.COLUMNS) for stage in LeadStage}
    shown = {r["id"]: r for r in lead_records.records(desk, [row for page in pages.values() for row in page.rows])}
    return [Column(s, heads[s], [shown[row[0]] for row in page.rows], page.next) for s, page in pages.items()]


def column(desk: Desk, asked: Asked, colour: str | None, stage: LeadStage) -> Column:
    """The leads of one stage behind the cursor."""
    desk.ask(Act.LEAD_READ)
    whole = narrowed(desk, replace(asked, sort=("-stage_on",)), colour)
    page = ledgers.page(desk, _of(whole, stage), lead_records.COLUMNS)
    return Column(stage, {}, lead_records.records(desk, page.rows), page.next)


def _of(asked: Asked, stage: LeadStage) -> Asked:
    return replace(asked, filters=(*asked.filters, ("stage", "eq", stage.value)), limit=CARDS)


def listing(desk: Desk, asked: Asked, colour: str | None) -> tuple[list[Record], str | None, Record]:
    """A page of the list, the cursor of the next, and what all of it comes to."""
    desk.ask(Act.LEAD_READ)
    whole = narrowed(desk, asked, colour)
    page = ledgers.page(desk, whole, lead_records.COLUMNS)
    return lead_records.records(desk, page.rows), page.next, _added(sums(desk, whole))


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
SUMS = ("count", "amount", "amount_known", "intended", "intended_known", "contract", "contract_known")
"""Of a stage: how many leads; the contract's amount where there is one, else what is intended; both by themselves. A lead
that stands in a ledger is counted with what its project says."""


def sums(desk: Desk, asked: Asked) -> dict[LeadStage, Record]:
    """Count and sums of every stage, over all pages."""
    project = desk.table(Project).alias("landed")

    def columns(table: Any) -> list[Any]:
        contract = sa.case(
            (table.c.project_id.is_not(None), project.c.contract_amount_yuan), else_=table.c.contract_amount_yuan
        )
        intended = table.c.intended_amount_yuan
        told = [part for c in (sa.func.coalesce(contract, intended), intended, contract) for part in _summed(c)]
        return [table.c.stage, sa.func.count(), *told]

    def joined(query: Any, table: Any) -> Any:
        return query.outerjoin(project, project.c.id == table.c.project_id).group_by(table.c.stage)

    rows = ledgers.scanned(desk, asked, "stages", columns, joined)
    found = {row[0]: dict(zip(SUMS, map(int, row[1:]), strict=True)) for row in rows}
    return {stage: found.get(stage.value, dict.fromkeys(SUMS, 0)) for stage in LeadStage}


def _summed(amount: Any) -> list[Any]:
    return [sa.func.coalesce(sa.func.sum(amount), 0), sa.func.count(amount)]


def _added(heads: Mapping[LeadStage, Record]) -> Record:
    return {name: sum(head[name] for head in heads.values()) for name in SUMS}


# ── what the filters offer ───────────────────────────────────────────────────────────────────────────────────────────
def offered(desk: Desk) -> Record:
    """Industries and keepers to choose from."""
    known = [str(i["name"]) for i in industries.list_(desk)]
    people = sorted({name for cell in _keepers(desk) for name in split_names(cell)}, key=sort_key)
    return {"industry": [(n, n) for n in known], "keeper": [(n, n) for n in people]}
