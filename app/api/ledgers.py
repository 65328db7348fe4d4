"""The ledgers of a zone and of the whole city: what they come to, and their projects."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.describing import AS_OF, AT_MONTH, IF_NONE_MATCH, READING, listed, param
from app.api.listing import list_of, summed
from app.api.questions import FILTERS, LEDGERS, LISTING, ZONES, chosen, question
from app.api.record_sums import HeadRead, LedgerRead, SummaryRead
from app.api.records import ProjectRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import NotFound
from app.rules.codes import Ledger
from app.services import ledgers, summaries
from app.services.asking import Asked

router = api_router("Ledgers")
BY = param("by", f"Groups, comma between: {', '.join(summaries.GROUPS)}. {summaries.MEANING}", required=True)


def ledger_of(request: Request) -> str:
    """The ledger in the path; one that does not exist is not there."""
    try:
        return Ledger(request.path_params["ledger"]).value
    except ValueError as error:
        raise NotFound from error


@router.get(
    "/zones/{code}/ledgers/{ledger}",
    **says(
        "Projects in a ledger of a zone",
        query=(*LISTING, AS_OF),
        headers=(IF_NONE_MATCH,),
        answer=listed(ProjectRead),
        refuses=(404,),
    ),
)
async def list_ledger(request: Request) -> Response:
    as_of = await door.moment(request)
    asked = question(request, zone=door.path_text(request, "code"), ledger=ledger_of(request))
    return await list_of(request, asked, chosen(request), as_of, count=door.exact_count(request))


@router.get(
    "/ledgers/{ledger}",
    **says(
        "Projects in a ledger over all zones you see",
        description="In the order of the zones; `groups` has the sub-totals of every zone.",
        query=(ZONES, *LISTING, AS_OF),
        headers=(IF_NONE_MATCH,),
        answer=LedgerRead,
        refuses=(404,),
    ),
)
async def list_city_ledger(request: Request) -> Response:
    as_of = await door.moment(request)
    asked = question(request, ledger=ledger_of(request), sort=("zone", "-total_investment_yuan"))
    return await list_of(request, asked, chosen(request), as_of, count=door.exact_count(request), more=_groups)


def _groups(desk: Desk, asked: Asked) -> dict[str, Any]:
    return {"groups": summaries.summary(desk, asked, ("zone",))}


@router.get(
    "/zones/{code}/ledgers",
    **says("What the ledgers of a zone come to", answer=listed(HeadRead, paged=False), refuses=(404,), **READING),
)
async def list_heads(request: Request) -> Response:
    code, as_of = door.path_text(request, "code"), await door.moment(request)

    def make(desk: Desk) -> list[dict[str, Any]]:
        found = ledgers.heads(desk, code)
        return [{"ledger": name, **ledgers.flat(head)} for name, head in found.items()]

    return await summed(request, code, make, (code,), as_of)


@router.get(
    "/summary",
    **says(
        "Counts and sums by groups",
        description="By zone, ledger and light from sums that are kept; by anything else, or under a filter, counted when asked.",
        query=(BY, ZONES, LEDGERS, AS_OF, AT_MONTH, *FILTERS),
        headers=(IF_NONE_MATCH,),
        answer=listed(SummaryRead, paged=False),
        refuses=(404,),
    ),
)
async def read_summary(request: Request) -> Response:
    as_of = await door.moment(request)
    by = tuple(request.query_params.get("by", "").split(","))
    if not set(by) <= set(summaries.GROUPS) or len(set(by)) != len(by):
        raise door.bad_parameter("by", "Choose one of: {choices}", choices=", ".join(summaries.GROUPS))
    asked = question(request, seq=as_of)
    slow = not summaries.kept(asked, by)
    return await summed(
        request, (asked, by), lambda desk: summaries.summary(desk, asked, by), asked.zones, as_of, slow=slow
    )
