"""From which state to which a zone's month and a report may go, by which step. Everything else is refused."""

from __future__ import annotations

from app.rules.codes import ReportState, ZoneMonthState

ZONE_STEPS: dict[tuple[str, str], str] = {
    ("open", "submit"): "submitted",
    ("submitted", "confirm"): "confirmed",
    ("submitted", "return"): "open",
    ("confirmed", "return"): "open",
    ("confirmed", "lock"): "locked",
}
"""(state, step) → state. There is no way back from locked: what is wrong then is corrected."""

REPORT_STEPS: dict[tuple[str, str], str] = {
    ("draft", "submit"): "submitted",
    ("returned", "write"): "draft",
    ("draft", "write"): "draft",
    ("submitted", "confirm"): "confirmed",
    ("submitted", "return"): "returned",
    ("confirmed", "return"): "returned",
}


def zone_after(state: str, step: str) -> ZoneMonthState | None:
    """Where the step leads; None when it may not be made."""
    found = ZONE_STEPS.get((state, step))
    return ZoneMonthState(found) if found else None


def report_after(state: str, step: str) -> ReportState | None:
    """Where the step leads; None when it may not be made."""
    found = REPORT_STEPS.get((state, step))
    return ReportState(found) if found else None
