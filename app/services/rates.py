"""The rates of what was signed, each with its two sides and the rows behind them; beside them two rates over the ledgers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import NotFound, Problem
from app.models import Project
from app.models.counted import has_fact
from app.rules import rates
from app.rules.calendar import last_day
from app.rules.dated import BUILT, STATISTICS_LEAST_YUAN, Fact
from app.rules.money import next_month
from app.rules.rates import Rate, Signed, Signing, Told
from app.rules.spans import Days
from app.services import monthly, pipeline
from app.services.signings import signings

Record = dict[str, Any]
PARTS = ("numerator", "denominator", "pending", "unknown")
PLAN_START, STATISTICS = "plan_start", "statistics"
OVER_LEDGERS = (PLAN_START, STATISTICS)
SHOWN = 5
"""The longest waits that are named."""
LARGE_STARTED = Fact(("started_on",), ledgers=BUILT, least_total=STATISTICS_LEAST_YUAN)
"""What ought to be in the statistics register: started, and not below its limit."""


def read(
    desk: Desk, zone: str | None = None, month: str | None = None, since: int | None = None, by: str | None = None
) -> Record:
    """The rates of a zone, or of all she sees, up to a month: of what was signed in its year, or since another year.
    ``by`` zone: the same of each zone."""
    at = pipeline.scope(desk, zone, month)
    first = first_day(at, since)
    before = f"{int(at.month[:4]) - 1}-01-01"
    every = signings(desk, at.ids, min(first, before), at.month)
    signed = rates.cohort(every, first, at.until)
    told: Record = {
        "month": at.month,
        "first": first[:7],
        "until": at.until,
        **_of(every, first, at.until),
        "last_year": _last_year(desk, every, at) if first == at.january else None,
    }
    told["items"] += [_plan_start(desk, at), _statistics(desk, at)]
    told["to_start"] |= {"items": _longest(desk, signed, at.until)}
    return told | {"groups": _by_zone(desk, every, first, at.until) if by == "zone" else []}


def first_day(at: pipeline.Scope, since: int | None) -> str:
    """Where the cohort begins. Raises BadRequest for a year after the month's."""
    if since is None:
        return at.january
    if since > int(at.month[:4]):
        raise pipeline.refused(Problem("/since", "bad_parameter", "The year lies after the month that is asked for"))
    return f"{since}-01-01"


def _of(every: Sequence[Signing], first: str, until: str) -> Record:
    signed = rates.cohort(every, first, until)
    return {
        "signed": signed_told(rates.signed_of(signed)),
        "withdrawn": sum(s.gone for s in signed),
        "expansions": signed_told(rates.signed_of(rates.expansions(every, first, until))),
        "frameworks": signed_told(rates.signed_of(rates.frameworks(every, first, until))),
        "items": [rate_told(told) for told in rates.rates(signed, until)],
        "to_start": days_told(rates.to_start(signed, until)),
    }


def signed_told(found: Signed) -> Record:
    return {**asdict(found), "mean": found.mean}


def rate_told(told: Told, unit: str = "") -> Record:
    return {
        **asdict(told),
        "percent": told.percent,
        "unit": unit or ("yuan" if told.rate == Rate.FUNDS else "contracts"),
    }


def days_told(found: Days) -> Record:
    return {"n": found.n, "median": found.median, "longest": found.longest, "few": found.few}


def _last_year(desk: Desk, every: Sequence[Signing], at: pipeline.Scope) -> Record | None:
    """The same months a year earlier; None where the register did not exist then and no row says anything of it."""
    month = next_month(at.month, -12)
    found = rates.cohort(every, f"{month[:4]}-01-01", last_day(month))
    began = monthly.began_in(desk)
    return None if not found and (began is None or month < began) else signed_told(rates.signed_of(found))


def _longest(desk: Desk, signed: Sequence[Signing], until: str) -> list[Record]:
    """Who waited longest from signing to start."""
    waited = rates.waits(signed, until)[:SHOWN]
    rows = pipeline.listed(desk, [(s.lead_id, s.project_id) for _, s in waited])
    return [{**row, "days": wait} for (wait, _), row in zip(waited, rows, strict=True)]


def _by_zone(desk: Desk, every: Sequence[Signing], first: str, until: str) -> list[Record]:
    zones: dict[int, list[Signing]] = defaultdict(list)
    for signing in every:
        zones[signing.zone_id].append(signing)
    names = pipeline.zone_names(desk, zones)
    found = [{"zone": names[id_][0], "name": names[id_][1], **_of(some, first, until)} for id_, some in zones.items()]
    return sorted(
        (group for group in found if any(group[n]["count"] for n in ("signed", "expansions", "frameworks"))),
        key=lambda group: (-group["signed"]["count"], -group["signed"]["sum"], group["zone"]),
    )


# ── over the ledgers ─────────────────────────────────────────────────────────────────────────────────────────────────
def _plan_start(desk: Desk, at: pipeline.Scope) -> Record:
    """开工率（计划口径）: started ÷ planned to start this year, as the monthly ten has it."""
    found = monthly.start_rate(monthly.figures(desk, at.ids), at.month[:4])
    return rate_told(Told(PLAN_START, found["started"], found["planned"]), "projects")


def _statistics(desk: Desk, at: pipeline.Scope) -> Record:
    """入统率: in the statistics register ÷ started and large enough for it."""

    def columns(table: Any) -> list[Any]:
        registered = table.c.registered_in_statistics_on <= sa.bindparam("until", type_=table.c.started_on.type)
        return [sa.func.coalesce(sa.func.sum(sa.case((registered, 1), else_=0)), 0), sa.func.count()]

    rows = desk.select(
        Project, ("statistics", at.ids is None), _large_started(desk, at), _values(desk, at), columns=columns
    )
    return rate_told(Told(STATISTICS, int(rows[0][0]), int(rows[0][1])), "projects")


def _large_started(desk: Desk, at: pipeline.Scope) -> Callable[[Any, Any], Any]:
    def build(query: Any, table: Any) -> Any:
        begun = table.c.started_on <= sa.bindparam("until", type_=table.c.started_on.type)
        query = query.where(has_fact(LARGE_STARTED, table), begun)
        return query if at.ids is None else query.where(in_zones(table.c.zone_id, desk.link.dialect, "zones_"))

    return build


def _values(desk: Desk, at: pipeline.Scope) -> Record:
    zones = {} if at.ids is None else {"zones_": zones_value(desk.link.dialect, at.ids)}
    return {"until": at.until, **zones}


# ── the rows behind ──────────────────────────────────────────────────────────────────────────────────────────────────
Pairs = list[tuple[int | None, int | None]]


def behind(
    desk: Desk, rate: str, part: str, zone: str | None = None, month: str | None = None, since: int | None = None
) -> Pairs:
    """(lead, project) of one side of a rate, the newest signature first. NotFound for no such rate or side."""
    at = pipeline.scope(desk, zone, month)
    if rate == STATISTICS and part in PARTS[:2]:
        return _of_statistics(desk, at, part)
    if rate not in list(Rate) or part not in PARTS:
        raise NotFound
    first = first_day(at, since)
    signed = rates.cohort(signings(desk, at.ids, first, at.month), first, at.until)
    found = rates.behind(Rate(rate), part, signed, at.until)
    found.sort(key=lambda s: (s.signed_on or "", s.project_id or 0, s.lead_id or 0), reverse=True)
    return [(s.lead_id, s.project_id) for s in found]


def _of_statistics(desk: Desk, at: pipeline.Scope, part: str) -> Pairs:
    large = _large_started(desk, at)

    def build(query: Any, table: Any) -> Any:
        query = large(query, table).order_by(table.c.started_on.desc(), table.c.id.desc())
        if part == "denominator":
            return query
        return query.where(table.c.registered_in_statistics_on <= sa.bindparam("until", type_=table.c.started_on.type))

    key = ("statistics rows", part, at.ids is None)
    return [(None, id_) for (id_,) in desk.select(Project, key, build, _values(desk, at), columns=("id",))]


def rows(desk: Desk, rate: str, part: str, skip: int = 0, **asked: Any) -> Record:
    """A page of the rows of one side of a rate."""
    return pipeline.page(desk, behind(desk, rate, part, **asked), skip)


def list_(desk: Desk, rate: str, part: str, **asked: Any) -> list[Record]:
    """All rows of one side of a rate."""
    return pipeline.listed(desk, behind(desk, rate, part, **asked))
