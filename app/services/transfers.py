"""Transfers: a project and all that hangs on it from one zone to another, as one act of the city office."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound
from app.models import NOUNS, Lead, Person, Project, Responsibility, Transfer, Unit
from app.rules.access import Act
from app.rules.codes import ResponsibilityRole
from app.rules.ledgers import LEFT
from app.services import families, lead_moves, reasons, reports, zones
from app.services.following import end, show_names
from app.services.naming import by_ids
from app.services.records import record, zone_codes
from app.services.shares import dropped

Record = dict[str, Any]
FIELDS = ("id", "happened_on", "reason", "document", "since")


def hanging() -> list[Any]:
    """Every noun that is of a project and of its zone; a new one is among them by having both columns."""
    found = [n.model for n in NOUNS.values() if {"project_id", "zone_id"} <= set(n.columns)]
    return [model for model in found if model is not Responsibility]


def transfer(
    desk: Desk, id_: int, *, to: str, on: str | None = None, document: str | None = None, version: int | None = None
) -> Record:
    """Give a project, with its phases, parts and expansions, to the zone ``to`` (a code); sums and lists follow at once.

    ``on`` is the day of the fact (today), ``document`` what decided it. Who answered for it in the old zone ends on that
    day. Raises Invalid ``reason_required``, ``same_zone``, ``not_found``; Conflict ``left`` and ``has_parent``.
    """
    project = desk.get(Project, id_, to=Act.PROJECT_TRANSFER)
    desk.current(project, version, changing=("zone_id", "disposition", "deleted_at", "parent_id"))
    zone_id = _zone(desk, project, to)
    day = on or desk.today
    if day > desk.today:
        raise Invalid.one("/on", "future", "The day of a fact cannot lie in the future")
    if not desk.reason:
        reasons.refuse(["reason"])
    if project.disposition in {d.value for d in LEFT}:
        raise Conflict("It has left the ledgers; resume it first", code="left")
    if project.parent_id is not None:
        raise Conflict("It belongs to another project; transfer that one, its children go with it", code="has_parent")
    moved = [project, *families.children(desk, project, deleted="with")]
    from_zone, live_from = project.zone_id, reports.since(desk, [project])[id_].live_from
    _carry(desk, moved, zone_id)
    made = [
        Transfer(
            zone_id=zone_id, project_id=p.id or 0, from_zone_id=from_zone, to_zone_id=zone_id, happened_on=day,
            reason=desk.reason, document=document, live_from=live_from,
        )
        for p in moved
    ]  # fmt: skip
    desk.keep(made)
    _part(desk, moved, zone_id, day)
    return {**record(desk, desk.get(Project, id_)), "transfer": _told(made[0], desk)}


def _zone(desk: Desk, project: Project, to: str) -> int:
    try:
        zone_id = zones.id_of(desk, to)
    except NotFound as error:
        raise Invalid.one("/to", "not_found", "There is no zone {zone} that you may see", zone=to) from error
    if zone_id == project.zone_id:
        raise Invalid.one("/to", "same_zone", "It lies in this zone already")
    return zone_id


def _carry(desk: Desk, moved: list[Project], zone_id: int) -> None:
    """The projects and every row that hangs on them, deleted ones too: restored, they must be found where they belong."""
    ids = [p.id or 0 for p in moved]
    for project in moved:
        project.zone_id = zone_id
        dropped(project, zone_codes(desk.link, [zone_id])[zone_id])
    desk.keep(moved)
    for model in hanging():
        rows = by_ids(desk, model, "of_projects", "project_id", ids, deleted="with")
        for row in rows:
            row.zone_id = zone_id
        desk.keep(rows)
        if model is Lead:
            lead_moves.carry(desk, [row.id for row in rows], zone_id)


def _part(desk: Desk, moved: list[Project], zone_id: int, day: str) -> None:
    """Who answers for it: people and units of the old zone do not from that day on, and stay there with what they
    answered for; those of the city go on answering. The row shows who is left."""
    ids = [p.id or 0 for p in moved]
    entries: list[Responsibility] = by_ids(desk, Responsibility, "of_projects", "project_id", ids)
    holders = {
        (model, h.id): h.zone_id
        for model, column in ((Person, "person_id"), (Unit, "unit_id"))
        for h in by_ids(desk, model, "by_id", "id", {getattr(e, column) for e in entries} - {None}, deleted="with")
    }
    for entry in entries:
        of = holders.get((Person, entry.person_id) if entry.person_id is not None else (Unit, entry.unit_id))
        if of in (None, zone_id):
            entry.zone_id = zone_id
        elif entry.until_on is None or entry.until_on >= day:
            end(desk, entry, day)
    desk.keep(entries)
    show_names(desk, ids, [r.value for r in ResponsibilityRole])


def list_(desk: Desk, id_: int) -> list[Record]:
    """From where to where a project was given, oldest first."""
    desk.get(Project, id_, deleted=True)
    rows: list[Transfer] = by_ids(desk, Transfer, "of_projects", "project_id", [id_])
    return [_told(row, desk) for row in rows]


def _told(row: Transfer, desk: Desk) -> Record:
    codes = zone_codes(desk.link, {row.from_zone_id, row.to_zone_id})
    facts = {name: getattr(row, name) for name in FIELDS}
    facts["on"], facts["version"] = facts.pop("happened_on"), facts.pop("since")
    return {**facts, "from": codes[row.from_zone_id], "to": codes[row.to_zone_id]}
