"""What happened: the history of one row, and the feed of every change, in the order of the acts."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk, zones_value
from app.engine import Sql
from app.models import NOUNS, Lead, Noun, Project
from app.rules.access import Act
from app.services import provenance
from app.services.records import zone_codes

COLUMNS = "a.seq, a.at, a.actor_kind, a.actor_name, a.door, a.word, a.reason, c.noun, c.row_id, c.zone_id, c.diff, c.n, p.clear"
CHANGES = "change c JOIN act a ON a.seq = c.seq LEFT JOIN change_private p ON p.seq = c.seq AND p.n = c.n"
OF_ROW = Sql(
    f"SELECT {COLUMNS} FROM {CHANGES} "
    "WHERE c.noun = :noun AND c.row_id = :id AND c.seq < :before ORDER BY c.seq DESC LIMIT :limit"
)
FEED = f"SELECT {COLUMNS} FROM {CHANGES} WHERE (c.seq, c.n) > (:after, :n) "
TRANSFER = "OR (c.noun = 'transfer' AND c.row_id IN (SELECT id FROM transfer WHERE from_zone_id"
"""The zone that a project leaves learns where it went; what happens to it there is no business of hers."""
FEEDS = {
    "all": Sql(FEED + "ORDER BY c.seq, c.n LIMIT :limit"),
    "sqlite": Sql(
        f"{FEED} AND (c.zone_id IN (SELECT value FROM json_each(:zones)) {TRANSFER} IN (SELECT value FROM json_each(:zones))))) "
        "ORDER BY c.seq, c.n LIMIT :limit"
    ),
    "postgresql": Sql(
        f"{FEED} AND (c.zone_id = ANY(CAST(:zones AS bigint[])) {TRANSFER} = ANY(CAST(:zones AS bigint[]))))) "
        "ORDER BY c.seq, c.n LIMIT :limit"
    ),
}
END = 2**62


def of_project(
    desk: Desk, id_: int, *, field: str | None = None, before: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """A project's changes, newest first: version, at, by, door, word, reason, and field by field before and after."""
    project = desk.get(Project, id_, to=Act.HISTORY_READ, deleted=True)
    rows = desk.link.rows(OF_ROW, {"noun": "project", "id": project.id, "before": before or END, "limit": limit})
    origins = provenance.by_act(desk, id_)
    found = [_told(desk, r) | {"origin": _origin(origins.get(r[0]))} for r in rows]
    if field is None:
        return found
    kept = [{**f, "changes": [c for c in f["changes"] if c["field"] == field]} for f in found]
    return [f for f in kept if f["changes"]]


def of_lead(desk: Desk, id_: int, *, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """A lead's changes, newest first. Names are told to who may see them, whether it is confidential now or was once."""
    lead = desk.get(Lead, id_, to=Act.LEAD_READ, deleted=True)
    desk.ask(Act.HISTORY_READ)
    rows = desk.link.rows(OF_ROW, {"noun": "lead", "id": lead.id, "before": before or END, "limit": limit})
    return [_told(desk, row) | {"origin": None} for row in rows]


def of_row(desk: Desk, noun: str, row_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """The changes of a row that no zone keeps, newest first."""
    desk.ask(Act.HISTORY_READ)
    rows = desk.link.rows(OF_ROW, {"noun": noun, "id": row_id, "before": END, "limit": limit})
    return [_told(desk, row) for row in rows]


def _origin(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Where an act took its values from: the file and the row, and the cell of each field. The raw texts stay there."""
    if found is None:
        return None
    return {**found, "cells": {field: one["cell"] for field, one in found["cells"].items()}}


def _told(desk: Desk, row: tuple[Any, ...]) -> dict[str, Any]:
    seq, at, kind, name, door, word, reason, noun, row_id, _, diff, _, clear = row
    known = NOUNS[noun]
    if known.guarded and not desk.may(Act.LEAD_SECRET_READ):
        reason = None  # it may name what the row does not
    changes = [
        {"field": f, "before": before, "after": after}
        for f, sides in orjson.loads(diff).items()
        if f not in known.secret and f != "zone_id"
        for before, after in [_sides(desk, known, f, sides, clear)]
    ]
    changes += _transferred(desk, noun, orjson.loads(diff).get("zone_id"))
    return {
        "version": seq, "at": at, "by": {"kind": kind, "name": name}, "door": door, "word": word, "reason": reason,
        "noun": noun, "id": row_id, "changes": changes,
    }  # fmt: skip


def _sides(desk: Desk, known: Noun, field: str, sides: list[Any], clear: str | None) -> list[Any]:
    """Both sides of a change. A phone is never told; a guarded name is to who may see names, confidential or not any more."""
    if field not in known.private:
        return sides
    if clear is None or field not in known.guarded - known.masked or not desk.may(Act.LEAD_SECRET_READ):
        return [None, None]
    return list(orjson.loads(clear).get(field, (None, None)))


def _transferred(desk: Desk, noun: str, zone: list[int | None] | None) -> list[dict[str, Any]]:
    """From which zone to which a project was given, by their codes."""
    before, after = zone or (None, None)
    if noun != "project" or before is None or after is None:
        return []
    codes = zone_codes(desk.link, {before, after})
    return [{"field": "zone", "before": codes[before], "after": codes[after]}]


def changes(
    desk: Desk, *, after: tuple[int, int] = (0, -1), limit: int = 100
) -> tuple[list[dict[str, Any]], tuple[int, int]]:
    """The feed of every change behind a place (act number, position), gap-free and in order, and the place to go on from."""
    desk.ask(Act.HISTORY_READ)
    values: dict[str, Any] = {"after": after[0], "n": after[1], "limit": limit}
    feed = FEEDS["all"]
    if not desk.actor.everywhere:
        feed = FEEDS[desk.link.dialect]
        values["zones"] = zones_value(desk.link.dialect, desk.actor.zone_ids or ())
    rows = desk.link.rows(feed, values)
    last = (rows[-1][0], rows[-1][11]) if rows else after
    return [_told(desk, r) for r in rows if NOUNS[r[7]].stamp != "rights" or desk.may(Act.ACCOUNT_READ)], last


BY_MOMENT = Sql("SELECT seq FROM act WHERE at <= :at ORDER BY at DESC, seq DESC LIMIT 1")


def act_at(desk: Desk, moment: str) -> int:
    """The number of the last act at or before a moment; 0 before the first."""
    return int(desk.link.value(BY_MOMENT, {"at": moment}) or 0)


MOMENT_OF = Sql("SELECT at FROM act WHERE seq = :seq")
"""When an act happened."""
