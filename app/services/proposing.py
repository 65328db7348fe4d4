"""Moves that a sheet proposes: what the gate of each misses, and whether it is accepted. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.desk import Desk
from app.rules.access import Act
from app.rules.gates import missing
from app.services import entering
from app.services.draft import Draft, Note, Proposed
from app.services.field_titles import title

NEVER = ("same_ledger", "dates_crossed")
"""What no right can force."""


@dataclass
class Moving:
    """Judges moves for one person: her rights decide what she may force."""

    desk: Desk
    gates: Mapping[str, Any]

    def propose(
        self,
        known: Mapping[str, Any],
        values: Mapping[str, Any],
        to: str,
        told: str | None,
        choice: Mapping[str, Any] | None,
    ) -> Proposed:
        """The move of a known project with its new ``values``. ``told``: the day that the sheet tells; ``choice``: hers."""
        said, desk = choice or {}, self.desk
        on = told or said.get("on") or desk.today
        frm = str(known["ledger"])
        kinds = entering.evidence_kinds(desk, int(known["id"]))
        settled = entering.settled_steps(desk, int(known["id"]))
        found = missing(self.gates, {**known, **values}, to, frm, kinds, on, settled)
        made = Proposed(
            frm, to, on, told is not None, tuple(b.fields for b in found.blocks if b.code == "fact_missing"), None,
            found.evidence_missing, found.back, tuple(s.value for s in found.skipped), choice is not None,
        )  # fmt: skip
        other = next((b for b in found.blocks if b.code != "fact_missing"), None)
        if on > desk.today:
            made.why = Note("The day of a fact cannot lie in the future")
        elif known["has_phases"]:
            made.why = Note("A project with phases stands in no ledger; move its phases")
        elif other is not None:
            made.why = Note(other.msgid, entering.values_of(desk, other))
        cannot = on > desk.today or known["has_phases"] or any(b.code in NEVER for b in found.blocks)
        may = desk.may(Act.PROJECT_OVERRIDE, int(known["zone_id"]))
        made.forced = not found.passes and not cannot and bool(said.get("override")) and may
        made.accepted = choice is not None and not cannot and (found.passes or made.forced)
        return made

    def explain(self, draft: Draft) -> None:
        """What the gate misses, into the notes of the row."""
        move = draft.move
        if move is None:
            return
        if move.lacks:
            draft.note("For the move it lacks: {fields}", fields=self.titles(move.lacks))
        if move.why is not None:
            draft.note(move.why.msgid, **move.why.values)
        if move.pending:
            draft.note("Without evidence it will be pending")

    def titles(self, groups: tuple[tuple[str, ...], ...]) -> str:
        mark = "、" if self.desk.language == "zh_CN" else ", "
        return mark.join(title(group[0], self.desk.language) for group in groups)
