"""What a person may say about a file on its way in: where its rows belong and what each row means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.models.checking import Body, Edit, check
from app.models.shapes import Reason
from app.models.types import Day, Text
from app.rules.codes import Ledger

__all__ = ["ColumnChoice", "ImportCommit", "ImportEdit", "ImportReason", "SheetChoice", "check"]

Zone = Annotated[Text | None, Field(max_length=40, title="Zone", description="Code; fills what the sheet leaves open")]
InLedger = Annotated[Ledger | None, Field(title="Ledger", description="Fills what the sheet leaves open")]
Force = Annotated[bool | None, Field(description="Zone and ledger hold also where the sheet says otherwise")]
SheetName = Annotated[str, Field(max_length=260)]
RowPlace = Annotated[str, Field(max_length=300, pattern=r"^[\s\S]*![1-9]\d{0,6}$")]
"""``sheet!row``, the row as the file numbers it."""
CellPlace = Annotated[str, Field(max_length=360, pattern=r"^[\s\S]*![1-9]\d{0,6}![a-z_]{1,60}$")]
"""``sheet!row!field``, the field as the preview's conflict names it."""
Letters = Annotated[str, Field(pattern=r"^[A-Z]{1,3}([1-9]\d{0,3})?$")]
"""The letter of a column; on a page about one project the cell of a label."""
RowNumber = Annotated[str, Field(pattern=r"^[1-9]\d{0,6}$")]
LineKind = Literal["data", "total", "group", "note"]
Mark = Annotated[str, Field(min_length=1, max_length=4)]
ListCode = Annotated[str, Field(max_length=40)]
Mode = Literal["both", "add", "update"]
ProjectId = Annotated[str, Field(pattern=r"^[1-9]\d{0,18}$")]
Decision = Annotated[int, Field(ge=-1, le=2**63 - 1)]


class ColumnChoice(Body):
    """What a column means. null takes a choice back."""

    field: Annotated[
        str | None,
        Field(
            max_length=60,
            description="A field of the sheet's columns as the preview names them; `none`: leave it out; `unknown`: nobody knows",
        ),
    ] = None
    unit: Annotated[str | None, Field(max_length=10, description="Of an amount: 元, 万元, 亿元, 万美元 …")] = None
    year: Annotated[int | None, Field(ge=1949, le=2200, description="Of a figure with a place in time")] = None
    month: Annotated[int | None, Field(ge=1, le=12, description="Of a figure with a place in time")] = None


class SheetChoice(Body):
    """What is said of one sheet. null takes a choice back."""

    zone: Zone = None
    ledger: InLedger = None
    force: Force = None
    skip: Annotated[bool | None, Field(description="Leave the sheet out")] = None
    heading: Annotated[
        list[Annotated[int, Field(ge=1, le=1000)]] | None,
        Field(min_length=2, max_length=2, description="First and last row of the heading, from 1"),
    ] = None
    columns: Annotated[
        dict[Letters, ColumnChoice | None] | None,
        Field(
            max_length=400,
            description="By the letter of the column; on a page about one project by the cell of the label",
        ),
    ] = None
    lines: Annotated[
        dict[RowNumber, LineKind | None] | None, Field(max_length=5000, description="What a row is, by its number")
    ] = None
    of_list: Annotated[
        ListCode | None, Field(description="The list that the sheet tells of: only its members can be missing")
    ] = None
    marks: Annotated[
        dict[Mark, ListCode | None] | None,
        Field(
            max_length=10, description="A sign before names → the code of the list it stands for; empty: for nothing"
        ),
    ] = None


class MoveChoice(Body):
    """A proposed move into another ledger, accepted or not. Without evidence the project is 待核 until it comes."""

    accept: Annotated[bool | None, Field(description="false: this one not, whatever holds for all")] = None
    on: Annotated[
        Day | None, Field(description="Day of the fact, where the sheet does not tell it; default: today")
    ] = None
    override: Annotated[
        bool | None, Field(description="Although its gate is not met: for reviewers, with a reason")
    ] = None


class AbsentChoice(Body):
    """What becomes of a project that the register has in the sheet's zone and ledger and the sheet does not list."""

    do: Annotated[Literal["leave", "move", "exit"], Field(description="Default: leave")]
    to: Annotated[Ledger | None, Field(description="The ledger to move into")] = None
    disposition: Annotated[Literal["lost", "withdrawn"] | None, Field(description="How it leaves")] = None
    on: Annotated[Day | None, Field(description="Day of the fact; default: today")] = None
    override: Annotated[bool | None, Field(description="Although the gate is not met")] = None
    reason: Reason = None


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
    cells: Annotated[
        dict[CellPlace, Literal["mine", "theirs"] | None] | None,
        Field(
            max_length=5000,
            description="By `sheet!row!field`: the sheet's value or the register's, where both changed since the workbook left",
        ),
    ] = None
    mode: Annotated[Mode | None, Field(description="Add and update (`both`, the default), only add, only update")] = (
        None
    )
    empty: Annotated[
        Literal["leave", "clear"] | None, Field(description="What an empty cell does to what is known; default: leave")
    ] = None
    moves: Annotated[
        dict[RowPlace, MoveChoice | None] | None,
        Field(max_length=5000, description="By `sheet!row`: is the proposed move accepted"),
    ] = None
    all_moves: Annotated[MoveChoice | None, Field(description="Of every proposed move that has no word of its own")] = (
        None
    )
    absent: Annotated[
        dict[ProjectId, AbsentChoice | None] | None,
        Field(max_length=5000, description="By the id of the project: what becomes of those the sheets do not list"),
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
