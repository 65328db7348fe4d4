"""The amounts of a heading are the sums of its phases, those of a bundle the sums of its parts.

They are written into the parent's row from the children that stand in the ledgers, so that lists, sums, filters and earlier
acts have them without a join. A child that does not know an amount adds nothing and is not among the known. What was typed
on the parent is kept beside the sums: it shows again where nothing is left to sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from app.rules.codes import Ledger, Relation
from app.rules.counting import GONE
from app.rules.family import SPENT, TYPED
from app.rules.settling import plan_judged_by, year_shown

OF_YEAR = frozenset({"annual_plan_yuan", *SPENT}) - {"invested_to_date_yuan"}
PLANNED = ("annual_plan_yuan", "first_annual_plan_yuan", "baseline_plan_yuan", "plan_months")
DATING = (
    "plan_year", "figures_month", "incomplete_months", "first_annual_plan_yuan", "baseline_plan_yuan",
)  # fmt: skip
WATCHED = (
    "parent_id", "relation", "deleted_at", "disposition", "opening_month", "has_phases", "part_count", "family_sums", *TYPED, *SPENT, *DATING,
)  # fmt: skip
"""A parent is gathered again when one of these has changed in a child or in itself."""


def gather(row: Any, children: Sequence[Any], today: str) -> None:
    """Write into a row what follows from its live children: heading or bundle, and its amounts."""
    staying = [child for child in children if child.disposition not in GONE]
    parts = [child for child in staying if child.relation == Relation.PART]
    phases = [child for child in staying if child.relation == Relation.PHASE]
    row.has_phases = any(child.relation == Relation.PHASE for child in children)
    row.part_count = len(parts) or None
    if row.family_sums is not None:
        _write(row, orjson.loads(row.family_sums)["own"])
    summed = phases if row.has_phases else parts
    row.family_sums = _summed(row, summed, today) if summed else None


def _write(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def turn_own(row: Any, year: int) -> None:
    """What was typed on a parent before its children were summed belongs to an earlier year: nothing is planned for this."""
    if row.family_sums is None:
        return
    said = orjson.loads(row.family_sums)
    new = {"plan_year": year, **dict.fromkeys(PLANNED)}
    said["own"] |= {name: new[name] for name in said["own"].keys() & new.keys()}
    row.family_sums = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _summed(row: Any, children: Sequence[Any], today: str) -> str:
    """The sums into the row; what its ``family_sums`` says of them."""
    shown, newest = _newest(row, children, today)
    month = max((m for child in newest if (m := child.figures_month or child.opening_month)), default=None)
    amounts = {name: [_amount(child, name, child in newest, month) for child in children] for name in (*TYPED, *SPENT)}
    known = {name: [v for v in found if v is not None] for name, found in amounts.items()}
    sums: dict[str, Any] = {name: sum(found) for name, found in known.items() if found}
    year = {"plan_year": shown} if shown else {}
    if "annual_plan_yuan" in sums:
        first = [c.first_annual_plan_yuan for c in newest if c.first_annual_plan_yuan is not None]
        accepted = any(c.baseline_plan_yuan is not None for c in newest)
        judged = sum(plan_judged_by(c) or 0 for c in newest) if accepted else None
        sums |= {**year, "first_annual_plan_yuan": sum(first), "baseline_plan_yuan": judged, "plan_months": None}
    if not sums.keys().isdisjoint(SPENT):
        missing = {m for child in newest for m in orjson.loads(child.incomplete_months)}
        dated = {
            **year,
            "figures_month": month,
            "incomplete_months": orjson.dumps(sorted(missing)).decode(),
        }
        sums = {**dict.fromkeys(SPENT), **sums, **dated}
    own = {name: getattr(row, name) for name in sums}
    _write(row, sums)
    said = {"of": len(children), "known": {name: len(found) for name, found in known.items() if found}, "own": own}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _newest(row: Any, children: Sequence[Any], today: str) -> tuple[int | None, list[Any]]:
    """The newest year that any child shows, and the children that do. A parent whose year has turned while all of its
    children were finished before shows the new one, without any of them."""
    dated = [child for child in children if child.plan_year or child.opening_month or child.figures_month]
    year = max((year_shown(child, today) for child in dated), default=None)
    if year is not None and row.ledger != Ledger.COMPLETED:
        year = max(year, row.plan_year or year)
    return year, [child for child in dated if year_shown(child, today) == year]


def _amount(child: Any, name: str, newest: bool, month: str | None) -> int | None:
    """What a child adds to an amount. One that still shows an earlier year knows nothing of this one yet: all that it has
    spent was spent before."""
    if name == "invested_this_month_yuan" and child.figures_month != month:
        return None
    if name in OF_YEAR and not newest:
        name = "invested_to_date_yuan" if name == "invested_before_this_year_yuan" else ""
    return getattr(child, name) if name else None
