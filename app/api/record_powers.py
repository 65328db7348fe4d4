"""What the API answers about approval powers, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.api.records import Answer, Version
from app.models.types import Day
from app.rules.codes import BoundaryHolder, DelegationForm, DelegationState, PowerKind, PowerLevel

Names = list[str]


class PowerRead(Answer):
    """An item of the catalogue."""

    code: str
    name: str
    kind: PowerKind | None
    department: Annotated[str | None, Field(description="Whose it was before it was handed down")]
    level: PowerLevel | None
    basis: str | None
    basis_valid_until: Day | None
    statutory_days: Annotated[int | None, Field(description="Working days")]
    promised_days: Annotated[int | None, Field(description="Working days")]
    reserved: Annotated[bool, Field(description="The law lets nobody hand it down")]
    steps: Annotated[Names, Field(description="Keys of the approval chain's steps that it serves")]
    remarks: str | None
    version: Version


class HolderRead(Answer):
    """A zone that holds or held an item: its last period."""

    zone: str
    zone_name: str
    form: DelegationForm
    state: DelegationState
    state_on: Day
    effective_from: Day | None
    effective_until: Day | None


class PowerWithZones(PowerRead):
    source: Annotated[str | None, Field(description="File, sheet and row, where it was imported")]
    zones: list[HolderRead]


class DelegationRead(Answer):
    """A period in which a zone holds an item.

    Of a zone that is not yours you read what is published; `scope_document`, `supervision`, `waiting_for`, `remarks` and the
    documents of adjustment and revocation are then null.
    """

    zone: str
    power: str
    name: str
    kind: PowerKind | None
    department: str | None
    level: PowerLevel | None
    reserved: bool
    steps: Names
    number: Annotated[
        int, Field(description="1 the first time, one more each time it is given again after a revocation")
    ]
    form: DelegationForm
    batch: str | None
    document: str | None
    effective_from: Day | None
    effective_until: Day | None
    scope_document: str | None
    receiving_department: str | None
    own_seal: bool | None
    supervision: str | None
    waiting_for: str | None
    remarks: str | None
    state: DelegationState
    state_on: Day
    given_on: Day
    taken_over_on: Day | None
    running_on: Day | None
    adjusted_on: Day | None
    revoked_on: Day | None
    adjusted_document: str | None
    revoked_document: str | None
    in_force: Annotated[bool, Field(description="Running today, within its validity")]
    settled_in_zone: Annotated[
        bool, Field(description="False for `window_only`: taken in at the window, settled elsewhere")
    ]
    days_waiting: Annotated[int | None, Field(description="Days since it was given, while it does not run yet")]
    days_left: Annotated[int | None, Field(description="Days until it ends, where it ends soon; below 0: it has ended")]
    version: Version


class DelegationWithPeriods(DelegationRead):
    periods: Annotated[list[DelegationRead], Field(description="The periods before, oldest first")]


class BatchItem(Answer):
    zone: str
    power: str
    becomes: Annotated[str, Field(description="`new` or `step`: written; `same`: it was so already")]


class BatchDone(Answer):
    """What a batch came to."""

    changed: int
    same: int
    items: list[BatchItem]


class GapRead(Answer):
    """An item that the sister zone has taken over and this zone has not."""

    power: str
    name: str
    kind: PowerKind | None
    department: str | None
    form: DelegationForm
    state: DelegationState
    state_on: Day
    own_state: DelegationState | None


class MatrixZone(Answer):
    code: str
    name: str
    held: int
    percent: int | None


class MatrixShare(Answer):
    zone: str
    held: int
    percent: int | None


class MatrixDepartment(Answer):
    department: str | None
    items: int
    zones: list[MatrixShare]


class MatrixRead(Answer):
    """Items × zones: per zone and department how many items are taken over (`taken_over`, `running`, `adjusted`)."""

    items: int
    zones: list[MatrixZone]
    departments: list[MatrixDepartment]


class BoundaryRead(Answer):
    """Who answers for a matter of a zone."""

    id: int
    zone: str
    matter: str
    holder: BoundaryHolder
    unit_name: str | None
    basis: str | None
    remarks: str | None
    power: str | None
    power_name: str | None
    version: Version


class WarningRead(Answer):
    """How long ahead the end of a delegation is told."""

    warn_days: int
    version: Annotated[int, Field(ge=0, description="0: as the house ships it")]


class CellProblem(Answer):
    """What is wrong with a cell, and what to do."""

    cell: str
    code: str
    detail: str


class ListCounts(Answer):
    """Lines by what becomes of the item, and delegations."""

    new: int
    changed: int
    same: int
    refused: int
    delegations_new: int
    delegations_same: int
    delegations_refused: int


class ListChange(Answer):
    field: str
    before: Any
    after: Any


class ListZone(Answer):
    zone: str
    becomes: str
    problems: list[CellProblem]


class ListLine(Answer):
    sheet: str
    row: int
    power: str | None
    name: str
    becomes: Annotated[str, Field(description="`new`, `changed`, `same` or `refused`")]
    changes: list[ListChange]
    problems: list[CellProblem]
    notes: Annotated[list[CellProblem], Field(description="Words that were not understood and left out")]
    zones: list[ListZone]


class ListDone(Answer):
    """What became of every line of a list."""

    counts: ListCounts
    lines: list[ListLine]
