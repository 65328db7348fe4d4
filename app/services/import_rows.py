"""The rows that an import writes, made and settled before the lock is taken: under it they are only checked and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.keep import Terms
from app.models import BY_MODEL, Origin, Project
from app.rules.codes import Relation
from app.rules.search_terms import terms_of_row
from app.services import projects, told_months
from app.services.draft import Draft
from app.services.drafts import OWN_LIMITS
from app.services.preparing import Prepared
from app.services.previews import SHOWN_BY

DATES = ("started_on", "completed_on")
HOUSE_WRITES = OWN_LIMITS - set(DATES)
NOUN = BY_MODEL[Project]


@dataclass
class Made:
    """New and changed rows beside their drafts, as they are on ``day`` under these rules; where each stood; their search terms."""

    day: str
    light_rules: Mapping[str, Any]
    new: list[tuple[Project, Draft]]
    changed: list[tuple[Project, Draft]]
    before: dict[int, tuple[Any, ...]]
    """The values of the rows that change, as they were compared."""
    origins: dict[int, Origin]
    """By the identity of the draft; their project and import are not known yet."""
    terms: Terms


def make(prepared: Prepared, today: str) -> None:
    """Make everything now, so that ``commit`` finds it made. Without this call it is made within the act."""
    prepared.made = _made(prepared, today, prepared.light_rules)


def taken(prepared: Prepared, today: str, light_rules: Mapping[str, Any]) -> Made:
    """What was made for this day and these rules, once: rows that went into an act serve no other."""
    made: Made | None = prepared.made
    prepared.made = None
    if made is None or (made.day, made.light_rules) != (today, light_rules):
        return _made(prepared, today, light_rules)
    return made


def _made(prepared: Prepared, today: str, light_rules: Mapping[str, Any]) -> Made:
    writes = [d for d in prepared.drafts if d.writes]
    before = {int(d.known["id"]): tuple([d.known[c] for c in NOUN.columns]) for d in writes if d.known}
    changed = [(_amended(prepared, d, before[int(d.known["id"])]), d) for d in writes if d.known]
    new = [(_new(prepared, d, today), d) for d in writes if d.known is None]
    for project, _ in (*new, *changed):
        project.settle(today, light_rules, before.get(project.id or 0))
    named = [p for p, _ in new] + [p for p, d in changed if d.values.keys() & {"name", "investor_name", "location"}]
    texts = [(p.name, p.investor_name, p.location, p.zone_id) for p in named]
    origins = {id(d): _origin(d) for d in writes}
    return Made(today, light_rules, new, changed, before, origins, {t: terms_of_row(*t) for t in texts})


def facts_of(prepared: Prepared, draft: Draft) -> dict[str, Any]:
    """The values that a draft writes into the project's own row, the industry's code beside its name."""
    values = told_months.facts_of(draft.values)
    if "industry" in values:
        values["industry_code"] = prepared.industries.get(values["industry"] or "")
    return values


def _amended(prepared: Prepared, draft: Draft, before: tuple[Any, ...]) -> Project:
    project: Project = NOUN.row(before)
    values = facts_of(prepared, draft)
    projects.put(project, values)
    if set(DATES) & values.keys():
        project.entered_ledger_on = projects.entered_on(project) or project.entered_ledger_on
    return project


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


def _origin(draft: Draft) -> Origin:
    at = {d.column: draft.row.at(d.column) for d in draft.row.cells}
    cells = {at[d.column]: d.raw for d in draft.row.cells if d.raw}
    told = {name: draft.cells.get(name) or draft.cells.get(SHOWN_BY.get(name, "")) for name in draft.values}
    fields = {name: at[datum.column] for name, datum in told.items() if datum is not None}
    if draft.name_at:
        cells[draft.name_at], fields["name"] = draft.row.name, draft.name_at
    return Origin(
        zone_id=draft.zone_id, project_id=0, import_id=0, sheet=draft.row.sheet[:200], row=draft.row.number,
        cells=orjson.dumps({"cells": cells, "fields": fields}).decode(),
    )  # fmt: skip
