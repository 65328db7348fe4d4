"""What comes in about the turn of the year: opening one, deciding what did not start, accepting another baseline."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.models.checking import Body
from app.models.shapes import Reason
from app.models.types import Month, Text


class YearOpen(Body):
    """A plan year opened for some zones, or for all."""

    zones: Annotated[
        list[Annotated[Text, Field(max_length=40)]] | None,
        Field(min_length=1, max_length=5000, title="Zones", description="Left out: all that have not opened it"),
    ] = None
    reason: Reason = None


class StartDecision(Body):
    """What becomes of a project that did not start in the year that is over."""

    decision: Annotated[Literal["new_month", "reserve", "exit"], Field(title="Decision")]
    month: Annotated[Month | None, Field(title="New month", description="Of the year that was opened")] = None
    destination: Annotated[Text | None, Field(max_length=200, title="Destination", description="Of an exit")] = None
    reason: Reason = None


class BaselineAccept(Body):
    """A change that the city office accepts: from now on lights compare with what is planned now."""

    of: Annotated[Literal["planned_start_month", "annual_plan_yuan"], Field(title="Accepted")]
    version: Annotated[int | None, Field(ge=0, title="Version", description="Of the project that you read")] = None
    reason: Reason = None
