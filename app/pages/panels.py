"""The project beside the table: what it is, why its light is as it is, who answers for it, what changed last."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.pages import read, render
from app.pages.door import page_caller
from app.pages.environment import field_meta
from app.pages.forms import path_id
from app.pages.views import view_at
from app.rules.access import Act
from app.services import history, projects

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Investment",
        (
            "total_investment_yuan", "annual_plan_yuan", "invested_this_year_yuan", "invested_to_date_yuan",
            "contract_amount_yuan", "filed_investment_yuan",
        ),
    ),
    ("Progress", ("progress_text", "problems_own", "problems_government", "bottleneck")),
    ("Dates", ("signed_on", "planned_start_month", "started_on", "planned_completion_month", "completed_on")),
    ("Facts", ("investor_name", "content", "industry", "kind", "location", "land_mode", "land_mu", "national_code", "remarks")),
    ("Responsibility", ("sponsor_leader", "responsible_unit", "responsible_person", "phone", "service_unit")),
)  # fmt: skip
"""Groups of fields in the panel; what is unknown is left out, except the first of each group."""
NEWEST = 6


def look_at(desk: Desk, id_: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A project and its last changes, as far as she may see them."""
    project = projects.read(desk, id_)
    changes = history.of_project(desk, id_, limit=NEWEST) if desk.may(Act.HISTORY_READ) else []
    return project, changes


@router.get("/projects/{id}/panel")
async def panel(request: Request, caller: Who, view: str = "/ledgers/reserve") -> Response:
    """The side panel of one project."""
    reader, (project, changes) = await read(request, caller, look_at, path_id(request))
    parts = [
        (title, [(f, project[f]) for f in fields if project[f] is not None or f == fields[0]])
        for title, fields in PARTS
    ]
    told = [
        {**c, "changes": [x for x in c["changes"] if field_meta("project", x["field"]).get("group")]} for c in changes
    ]
    return render(
        request, reader, "ledgers/panel.html",
        project=project, parts=parts, changes=[c for c in told if c["changes"]], view=view_at(view),
    )  # fmt: skip
