"""What a person may say about a file on its way in: where its rows belong and what each row means."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.models.base import Text
from app.models.checking import Body, Edit, check
from app.models.shapes import Reason
from app.rules.codes import Ledger

__all__ = ["ImportCommit", "ImportEdit", "ImportReason", "SheetChoice", "check"]

Zone = Annotated[Text | None, Field(max_length=40, title="Zone", description="Code; fills what the sheet leaves open")]
InLedger = Annotated[Ledger | None, Field(title="Ledger", description="Fills what the sheet leaves open")]
Force = Annotated[bool | None, Field(description="Zone and ledger hold also where the sheet says otherwise")]
SheetName = Annotated[str, Field(max_length=200)]
RowPlace = Annotated[str, Field(max_length=300, pattern=r"^[\s\S]*![1-9]\d{0,6}$")]
"""``sheet!row``, the row as the file numbers it."""
Decision = Annotated[int, Field(ge=-1, le=2**63 - 1)]


class SheetChoice(Body):
    """What is said of one sheet. null takes a choice back."""

    zone: Zone = None
    ledger: InLedger = None
    force: Force = None
    skip: Annotated[bool | None, Field(description="Leave the sheet out")] = None


class ImportEdit(Edit):
    """Choices about a file that waits. What is left out stays as it was chosen, null takes a choice back."""

    zone: Zone = None
    ledger: InLedger = None
    force: Force = None
    opening: Annotated[
        bool | None, Field(description="As the opening: taken as it stands, and accepted once by a reviewer")
    ] = None
    sheets: Annotated[
        dict[SheetName, SheetChoice | None] | None, Field(max_length=200, description="By the name of the sheet")
    ] = None
    rows: Annotated[
        dict[RowPlace, Decision | None] | None,
        Field(
            max_length=5000,
            description="By `sheet!row`: the id of the project the row means, 0 for a new one, -1 to leave the row out",
        ),
    ] = None
    reason: Reason = None


class ImportCommit(Body):
    """The confirmation."""

    seen: Annotated[
        int | None,
        Field(
            ge=0, description="`as_of_act` of the preview you saw: what changed since stops everything (409 `moved_on`)"
        ),
    ] = None
    reason: Reason = None


class ImportReason(Body):
    """Nothing but a reason, if there is one."""

    reason: Reason = None
