"""Approval powers: the city's catalogue of items, which zone holds which of them, and who answers for what in a zone."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.models.base import Kept, choice, count, day, flag, json_text, noun, ref, text
from app.models.types import Day, Text
from app.rules.codes import BoundaryHolder, DelegationForm, DelegationState, PowerKind, PowerLevel

LONGEST_TERM = 10_000
"""Working days that any procedure may be given."""


class PowerFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """What is written of an item (事项)."""

    name: Text = text("Item", 300, nullable=False)
    kind: PowerKind | None = choice("Kind of item", PowerKind)
    department: Text | None = text("Original department", 100)
    level: PowerLevel | None = choice("Original level", PowerLevel)
    basis: Text | None = text("Legal basis", 1000)
    basis_valid_until: Day | None = day("Basis valid until")
    statutory_days: int | None = count("Statutory working days", LONGEST_TERM, unit="working days")
    promised_days: int | None = count("Promised working days", LONGEST_TERM, unit="working days")
    reserved: bool = flag("Reserved by law", default=False, nullable=False)
    remarks: Text | None = text("Remarks", 1000)


@noun("words")
class Power(PowerFacts, Kept, table=True):
    """An item of the city's catalogue. ``reserved``: the law lets nobody hand it down. ``steps``: keys of the approval
    chain's steps that it serves."""

    __tablename__ = "power"

    code: str = text("Code", 40, nullable=False, unique=True)
    steps: str = json_text("Steps of the chain", default="[]", nullable=False)
    source: str | None = text("Source", 300, group=None)
    """The file, sheet and row that it came from, where it was imported."""


class GivenFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """What whoever gives a power down writes: how, on which paper, from when until when."""

    form: DelegationForm = choice("Form of delegation", DelegationForm, nullable=False)
    batch: Text | None = text("Batch", 100)
    document: Text | None = text("Document", 200)
    effective_from: Day | None = day("Effective from")
    effective_until: Day | None = day("Effective until")
    scope_document: Text | None = text("Scope of the entrustment", 200)


class HeldFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """What the zone that takes a power over writes: who works it, with which seal, under whose eyes, what is waited for."""

    receiving_department: Text | None = text("Receiving department", 100)
    own_seal: bool | None = flag("Own approval seal")
    supervision: Text | None = text("Supervision", 500)
    waiting_for: Text | None = text("Waiting for", 300)
    remarks: Text | None = text("Remarks", 1000)


@noun("zone", sa.UniqueConstraint("zone_id", "power_id", "number"))
class Delegation(GivenFacts, HeldFacts, Kept, table=True):
    """One period in which a zone holds an item. It is never deleted: it is revoked, and given again it is a new period.

    Each step of its life has its day; ``state_on`` is the day of the present one.
    """

    __tablename__ = "delegation"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    power_id: int = ref("Item", nullable=False, foreign_key="power.id", index=True)
    number: int = count("Number of the period", 1000, unit="", least=1, group=None, nullable=False)
    state: DelegationState = choice("State of the hand-over", DelegationState, default="pending", nullable=False)
    state_on: Day = day("In this state since", nullable=False)
    given_on: Day = day("Given on", nullable=False)
    taken_over_on: Day | None = day("Taken over on")
    running_on: Day | None = day("Running since")
    adjusted_on: Day | None = day("Adjusted on")
    revoked_on: Day | None = day("Revoked on")
    adjusted_document: str | None = text("Document of the adjustment", 200)
    revoked_document: str | None = text("Document of the revocation", 200)
    source: str | None = text("Source", 300, group=None)


class BoundaryFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """Who answers for a matter: one line of a zone's list of responsibilities."""

    matter: Text = text("Matter", 300, nullable=False)
    holder: BoundaryHolder = choice("Held by", BoundaryHolder, nullable=False)
    unit_name: Text | None = text("Unit", 100)
    basis: Text | None = text("Basis", 500)
    remarks: Text | None = text("Remarks", 1000)


@noun("zone")
class Boundary(BoundaryFacts, Kept, table=True):
    """One matter of a zone and who answers for it: the committee, a host town, the zone's company or a department."""

    __tablename__ = "boundary"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id", index=True)
    power_id: int | None = ref("Item", foreign_key="power.id")
