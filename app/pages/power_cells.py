"""The squares of the matrix: what state an item is in, in which zone, as a link with its word; thousands a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from app.rules.codes import DelegationState
from app.services.power_map import NONE, Matrix
from app.words import say, word

MARKS = {
    DelegationState.RUNNING.value: "on",
    DelegationState.ADJUSTED.value: "aj",
    DelegationState.TAKEN_OVER.value: "tk",
    DelegationState.PENDING.value: "wt",
    DelegationState.REVOKED.value: "rv",
    NONE: "no",
}
"""State → the class of its square, in the order of legends."""


def state_words(language: str) -> dict[str, str]:
    """What each state, and holding nothing, is called."""
    words = {state.value: word(state, "DelegationState", language) for state in DelegationState}
    return {state: words.get(state) or say("not delegated", language) for state in MARKS}


class Squares:
    """A row of squares for an item, made of finished pieces: only the addresses differ."""

    def __init__(self, matrix: Matrix, language: str) -> None:
        self.columns, self.cells = matrix.columns, matrix.cells
        words = state_words(language)
        self.before = {
            column.id: {
                state: f'<td><a title="{escape(column.name)} · {escape(words[state])}" href="/zones/{quote(column.code, safe="")}/powers/'
                for state, mark in MARKS.items()
            }
            for column in matrix.columns
        }
        self.after = {
            state: f'"><i class="st {mark}"></i><span class="vh">{escape(words[state])}</span></a></td>'
            for state, mark in MARKS.items()
        }

    def __call__(self, power: Mapping[str, Any]) -> Markup:
        """The cells of one item, zone by zone."""
        address, id_ = quote(power["code"], safe=""), power["id"]
        found = []
        for column in self.columns:
            cell = self.cells.get((column.id, id_))
            state = cell["state"] if cell else NONE
            found.append(self.before[column.id][state] + address + self.after[state])
        return Markup("".join(found))  # every piece is escaped or quoted above


def heat(share: int | None) -> str:
    """The class of a shade: one for every ten per cent."""
    return "h0" if not share else f"h{min(10, -(-share // 10))}"
