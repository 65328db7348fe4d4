"""What becomes of a row: matched, filled, through its gate, or a move, or left out with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.desk import Desk
from app.rules.access import Act
from app.rules.codes import Disposition, Ledger
from app.rules.gates import missing, to_complete
from app.rules.ledgers import DATE_OF_MOVE, LEFT
from app.rules.reads import NOTHING
from app.services.choices import LEAVE_OUT, Choices
from app.services.conflicts import Later
from app.services.draft import Draft
from app.services.drafts import fill
from app.services.field_titles import title
from app.services.matching import Index, match
from app.services.proposing import Moving
from app.sheets.tables import Table
from app.words import word

SPENT = ("opening_before_year_yuan", "opening_this_year_yuan", "total_investment_yuan")


@dataclass
class Judge:
    """Reads a row as what it is to become; the desk says what she may, the index what is known."""

    desk: Desk
    choices: Choices
    gates: Mapping[str, Any]
    index: Index
    moving: Moving
    later: Mapping[int, Mapping[str, Later]]
    """What changed since our own workbook was written, by the project's id."""

    def judge(self, draft: Draft, table: Table) -> None:
        if draft.state == "refused":
            return
        decided = self.choices.rows.get(draft.place)
        if decided == LEAVE_OUT:
            draft.leave("Left out, as you decided")
            return
        match(draft, self.index, decided)
        if draft.state in ("refused", "doubtful"):
            if draft.state == "doubtful":
                fill(draft, table, self.desk.today)
            return
        if self._left(draft):
            return
        if draft.known is None and not self._complete(draft):
            return
        if draft.own and draft.known:
            draft.later = self.later.get(int(draft.known["id"]), {})
            draft.decided = self.choices.about(draft.place) if draft.later else {}
        reported = self.index.reports.get(int(draft.known["id"])) if draft.known else None
        fill(draft, table, self.desk.today, clears=self.choices.clears, reported=reported)
        if draft.state in ("refused", "doubtful"):
            return
        self._marks(draft)
        if draft.known is None:
            self._enter(draft)
        else:
            self._stay(draft)
        self._spent(draft)

    def _left(self, draft: Draft) -> bool:
        """Is the row left out by the mode: only add, or only update?"""
        if draft.known is not None and self.choices.mode == "add":
            draft.leave("Known already, and only new projects are added")
        elif draft.known is None and self.choices.mode == "update":
            draft.leave("New, and only known projects are updated")
        return draft.state == "left"

    def _complete(self, draft: Draft) -> bool:
        if not draft.zone_id:
            if draft.row.zone:
                draft.doubt("{zone} is not in the register; choose the zone", zone=draft.row.zone)
            else:
                draft.doubt("The sheet names no zone; choose one")
        elif draft.ledger is None:
            draft.doubt("The sheet names no ledger; choose one")
        return draft.state == "new"

    def _marks(self, draft: Draft) -> None:
        """A sign before the name puts the project on the list that she says it stands for."""
        meant = self.choices.of(draft.row.sheet, "marks") or {}
        on = {entry["code"] for entry in orjson.loads(draft.known["lists"])} if draft.known else set()
        codes = {meant.get(sign) for sign in draft.row.marks} - {None, ""}
        draft.joins = sorted(str(code) for code in codes - on)
        if draft.joins and draft.state == "same":
            draft.state = "changed"

    def _enter(self, draft: Draft) -> None:
        """The gate of the ledger a new row names. An opening is taken as it stands; otherwise the gate blocks."""
        desk, to = self.desk, str(draft.ledger)
        facts = {**draft.values}
        draft.missing = tuple(group[0] for group in to_complete(self.gates, facts, to))
        if self.choices.opening:
            draft.pending = True
            if draft.missing:
                draft.note("To be completed: {fields}", fields=self._titles(draft.missing))
            return
        on = facts.get("completed_on" if to == Ledger.COMPLETED else "started_on") or desk.today
        draft.pending = missing(self.gates, facts, to, None, (), on).evidence_missing
        if not draft.missing:
            return
        if desk.may(Act.PROJECT_OVERRIDE, draft.zone_id):
            draft.forced = True
            draft.note(
                "Enters {ledger} although it lacks: {fields}",
                ledger=self._ledger(to),
                fields=self._titles(draft.missing),
            )
        else:
            draft.refuse(
                "To enter {ledger} it lacks: {fields}. Add them in the sheet, or send it as an opening",
                ledger=self._ledger(to), fields=self._titles(draft.missing),
            )  # fmt: skip

    def _stay(self, draft: Draft) -> None:
        """A project that stands elsewhere is a proposed move, never a field that is written."""
        known: Mapping[str, Any] = draft.known or NOTHING
        if Disposition(known["disposition"]) in LEFT:
            draft.doubt("It has left the ledgers; resume it first")
            return
        if draft.ledger in (None, known["ledger"]):
            return
        here, there = self._ledger(known["ledger"]), self._ledger(str(draft.ledger))
        moved = draft.later.get("ledger")
        if moved is not None and moved.before == draft.ledger:
            draft.note("It was moved to {here} after the sheet was written, and stays there", here=here)
            return
        if draft.row.ledger_doubtful and not self.choices.of(draft.row.sheet, "force"):
            draft.note("The register has it in {here}; the sheet's word is not clear, so it stays", here=here)
            return
        draft.state = "move"
        to = str(draft.ledger)
        day = draft.cells.get(DATE_OF_MOVE[Ledger(to)]) if Ledger(to) in DATE_OF_MOVE else None
        told = str(day.value) if day is not None and day.value else None
        draft.move = self.moving.propose(known, draft.values, to, told, self.choices.move(draft.place))
        draft.note("The register has it in {here}, the sheet in {there}: a move", here=here, there=there)
        self.moving.explain(draft)

    def _spent(self, draft: Draft) -> None:
        known: Mapping[str, Any] = draft.known or NOTHING
        values = draft.values
        if values.keys().isdisjoint(SPENT):
            return
        before, this, total = (values[n] if n in values else known.get(n) for n in SPENT)
        if total is not None and before is not None and this is not None and before + this > total:
            draft.note("More was spent ({spent}) than the total investment ({total})", draft.cells.get("total_investment_yuan"),
                       spent=before + this, total=total)  # fmt: skip

    def _ledger(self, ledger: str) -> str:
        return word(ledger, "Ledger", self.desk.language)

    def _titles(self, fields: Any) -> str:
        mark = "、" if self.desk.language == "zh_CN" else ", "
        return mark.join(title(name, self.desk.language) for name in fields)
