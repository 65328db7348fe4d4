"""Workbooks into the register: prepare, preview, commit as one act, accept as the opening, list. Undo is beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict, NotFound
from app.models import Import, Move, Origin, Project
from app.rules.access import Act
from app.rules.identity import firm_key
from app.services import (
    import_moves,
    import_rows,
    lists,
    reasons,
    reports,
    told_months,
)
from app.services.draft import Draft
from app.services.import_rows import Made
from app.services.preparing import Prepared


# ── one act ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def commit(desk: Desk, prepared: Prepared, *, import_id: int | None = None, seen: int | None = None) -> dict[str, Any]:
    """Write what was prepared as one act: new projects, changed fields, the import itself and where each row stood.

    ``seen``: the act that the person's preview knew of; what changed since stops everything. Raises Conflict
    ``moved_on`` (with the rows), Invalid ``reason_required``, NotFound or Forbidden for a zone that is not hers.
    """
    zone_ids = import_rows.zones_of(prepared)
    desk.ask(Act.IMPORT_RUN)
    for zone_id in zone_ids:
        desk.ask(Act.IMPORT_RUN, zone_id)
    import_moves.ask(desk, prepared)
    acts = [a for a in prepared.absent if a.acts]
    if not acts and not any(d.writes for d in prepared.drafts):
        raise Conflict("There is nothing to write", code="nothing_to_write")
    if prepared.reasons and not desk.reason:
        reasons.refuse(prepared.reasons)
    waiting = _waiting_for(desk, import_id) if import_id is not None else None
    _still_as_compared(desk, import_rows.versions(prepared), seen)
    _nobody_was_faster(desk, prepared, zone_ids)
    if desk.book is not None:
        desk.book.opening = prepared.choices.opening
    made = import_rows.written(desk, prepared, import_id)
    run = made.run or import_rows.signed(desk, prepared, waiting or find(desk, import_id or 0))
    if desk.book is not None:
        desk.book.import_id = run.id
    _followed(desk, prepared, made)
    if acts:
        import_moves.act_on_absent(desk, acts, among(desk, (int(a.known["id"]) for a in acts)))
    moved = prepared.counts["moved"]
    return {
        **told(desk, run), "created": len(made.new), "changed": len(made.changed), "moved": moved, "absent": len(acts),
    }  # fmt: skip


def _followed(desk: Desk, prepared: Prepared, made: Made) -> None:
    """What hangs on the rows: plans and reports of those that changed, told months, lists."""
    names = {name for _, draft in made.changed for name in import_rows.facts_of(prepared, draft)}
    reports.follow_facts(desk, [project for project, _ in made.changed], names)
    rows = [*made.new, *made.changed]
    told_months.write(desk, rows, prepared.seq)
    _joined(desk, rows)


def _joined(desk: Desk, written: list[tuple[Project, Draft]]) -> None:
    """Marked rows onto the lists that their marks stand for."""
    for code in sorted({code for _, draft in written for code in draft.joins}):
        lists.join(desk, code, [project for project, draft in written if code in draft.joins])


def _waiting_for(desk: Desk, import_id: int) -> Import:
    """The import that was waiting for its confirmation."""
    run = find(desk, import_id, to=Act.IMPORT_RUN)
    if run.state not in ("waiting", "confirmed"):
        raise Conflict("This file has come in already, or was put aside", code="import_done")
    return run


def _still_as_compared(desk: Desk, before: dict[int, int], seen: int | None) -> None:
    """Nobody has written the rows (id → version) since they were compared, nor since the preview that she saw."""
    if not before:
        return
    found = desk.select(
        Project, "versions", by_ids(desk), ids_value(desk, before), columns=("id", "since", "code", "name")
    )
    moved_on = [
        {"id": id_, "code": code, "name": name}
        for id_, since, code, name in found
        if since != before[id_] or (seen is not None and since > seen)
    ]
    if moved_on or len(found) < len(before):
        raise Conflict(
            "The register moved on since the preview; look at it again",
            code="moved_on",
            extra={"projects": moved_on[:50]},
        )


def _nobody_was_faster(desk: Desk, prepared: Prepared, zone_ids: list[int]) -> None:
    """A project of the same name that came into one of the zones since the comparison is no longer new."""
    names = {(d.zone_id, d.name_key) for d in prepared.drafts if d.writes and d.known is None}
    fresh = desk.select(
        Project,
        "fresh",
        lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones"), t.c.since > sa.bindparam("seq")),
        {"zones": zones_value(desk.link.dialect, zone_ids), "seq": prepared.seq},
        columns=("zone_id", "name", "since"),
    )
    twice = [name for zone_id, name, since in fresh if (zone_id, firm_key(name)) in names]
    if twice:
        raise Conflict(
            "The register moved on since the preview; look at it again", code="moved_on", extra={"names": twice[:50]}
        )


def among(desk: Desk, ids: Iterable[int]) -> list[Project]:
    """Live projects by id, as rows that can be changed, in one statement."""
    return desk.rows(Project, "among", by_ids(desk), ids_value(desk, ids))


def by_ids(desk: Desk) -> Any:
    """Rows of a noun whose ids are among ``ids_value``, in their order."""
    dialect = desk.link.dialect
    return lambda q, t: q.where(in_zones(t.c.id, dialect, "ids")).order_by(t.c.id)


def ids_value(desk: Desk, ids: Iterable[int]) -> dict[str, Any]:
    return {"ids": zones_value(desk.link.dialect, sorted(ids))}


# ── the opening is accepted ──────────────────────────────────────────────────────────────────────────────────────────
def accept(desk: Desk, import_id: int) -> dict[str, Any]:
    """期初认可: the reviewer's one confirmation that the rows of an opening are accepted as they stand.

    Her name and the day are kept. Raises Conflict when it is no opening, is not in the register, or was accepted before.
    """
    run = find(desk, import_id, to=Act.IMPORT_ACCEPT)
    for zone_id in orjson.loads(run.summary)["zones"]:
        desk.ask(Act.IMPORT_ACCEPT, zone_id)
    if not run.opening:
        raise Conflict("Only an opening is accepted as a whole", code="no_opening")
    if run.state == "accepted":
        raise Conflict(
            "{name} accepted this on {day} already", code="accepted", name=run.accepted_by, day=run.accepted_on
        )
    if run.state != "committed":
        raise Conflict("There is nothing to accept: the rows are not in the register", code="not_committed")
    rows = _waiting(desk, run)
    for project in rows:
        project.pending, project.opening_accepted = False, True
    desk.keep(rows)
    entered = _moves(desk, [p.id or 0 for p in rows])
    for move in entered:
        move.pending, move.settled_on = False, desk.today
    desk.keep(entered)
    run.state, run.accepted_by, run.accepted_on = "accepted", desk.actor.name[:60], desk.today
    desk.keep(run)
    return {**told(desk, run), "accepted": len(rows)}


def _waiting(desk: Desk, run: Import) -> list[Project]:
    """The projects that this import made and that still stand where it put them, unproven."""
    made = {o.project_id: o.created_at for o in origins(desk, run.id or 0)}
    moved = {m.project_id for m in _moves(desk, list(made), first=False)}
    return [p for p in among(desk, made) if p.pending and p.id not in moved and p.created_at == made[p.id or 0]]


def _moves(desk: Desk, ids: list[int], *, first: bool = True) -> list[Move]:
    """The first line in the ledger history of these projects, or all later ones."""
    return desk.rows(
        Move,
        ("of_projects", first),
        lambda q, t: q.where(
            in_zones(t.c.project_id, desk.link.dialect, "ids"),
            t.c.from_ledger.is_(None) if first else t.c.from_ledger.is_not(None),
        ),
        ids_value(desk, ids),
    )


def origins(desk: Desk, import_id: int) -> list[Origin]:
    """Where the rows of an import stood."""
    return desk.rows(
        Origin,
        "of_import",
        lambda q, t: q.where(t.c.import_id == sa.bindparam("import")).order_by(t.c.id),
        {"import": import_id},
    )


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def find(desk: Desk, import_id: int, *, to: Act = Act.REGISTER_READ) -> Import:
    """An import that she may see: all its zones are hers, or it is her own and nothing of it is in the register yet."""
    run = desk.get(Import, import_id)
    if not visible(desk, run):
        raise NotFound
    desk.ask(to, run.zone_id)
    return run


def visible(desk: Desk, run: Import) -> bool:
    facts = orjson.loads(run.summary)
    zones = facts.get("zones") or []
    if not zones:
        return desk.actor.kind == "system" or facts.get("sender") == [desk.actor.kind, desk.actor.id]
    return all(desk.actor.sees(zone_id) for zone_id in zones)


def list_(desk: Desk, limit: int = 100) -> list[dict[str, Any]]:
    """Imports that she may see, newest first: file, state, who, when, counts, what she may do with each."""
    desk.ask(Act.REGISTER_READ)
    runs = desk.rows(
        Import, "newest", lambda q, t: q.order_by(t.c.id.desc()).limit(sa.bindparam("most")), {"most": limit}
    )
    return [told(desk, run) for run in runs if visible(desk, run)]


def record(desk: Desk, import_id: int) -> dict[str, Any]:
    """One import as a plain record."""
    return told(desk, find(desk, import_id))


def told(desk: Desk, run: Import) -> dict[str, Any]:
    facts = orjson.loads(run.summary)
    zones = facts.get("zones", [])

    def may(act: Act) -> bool:
        return all(desk.may(act, zone_id) for zone_id in zones or [None])

    return {
        "id": run.id, "file_name": run.file_name, "digest": run.digest, "state": run.state, "kind": facts.get("kind", "projects"), "opening": run.opening, "rows": run.rows,
        "by": facts.get("by"), "counts": facts.get("counts", {}), "accepted_by": run.accepted_by, "accepted_on": run.accepted_on,
        "created_at": run.created_at, "version": run.since,
        "may_accept": run.opening and run.state == "committed" and may(Act.IMPORT_ACCEPT),
        "may_undo": run.state in ("committed", "accepted") and may(Act.IMPORT_UNDO) and (run.state == "committed" or may(Act.IMPORT_ACCEPT)),
    }  # fmt: skip
