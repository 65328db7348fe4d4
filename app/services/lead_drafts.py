"""One row of a promotion team's sheet beside the register: which lead it means, what it tells, what stops it.

Pure but for what is handed in: nothing is read and nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Invalid, Problem
from app.models import Lead, LeadFacts
from app.models.checking import check
from app.models.lead_shapes import LeadEdit
from app.rules.codes import LeadStage
from app.rules.identity import credit_code, firm_key
from app.rules.lead_stages import ORDER, missing
from app.services.draft import Note
from app.sheets.lead_tables import LeadRow

FACTS = frozenset(LeadFacts.model_fields)
CAPITAL = ("province", "other_province", "foreign")
SIGNING = {"framework": "framework", "definitive": "definitive"}
KEPT_IN_REMARKS = {"local_investor": "本地投资方"}


@dataclass(slots=True)
class LeadDraft:
    """A row and what is to become of it: new, changed, same, doubtful, refused, elsewhere (a zone that is not hers).

    ``values``: checked, what differs from the lead that is known. ``to``: the stage that the row tells; ``reached``: as far
    as its conditions are met; ``lacks``: what the next one asks for. ``told``: what is written down as a contact.
    """

    row: LeadRow
    zone: str | None = None
    zone_id: int = 0
    state: str = "new"
    known: Lead | None = None
    values: dict[str, Any] = field(default_factory=dict)
    to: str | None = None
    reached: str | None = None
    lacks: tuple[str, ...] = ()
    told: str | None = None
    contact: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        moved = self.reached is not None and self.reached != (self.known.stage if self.known else "lead")
        return self.state in ("new", "changed") and bool(
            self.known is None or self.values or moved or self.told or self.contact
        )

    def note(self, msgid: str, at: str = "", field_: str = "", **values: Any) -> None:
        self.notes.append(Note(msgid, values, at, field_))

    def refuse(self, msgid: str, at: str = "", field_: str = "", **values: Any) -> None:
        self.state = "refused"
        self.problems.append(Note(msgid, values, at, field_))

    def doubt(self, msgid: str, at: str = "", field_: str = "", **values: Any) -> None:
        self.state = self.state if self.state == "refused" else "doubtful"
        self.problems.append(Note(msgid, values, at, field_))


def fill(
    draft: LeadDraft,
    stages: Mapping[str, Any],
    defaults: Mapping[str, Any],
    stage: str | None,
    today: str,
    later: Mapping[str, str],
) -> None:
    """Read the row's cells. ``defaults`` fill what the sheet leaves open; ``stage`` is the sheet's own; ``later``: fields
    that somebody changed since the sheet was written, with by whom: they stay."""
    sent = _sent(draft)
    for name, value in defaults.items():
        if value is not None and sent.get(name) is None and (draft.known is None or getattr(draft.known, name) is None):
            sent[name] = value
    known = draft.known
    values = {n: v for n, v in sent.items() if n in FACTS and (known is None or getattr(known, n) != v)}
    for name in sorted(later.keys() & values.keys()):
        cell = draft.row.cells.get(name)
        draft.note(
            "{by} changed this since the sheet was written; it stays", cell.at if cell else "", name, by=later[name]
        )
        del values[name]
    draft.values = _checked(draft, values, today)
    _told(draft)
    _stage(draft, stages, stage)
    if draft.state == "new" and known is not None:
        draft.state = "changed"
        draft.state = "changed" if draft.writes else "same"


def _sent(draft: LeadDraft) -> dict[str, Any]:
    """Field → value, as the sheet tells it; cells that cannot be read become notes, and are left out."""
    found: dict[str, Any] = {}
    for name, cell in draft.row.cells.items():
        if cell.problem is not None:
            draft.note(cell.problem, cell.at, name, **cell.values)
        elif cell.doubt is not None:
            draft.note(cell.doubt, cell.at, name, **cell.values)
            found[name] = cell.value
        else:
            found[name] = cell.value
    found = {n: v for n, v in found.items() if v is not None}
    if draft.known is None or "name" in found:
        found["name"] = found.get("name") or draft.row.name
    _words(draft, found)
    return found


def _words(draft: LeadDraft, found: dict[str, Any]) -> None:
    """What is said in other words than the register's: where the money comes from, what was signed, numbers of licences."""
    capital = [name for name in CAPITAL if found.get(name)]
    if len(capital) == 1:
        found.setdefault("capital_from", capital[0])
    if (said := found.pop("progress", None)) in SIGNING:
        found.setdefault("agreement", SIGNING[said])
        found.setdefault("stage", "signed")
    elif said:
        found.setdefault("stage", said)
    if found.get("signed_on") and not found.get("agreement"):
        found["agreement"] = "definitive"
    if "confidential" in found:
        found["confidential"] = found["confidential"] == "yes"
    number = found.pop("company_credit_code", None)
    if number and (code := credit_code(number)):
        found["company_credit_code"] = code
    elif number:
        _remember(found, f"工商注册号：{number}")
    for name, called in KEPT_IN_REMARKS.items():
        if text := found.pop(name, None):
            if found.get("investor_name"):
                _remember(found, f"{called}：{text}")
            else:
                found["investor_name"] = text


def _remember(found: dict[str, Any], text: str) -> None:
    found["remarks"] = "；".join(part for part in (found.get("remarks"), text) if part)[:2000]


def _checked(draft: LeadDraft, values: dict[str, Any], today: str) -> dict[str, Any]:
    try:
        found = check(LeadEdit, values, partial=True)
    except Invalid as refusal:
        for problem in refusal.problems or [Problem("", refusal.code, refusal.msgid, refusal.values)]:
            name = problem.pointer.removeprefix("/")
            cell = draft.row.cells.get(name)
            draft.refuse(problem.msgid, cell.at if cell else "", name, **problem.values)
        return {}
    for name, value in list(found.items()):
        if name.endswith("_on") and isinstance(value, str) and value > today:
            cell = draft.row.cells.get(name)
            draft.note("The day of a fact cannot lie in the future", cell.at if cell else "", name)
            del found[name]
    return found


def _told(draft: LeadDraft) -> None:
    """How it goes is no fact of the lead but something that was said: a contact, written down once."""
    text = draft.row.value("told")
    draft.told = text if isinstance(text, str) and text.strip() else None


def _stage(draft: LeadDraft, stages: Mapping[str, Any], of_sheet: str | None) -> None:
    """As far towards the stage it tells as its conditions are met: an import makes no move that nobody else may make."""
    told = draft.row.cells.get("stage")
    wanted = (told.value if told is not None and told.problem is None else None) or _from_progress(draft) or of_sheet
    stands = draft.known.stage if draft.known else LeadStage.LEAD.value
    if wanted is None or draft.state == "refused" or ORDER.index(LeadStage(wanted)) <= ORDER.index(LeadStage(stands)):
        return
    if draft.known is not None and (draft.known.disposition != "active" or draft.known.project_id is not None):
        return
    facts = {**(draft.known.__dict__ if draft.known else {}), **draft.values}
    draft.to, draft.reached = wanted, stands
    for stage in ORDER[ORDER.index(LeadStage(stands)) + 1 : ORDER.index(LeadStage(wanted)) + 1]:
        lacking = missing(stages, facts, stage, draft.reached)
        if lacking.groups:
            draft.lacks = tuple(group[0] for _, group in lacking.groups)
            break
        draft.reached = stage.value


def _from_progress(draft: LeadDraft) -> str | None:
    said = draft.row.value("progress")
    return "signed" if said in SIGNING else said


def keys_of(row: LeadRow) -> list[str]:
    """The names by which a row may mean a lead that is known, the surest first."""
    names = [row.value("name") or row.name, row.value("company_name")]
    return [firm_key(name) for name in names if name]
