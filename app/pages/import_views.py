"""What the preview of an import shows: chips with counts, one page of rows, the columns worth seeing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from app.pages import figures
from app.services.draft import Draft, Note
from app.services.preparing import Prepared, kind_of, title
from app.services.previews import SHOWN_BY, absent_of, sheet_of
from app.words import say

PAGE = 200
CHIPS = ("new", "changed", "same", "move", "absent", "doubtful", "refused", "left", "elsewhere")
FIRST = (
    "investor_name", "total_investment_yuan", "annual_plan_yuan", "opening_this_year_yuan", "opening_before_year_yuan",
    "started_on", "planned_start_month", "planned_completion_month", "progress_text", "sponsor_leader", "responsible_unit",
    "responsible_person", "content",
)  # fmt: skip
"""Fields that make a column of their own before others do."""
ROOM = 520
"""Pixels for columns beside name, result and remarks, on a screen of 1440."""
LONG = {"content": 200, "progress_text": 160, "investor_name": 140, "problems_own": 150, "problems_government": 150}
HIDDEN = frozenset({"name", "marks", "opening_month", "plan_year"})
"""Told in the name's own column, or by the amounts that they date."""


def _usual(field: str) -> int:
    return FIRST.index(field) if field in FIRST else len(FIRST)


NOTHING_CHOSEN: dict[str, Any] = {"zone": None, "ledger": None, "force": False, "skip": False, "of_list": None}


@dataclass(frozen=True)
class Cell:
    """One cell of the preview: what stands there, what would stand there, and how it is to be looked at."""

    before: str
    after: str
    known: str
    kind: str
    """new, changed, doubtful, refused, or nothing."""


@dataclass(frozen=True)
class View:
    """One page of the preview."""

    prepared: Prepared
    state: str
    first: int
    language: str
    unit: str = "wan"

    @property
    def drafts(self) -> list[Draft]:
        """The rows that the chosen chip leaves."""
        if self.state == "amber":
            return [d for d in self.prepared.drafts if d.notes]
        return [d for d in self.prepared.drafts if not self.state or d.state == self.state]

    @property
    def absent(self) -> list[dict[str, Any]]:
        """One page of the projects that no sheet lists."""
        found = self.prepared.absent[self.first : self.first + PAGE]
        return [absent_of(self.prepared, a, self.language) for a in found]

    @property
    def rows(self) -> list[Draft]:
        return self.drafts[self.first : self.first + PAGE]

    @property
    def next(self) -> int | None:
        count = len(self.prepared.absent if self.state == "absent" else self.drafts)
        return self.first + PAGE if count > self.first + PAGE else None

    @property
    def columns(self) -> list[str]:
        """The fields that most of the rows shown speak of, as many as there is room for; the others stand in the remarks."""
        told = Counter(f for d in self.rows for f in d.values if f not in HIDDEN)
        by_custom = any(d.known is None for d in self.rows)
        ranked = sorted(told, key=lambda f: (_usual(f), -told[f]) if by_custom else (-told[f], _usual(f)))
        chosen, room = set(), ROOM
        for name in ranked:
            if self.width(name) <= room:
                chosen.add(name)
                room -= self.width(name)
        return sorted(chosen, key=_usual)

    def title(self, field: str) -> str:
        return title(field, self.language)

    @property
    def table_width(self) -> int:
        return 56 + 228 + 88 + 272 + sum(self.width(f) for f in self.columns)

    def width(self, field: str) -> int:
        return LONG.get(field, 88 if self.numeric(field) else 104)

    def numeric(self, field: str) -> bool:
        return kind_of(field).get("kind") in ("yuan", "measure", "count")

    def money(self, field: str) -> bool:
        return kind_of(field).get("kind") == "yuan"

    def cell(self, draft: Draft, field: str) -> Cell:
        """Before and after of a field in a row, in words."""
        known = self.shown(field, draft.known[field]) if draft.known else ""
        datum = draft.cells.get(field) or draft.cells.get(SHOWN_BY.get(field, field))
        notes = {n.field for n in (*draft.problems, *draft.notes)}
        if draft.state == "refused" and field in {n.field for n in draft.problems}:
            return Cell("", datum.raw if datum else self._raw(draft, field), known, "refused")
        if field not in draft.values:
            return Cell("", "", known, "")
        kind = "doubtful" if field in notes else "changed" if draft.known else "new"
        return Cell(known, self.shown(field, draft.values[field]), known, kind)

    def _raw(self, draft: Draft, field: str) -> str:
        return next((c.raw for c in draft.row.cells if c.target.field == field), "")

    def shown(self, field: str, value: Any) -> str:
        return figures.shown(value, kind_of(field), self.language, self.unit)

    def clashes(self, draft: Draft) -> list[dict[str, Any]]:
        """Fields that both she and the register changed since the sheet was written, each side in words."""
        return [
            {"field": name, "title": self.title(name), "by": c.by, "at": c.at, "decided": c.decided}
            | {side: self.shown(name, getattr(c, side)) for side in ("before", "mine", "theirs")}
            for name, c in draft.clashes.items()
        ]

    def rest(self, draft: Draft) -> list[tuple[str, Cell]]:
        """What is told beside the columns shown."""
        shown = {*self.columns, "name", "marks"} if draft.known is None else set(self.columns)
        return [(self.title(f), self.cell(draft, f)) for f in draft.values if f not in shown]

    def sentences(self, draft: Draft) -> list[tuple[str, str, str]]:
        """Why a row is refused or doubtful, then its amber notes: (kind, cell, sentence)."""
        bad = "bad" if draft.state == "refused" else "warn"
        return [*(self._said(n, bad) for n in draft.problems), *(self._said(n, "") for n in draft.notes)]

    def _said(self, note: Note, kind: str) -> tuple[str, str, str]:
        return kind, note.at, say(note.msgid, self.language, **note.values)

    @property
    def sheets(self) -> list[dict[str, Any]]:
        """Each sheet as it was understood, with how many of its rows would be written."""
        written = Counter(d.sheet for d in self.prepared.drafts if d.writes)
        chosen = self.prepared.choices.sheets
        return [
            sheet_of(self.prepared, n, self.language)
            | {"written": written[n], "chosen": {**NOTHING_CHOSEN, **chosen.get(table.sheet, {})}}
            for n, table in enumerate(self.prepared.understood.tables)
        ]


def read_view(prepared: Prepared, state: str | None, first: str | None, language: str) -> View:
    """The view that the address asks for; nonsense is the first page of everything."""
    at = int(first) if first is not None and first.isdecimal() and len(first) < 8 else 0
    return View(prepared, state if state in (*CHIPS, "amber") else "", at, language)
