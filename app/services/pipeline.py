"""What the figures of the pipeline have in common: whose they are, and the month up to which they are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from app import clock
from app.desk import Desk, in_zones, zones_value
from app.errors import BadRequest, Problem
from app.models import Lead, Project
from app.rules.access import Act
from app.rules.calendar import last_day
from app.services import zones
from app.services.ledger_pages import names_of_zones
from app.services.months_asked import MOMENT

AT_ONCE = 100
"""Rows on a page of what is behind a figure."""
Record = dict[str, Any]
LEAD = (
    "id", "name", "confidential", "zone_id", "stage", "disposition", "channel", "signed_on", "framework_on", "contract_amount_yuan",
    "contract_amount_usd", "intended_amount_yuan", "company_registered_on", "land_secured_on", "first_money_on", "funds_arrived_yuan",
    "lost_to", "disposition_reason",
)  # fmt: skip
PROJECT = (
    "id",
    "name",
    "zone_id",
    "ledger",
    "disposition",
    "signed_on",
    "contract_amount_yuan",
    "started_on",
    "total_investment_yuan",
)


class Scope(NamedTuple):
    """The zones asked for (None: all she sees), the month, and its last day."""

    ids: list[int] | None
    month: str
    until: str

    @property
    def january(self) -> str:
        return f"{self.month[:4]}-01-01"


def scope(desk: Desk, zone: str | None, month: str | None) -> Scope:
    """Whose figures, up to when. Leads are told as they move, not by the reporting month: where no month is named it is the
    calendar's."""
    desk.ask(Act.LEAD_READ)
    shown = month or _month_known(desk)
    ids = [zones.id_of(desk, zone)] if zone else None if desk.actor.everywhere else list(desk.actor.zone_ids or ())
    return Scope(ids, shown, last_day(shown))


def _month_known(desk: Desk) -> str:
    """The calendar's month, of the act as of which is read where one is named."""
    at = None if desk.seq is None else desk.link.value(MOMENT, {"seq": desk.seq})
    return clock.day_of(at)[:7] if at else desk.today[:7]


def refused(problem: Problem) -> BadRequest:
    """The refusal of one parameter of a question."""
    return BadRequest("A parameter of the address cannot be read", code="bad_parameter", problems=[problem])


def zone_names(desk: Desk, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Code and short name of these zones."""
    return names_of_zones(desk, set(ids))


def named(desk: Desk, pairs: Sequence[tuple[int | None, int | None]]) -> list[Record]:
    """Leads and projects by (lead, project) as rows to be shown: what she may not read of a confidential lead is its code
    name. What stands in a ledger goes by its project."""
    leads = _facts(desk, Lead, LEAD, [lead for lead, _ in pairs if lead is not None])
    projects = _facts(desk, Project, PROJECT, [project for _, project in pairs if project is not None])
    return [_told(leads.get(lead or 0, {}), projects.get(project or 0, {})) for lead, project in pairs]


def _facts(desk: Desk, model: Any, names: tuple[str, ...], ids: Sequence[int]) -> dict[int, Record]:
    if not ids:
        return {}
    rows = desk.select(
        model, "of the pipeline", lambda q, t: q.where(in_zones(t.c.id, desk.link.dialect, "ids_")),
        {"ids_": zones_value(desk.link.dialect, sorted(set(ids)))}, columns=names,
    )  # fmt: skip
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def _told(lead: Record, project: Record) -> Record:
    own = project or lead
    lead_says = {name: lead.get(name) for name in LEAD[8:]}
    return {
        **lead_says,
        "lead_id": lead.get("id"),
        "project_id": project.get("id"),
        "name": own["name"],
        "zone_id": own["zone_id"],
        "stage": lead.get("stage"),
        "ledger": project.get("ledger"),
        "disposition": own["disposition"],
        "channel": lead.get("channel"),
        "signed_on": own["signed_on"],
        "contract_amount_yuan": own["contract_amount_yuan"],
        "started_on": project.get("started_on"),
    }


def page(desk: Desk, pairs: Sequence[tuple[int | None, int | None]], skip: int) -> Record:
    """A page of the rows behind a figure: how many there are, whether more follow, and what their zones are called."""
    items = named(desk, pairs[skip : skip + AT_ONCE])
    names = zone_names(desk, {item["zone_id"] for item in items})
    return {"items": items, "count": len(pairs), "more": len(pairs) > skip + AT_ONCE, "zone_names": names}


def listed(desk: Desk, pairs: Sequence[tuple[int | None, int | None]]) -> list[Record]:
    """All rows behind a figure, each with the code of its zone."""
    items = named(desk, pairs)
    names = zone_names(desk, {item["zone_id"] for item in items})
    return [{**{n: v for n, v in item.items() if n != "zone_id"}, "zone": names[item["zone_id"]][0]} for item in items]
