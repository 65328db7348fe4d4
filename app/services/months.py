"""The city's month: where every zone stands, who is late for how many days, and the lock."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Conflict
from app.models import Zone
from app.models.month_shapes import MonthSubmit
from app.models.shapes import check
from app.rules.access import Act
from app.rules.codes import ZoneMonthState
from app.rules.owing import stands
from app.services import closing, owing, papers, periods, reasons, stamping, zone_months

Record = dict[str, Any]
COUNTED = ("draft", "submitted", "confirmed", "returned")


def read(desk: Desk, month: str) -> Record:
    """The period, and every zone she sees: its state, how many reports it owes and has, since when it is late."""
    period = periods.find(desk, month)
    then = zone_months.frozen(desk, period)
    items = _stamped(desk, month, _zones(then, period))
    return {**period, "items": items, "late": [i["zone"] for i in items if i["late_days"] and i["state"] == "open"]}


def _zones(desk: Desk, period: Record) -> list[Record]:
    names = ("id", "code", "name", "short_name")
    known = desk.select(Zone, "of_month", lambda q, t: q.order_by(t.c.id), columns=names)
    owed, given = owing.counts(desk, period), owing.reported(desk, period)
    rows = closing.rows(desk, (z[0] for z in known), [period["month"]])
    found = []
    for id_, code, name, short in known:
        row = rows.get((id_, period["month"]))
        state, by_state = closing.state(period, row), given.get(id_, {})
        asked = owed.get(id_, 0)
        late = zone_months.late(period, state, row.submitted_on if row else None, desk.today)
        found.append({
            "id": id_, "zone": code, "name": short or name, "state": state, "owed": asked,
            **{n: by_state.get(n, 0) for n in COUNTED},
            "missing": asked - sum(n for found_, n in by_state.items() if stands(found_)),
            "late_days": late if asked or row else 0,
            "submitted_on": row.submitted_on if row else None,
            "returned_reason": row.returned_reason if row else None,
            "version": row.since if row else 0,
        })  # fmt: skip
    return found


def _stamped(desk: Desk, month: str, items: list[Record]) -> list[Record]:
    """With ``stamped``: whether the newest paper of the zone has come back stamped; None where there is no paper."""
    known = papers.stamped(desk, month, (i["id"] for i in items))
    return [{**{n: v for n, v in i.items() if n != "id"}, "stamped": known.get(i["id"])} for i in items]


def unstamped(desk: Desk, items: list[Record]) -> list[Record]:
    """The zones whose paper keeps a month from being locked, where the city asks for the stamped scan."""
    return [z for z in items if z["stamped"] is False] if stamping.rules(desk)["scan_before_lock"] else []


def list_(desk: Desk) -> list[Record]:
    """Every period that was opened, newest first."""
    return periods.all_(desk)


def waiting(items: list[Record]) -> list[Record]:
    """The zones that keep a month from being locked: those that owe a report, or have begun, and are not confirmed."""
    return [z for z in items if z["state"] != ZoneMonthState.CONFIRMED and (z["owed"] or z["version"])]


def lock(desk: Desk, month: str, values: Record) -> Record:
    """Lock a month for the whole city: its figures are frozen as they stand. Every zone that owes a report must have been
    confirmed, and every earlier period locked. There is no way back; what is wrong is corrected."""
    periods.ask_for_all(desk, Act.MONTH_LOCK)
    check(MonthSubmit, reasons.take(desk, values))
    period = periods.row(desk, month)
    before = [p["month"] for p in periods.all_(desk) if p["month"] < month and p["locked_on"] is None]
    if before:
        raise Conflict("{month} is still open; lock it first", code="earlier_open", month=min(before))
    stand = _stamped(desk, month, _zones(desk, periods.find(desk, month)))
    lacking = waiting(stand)
    if lacking:
        raise Conflict(
            "Not confirmed yet: {zones}", code="not_confirmed", zones=", ".join(z["name"] for z in lacking),
            extra={"missing": [{n: z[n] for n in ("zone", "name", "state", "missing")} for z in lacking]},
        )  # fmt: skip
    bare = unstamped(desk, stand)
    if bare:
        raise Conflict(
            "The stamped scan is still missing: {zones}", code="scan_missing", zones=", ".join(z["name"] for z in bare),
            extra={"missing": [{n: z[n] for n in ("zone", "name", "state")} for z in bare]},
        )  # fmt: skip
    rows = list(closing.rows(desk, _ids(desk), [month]).values())
    for row in rows:
        row.state = ZoneMonthState.LOCKED
    desk.keep(rows)
    period.locked_on, period.locked_by = desk.today, desk.actor.name
    desk.keep(period)
    return read(desk, month)


def _ids(desk: Desk) -> list[int]:
    return [id_ for (id_,) in desk.select(Zone, "ids", lambda q, t: q, columns=("id",))]
