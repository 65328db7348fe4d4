"""What a person says about a file beside the file: where its rows belong, how its sheets are to be read, what each row is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Invalid
from app.rules.codes import Ledger

LEAVE_OUT = -1
"""A decision about a row: the id of the project it means, 0 for a new one, or this."""


@dataclass(frozen=True)
class Choices:
    """What a person says beside the sheet. ``zone`` and ``ledger`` fill what it leaves open; ``force`` overrules it.

    ``sheets``: the same for one sheet by its name, and ``skip``. ``rows``: decisions by ``sheet!row``.
    """

    zone: str | None = None
    ledger: str | None = None
    force: bool = False
    opening: bool = False
    sheets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)

    def of(self, sheet: str, name: str) -> Any:
        """Zone, ledger or force as chosen for a sheet, else for the whole file."""
        chosen = self.sheets.get(sheet, {}).get(name)
        return chosen if chosen not in (None, "") else getattr(self, name, None)


def choices_of(said: dict[str, Any]) -> Choices:
    """The choices as they are kept."""
    return Choices(
        zone=said.get("zone"), ledger=said.get("ledger"), force=bool(said.get("force")), opening=bool(said.get("opening")),
        sheets=said.get("sheets", {}), rows=said.get("rows", {}),
    )  # fmt: skip


def ledger_named(text: str) -> str:
    """A ledger by its code, as a person or a program names it. Raises Invalid."""
    if text not in {ledger.value for ledger in Ledger}:
        raise Invalid.one("/ledger", "not_in_list", "Choose one of: {choices}", choices=", ".join(Ledger))
    return text


def merged(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Choices with what was said now: what is not named stays, None takes a choice back."""
    made = dict(known)
    for name, value in said.items():
        kept = (merged(made.get(name) or {}, value) or None) if isinstance(value, Mapping) else value
        if kept is None:
            made.pop(name, None)
        else:
            made[name] = kept
    return made
