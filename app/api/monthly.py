"""The monthly ten as JSON."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.api.acting import read
from app.api.describing import AT_MONTH, IF_NONE_MATCH, param
from app.api.record_sums import MonthlyTenRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.services import leaders, monthly

router = api_router("Ledgers")
ZONE = param("zone", "Of this zone alone; left out: of all zones you see together.")

LEADER = param("leader", "Only the projects of this sponsor leader, as his name is written on them.")


@router.get(
    "/summary/monthly-ten",
    **says(
        "The figures of the month",
        description="Official counts and sums of the reporting month, of the year up to it, and of the same period a year "
        "earlier; null is unknown.",
        query=(ZONE, LEADER, AT_MONTH),
        headers=(IF_NONE_MATCH,),
        answer=MonthlyTenRead,
        refuses=(404,),
    ),
)
async def read_monthly_ten(request: Request) -> Response:
    zone, leader, month = (request.query_params.get(name) for name in ("zone", "leader", "month"))
    if leader:
        return await read(request, leaders.ten, zone, leader, month, slow=True)
    return await read(request, monthly.ten, zone, month, slow=month is not None)
