"""The three ledgers and the archive: order, moves, who is listed, and what a project is in the year shown."""

from __future__ import annotations

from app.rules.codes import ConstructionNature, Disposition, Ledger

ORDER: tuple[Ledger, ...] = tuple(Ledger)

LISTED = frozenset({Disposition.ACTIVE, Disposition.DEFERRED, Disposition.SUSPENDED})
"""A ledger lists and counts these. Lost and withdrawn projects leave on their date and stand in a list of their own."""

LEFT = frozenset({Disposition.LOST, Disposition.WITHDRAWN})

DATE_OF_MOVE: dict[Ledger, str] = {Ledger.IN_CONSTRUCTION: "started_on", Ledger.COMPLETED: "completed_on"}
"""The fact that a move into a ledger writes: the day of the move is the day of that fact."""


def is_back(frm: Ledger | str | None, to: Ledger | str) -> bool:
    """A move to an earlier ledger. It needs a reason."""
    return frm is not None and ORDER.index(Ledger(to)) < ORDER.index(Ledger(frm))


def skipped(frm: Ledger | str | None, to: Ledger | str) -> list[Ledger]:
    """Ledgers jumped over on the way forward; their conditions are asked too. A new project skips nothing: it passes
    the gate of the ledger it names."""
    if frm is None:
        return []
    return list(ORDER[ORDER.index(Ledger(frm)) + 1 : ORDER.index(Ledger(to))])


def nature(
    ledger: Ledger | str,
    year: int,
    *,
    started_on: str | None,
    completed_on: str | None,
    planned_completion_month: str | None = None,
) -> ConstructionNature | None:
    """What the project is in ``year``: completing if its completion (or, while it is being built, the planned one) falls
    in it, else a new start if it was started in it, else carried over; preparatory before construction.

    None for a project that was completed before that year: nothing of it was carried into the year.
    """
    ledger = Ledger(ledger)
    if ledger in (Ledger.RESERVE, Ledger.UPCOMING):
        return ConstructionNature.PREPARATORY
    completion = completed_on or (planned_completion_month if ledger is Ledger.IN_CONSTRUCTION else None)
    if _in_year(completion, year):
        return ConstructionNature.COMPLETING
    if completed_on is not None and int(completed_on[:4]) < year:
        return None
    return ConstructionNature.NEW_START if _in_year(started_on, year) else ConstructionNature.CARRIED_OVER


def _in_year(date: str | None, year: int) -> bool:
    return date is not None and int(date[:4]) == year


def doubt(ledger: Ledger | str, *, started_on: str | None, completed_on: str | None) -> Ledger | None:
    """The ledger that the dates speak for, when it is a later one than the project stands in: offered as a move."""
    spoken_for = Ledger.COMPLETED if completed_on else Ledger.IN_CONSTRUCTION if started_on else None
    return spoken_for if spoken_for and ORDER.index(spoken_for) > ORDER.index(Ledger(ledger)) else None
