"""What the templates of a project are given: words, groups, drawings and controls around ``project_pages.Whole``."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from app.models import ProjectFacts
from app.models.base import NOUNS, meta
from app.pages import curve, database, facts, figures, timeline
from app.pages.forms import RIGHT, Wrong
from app.rules.codes import EvidenceKind, LeadStage, Ledger
from app.rules.family import closed
from app.rules.gates import GATES
from app.rules.identity import FILED_ELSEWHERE
from app.rules.proofs import SHOWN_INLINE
from app.services.following import SHOWN
from app.services.frames import Frame
from app.services.project_pages import Whole
from app.services.restoring import restorable
from app.words import Word, say, word

DOORS = {
    "page": Word("in the page"), "api": Word("by a program"), "cli": Word("by a command"), "import": Word("by an import"),
    "system": Word("by the register itself"),
}  # fmt: skip
UNTOLD = frozenset(
    {
        "light_reason", "light_turns_on", "search_name", "code", "has_phases", "part_count", "family_sums", "progress_told_on", "industry_code", "first_planned_start_month",
        "lists", "shares", "zone_id", "opening_accepted", "postponements", "entered_ledger_on", "construction_nature",
        "invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan", "invested_this_month_yuan", "figures_month", "incomplete_months", "plan_year", "disposition_on",
    }
)  # fmt: skip
"""Fields that follow from others: history keeps them, the page does not repeat them."""
DONE: dict[str, Word] = {
    "moved": Word("The project now stands in: {ledger}."),
    "pending": Word("The project now stands in: {ledger}. It is counted apart until evidence is attached."),
    "attached": Word("The file is attached."),
    "settled": Word("The file is attached; the proof is complete and the project counts."),
    "removed": Word("The file was taken away; history keeps it."),
    "put_back": Word("The value is what it was before; this too stands in history."),
    "created": Word("The project was added."),
    "corrected": Word("The correction counts; the locked month stays as it was."),
    "transferred": Word("The project lies in its new zone now; sums and lists have followed."),
    "saved": Word("Saved."),
    "reported": Word("The month is reported; the sums follow."),
    "deleted": Word("The project is deleted. It can be restored here."),
    "undeleted": Word("The project is back."),
    "same": Word("It has this value already; nothing was changed."),
}
"""What has just been done, named in the address after a form was sent."""


def proves() -> dict[str, str]:
    """Which ledger a kind of evidence speaks for; none for a kind that speaks for more than one."""
    found: dict[str, set[str]] = {}
    for ledger, gate in GATES.items():
        for way in gate["evidence"]:
            for kind in way["all"]:
                found.setdefault(kind, set()).add(ledger)
    return {kind: next(iter(ledgers)) for kind, ledgers in found.items() if len(ledgers) == 1}


def told(act: dict[str, Any]) -> dict[str, Any]:
    """An act of history with the changes worth telling."""
    private = NOUNS["project"].private
    shown = [
        {**c, "hidden": c["field"] in private, "restorable": restorable(c["field"])}
        for c in act["changes"]
        if c["field"] not in UNTOLD
    ]
    return {
        **act,
        "shown": [c for c in shown if c["hidden"] or c["before"] is not None or c["after"] not in (None, False)],
    }


def words_of(language: str) -> dict[str, Any]:
    """What every piece of the page needs to speak."""

    def sum_of(project: dict[str, Any], field: str) -> str:
        return figures.sum_of(project["family_sums"], field, project["has_phases"], language)

    return {
        "shown_fact": lambda field, value: facts.shown(field, value, language),
        "sum_of": sum_of,
        "doors": DOORS,
        "noun": "project",
        "facts_at": lambda project: f"/projects/{project['id']}",
    }


def done(request: Request, whole: Whole, language: str) -> str:
    """The sentence for what has just been done, or nothing."""
    msgid = DONE.get(request.query_params.get("done", ""))
    return say(msgid, language, ledger=word(whole.project["ledger"], "Ledger", language)) if msgid else ""


def editable(whole: Whole) -> frozenset[str]:
    """The fields this reader may edit here."""
    return editable_in(whole.writes, whole.project)


def editable_in(writes: frozenset[str], project: dict[str, Any]) -> frozenset[str]:
    """What may be edited with the right to write these groups of fields; sums of phases and parts are not."""
    known = ProjectFacts.model_fields
    mine = frozenset(n for n in known if facts.is_fact(n) and meta(known[n]).get("group") in writes)
    return mine - closed(project["family_sums"])


def context(
    request: Request, reader: Frame, whole: Whole, *, problem: Wrong | None = None, edit: str = "", **more: Any
) -> dict[str, Any]:
    """Everything ``projects/project.html`` needs. ``more``: the names of ``projects/fact.html`` for the field in edit."""
    language = reader.language
    past = [told(a) for a in whole.history]
    kinds = [(k.value, word(k, "EvidenceKind", language)) for k in EvidenceKind]
    wanted = [k for way in whole.wanted for k in way]
    fields = sorted(
        ((n, say(str(f.title), language)) for n, f in ProjectFacts.model_fields.items()), key=lambda p: p[1]
    )
    full = len(whole.history) >= 20 and not request.query_params.get("field")
    return {
        "w": whole,
        "done": done(request, whole, language),
        "problem": problem,
        "groups": facts.GROUPS,
        "people": facts.PEOPLE,
        "editable": editable(whole),
        "edit": edit,
        "ledgers": tuple(Ledger),
        "stages": tuple(LeadStage),
        "line": timeline.drawing(whole.project, reader.today, language),
        "steps": timeline.steps(whole.project, reader.today, language),
        "short": timeline.short,
        "c": curve.curve(whole.project, whole.reports, whole.opening, whole.plan_months),
        "shown_roles": tuple(SHOWN),
        "inline": SHOWN_INLINE,
        "proves": proves(),
        "kinds": kinds,
        "kinds_first": wanted[0] if wanted else "contract",
        "most_mb": database(request).settings.max_upload_mb,
        "proof_said": {},
        "proof_wrong": RIGHT,
        "filed_elsewhere": FILED_ELSEWHERE,
        "past": [a for a in past if a["shown"]],
        "fields": fields,
        "field_filter": request.query_params.get("field") or "",
        "earlier": whole.history[-1]["version"] if full else None,
        **words_of(language),
        **more,
    }
