"""What the pages of enterprises show: the base narrowed, and one firm with everything around it."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.models import Enterprise
from app.rules.access import Act
from app.rules.firm_names import SHORT, alike, firm
from app.services import enterprises, history, target_enterprises, zone_search
from app.services.naming import by_ids

Record = dict[str, Any]
LEAST_TYPED = 2


def base(desk: Desk, asked: dict[str, str], most: int) -> Record:
    """The first ``most`` enterprises that fit, how many fit, how many projects of hers name each, and what can be asked for."""
    every = enterprises.every(desk)
    chosen = [asked["class"]] if asked["class"] else ()
    found = enterprises.narrowed(every, asked["q"], classes=chosen, origin=asked["origin"], industry=asked["industry"])
    shown = found[:most]
    return {
        "items": [enterprises.told(desk, row) for row in shown],
        "total": len(found),
        "more": len(found) - len(shown),
        "counts": enterprises.counted(desk, [row.id or 0 for row in shown]),
        "industries": sorted({row.industry for row in every if row.industry}),
        "empty": not every,
    }


def meant(desk: Desk, words: str) -> list[Record]:
    """Enterprises that a text may mean, the likeliest first: by its words, else by what the name comes to."""
    if len(words.strip()) < LEAST_TYPED:
        return []
    every = enterprises.every(desk)
    found = enterprises.narrowed(every, words)
    if not found:
        said = firm(words)
        near = [(max(alike(said, firm(name)) for name in enterprises.spellings(row)), row) for row in every]
        found = [row for how, row in sorted(near, key=lambda pair: -pair[0]) if how >= SHORT]
    return [enterprises.told(desk, row) for row in found]


def named(desk: Desk, row: Record) -> Record | None:
    """The enterprise that a lead or project names, as ``{id, name}``."""
    id_ = row["enterprise_id"]
    return {"id": id_, "name": enterprises.names(desk, [id_]).get(id_, "")} if id_ else None


def whole(desk: Desk, id_: int) -> Record:
    """One enterprise with its group, its investments and their sums, who wants it, and its history."""
    told = enterprises.read(desk, id_)
    near = [i for i in (told["parent_id"], told["merged_into_id"]) if i]
    members: list[Enterprise] = by_ids(desk, Enterprise, "of_group", "parent_id", [id_])
    items = enterprises.investments(desk, id_)
    past = history.of_row(desk, "enterprise", id_) if desk.may(Act.HISTORY_READ) else []
    return {
        "e": told,
        "names": enterprises.names(desk, near),
        "members": [(m.id, m.name) for m in members if m.merged_into_id is None],
        "investments": items,
        "sums": enterprises.summed(items),
        "leads": enterprises.leads(desk, id_),
        "targets": target_enterprises.of_enterprise(desk, id_),
        "zone_names": zone_search.shown(desk),
        "past": past,
        "may": {
            "amend": desk.may(Act.ENTERPRISE_AMEND) and not told["merged_into_id"],
            "merge": desk.may(Act.ENTERPRISE_MERGE) and desk.actor.everywhere and not told["merged_into_id"],
            "target": desk.may(Act.TARGET_FIRM_WRITE) and not told["merged_into_id"],
        },
    }
