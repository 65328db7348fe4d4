"""What comes in about powers: items of the catalogue, delegations and their steps, batches, and boundaries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.models.checking import Body, made_of
from app.models.powers import BoundaryFacts, GivenFacts, HeldFacts, PowerFacts
from app.models.shapes import Reason, joined
from app.models.types import Day, Text
from app.rules.codes import DelegationState

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
STEP = r"^[a-z][a-z_]*$"
Zones = Annotated[list[Annotated[Text, Field(max_length=40)]], Field(max_length=3000, title="Zones")]
Powers = Annotated[list[Annotated[Text, Field(max_length=40)]], Field(max_length=5000, title="Items")]
Step = Annotated[str, Field(max_length=40, pattern=STEP)]


class _Why(Body):
    reason: Reason = None


class _Coded(Body):
    code: Annotated[
        str,
        Field(max_length=40, pattern=CODE, title="Code", description="Unique for ever: letters, digits, dot, dash"),
    ]


class _Serving(Body):
    steps: Annotated[
        list[Step],
        Field(
            max_length=60,
            default_factory=list,
            title="Steps of the chain",
            description="Keys of the approval chain's steps it serves",
        ),
    ]


_power = made_of(PowerFacts, partial=False, name="PowerFacts")
PowerNew: Any = joined("PowerNew", _Coded, _power, _Serving, _Why)
PowerEdit: Any = made_of(joined("_", _power, _Serving, _Why), partial=True, name="PowerEdit")


class _Beginning(Body):
    given_on: Annotated[Day | None, Field(title="Given on", description="Default: today")] = None
    state: Annotated[
        Literal["pending", "taken_over", "running"],
        Field(title="State of the hand-over", description="Of a new period; it passes the steps before on the same day"),
    ] = "pending"  # fmt: skip
    state_on: Annotated[
        Day | None, Field(title="In this state since", description="Default: the day it was given")
    ] = None  # fmt: skip


_given = made_of(GivenFacts, partial=False, name="GivenFacts")
_held = made_of(HeldFacts, partial=False, name="HeldFacts")
DelegationEdit: Any = made_of(joined("_", _given, _held, _Beginning, _Why), partial=True, name="DelegationEdit")


class _Step(Body):
    to: Annotated[DelegationState, Field(title="State of the hand-over")]
    on: Annotated[Day | None, Field(title="Day of the fact", description="Default: today")] = None
    document: Annotated[
        Text | None, Field(max_length=200, title="Document", description="Of an adjustment or a revocation")
    ] = None
    scope_document: Annotated[Text | None, Field(max_length=200, title="Scope of the entrustment")] = None


class _Read(Body):
    version: Annotated[int | None, Field(ge=1, title="Version", description="The version you read")] = None


DelegationMove: Any = joined("DelegationMove", _Step, _held, _Read, _Why)


class PowerSet(Body):
    """Every one of these items in every one of these zones."""

    zones: Zones
    powers: Powers


class _Sets(Body):
    sets: Annotated[list[PowerSet], Field(min_length=1, max_length=500, title="Sets")]


DelegationBatch: Any = joined("DelegationBatch", _Sets, _given, _held, _Beginning, _Why)
DelegationMoves: Any = joined("DelegationMoves", _Sets, _Step, _held, _Why)


class _About(Body):
    power: Annotated[Text | None, Field(max_length=40, title="Item", description="Code of the item it is about")] = None


_boundary = made_of(BoundaryFacts, partial=False, name="BoundaryFacts")
BoundaryNew: Any = joined("BoundaryNew", _boundary, _About, _Why)
BoundaryEdit: Any = made_of(joined("_", _boundary, _About, _Why), partial=True, name="BoundaryEdit")


class WarningEdit(Body):
    """How long ahead the end of a delegation is told."""

    warn_days: Annotated[int, Field(ge=0, le=1000, title="Days ahead")]
    reason: Reason = None


class ListSheet(Body):
    """One sheet of a published list as it goes through a form and comes back: row, cells, their places, marks of zones."""

    sheet: str
    title: str
    columns: dict[str, str]
    zones: dict[str, str]
    unknown: list[str]
    rows: list[tuple[int, dict[str, str], dict[str, str], dict[str, str]]]
    of: str | None


class ListDraft(Body):
    """A published list that was read and is not written yet."""

    file: str
    sheets: list[ListSheet]
