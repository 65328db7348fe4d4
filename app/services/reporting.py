"""What a reporter does through her personal link: her projects of the period, one report after the other.

She writes the same reports as the zone's grid, through the same checks. A report that she only saved is her draft; handed
in, the zone takes it over. Either may be changed until the zone submits the month.
"""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Invalid, NotFound
from app.models import Project, Report, Zone
from app.rules.access import Bound
from app.rules.family import spends, told_sums
from app.services import families, month_grid, periods, reports, zone_months
from app.services.naming import by_ids

Record = dict[str, Any]
WRITABLE = ("not_submitted", "draft", "returned")


def _bound(desk: Desk) -> Bound:
    """Raises NotFound for whoever did not come by a personal link."""
    if desk.actor.bound is None:
        raise NotFound
    return desk.actor.bound


def mine(desk: Desk) -> Record:
    """The period, the zone's name, and her projects in it with their reports and those of the month before."""
    bound = _bound(desk)
    (zone_id,) = desk.actor.zone_ids or (0,)
    zone = desk.get(Zone, zone_id)
    told = zone_months.some(desk, zone.code, bound.month, list(bound.projects))
    items = [_item(item, told["state"]) for item in told["items"]]
    items.sort(key=lambda item: (not item["owes"], item["done"]))
    owed = [item for item in items if item["owes"]]
    return {
        "name": desk.actor.name,
        "zone": zone.code,
        "zone_name": zone.short_name or zone.name,
        "month": bound.month,
        "period": periods.find(desk, bound.month),
        "state": told["state"],
        "items": items,
        "owed": len(owed),
        "done": sum(item["done"] for item in owed),
    }


def _item(item: Record, state: str) -> Record:
    """``stands``: not_submitted, draft (hers, or the zone's), handed_in, returned, submitted, confirmed."""
    handed = (item["report"] or {}).get("handed_in")
    stands = "handed_in" if item["state"] == "draft" and handed else item["state"]
    done = item["state"] in ("submitted", "confirmed") or (item["state"] == "draft" and handed is not False)
    return {**item, "stands": stands, "done": done, "open": state == "open" and item["state"] in WRITABLE}


def one(desk: Desk, project_id: int) -> Record:
    """One of her projects in ``mine``, as ``item``, with ``spent_elsewhere`` where its amount is a sum; and the next
    one that still waits. NotFound for any other."""
    told = mine(desk)
    item = next((i for i in told["items"] if i["id"] == project_id), None)
    if item is None:
        raise NotFound
    project = desk.get(Project, project_id)
    elsewhere = families.why_closed(project.has_phases) if spends(told_sums(project.family_sums)) else None
    waiting = [i["id"] for i in told["items"] if i["owes"] and not i["done"] and i["id"] != project_id]
    return {**told, "item": item, "spent_elsewhere": elsewhere, "next": waiting[0] if waiting else None}


def put(desk: Desk, project_id: int, values: Record, *, version: int | None, hand_in: bool) -> Record:
    """Save what she changed of a report, as her draft or handed in. A save whose fields nobody touched goes through.

    Raises Stale, Invalid (also when a report is handed in without its amount), Conflict where the month takes none.
    """
    bound = _bound(desk)
    told = one(desk, project_id)
    month_grid.put(desk, told["zone"], bound.month, [{"id": project_id, "version": version, "values": values}])
    rows: list[Report] = by_ids(desk, Report, "of_projects", "project_id", [project_id])
    row = next((r for r in rows if r.month == bound.month), None)
    if hand_in:
        _complete(row, told["spent_elsewhere"] is not None)
    if row is not None:
        row.handed_in = hand_in
        desk.keep(row)
    return {"id": project_id, "version": row.since if row else 0, "next": told["next"]}


def _complete(row: Report | None, summed: bool) -> None:
    """Refuse to hand in what lacks its amount; without one only a draft is kept."""
    if summed and row is not None:
        return
    if row is None or all(getattr(row, name) is None for name in reports.FIGURES):
        raise Invalid.one("/amount", "required", "Give the amount, 0 if nothing was spent; or say why nothing changed")
