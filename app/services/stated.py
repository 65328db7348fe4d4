"""What a summary sheet states, beside what the register says: counts and amounts by zone and ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.desk import Desk
from app.errors import NotFound
from app.rules.counting import AMOUNTS
from app.rules.identity import zone_key
from app.services import ledgers
from app.services.choices import Choices
from app.services.workbooks import Understood, spellings
from app.sheets.tables import Check, Table
from app.sheets.titles import zone_in
from app.sheets.vocabulary import ledger_in

Place = tuple[int, int]
"""Which sheet, and which of its checks."""
WHOLE = ("合计", "总计", "共计", "全市", "全区", "小计")


def compare(desk: Desk, understood: Understood, choices: Choices) -> dict[Place, int]:
    """For each stated figure of a summary sheet that names its zone (or is a total) and ledger: the register's figure."""
    names: dict[str, str] | None = None
    heads: dict[str | None, Mapping[str, Any]] = {}
    found: dict[Place, int] = {}
    for at, table in enumerate(understood.tables):
        if table.kind != "summary":
            continue
        names = spellings(desk) if names is None else names
        for n, check in enumerate(table.checks):
            place = _place(table, check, choices, names)
            if place is None:
                continue
            zone, ledger = place
            if zone not in heads:
                heads[zone] = _heads(desk, zone)
            value = _figure(heads[zone].get(ledger), check.field)
            if value is not None:
                found[at, n] = value
    return found


def _place(table: Table, check: Check, choices: Choices, names: Mapping[str, str]) -> tuple[str | None, str] | None:
    """The zone (None: all she sees) and the ledger that a figure is about; None where it does not say."""
    ledger = ledger_in(check.label) or choices.of(table.sheet, "ledger") or table.ledger
    if ledger is None:
        return None
    named = zone_in(check.label) or check.label
    for text in (named, table.zone or ""):
        if text and zone_key(text) in names:
            return names[zone_key(text)], ledger
    chosen = choices.of(table.sheet, "zone")
    if chosen:
        return (chosen, ledger) if _is_whole(check.label) else None
    return (None, ledger) if _is_whole(check.label) else None


def _is_whole(label: str) -> bool:
    return not label or ledger_in(label) is not None or any(word in label for word in WHOLE)


def _heads(desk: Desk, zone: str | None) -> Mapping[str, Any]:
    try:
        return ledgers.heads(desk, zone)
    except NotFound:
        return {}


def _figure(head: Mapping[str, Any] | None, field: str) -> int | None:
    """The register's figure: a sum that knows no amount at all is unknown."""
    if head is None:
        return None
    if field == "project_count":
        return int(head["project_count"]) + int(head["pending_count"])
    if field in AMOUNTS and head["amounts"][field]["known"]:
        return int(head["amounts"][field]["sum"])
    return None
