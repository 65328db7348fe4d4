"""What the city keeps about leads as data: what each stage asks for, and the clock."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import Field

from app.desk import Desk
from app.errors import Invalid
from app.models import LeadFacts, Setting
from app.models.checking import Body, check
from app.models.types import Text
from app.rules.access import Act
from app.rules.codes import LeadFileKind, LeadStage
from app.rules.lead_clock import CLOCK
from app.rules.lead_stages import STAGES
from app.services import reasons
from app.services.entering import setting, setting_row

Record = dict[str, Any]
STAGES_KEY, CLOCK_KEY = "lead-stages", "lead-clock"
Fields = Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=10)]
Days = Annotated[int | None, Field(ge=1, le=366)]


class StageEdit(Body):
    """What one stage asks for: of each group one field, and which kinds of files prove it."""

    needs: Annotated[list[Fields], Field(max_length=30)]
    files: Annotated[list[LeadFileKind] | None, Field(max_length=10)] = None


class StagesEdit(Body):
    """The stages to be changed; those left out stay."""

    stages: Annotated[dict[LeadStage, StageEdit], Field(min_length=1)]
    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


class ClockEdit(Body):
    """The clock of leads; what is left out stays."""

    respond_workdays: Annotated[Days, Field(title="Working days to the first answer")] = None
    screen_workdays: Annotated[Days, Field(title="Working days to the screening")] = None
    feedback_days: Annotated[Days, Field(title="Days to the feedback")] = None
    update_days: Annotated[Days, Field(title="Days between two reports")] = None
    yellow_months: Annotated[Days, Field(title="Months without progress: yellow")] = None
    red_months: Annotated[Days, Field(title="Months without progress: red")] = None
    remove_months: Annotated[Days, Field(title="Months without progress: proposed for removal")] = None
    protect_months: Annotated[Days, Field(title="Months of protection")] = None
    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


def stages(desk: Desk) -> Record:
    """The stages in force."""
    return {**STAGES, **setting(desk, STAGES_KEY, {})}


def clock(desk: Desk) -> Record:
    """The clock in force."""
    return {**CLOCK, **setting(desk, CLOCK_KEY, {})}


def read_stages(desk: Desk) -> Record:
    """The stages with their version (0: as shipped)."""
    return _read(desk, STAGES_KEY, {"stages": stages(desk)})


def read_clock(desk: Desk) -> Record:
    """The clock with its version (0: as shipped)."""
    return _read(desk, CLOCK_KEY, clock(desk))


def _read(desk: Desk, key: str, value: Record) -> Record:
    desk.ask(Act.REGISTER_READ)
    row = setting_row(desk, key)
    return {**value, "version": row.since if row else 0}


def put_stages(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Change what stages ask for. Raises Invalid for a field that a lead does not have."""
    desk.ask(Act.SETTING_AMEND)
    given = check(StagesEdit, reasons.take(desk, values))["stages"]
    for stage, said in given.items():
        for n, group in enumerate(said["needs"]):
            for field in group:
                if field not in LeadFacts.model_fields:
                    at = f"/stages/{stage}/needs/{n}"
                    raise Invalid.one(at, "unknown_field", "A lead has no field {field}", field=field)
    told = {stage: {k: v for k, v in said.items() if v is not None} for stage, said in given.items()}
    _keep(desk, STAGES_KEY, told, version)
    return read_stages(desk)


def put_clock(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Change the clock. Raises Invalid when red would come before yellow."""
    desk.ask(Act.SETTING_AMEND)
    sent = check(ClockEdit, reasons.take(desk, values))
    given = {name: value for name, value in sent.items() if value is not None}
    whole = {**clock(desk), **given}
    if not whole["yellow_months"] <= whole["red_months"] <= whole["remove_months"]:
        raise Invalid.one("/red_months", "crossed", "Yellow comes before red, and red before the removal")
    _keep(desk, CLOCK_KEY, given, version)
    return read_clock(desk)


def _keep(desk: Desk, key: str, given: Record, version: int | None) -> None:
    row = setting_row(desk, key) or Setting(key=key, value="{}")
    if row.id is not None:
        desk.current(row, version)
    row.value = orjson.dumps({**orjson.loads(row.value), **given}, option=orjson.OPT_SORT_KEYS).decode()
    desk.keep(row)
