"""Sheets of promotion teams into leads: received, looked at, chosen about, committed as one act.

The file waits like every import does; its preview is made of the file, the choices and the register each time it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
from pydantic import Field

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict, Invalid, NotFound
from app.models import FollowUp, Import, Lead
from app.models.checking import Body, check
from app.models.types import Text
from app.rules.access import Act
from app.rules.codes import Channel, LeadStage
from app.rules.identity import firm_key, zone_key
from app.services import imports, zones
from app.services.lead_drafts import LeadDraft, fill, keys_of
from app.services.lead_exports import own_captions, own_words
from app.services.lead_settings import stages
from app.services.preparing import HEAD
from app.services.workbooks import EVERY_ZONE
from app.sheets.lead_fields import BY_CAPTION
from app.sheets.lead_tables import LeadTable, Own, understand_leads
from app.sheets.workbook import Workbook
from app.words import Word

Record = dict[str, Any]
KIND = "leads"
MOST_ROWS = 5000
FIELDS = frozenset(BY_CAPTION.values())


class SheetChoice(Body):
    """What is said of one sheet."""

    skip: bool | None = None
    stage: Annotated[LeadStage | None, Field(title="Stage")] = None
    unit: Annotated[str | None, Field(max_length=10, pattern="^(元|万元|亿元)$", title="Unit")] = None
    columns: Annotated[dict[str, str] | None, Field(max_length=200, description="Letter → field; '' reads nothing")] = (
        None
    )


class LeadImportEdit(Body):
    """What a person says of a waiting file: the zone, what the sheets leave open, and what columns mean."""

    zone: Annotated[Text | None, Field(max_length=40, title="Zone")] = None
    channel: Annotated[Channel | None, Field(title="Channel")] = None
    keeper: Annotated[Text | None, Field(max_length=100, title="Followed by")] = None
    screening_result: Annotated[Text | None, Field(max_length=500, title="Result of the screening")] = None
    confidential: Annotated[bool | None, Field(title="Confidential")] = None
    sheets: Annotated[dict[str, SheetChoice] | None, Field(max_length=200)] = None
    rows: Annotated[dict[str, int] | None, Field(max_length=5000, description="sheet!row → 0 new, -1 left out")] = None


DEFAULTS = ("channel", "keeper", "screening_result", "confidential")


@dataclass
class Prepared:
    """Everything a file would do to the leads, and why. ``seq``: the last act that it knows of."""

    tables: list[LeadTable]
    drafts: list[LeadDraft]
    seq: int

    @property
    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(("new", "changed", "same", "doubtful", "refused", "elsewhere", "left"), 0)
        for draft in self.drafts:
            found[draft.state] += 1
        found["written"] = sum(1 for d in self.drafts if d.writes)
        found["stopped"] = sum(1 for d in self.drafts if d.lacks and d.writes)
        return found


def understood(book: Workbook, choices: Mapping[str, Any]) -> list[LeadTable]:
    """The sheets of a file as rows about leads. Outside any transaction."""
    said, own = choices.get("sheets") or {}, Own(own_captions(), own_words())
    return [understand_leads(sheet, said.get(sheet.name) or {}, own) for sheet in book.sheets if not sheet.hidden]


# ── the file waits ───────────────────────────────────────────────────────────────────────────────────────────────────
def admitted(desk: Desk) -> None:
    """Refuse who may not bring leads in, before anybody's file is parsed."""
    desk.ask(Act.IMPORT_RUN)
    desk.ask(Act.LEAD_CREATE)


def receive(desk: Desk, digest: str, file_name: str, said: Record, tables: list[LeadTable]) -> Record:
    """A file was put and could be read: it waits. Raises Invalid when no sheet of it is about leads, saying why."""
    admitted(desk)
    if not any(table.kind != "none" for table in tables):
        why = tables[0].reason if tables else Word("The file holds no sheet")
        raise Invalid.one("/file", "no_leads", why)
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise Invalid.one("/file", "too_large", "At most {most} rows at once; split the file", most=MOST_ROWS)
    facts = {
        "kind": KIND,
        "sender": [desk.actor.kind, desk.actor.id],
        "by": desk.actor.name,
        "choices": _checked(desk, said),
    }
    run = Import(digest=digest, file_name=_named(file_name), state="waiting", summary=orjson.dumps(facts).decode())
    desk.keep(run)
    return imports.told(desk, run)


def _named(file_name: str) -> str:
    """A file is often called by the lead that it is about, and history is read by those who may not see names: only its
    ending is kept."""
    ending = file_name.rsplit(".", 1)[-1].lower() if "." in file_name else ""
    return f"leads.{ending}" if ending in ("xlsx", "xlsm", "xls", "et", "csv", "txt") else "leads"


def look(desk: Desk, import_id: int) -> Record:
    """What a preview begins with: the record and the choices. Raises NotFound for a file that is not about leads."""
    run = imports.find(desk, import_id)
    facts = orjson.loads(run.summary)
    if facts.get("kind") != KIND:
        raise NotFound("This file is not about leads", code="other_kind")
    more = {name: facts.get(name) for name in ("undone", "wrote", "left")}
    return {**imports.told(desk, run), "choices": facts.get("choices", {}), **more}


def choose(desk: Desk, import_id: int, said: Record, *, version: int | None = None) -> Record:
    """Keep what a person decided; what is not named stays, None takes a decision back."""
    run = waiting_for(desk, import_id)
    desk.current(run, version)
    facts = orjson.loads(run.summary)
    given = _checked(desk, said)
    known = facts.get("choices", {})
    for name in ("sheets", "rows"):
        if given.get(name):
            given[name] = {**(known.get(name) or {}), **given[name]}
    facts["choices"] = {**known, **given}
    run.summary = orjson.dumps(facts).decode()
    desk.keep(run)
    return {**imports.told(desk, run), "choices": facts["choices"]}


def discard(desk: Desk, import_id: int) -> Record:
    """Put a waiting file aside."""
    run = waiting_for(desk, import_id)
    run.state = "discarded"
    desk.keep(run)
    return imports.told(desk, run)


def waiting_for(desk: Desk, import_id: int) -> Import:
    """The file of leads that waits for its confirmation."""
    run = imports.find(desk, import_id, to=Act.IMPORT_RUN)
    if orjson.loads(run.summary).get("kind") != KIND:
        raise NotFound("This file is not about leads", code="other_kind")
    if run.state != "waiting":
        raise Conflict("This file has come in already, or was put aside", code="import_done")
    return run


def _checked(desk: Desk, said: Record) -> Record:
    given = check(LeadImportEdit, said)
    if given.get("zone"):
        zones.id_of(desk, given["zone"])
    for name, sheet in (given.get("sheets") or {}).items():
        for letter, field in (sheet.get("columns") or {}).items():
            if field not in FIELDS:
                at = f"/sheets/{name}/columns/{letter}"
                raise Invalid.one(at, "unknown_field", "A lead has no field {field}", field=field[:40])
    return given


# ── beside the register ──────────────────────────────────────────────────────────────────────────────────────────────
def prepare(desk: Desk, tables: list[LeadTable], choices: Mapping[str, Any]) -> Prepared:
    """Judge every row against the leads as they stand now. Reads only."""
    admitted(desk)
    every = desk.link.rows(EVERY_ZONE)
    called = {zone_key(s): (id_, code) for id_, code, *names in every for s in (code, *names[:2]) if s}
    codes = {code: id_ for id_, code, *_ in every}
    drafts = [draft for table in tables for draft in _placed(desk, table, choices, called, codes)]
    index = _Index(desk, {d.zone_id for d in drafts if d.zone_id})
    asked, defaults = stages(desk), {name: choices.get(name) for name in DEFAULTS}
    of_sheet = {t.sheet: t for t in tables}
    for draft in drafts:
        if draft.state in ("elsewhere", "left"):
            continue
        if draft.zone_id == 0:
            draft.doubt("No zone is named for this row; choose one above")
            continue
        table = of_sheet[draft.row.sheet]
        draft.known = index.find(draft)
        if table.kind == "trips":
            _trip(desk, draft, index)
            continue
        said = (choices.get("sheets") or {}).get(table.sheet) or {}
        later = index.later(desk, draft)
        fill(draft, asked, defaults, said.get("stage") or table.stage, desk.today, later)
        if draft.known is not None and draft.told in index.said(desk, draft.known):
            draft.told = None
            draft.state = "changed" if draft.writes else "same"
    _twins(drafts)
    return Prepared(tables, drafts, int(desk.link.value(HEAD) or 0))


def _placed(
    desk: Desk, table: LeadTable, choices: Mapping[str, Any], called: Mapping[str, Any], codes: Mapping[str, int]
) -> list[LeadDraft]:
    said = (choices.get("sheets") or {}).get(table.sheet) or {}
    if table.kind == "none" or said.get("skip"):
        return []
    of_title = called.get(zone_key(table.zone)) if table.zone else None
    found = []
    for row in table.rows:
        draft = LeadDraft(row)
        named = row.value("zone")
        place = called.get(zone_key(named)) if named else None
        if place is None and choices.get("zone"):
            place = (codes[choices["zone"]], choices["zone"])
        place = place or of_title
        if place is not None:
            draft.zone_id, draft.zone = place
            if not (desk.actor.sees(draft.zone_id) and desk.may(Act.LEAD_CREATE, draft.zone_id)):
                draft.state = "elsewhere"
        if (choices.get("rows") or {}).get(row.place) == -1:
            draft.state = "left"
        found.append(draft)
    return found


def _twins(drafts: list[LeadDraft]) -> None:
    """The same lead in two rows of a file: the second one waits for a decision."""
    seen: dict[Any, LeadDraft] = {}
    for draft in drafts:
        if draft.state not in ("new", "changed"):
            continue
        key = draft.known.id if draft.known else (draft.zone_id, *keys_of(draft.row)[:1])
        first = seen.setdefault(key, draft)
        if first is not draft and not draft.contact:
            draft.doubt(
                "Row {row} of “{sheet}” is about the same lead; send the file once more when that row is in",
                row=first.row.number,
                sheet=first.row.sheet,
            )


def _trip(desk: Desk, draft: LeadDraft, index: _Index) -> None:
    """A visit to a firm is a contact about its lead."""
    firm = draft.row.value("visited") or draft.row.name
    draft.known = index.of_firm(draft.zone_id, str(firm))
    if draft.known is None:
        draft.doubt("No lead of this zone names {firm}; register the lead first", firm=firm)
        return
    day = draft.row.value("happened_on")
    if not day or day > desk.today:
        draft.refuse("A visit needs its day, and it cannot lie in the future")
        return
    told = draft.row.value("remarks") or f"拜访 {firm}"
    draft.contact = {
        "kind": "visit", "happened_on": day, "by_whom": draft.row.value("by_whom"), "with_whom": draft.row.value("with_whom"),
        "place": draft.row.value("place"), "told": told,
    }  # fmt: skip
    draft.state = "same" if told in index.said(desk, draft.known) else "changed"
    if draft.state == "same":
        draft.contact = {}


class _Index:
    """The leads of some zones by code and by the names they can be meant by; those with covered names only for who sees them."""

    def __init__(self, desk: Desk, zone_ids: set[int]) -> None:
        rows: list[Lead] = desk.rows(
            Lead,
            "of_zones",
            lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones")).order_by(t.c.id),
            {"zones": zones_value(desk.link.dialect, sorted(zone_ids))},
        )
        clearly = desk.may(Act.LEAD_SECRET_READ)
        self.leads = [lead for lead in rows if clearly or not lead.confidential]
        self.by_code = {lead.code: lead for lead in self.leads}
        self.by_name: dict[tuple[int, str], Lead] = {}
        self.by_firm: dict[tuple[int, str], Lead] = {}
        for lead in self.leads:
            for name in (lead.name, lead.company_name):
                if name:
                    self.by_name.setdefault((lead.zone_id, firm_key(name)), lead)
            for firm in (lead.investor_name, lead.company_name):
                if firm:
                    self.by_firm.setdefault((lead.zone_id, firm_key(firm)), lead)
        self._said: dict[int, set[str]] = {}

    def find(self, draft: LeadDraft) -> Lead | None:
        code = draft.row.value("code")
        if code and str(code).strip().upper() in self.by_code:
            return self.by_code[str(code).strip().upper()]
        return next(
            (self.by_name[k] for key in keys_of(draft.row) if (k := (draft.zone_id, key)) in self.by_name), None
        )

    def of_firm(self, zone_id: int, firm: str) -> Lead | None:
        return self.by_firm.get((zone_id, firm_key(firm))) or self.by_name.get((zone_id, firm_key(firm)))

    def later(self, desk: Desk, draft: LeadDraft) -> dict[str, str]:
        """Fields that were changed since the act that our own sheet was written after, and by whom."""
        seen = draft.row.value("version")
        if draft.known is None or seen is None or not str(seen).isdigit() or int(seen) >= draft.known.since:
            return {}
        return {c["field"]: c["by"] for c in desk.changes_since(draft.known, int(seen))}

    def said(self, desk: Desk, lead: Lead) -> set[str]:
        """What was written down of a lead so far."""
        if lead.id not in self._said:
            rows = desk.select(
                FollowUp,
                "texts",
                lambda q, t: q.where(t.c.lead_id == sa.bindparam("lead")),
                {"lead": lead.id},
                columns=("told",),
            )
            self._said[lead.id or 0] = {told for (told,) in rows if told}
        return self._said[lead.id or 0]
