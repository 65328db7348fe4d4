"""What comes in through the doors about enterprises, what zones want of them, likenesses and the verdicts on them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.models.checking import Body, made_of
from app.models.enterprises import EnterpriseFacts, TargetFacts
from app.models.shapes import Id, Names, Reason, Yuan, joined
from app.models.verdicts import VerdictFacts
from app.rules.firm_codes import EnterpriseClass, Subject

__all__ = [
    "EnterpriseEdit", "EnterpriseMerge", "EnterpriseNew", "LikenessAsk", "Side", "TargetFirmEdit", "VerdictEdit", "VerdictNew",
]  # fmt: skip


class _Why(Body):
    reason: Reason = None


class _FirmNames(Body):
    classes: Annotated[list[EnterpriseClass], Field(max_length=20, title="Classes of the firm", default_factory=list)]
    aliases: Annotated[Names, Field(title="Aliases", default_factory=list)]


_enterprise = made_of(EnterpriseFacts, partial=False, name="EnterpriseFacts")
EnterpriseNew: Any = joined("EnterpriseNew", _enterprise, _FirmNames, _Why)
EnterpriseEdit: Any = made_of(joined("_", _enterprise, _FirmNames, _Why), partial=True, name="EnterpriseEdit")


class EnterpriseMerge(Body):
    """The enterprise under which both stand from now on."""

    into: Annotated[Id, Field(title="Into")]
    version: Annotated[int | None, Field(ge=1, title="Version", description="The version you read")] = None
    reason: Reason = None


TargetFirmEdit: Any = made_of(
    joined("_", made_of(TargetFacts, partial=False, name="TargetFacts"), _Why), partial=True, name="TargetFirmEdit"
)
"""Fields left out stay as they are."""


class LikenessAsk(Body):
    """What is about to be registered, as far as it has been typed. Nothing of it is stored."""

    name: Annotated[str | None, Field(max_length=200, title="Name")] = None
    investor_name: Annotated[str | None, Field(max_length=200, title="Investor")] = None
    credit_code: Annotated[str | None, Field(max_length=40, title="Credit code")] = None
    amount_yuan: Annotated[Yuan | None, Field(title="Amount")] = None
    location: Annotated[str | None, Field(max_length=200, title="Location")] = None
    except_kind: Annotated[Subject | None, Field(title="Kind", description="What is compared itself")] = None
    except_id: Annotated[Id | None, Field(title="Itself", description="Its id, so that it is not found")] = None


class Side(Body):
    """A lead or a project."""

    kind: Annotated[Subject, Field(title="Kind")]
    id: Annotated[Id, Field(title="Id")]


_verdict = made_of(VerdictFacts, partial=False, name="VerdictFacts")


class _Sides(Body):
    first: Annotated[Side, Field(title="First", description="The one that was registered first and keeps the credit")]
    later: Annotated[Side, Field(title="Later")]


VerdictNew: Any = joined("VerdictNew", _Sides, _verdict, _Why)
VerdictEdit: Any = made_of(joined("_", _verdict, _Why), partial=True, name="VerdictEdit")
