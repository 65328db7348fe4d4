"""Data the city office keeps: gates of the ledgers, the list of industries, the calendar, the light rules."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, PAGING, READING, REASON, TIME, listed
from app.api.paging import listed_from
from app.api.record_cases import ChainsRead
from app.api.record_months import CalendarRead
from app.api.record_papers import PapersRead
from app.api.record_powers import WarningRead
from app.api.record_sums import GatesRead, IndustryRead, LightRulesRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import VersionNeeded
from app.models.case_shapes import ChainsEdit, GatesEdit
from app.models.light_shapes import LightRulesEdit
from app.models.month_shapes import CalendarEdit, PapersEdit
from app.models.power_shapes import WarningEdit
from app.models.shapes import IndustriesEdit, check
from app.services import calendar, chains, gates, industries, light_rules, power_warning, stamping

router = api_router("Settings")


@router.get("/settings/gates", **says("What each ledger asks for before a project enters", answer=GatesRead, **READING))
async def read_gates(request: Request) -> Response:
    return await read(request, gates.read)


@router.put(
    "/settings/gates",
    **says(
        "Let ledgers ask for settled approvals",
        description="`approvals` by ledger: keys of steps of the approval chain, such as `construction_permit` for `in_construction`. "
        "As shipped no ledger asks for any. A ledger left out stays as it is. If-Match is needed once it was changed.",
        body=GatesEdit,
        answer=GatesRead,
        **CHANGING,
    ),
)
async def put_gates(request: Request) -> Response:
    return await put_kept(request, gates)


@router.get(
    "/settings/industries", **says("The city's list of industries", query=(*PAGING, *TIME), answer=listed(IndustryRead))
)
async def list_industries(request: Request) -> Response:
    return await listed_from(request, industries.list_)


@router.put(
    "/settings/industries",
    **says(
        "Write entries of the list of industries; those not named stay",
        description="Projects whose industry the list comes to know get its code in the same act.",
        body=IndustriesEdit,
        answer=listed(IndustryRead),
        **{**CHANGING, "headers": (REASON,), "refuses": (409, 415, 422)},
    ),
)
async def put_industries(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _put_industries, body, body=body)


def _put_industries(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    return {"items": industries.put(desk, check(IndustriesEdit, body)["items"]), "next": None}


@router.get("/settings/calendar", **says("Due days of a month, and working days", answer=CalendarRead, **READING))
async def read_calendar(request: Request) -> Response:
    return await read(request, calendar.read)


@router.put(
    "/settings/calendar",
    **says(
        "Change the calendar; what is left out stays",
        description="Months that are open keep the days they were opened with. `offset` 0 is the month itself, 1 the one "
        "after it; a due day that is off work moves by `holiday_rule`. If-Match is needed once it was changed.",
        body=CalendarEdit,
        answer=CalendarRead,
        **CHANGING,
    ),
)
async def put_calendar(request: Request) -> Response:
    return await put_kept(request, calendar)


@router.get("/settings/papers", **says("What is asked of papers before a lock", answer=PapersRead, **READING))
async def read_papers(request: Request) -> Response:
    return await read(request, stamping.read)


@router.put(
    "/settings/papers",
    **says(
        "Ask for the stamped scan before the lock, or not",
        description="With `scan_before_lock` a month is locked only when the newest paper of every zone has come back stamped "
        "(409 `scan_missing` names the others). If-Match is needed once it was changed.",
        body=PapersEdit,
        answer=PapersRead,
        **CHANGING,
    ),
)
async def put_papers(request: Request) -> Response:
    return await put_kept(request, stamping)


@router.get(
    "/settings/light-rules",
    **says("The light rules in force, and those that are shipped", answer=LightRulesRead, **READING),
)
async def read_light_rules(request: Request) -> Response:
    return await read(request, light_rules.read)


@router.put(
    "/settings/light-rules",
    **says(
        "Put other light rules in force",
        description="The name of a shipped set, or a name of your own with the rules. `points_behind` counts percentage points "
        "behind what is due, `percent_of_due` the share of what is due that is done: they differ. The lights of all "
        "projects follow within moments. If-Match is needed once they were changed.",
        body=LightRulesEdit,
        answer=LightRulesRead,
        **CHANGING,
    ),
)
async def put_light_rules(request: Request) -> Response:
    return await put_kept(request, light_rules)


@router.get("/settings/chains", **says("The approval chains, class by class", answer=ChainsRead, **READING))
async def read_chains(request: Request) -> Response:
    return await read(request, chains.read)


@router.put(
    "/settings/chains",
    **says(
        "Write the steps of one or several classes; the others stay",
        description="The steps of a class are written whole, in their order. Keys are what cases and items of the catalogue name; the "
        "five procedures (`filing`, `land`, `environment`, `planning_permit`, `construction_permit`) stay where a class has "
        "them. If-Match is needed once they were changed.",
        body=ChainsEdit,
        answer=ChainsRead,
        **CHANGING,
    ),
)
async def put_chains(request: Request) -> Response:
    return await put_kept(request, chains)


@router.get(
    "/settings/delegations",
    **says("How long ahead the end of a delegation is told", answer=WarningRead, **READING),
)
async def read_warning(request: Request) -> Response:
    return await read(request, power_warning.read)


@router.put(
    "/settings/delegations",
    **says(
        "Tell the end of a delegation earlier or later",
        description="`days_left` is told from then on. If-Match is needed once it was changed.",
        body=WarningEdit,
        answer=WarningRead,
        **CHANGING,
    ),
)
async def put_warning(request: Request) -> Response:
    return await put_kept(request, power_warning)


async def put_kept(request: Request, kept: Any) -> Response:
    """Write a setting through ``put`` of its service; a version is needed once it has one."""
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    return await write(request, _unless_changed, kept, body, body=body, version=version, new=new)


def _unless_changed(desk: Desk, kept: Any, body: dict[str, Any], *, version: int | None, new: bool) -> dict[str, Any]:
    if new and kept.read(desk)["version"]:
        raise VersionNeeded
    found: dict[str, Any] = kept.put(desk, body, version=version)
    return found
