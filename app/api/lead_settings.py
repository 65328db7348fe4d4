"""What the city keeps about leads: what each stage asks for, and the clock."""

from __future__ import annotations

from types import SimpleNamespace

from starlette.requests import Request
from starlette.responses import Response

from app.api.acting import read
from app.api.describing import CHANGING, READING
from app.api.record_leads import ClockRead, StagesRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.api.settings import put_kept
from app.services import lead_settings
from app.services.lead_settings import ClockEdit, StagesEdit

router = api_router("Settings")
STAGES = SimpleNamespace(read=lead_settings.read_stages, put=lead_settings.put_stages)
CLOCK = SimpleNamespace(read=lead_settings.read_clock, put=lead_settings.put_clock)


@router.get("/settings/lead-stages", **says("What each stage of a lead asks for", answer=StagesRead, **READING))
async def read_lead_stages(request: Request) -> Response:
    return await read(request, STAGES.read)


@router.put(
    "/settings/lead-stages",
    **says(
        "Change what stages ask for; those left out stay",
        description="Of each group in `needs` one field is wanted. If-Match is needed once it was changed.",
        body=StagesEdit,
        answer=StagesRead,
        **CHANGING,
    ),
)
async def put_lead_stages(request: Request) -> Response:
    return await put_kept(request, STAGES)


@router.get(
    "/settings/lead-clock", **says("Until when a lead is answered, judged and told on", answer=ClockRead, **READING)
)
async def read_lead_clock(request: Request) -> Response:
    return await read(request, CLOCK.read)


@router.put(
    "/settings/lead-clock",
    **says(
        "Change the clock; what is left out stays",
        description="If-Match is needed once it was changed.",
        body=ClockEdit,
        answer=ClockRead,
        **CHANGING,
    ),
)
async def put_lead_clock(request: Request) -> Response:
    return await put_kept(request, CLOCK)
