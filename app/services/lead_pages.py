"""Everything that the page of one lead shows, read together so that its parts agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.desk import Desk
from app.models import Lead
from app.rules.access import Act, FieldGroup
from app.rules.firm_codes import Subject
from app.services import (
    enterprise_pages,
    follow_ups,
    history,
    industries,
    lead_files,
    lead_moves,
    lead_projects,
    leads,
    ledgers,
    project_pages,
    responsibilities,
    verdicts,
)
from app.services.asking import Asked

Record = dict[str, Any]
HISTORY_ROWS = 20
NEAR = 6
"""Leads and projects of the same investor that the page names, of each."""
ACTS = {
    "amend": Act.LEAD_AMEND, "move": Act.LEAD_MOVE, "exit": Act.LEAD_EXIT, "remove": Act.LEAD_REMOVE,
    "restore": Act.LEAD_RESTORE, "release": Act.LEAD_RELEASE, "transfer": Act.LEAD_TRANSFER, "land": Act.LEAD_LAND,
    "talk": Act.FOLLOW_UP_ADD, "correct": Act.FOLLOW_UP_AMEND, "untell": Act.FOLLOW_UP_REMOVE, "history": Act.HISTORY_READ,
    "override": Act.PROJECT_OVERRIDE,
}  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """A lead with everything around it."""

    lead: Record
    zone: Record
    may: frozenset[str]
    """Which of ``ACTS`` the reader may do with it."""
    writes: frozenset[str]
    """Groups of fields she may write."""
    moves: list[Record]
    talks: list[Record]
    files: list[Record]
    transfers: list[Record]
    history: list[Record]
    project: Record | None
    """The project that it became."""
    parent: Record | None
    near_leads: list[Record]
    near_projects: list[Record]
    firm: Record | None
    """The enterprise that it names, as ``{id, name}``."""
    verdicts: list[Record]
    """Of the city office, on this lead and another registration."""


def one(desk: Desk, id_: int) -> tuple[Record, frozenset[str], frozenset[str]]:
    """The lead and the reader's rights: for one field in edit, and for forms."""
    lead = leads.read(desk, id_, deleted=True)
    row = desk.get(Lead, id_, deleted=True)
    may = frozenset(word for word, act in ACTS.items() if desk.may(act, row.zone_id))
    live = row.deleted_at is None
    return lead, may, frozenset(g.value for g in FieldGroup if "amend" in may and live and desk.may_write(g))


def whole(desk: Desk, id_: int, *, before: int | None = None) -> Whole:
    """The lead and everything around it; ``before`` (an act's number) goes back in its history."""
    lead, may, writes = one(desk, id_)
    near_leads, near_projects = _near(desk, lead)
    return Whole(
        lead=lead,
        zone=project_pages.zone_of(desk, desk.get(Lead, id_, deleted=True).zone_id),
        may=may,
        writes=writes,
        moves=lead_moves.history(desk, id_),
        talks=follow_ups.list_(desk, id_),
        files=lead_files.list_(desk, id_),
        transfers=lead_moves.transfers(desk, id_),
        history=history.of_lead(desk, id_, before=before, limit=HISTORY_ROWS) if "history" in may else [],
        project=card(desk, lead["project_id"]),
        parent=card(desk, lead["parent_project_id"]),
        near_leads=near_leads,
        near_projects=near_projects,
        firm=enterprise_pages.named(desk, lead),
        verdicts=[] if lead["deleted_at"] else verdicts.of_subject(desk, Subject.LEAD, id_),
    )


def card(desk: Desk, project_id: int | None) -> Record | None:
    """A few fields of a project; None for none that she sees."""
    found = responsibilities.cards(desk, [project_id]) if project_id is not None else []
    return found[0] if found else None


def _near(desk: Desk, lead: Record) -> tuple[list[Record], list[Record]]:
    """Other leads and projects of the same investor, as far as she sees them and under what name."""
    investor = lead["investor_name"]
    if not investor:
        return [], []
    asked = Asked(q=investor, limit=NEAR + 1, noun="lead")
    found = [r for r in leads.page(desk, asked)[0] if r["id"] != lead["id"]]
    same = [r for r in found if r["investor_name"] == investor][:NEAR]
    rows = ledgers.page(desk, Asked(q=investor, limit=NEAR + 1), ("id", "investor_name")).rows
    ids = [row[0] for row in rows if row[1] == investor and row[0] != lead["project_id"]]
    return same, responsibilities.cards(desk, ids[:NEAR])


def offered(desk: Desk, field: str) -> list[str]:
    """Words to choose from while a field is typed."""
    return [str(i["name"]) for i in industries.list_(desk)] if field == "industry" else []


def planned(desk: Desk, id_: int, words: str) -> list[Record]:
    """Projects of the lead's zone that stand in the reserve without an investor, to attach it to, found by their words."""
    zone = leads.read(desk, id_)["zone"]
    if not words.strip():
        return []
    asked = Asked(
        zones=(zone,), ledger="reserve", q=words.strip()[:100], filters=(("investor_name", "unknown", None),), limit=10
    )
    ids = [row[0] for row in ledgers.page(desk, asked, ("id",)).rows]
    return responsibilities.cards(desk, [i for i in ids if lead_projects.of_project(desk, i) is None])


def parents(desk: Desk, id_: int, words: str) -> list[Record]:
    """Projects of the lead's zone that it may expand, found by their words: those that expand none themselves."""
    zone = leads.read(desk, id_)["zone"]
    if not words.strip():
        return []
    asked = Asked(zones=(zone,), q=words.strip()[:100], filters=(("parent_id", "unknown", None),), limit=10)
    return responsibilities.cards(desk, [row[0] for row in ledgers.page(desk, asked, ("id",)).rows])
