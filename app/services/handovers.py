"""Hand-over: what one person or unit answers for goes to another, on a day, after a look, as one act in history."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Invalid
from app.models import Person, Project, Responsibility, Unit
from app.models.shapes import HandoverNew, check
from app.rules.access import Act
from app.rules.codes import ResponsibilityRole
from app.services import reasons
from app.services.following import end, is_current, show_names
from app.services.naming import by_ids
from app.services.responsibilities import cards

Record = dict[str, Any]


def handover_preview(desk: Desk, values: dict[str, Any]) -> Record:
    """What a hand-over would change: ``{on, from, to, items: [{…card, roles, already}]}``. ``to`` may still be open.

    ``values``: ``from_person_id | from_unit_id, to_person_id | to_unit_id, roles?, project_ids?, on?``.
    """
    facts = check(HandoverNew, reasons.take(desk, values))
    column, giver, taker = _parties(desk, facts)
    entries = _given(desk, facts, column, giver)
    roles: dict[int, list[Responsibility]] = {}
    for entry in entries:
        roles.setdefault(entry.project_id, []).append(entry)
    items = [{**card, "roles": [e.role for e in roles[card["id"]]]} for card in cards(desk, roles)]
    return {"on": _day(desk, facts), "from": _named(giver), "to": _named(taker) if taker else None, "items": items}


def handover(desk: Desk, values: dict[str, Any]) -> Record:
    """Do it: the giver's responsibilities end the day before, the taker's begin on the day. ``{projects, responsibilities}``."""
    facts = check(HandoverNew, reasons.take(desk, values))
    column, giver, taker = _parties(desk, facts)
    if taker is None or taker.id == giver.id:
        raise Invalid.one("/to_" + column, "required", "Say to whom")
    entries = _given(desk, facts, column, giver)
    for zone_id in {e.zone_id for e in entries}:
        desk.ask(Act.PEOPLE_HANDOVER, zone_id)
        if taker.zone_id not in (None, zone_id):
            raise Invalid.one("/to_" + column, "not_in_zone", "There is nobody of this number in this zone")
    if not entries:
        raise Invalid.one("/from_" + column, "nothing", "There is nothing to hand over")
    hand_on(desk, entries, column, taker.id or 0, _day(desk, facts))
    return {"projects": len({e.project_id for e in entries}), "responsibilities": len(entries)}


def hand_on(desk: Desk, entries: list[Responsibility], column: str, to: int, day: str) -> None:
    """End these entries before ``day`` and let ``to`` (in ``column``) hold the same roles and ranks from then on.

    Who holds the role in a project already does not get it twice; the better rank of the two stays.
    """
    others: list[Responsibility] = by_ids(desk, Responsibility, "of_holder", column, [to])
    holds = {(e.project_id, e.role): e for e in others if is_current(e, day)}
    begun, changed = [], []
    for entry in entries:
        same = holds.get((entry.project_id, entry.role))
        if same is None:
            begun.append(_successor(entry, column, to, day))
        elif entry.rank < same.rank:
            same.rank = entry.rank
            changed.append(same)
        end(desk, entry, day)
        changed.append(entry)
    desk.keep(changed)
    desk.keep(begun)
    show_names(desk, {e.project_id for e in entries}, {e.role for e in entries})


def _successor(entry: Responsibility, column: str, to: int, day: str) -> Responsibility:
    facts: dict[str, Any] = {
        n: getattr(entry, n) for n in ("zone_id", "project_id", "role", "level", "rank", "until_on")
    }
    return Responsibility(**facts | {"from_on": day, column: to})


def _parties(desk: Desk, facts: Record) -> tuple[str, Any, Any]:
    """The column (``person_id``, ``unit_id``), who gives and who takes (None: not said yet)."""
    column = "person_id" if facts.get("from_person_id") else "unit_id"
    if (facts.get("from_person_id") is None) == (facts.get("from_unit_id") is None):
        raise Invalid.one("/from_person_id", "required", "Say from whom: one person or one unit")
    model: type[Person | Unit] = Person if column == "person_id" else Unit
    giver = desk.get(model, facts["from_" + column])
    to = facts.get("to_" + column)
    if to is None and facts.get("to_person_id" if column == "unit_id" else "to_unit_id"):
        raise Invalid.one("/to_" + column, "other_kind", "A person hands over to a person, a unit to a unit")
    return column, giver, desk.get(model, to) if to else None


def _day(desk: Desk, facts: Record) -> str:
    return str(facts.get("on") or desk.today)


def _given(desk: Desk, facts: Record, column: str, giver: Any) -> list[Responsibility]:
    """The giver's entries of the roles and projects asked for that hold on the day; none of a deleted project."""
    found: list[Responsibility] = by_ids(desk, Responsibility, "of_holder", column, [giver.id])
    roles = facts.get("roles") or [r.value for r in ResponsibilityRole]
    wanted = facts.get("project_ids")
    day = _day(desk, facts)
    entries = [
        e for e in found if is_current(e, day) and e.role in roles and (wanted is None or e.project_id in wanted)
    ]
    live = {p.id for p in by_ids(desk, Project, "by_id", "id", {e.project_id for e in entries})}
    if wanted is not None and (
        unknown := sorted(set(wanted) - {e.project_id for e in entries if e.project_id in live})
    ):
        raise Invalid.one("/project_ids", "not_hers", "There is nothing to hand over in project {id}", id=unknown[0])
    return [e for e in entries if e.project_id in live]


def _named(holder: Any) -> Record:
    return {"id": holder.id, "name": holder.name}


__all__ = ["hand_on", "handover", "handover_preview"]
