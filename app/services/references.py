"""Projects by the caller's own reference: create or replace what it wrote itself, keep what somebody else changed since."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict, Invalid, NotFound, Problem, Refusal
from app.models import BY_MODEL, Kept, Project, ProjectFacts
from app.models.checking import HOUSE_SENTENCES
from app.models.shapes import ProjectEdit, check
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.ledgers import DATE_OF_MOVE
from app.services import moves, own_references, projects, reasons, zones

PLACED = ("zone", "ledger", "ref", "override", "started_on", "completed_on")
Upsert = Callable[[Desk, dict[str, Any]], tuple[dict[str, Any], bool]]
WRITERS = Sql(
    "SELECT c.seq, c.diff, a.actor_kind, a.actor_id, a.actor_name, a.at FROM change c JOIN act a ON a.seq = c.seq "
    "WHERE c.noun = :noun AND c.row_id = :id ORDER BY c.seq"
)


def upsert(
    desk: Desk, source: str, ref_id: str, body: dict[str, Any], *, overwrite: bool = False
) -> tuple[dict[str, Any], bool]:
    """The record, and whether it was created. ``body``: facts, and ``zone`` (needed to create), ``ledger``, ``reason``.

    Naming another ledger is a move and passes its gate. Raises Conflict ``changed_by_others`` with before, theirs and
    yours for every field that somebody else changed since this caller last wrote it, unless ``overwrite``.
    """
    given = reasons.take(desk, body)
    placed = {name: given.pop(name) for name in PLACED if name in given}
    project = own_references.find(desk, Project, source, ref_id)
    if project is None:
        if not placed.get("zone"):
            raise NotFound(
                "There is no project with this reference; to create it, name its zone", code="no_such_reference"
            )
        return _create(desk, source, ref_id, given, placed), True
    if project.deleted_at is not None:
        raise Conflict("A deleted project has this reference; restore it", code="deleted", extra={"id": project.id})
    _only_by_acts(desk, project, placed)
    keep_others(desk, project, check(ProjectEdit, given, partial=True), ProjectFacts.model_fields, overwrite)
    record = projects.amend(desk, project.id or 0, given, version=None)
    ledger = placed.get("ledger")
    if ledger and ledger != project.ledger:
        on = placed.get("completed_on" if ledger == "completed" else "started_on")
        record = moves.move(desk, project.id or 0, to=ledger, on=on, override=bool(placed.get("override")))
    return record, False


def _only_by_acts(desk: Desk, project: Project, placed: dict[str, Any]) -> None:
    """What a replacement may repeat but not change: the zone, and the days that a move writes (unless it is that move)."""
    problems = []
    if placed.get("zone") and zones.id_given(desk, placed["zone"]) != project.zone_id:
        problems.append(Problem("/zone", "only_by_transfer", "The zone changes only by a transfer of the city office"))
    moving = placed.get("ledger") not in (None, project.ledger)
    written = DATE_OF_MOVE.get(Ledger(placed["ledger"])) if moving else None
    for name in DATE_OF_MOVE.values():
        if name in placed and name != written and placed[name] != getattr(project, name):
            problems.append(Problem(f"/{name}", *HOUSE_SENTENCES[name]))
    if problems:
        raise Invalid(problems=problems)


def _create(desk: Desk, source: str, ref_id: str, facts: dict[str, Any], placed: dict[str, Any]) -> dict[str, Any]:
    return projects.create(
        desk,
        facts,
        zone=placed["zone"],
        ledger=placed.get("ledger") or "reserve",
        ref={"source": source, "id": ref_id},
        dates={n: placed.get(n) for n in ("started_on", "completed_on")},
        override=bool(placed.get("override")),
    )


def keep_others(desk: Desk, row: Kept, wanted: dict[str, Any], facts: Collection[str], overwrite: bool) -> None:
    """Refuse to write over fields that somebody else changed after this caller wrote them last. ``facts``: what people
    write of this noun."""
    if overwrite:
        return
    me = (desk.actor.kind, desk.actor.id)
    theirs: dict[str, dict[str, Any]] = {}
    for _, diff, kind, id_, name, at in desk.link.rows(WRITERS, {"noun": BY_MODEL[type(row)].name, "id": row.id}):
        for field, (before, after) in orjson.loads(diff).items():
            if field not in wanted or field not in facts:
                continue
            if (kind, id_) == me:
                theirs.pop(field, None)
            else:
                first = theirs.get(field, {"before": before})
                theirs[field] = {
                    "field": field,
                    "before": first["before"],
                    "theirs": after,
                    "yours": wanted[field],
                    "by": name,
                    "at": at,
                }
    met = [found for field, found in theirs.items() if getattr(row, field) != wanted[field]]
    if met:
        raise Conflict(
            "Somebody else changed these fields since you wrote them", code="changed_by_others", extra={"fields": met}
        )


def batch(desk: Desk, items: list[dict[str, Any]], *, atomic: bool) -> list[dict[str, Any]]:
    """Upsert many by reference, as one act: a result per item in order, ``{status, record | refusal}``."""
    if not desk.may(Act.PROJECT_CREATE):
        desk.ask(Act.PROJECT_CREATE)  # who may write nothing is told so once, not a thousand times
    return each(desk, items, _one, atomic=atomic)


def _one(desk: Desk, item: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    rest = dict(item)
    ref = rest.pop("ref")
    return upsert(desk, ref["source"], ref["id"], rest, overwrite=bool(rest.pop("overwrite", False)))


def each(desk: Desk, items: list[dict[str, Any]], one: Upsert, *, atomic: bool) -> list[dict[str, Any]]:
    """``one`` for every item: its record, and whether it was created.

    ``atomic``: one refusal refuses all; wrong values of every item are named at once, under ``/items/<n>``. Otherwise each
    item stands alone within the act: one that is refused leaves nothing behind.
    """
    results: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    for n, item in enumerate(items):
        try:
            with desk.apart():
                record, created = one(desk, item)
            results.append({"status": 201 if created else 200, "record": record})
        except Refusal as refusal:
            if atomic:
                refused.append(_of_item(n, refusal))
            results.append({"status": refusal.status, "refusal": refusal})
    if refused:
        raise _joined(refused)
    return results


def _of_item(n: int, refusal: Refusal) -> Refusal:
    """The same refusal, saying which item it is about."""
    refusal.extra = {**refusal.extra, "item": n}
    refusal.problems = [replace(p, pointer=f"/items/{n}{p.pointer}") for p in refusal.problems]
    return refusal


def _joined(refused: list[Refusal]) -> Refusal:
    """Wrong values of all items at once; any other refusal speaks for itself, the first one."""
    other = next((r for r in refused if type(r) is not Invalid or not r.problems), None)
    if other is not None or len(refused) == 1:
        return other or refused[0]
    first = refused[0]
    same = all(r.code == first.code and r.msgid == first.msgid for r in refused)
    problems = [p for r in refused for p in r.problems]
    return Invalid(first.msgid, code=first.code, problems=problems) if same else Invalid(problems=problems)
