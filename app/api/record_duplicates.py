"""Likenesses and verdicts as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.api.records import Answer, Version
from app.models.types import Day
from app.rules.duplicates import Reason, Strength
from app.rules.firm_codes import Sameness, Subject


class LikenessItem(Answer):
    """A registration that is like what was asked. With ``visible`` false it is one that you may not see: everything but
    strength and reasons is null, these hang on names and code alone, and there is at most one such item, however many there
    are; the city office sees both sides."""

    strength: Annotated[
        Strength, Field(description="`strong` and `likely`: one project; `firm`: another project of the same firm")
    ]
    reasons: list[Reason]
    visible: bool
    kind: Subject | None
    id: int | None
    code: str | None
    name: str | None
    zone: str | None
    stands: Annotated[str | None, Field(description="Ledger of a project, stage of a lead")]
    registered: Day | None


class LikenessesRead(Answer):
    """The surest first."""

    items: list[LikenessItem]


class SideRead(Answer):
    """A lead or project in a likeness or a verdict."""

    kind: Subject
    id: int
    code: str
    zone: str
    name: str
    investor_name: str | None
    credit_code: str | None
    amount_yuan: int | None
    location: str | None
    registered: Day
    stands: str
    disposition: str
    enterprise_id: int | None


class OpenLikeness(Answer):
    """Two registrations that were found alike and wait for a verdict; the one that was registered first stands first."""

    first: SideRead
    later: SideRead
    strength: Strength
    reasons: list[Reason]


class VerdictRead(Answer):
    """A verdict; a side that was deleted since is null. The later one: `same_project` and `relocation` are no signing of its
    own, `capital_increase` and `expansion` count by the increment, `different` counts whole."""

    id: int
    first: SideRead | None
    later: SideRead | None
    verdict: Sameness
    increment_yuan: int | None
    document: str | None
    decided_on: Day | None
    reason: str | None
    decided_by: str | None
    version: Version


class OtherSide(Answer):
    kind: Subject
    id: int
    name: str


class VerdictOnRead(Answer):
    """A verdict on a lead or project, as its own zone is told of it: `other` and `reason` are null where the other side is
    not yours to see."""

    verdict: Sameness
    later: Annotated[
        bool, Field(description="Is this the one that was registered later, and so counts by the verdict?")
    ]
    decided_on: Day | None
    document: str | None
    increment_yuan: int | None
    reason: str | None
    other: OtherSide | None


class VerdictsOnRead(Answer):
    items: list[VerdictOnRead]
