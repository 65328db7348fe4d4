"""What comes in about leads through the doors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.models.checking import Body, made_of
from app.models.leads import LeadFacts
from app.models.shapes import Id, ProjectEdit, Reason, Ref, joined
from app.models.types import Day, Text
from app.rules.codes import LeadDisposition, LeadStage, Ledger

LeadEdit: Any = made_of(LeadFacts, partial=True, name="LeadEdit")
"""Facts of a lead; what is left out stays."""
Version = Annotated[int | None, Field(ge=1, title="Version", description="The version you read")]
On = Annotated[Day | None, Field(title="Day of the fact", description="Default: today")]


class _Placed(Body):
    zone: Annotated[Text, Field(max_length=40, title="Zone", description="Code of the zone that registers it")]
    registered_on: Annotated[
        Day | None, Field(title="Registered on", description="An earlier day on which it was reported on paper")
    ] = None
    ref: Annotated[Ref | None, Field(description="Your own reference, unique for ever")] = None
    reason: Reason = None


LeadNew: Any = joined("LeadNew", made_of(LeadFacts, partial=False, name="LeadFacts"), _Placed)


class _Why(Body):
    reason: Reason = None


LeadChange: Any = made_of(joined("_", LeadEdit, _Why), partial=True, name="LeadChange")


class LeadMoveNew(Body):
    """A move of a lead into another stage, with what was missing for it."""

    to: Annotated[LeadStage, Field(title="To stage")]
    on: On = None
    facts: Annotated[LeadEdit | None, Field(title="Facts", description="Filled in by the same act")] = None
    version: Version = None
    reason: Reason = None


class LeadDispositionNew(Body):
    """What is decided about a lead."""

    disposition: Annotated[LeadDisposition, Field(title="Disposition")]
    on: On = None
    lost_to: Annotated[Text | None, Field(max_length=200, title="Lost to")] = None
    version: Version = None
    reason: Reason = None


class LeadTransferNew(Body):
    """To a zone that suits it better: the city office decides, credit may stay behind."""

    to: Annotated[Text, Field(min_length=1, max_length=40, title="To zone", description="The code of the zone")]
    on: On = None
    credit_percent: Annotated[int | None, Field(ge=0, le=100, title="Credit of the first zone")] = None
    document: Annotated[Text | None, Field(max_length=200, title="Document")] = None
    version: Version = None
    reason: Reason = None


class LandingNew(Body):
    """A lead becomes a project in a ledger, or is attached to a planned one."""

    ledger: Annotated[Ledger, Field(title="Ledger")] = Ledger.RESERVE
    facts: Annotated[ProjectEdit | None, Field(title="Facts", description="What the ledger asks for beside")] = None
    project_id: Annotated[
        Id | None, Field(title="Project", description="A planned project that stands in a ledger already")
    ] = None
    override: Annotated[bool, Field(title="Forced")] = False
    version: Version = None
    reason: Reason = None


class LeadReleaseNew(Body):
    """The name of a confidential lead is shown from now on."""

    version: Version = None
    reason: Reason = None
