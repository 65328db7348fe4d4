"""What comes in about cases and chains."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.models.cases import CaseFacts
from app.models.checking import Body, made_of
from app.models.shapes import Id, Reason, Ref, joined
from app.models.types import Text
from app.rules.chains import Clock, Phase
from app.rules.codes import ChainClass, Ledger, Where

StepKey = Annotated[Text, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]*$", title="Step")]
Days = Annotated[int, Field(ge=0, le=2000)]


class _Why(Body):
    reason: Reason = None


class _Placed(Body):
    step: Annotated[StepKey, Field(description="Key of a step of the chain; the five procedures are steps too")]


class _Own(Body):
    ref: Annotated[Ref | None, Field(description="Your own reference, unique for ever")] = None


class _Of(Body):
    """Which project is meant: one of these."""

    project_id: Annotated[Id | None, Field(title="Project")] = None
    project_code: Annotated[Text | None, Field(max_length=40, title="Code")] = None
    project_ref: Annotated[Ref | None, Field(description="The reference under which a source keeps the project")] = None
    national_code: Annotated[
        Text | None, Field(max_length=40, title="National project code", description="Where one project has it")
    ] = None


_facts = made_of(CaseFacts, partial=False, name="CaseFacts")
CaseNew: Any = joined("CaseNew", _Placed, _facts, _Own, _Why)
CaseEdit: Any = made_of(joined("_", _facts, _Why), partial=True, name="CaseEdit")
"""Fields left out stay as they are; the step of a case does not change."""


class _Overwriting(Body):
    overwrite: Annotated[bool, Field(description="Take yours where somebody else changed a field since")] = False


BatchCase: Any = made_of(joined("_", _Own, _Of, _Placed, _facts, _Overwriting), partial=True, name="BatchCase")


class CaseBatch(Body):
    """Many cases by reference. ``atomic``: all or nothing; else each stands alone."""

    items: Annotated[list[BatchCase], Field(max_length=1000)]
    atomic: bool = True
    reason: Reason = None


class Condition(Body):
    """A fact of the project that makes a step apply: one of the values, or a number from this on."""

    field: Annotated[str, Field(max_length=40)]
    is_: Annotated[list[bool | str] | None, Field(alias="is", min_length=1, max_length=20)] = None
    from_: Annotated[float | None, Field(alias="from", ge=0, le=1e15)] = None


class StepEdit(Body):
    """A step of a chain."""

    key: StepKey
    served_as: Annotated[
        StepKey | None, Field(description="The key under which items of the catalogue serve it; default: its own")
    ] = None
    name: Annotated[Text, Field(min_length=1, max_length=100, title="Name")]
    phase: Phase
    after: Annotated[list[StepKey], Field(max_length=60, default_factory=list)]
    applies: Literal["always", "asked"] | Annotated[list[Condition], Field(min_length=1, max_length=10)] = "always"
    authority: Where
    reserved: bool = False
    needs_decision: bool = True
    clock: Clock = Clock.FIRM
    statutory_days: Days | None = None
    promised_days: Days | None = None


class ChainsEdit(Body):
    """The steps of one or several classes; classes left out stay as they are."""

    chains: dict[ChainClass, Annotated[list[StepEdit], Field(min_length=1, max_length=80)]]
    reason: Reason = None


class GatesEdit(Body):
    """The steps of the approval chain that must be settled before a project enters a ledger."""

    approvals: dict[Ledger, Annotated[list[StepKey], Field(max_length=40)]]
    reason: Reason = None
