"""What stands over a ledger besides its sums: what the ledgers were a month ago, and how far the month's reports are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.desk import Desk
from app.rules.codes import ZoneMonthState
from app.services import closing, monthly, owing, periods, zone_months
from app.services.whole_sums import DATED, added


@dataclass(frozen=True)
class Reporting:
    """The month that is reported on now."""

    month: str
    first_month: str
    state: str | None
    """Of a zone; of several zones only that the month is locked."""
    owed: int
    reported: int
    due_on: str
    late_days: int


def month_before(desk: Desk, code: str | None) -> dict[str, dict[str, Any]] | None:
    """The ledgers at the end of the month before the one that is reported on; None while no month was opened, or where
    the register did not exist."""
    if not periods.all_(desk):
        return None
    return monthly.heads_at(desk, monthly.zone_ids(desk, code), periods.before(desk, monthly.month_shown(desk, {})))


def reporting(desk: Desk, code: str | None) -> Reporting | None:
    """How far the reports of the newest month are, of a zone or of all she sees. None while no month was opened."""
    known = periods.all_(desk)
    if not known:
        return None
    period, ids = known[0], monthly.zone_ids(desk, code)
    if ids is None or len(ids) != 1:
        return _reporting(desk, code, ids, period)
    return desk.remembered(
        ("reporting", code, ids[0], desk.today), lambda: _reporting(desk, code, ids, period), zone=ids[0]
    )


def _reporting(desk: Desk, code: str | None, ids: list[int] | None, period: dict[str, Any]) -> Reporting:
    dated = DATED.of_all(desk.link).whole if ids is None else added({}, DATED.of_zones(desk.link, ids).values())
    owed, missing = owing.owed_and_missing(dated, period)
    state, late = _of_zone(desk, ids[0], period) if code and ids else (closing.state(period, None).value, 0)
    return Reporting(
        period["month"], period["first_month"], state if code or period["locked_on"] else None, owed, owed - missing,
        period["submit_due_on"], late if owed and state == ZoneMonthState.OPEN else 0,
    )  # fmt: skip


def _of_zone(desk: Desk, zone_id: int, period: dict[str, Any]) -> tuple[str, int]:
    row = closing.rows(desk, [zone_id], [period["month"]]).get((zone_id, period["month"]))
    found = closing.state(period, row)
    return found.value, zone_months.late(period, found, row.submitted_on if row else None, desk.today)
