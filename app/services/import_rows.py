"""The rows that an import writes. They can be made and kept ahead of its act: under the lock they are then only poured in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.desk import Desk
from app.models import Import, Origin, Project
from app.rules.access import Act
from app.rules.codes import Relation
from app.rules.reads import NOTHING
from app.services import import_moves, leftovers, people, projects, told_months
from app.services.draft import Draft
from app.services.drafts import OWN_LIMITS
from app.services.naming import Directory
from app.services.preparing import Prepared
from app.services.previews import SHOWN_BY

DATES = ("started_on", "completed_on")
HOUSE_WRITES = OWN_LIMITS - set(DATES)


@dataclass
class Made:
    """New and changed rows beside their drafts, as they were kept; and the import, where it was not known before."""

    run: Import | None
    new: list[tuple[Project, Draft]]
    changed: list[tuple[Project, Draft]]


def make(desk: Desk, prepared: Prepared, *, import_id: int | None = None, seen: int | None = None) -> None:
    """Keep everything ahead of the act in which ``commit`` pours it in (``Database.act_ahead_now``)."""
    desk.ask(Act.IMPORT_RUN)
    prepared.made = _kept(desk, prepared, import_id)


def written(desk: Desk, prepared: Prepared, import_id: int | None) -> Made:
    """Everything in the register: poured in, where it was made ahead and that still holds, else made and kept now."""
    made: Made | None = prepared.made
    prepared.made = None  # rows that went into an act serve no other
    poured = made is not None and desk.book is not None and desk.book.pour()
    return made if made is not None and poured else _kept(desk, prepared, import_id)


def before(prepared: Prepared) -> dict[int, tuple[Any, ...]]:
    """The values of the rows that change, as they were compared, by their ids."""
    return {int(d.known["id"]): d.known.row for d in prepared.drafts if d.writes and d.known}


def versions(prepared: Prepared) -> dict[int, int]:
    """The versions at which they were compared, by their ids: all that is asked of them under the lock."""
    return {int(d.known["id"]): d.known["since"] for d in prepared.drafts if d.writes and d.known}


def _kept(desk: Desk, prepared: Prepared, import_id: int | None) -> Made:
    if desk.book is not None:
        desk.book.opening = prepared.choices.opening
    run = signed(desk, prepared, Import(digest="", file_name="?", state="")) if import_id is None else None
    made = Made(run, [], [])
    writes = [d for d in prepared.drafts if d.writes]
    directory = Directory.of(desk, {d.zone_id for d in writes})
    made.changed = _changed(desk, prepared, [d for d in writes if d.known], directory)
    made.new = _created(desk, prepared, [d for d in writes if d.known is None], directory)
    number = import_id or (run.id if run else None) or 0
    desk.keep([_origin(project, draft, number) for project, draft in (*made.new, *made.changed)])
    return made


def zones_of(prepared: Prepared) -> list[int]:
    """The zones that an import writes into."""
    written = {d.zone_id for d in prepared.drafts if d.writes}
    return sorted(written | {int(a.known["zone_id"]) for a in prepared.absent if a.acts})


def signed(desk: Desk, prepared: Prepared, run: Import) -> Import:
    """The import's own row says what it wrote: a new one, or the one that was waiting for its confirmation."""
    book, counts, zone_ids = prepared.understood.book, prepared.counts, zones_of(prepared)
    if run.id is None:
        run.digest, run.file_name = book.sha256, book.filename[-200:] or "?"
    told = {
        "counts": counts,
        "zones": zone_ids,
        "by": desk.actor.name,
        "left": leftovers.left_out(prepared, desk.language),
    }
    facts = told if run.id is None else orjson.loads(run.summary) | told
    run.state, run.opening, run.rows = "committed", prepared.choices.opening, counts["written"]
    run.zone_id = zone_ids[0] if len(zone_ids) == 1 else None
    run.summary = orjson.dumps(facts).decode()
    desk.keep(run)
    return run


def _changed(desk: Desk, prepared: Prepared, drafts: list[Draft], directory: Directory) -> list[tuple[Project, Draft]]:
    """Amend known projects through the one way of amending."""
    if not drafts or desk.book is None:
        return []
    stood = desk.book.know(Project, before(prepared))
    names: set[str] = set()
    changed = []
    for draft in drafts:
        known: Mapping[str, Any] = draft.known or NOTHING
        project, values = _amended(prepared, draft, stood[int(known["id"])])
        projects.allow(desk, project, known, values)
        names |= values.keys()
        changed.append((project, draft))
    moves = import_moves.carried(desk, changed)
    rows = [project for project, _ in changed]
    desk.keep(rows)
    desk.keep(moves)
    people.follow_names(desk, rows, names, directory)
    return changed


def _created(desk: Desk, prepared: Prepared, drafts: list[Draft], directory: Directory) -> list[tuple[Project, Draft]]:
    """New projects in their ledgers; parts after the projects they are parts of."""
    new = [(_new(prepared, draft, desk.today), draft) for draft in drafts]
    by_draft = {id(draft): project for project, draft in new}
    desk.keep([project for project, draft in new if draft.parent is None])
    parts = [(project, draft.parent) for project, draft in new if draft.parent is not None]
    for part, parent in parts:
        part.parent_id = parent.known["id"] if parent.known else by_draft[id(parent)].id
    desk.keep([part for part, _ in parts])
    for forced in (False, True):
        projects.enter(desk, [project for project, draft in new if draft.forced is forced], override=forced)
    people.follow_names(desk, [project for project, _ in new], directory=directory)
    return new


def facts_of(prepared: Prepared, draft: Draft) -> dict[str, Any]:
    """The values that a draft writes into the project's own row, the industry's code beside its name."""
    values = told_months.facts_of(draft.values)
    if "industry" in values:
        values["industry_code"] = prepared.industries.get(values["industry"] or "")
    return values


def _amended(prepared: Prepared, draft: Draft, project: Project) -> tuple[Project, dict[str, Any]]:
    """The row with the draft's values in it, and these values."""
    values = facts_of(prepared, draft)
    projects.put(project, values)
    if set(DATES) & values.keys():
        project.entered_ledger_on = projects.entered_on(project) or project.entered_ledger_on
    return project, values


def _new(prepared: Prepared, draft: Draft, today: str) -> Project:
    values = facts_of(prepared, draft)
    facts = {n: v for n, v in values.items() if n not in HOUSE_WRITES and n not in DATES}
    project = projects.placed(facts, draft.zone_id, str(draft.ledger), _dates(values), today)
    for name in HOUSE_WRITES & values.keys():
        setattr(project, name, values[name])
    project.pending = draft.pending
    if draft.parent is not None:
        project.relation = Relation.PART
    return project


def _dates(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: values.get(n) for n in DATES}


def _origin(project: Project, draft: Draft, import_id: int) -> Origin:
    """Where a row stood."""
    at = {d.column: draft.row.at(d.column) for d in draft.row.cells}
    cells = {at[d.column]: d.raw for d in draft.row.cells if d.raw}
    told = {name: draft.cells.get(name) or draft.cells.get(SHOWN_BY.get(name, "")) for name in draft.values}
    fields = {name: at[datum.column] for name, datum in told.items() if datum is not None}
    if draft.name_at:
        cells[draft.name_at], fields["name"] = draft.row.name, draft.name_at
    return Origin(
        zone_id=project.zone_id, project_id=project.id or 0, import_id=import_id, sheet=draft.row.sheet[:200], row=draft.row.number,
        cells=orjson.dumps({"cells": cells, "fields": fields}).decode(),
    )  # fmt: skip
