"""A file of leads becomes acts: committed whole, and taken back whole where nobody has changed anything since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict
from app.models import FollowUp, Import, Lead, LeadMove
from app.models.leads import LeadFacts
from app.rules.access import Act
from app.rules.codes import LeadStage
from app.rules.money import reasons_needed
from app.services import follow_ups, imports, lead_moves, leads
from app.services.lead_drafts import LeadDraft
from app.services.lead_imports import Prepared, waiting_for
from app.services.naming import by_ids

Record = dict[str, Any]
DAYS = ("registered_on", "first_contact_on", "framework_on", "signed_on", "company_registered_on")
CHANGES = Sql(
    "SELECT c.noun, c.row_id, c.diff, p.clear FROM change c LEFT JOIN change_private p ON p.seq = c.seq AND p.n = c.n "
    "WHERE c.seq = :seq AND c.noun IN ('lead', 'lead_move', 'follow_up') ORDER BY c.n"
)
ACT_OF = Sql(
    "SELECT seq FROM act WHERE import_id = :import AND undoes IS NULL AND word = 'import.run' ORDER BY seq DESC LIMIT 1"
)
STANDING = ("stage", "stage_on", "landed_on", "progress_on")


def reasons_for(prepared: Prepared) -> list[str]:
    """Fields whose change wants a reason; one serves for all."""
    return sorted(
        {f for d in prepared.drafts if d.writes and d.known for f in reasons_needed(d.known.__dict__, d.values)}
    )


def commit(desk: Desk, import_id: int, prepared: Prepared, *, seen: int | None = None) -> Record:
    """Write what was prepared as one act. Raises Conflict ``moved_on`` when a lead was changed since the preview that she
    saw, Invalid ``reason_required``."""
    run = waiting_for(desk, import_id)
    desk.ask(Act.IMPORT_RUN)
    writing = [d for d in prepared.drafts if d.writes]
    if not writing:
        raise Conflict("There is nothing to bring in", code="nothing_to_write")
    _still_as_seen(desk, writing, prepared.seq if seen is None else min(seen, prepared.seq))
    if desk.book is not None:
        desk.book.import_id = run.id
    ids = [_write(desk, draft) for draft in writing]
    return _signed(desk, run, prepared, ids)


def _still_as_seen(desk: Desk, writing: list[LeadDraft], seq: int) -> None:
    rows: list[Lead] = by_ids(desk, Lead, "by_id", "id", [d.known.id or 0 for d in writing if d.known], deleted="with")
    moved_on = [{"id": r.id, "code": r.code} for r in rows if r.since > seq or r.deleted_at is not None]
    if moved_on:
        raise Conflict(
            "The register moved on since the preview; look at it again", code="moved_on", extra={"leads": moved_on[:50]}
        )


def _write(desk: Desk, draft: LeadDraft) -> int:
    """One row: the lead, its facts, the stages it reaches, and what was said."""
    if draft.known is None:
        told = {n: draft.row.value(n) for n in DAYS}
        day = min((d for d in (*told.values(), desk.today) if d and d <= desk.today), default=desk.today)
        lead = leads.make(desk, draft.values, zone=draft.zone or "", registered_on=day)
    else:
        lead = desk.get(Lead, draft.known.id, to=Act.LEAD_AMEND)
        if draft.values:
            leads.set_facts(desk, lead, leads.checked(desk, dict(draft.values)))
            desk.keep(lead)
    id_ = lead.id or 0
    if draft.reached is not None and draft.reached != lead.stage:
        lead_moves.move(desk, id_, to=draft.reached, on=_day(desk, lead))
    if draft.contact:
        follow_ups.add(desk, id_, {n: v for n, v in draft.contact.items() if v is not None})
    elif draft.told:
        follow_ups.add(
            desk, id_, {"kind": "other", "told": draft.told[:2000], "by_whom": lead.keeper or desk.actor.name}
        )
    return id_


def _day(desk: Desk, lead: Lead) -> str:
    """The day on which its last stage was reached, as far as the sheet says."""
    told = [d for d in (lead.signed_on, lead.framework_on) if d and lead.registered_on <= d <= desk.today]
    return told[0] if told else max(lead.registered_on, desk.today)


def _signed(desk: Desk, run: Import, prepared: Prepared, ids: list[int]) -> Record:
    facts = orjson.loads(run.summary)
    zones = sorted({d.zone_id for d in prepared.drafts if d.writes})
    left = [
        {"sheet": d.row.sheet, "row": d.row.number, "state": d.state, "why": [n.msgid for n in d.problems]}
        for d in prepared.drafts
        if d.state in ("doubtful", "refused", "elsewhere")
    ]
    facts |= {"zones": zones, "counts": prepared.counts, "wrote": ids[:500], "left": left[:500]}
    run.state, run.rows, run.summary = "committed", len(ids), orjson.dumps(facts).decode()
    desk.keep(run)
    return {**imports.told(desk, run), "created": prepared.counts["new"], "changed": len(ids) - prepared.counts["new"]}


def undo(desk: Desk, run: Import) -> Record:
    """Take a file of leads back: new leads that nobody has touched since are deleted, fields that still say what it wrote go
    back. Everything else stays and is told in ``kept``."""
    for zone_id in orjson.loads(run.summary)["zones"]:
        desk.ask(Act.IMPORT_UNDO, zone_id)
    seq = desk.link.value(ACT_OF, {"import": run.id})
    if desk.book is not None:
        desk.book.undoes, desk.book.import_id = seq, run.id
    wrote = list(desk.link.rows(CHANGES, {"seq": seq}))
    diffs = {id_: (orjson.loads(d), orjson.loads(c) if c else {}) for noun, id_, d, c in wrote if noun == "lead"}
    rows: list[Lead] = by_ids(desk, Lead, "by_id", "id", diffs)
    removed, restored, kept = [], [], []
    for lead in rows:
        diff, clear = diffs[lead.id or 0]
        if lead.since != seq:
            kept.append({"id": lead.id, "code": lead.code, "fields": sorted(diff)})
        elif "code" in diff and diff["code"][0] is None:
            lead.deleted_at = desk.now
            removed.append(lead)
        else:
            _put_back(lead, diff, clear)
            restored.append(lead)
    desk.keep([*removed, *restored])
    _unsay(desk, wrote, {lead.id for lead in (*removed, *restored)}, seq)
    facts = {
        **orjson.loads(run.summary),
        "undone": {"removed": len(removed), "restored": len(restored), "kept": kept[:200]},
    }
    run.state, run.summary = "undone", orjson.dumps(facts).decode()
    desk.keep(run)
    return {**imports.told(desk, run), "removed": len(removed), "restored": len(restored), "kept": kept}


def _put_back(lead: Lead, diff: Mapping[str, Any], clear: Mapping[str, Any]) -> None:
    names = (
        set(LeadFacts.model_fields) | {*STANDING, "responded_on", "next_step", "next_step_on", "industry_code"}
    ) & diff.keys()
    for name in names:
        before = clear.get(name, diff[name])[0]
        setattr(lead, name, LeadStage(before) if name == "stage" else before)


def _unsay(desk: Desk, wrote: list[Any], ids: set[int | None], seq: int) -> None:
    """Its lines in the way of these leads, and what it wrote down of them."""
    for model, noun in ((LeadMove, "lead_move"), (FollowUp, "follow_up")):
        rows = by_ids(desk, model, "by_id", "id", [id_ for n, id_, *_ in wrote if n == noun])
        rows = [row for row in rows if row.lead_id in ids and row.since == seq]
        for row in rows:
            row.deleted_at = desk.now
        desk.keep(rows)
