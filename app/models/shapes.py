"""What comes in through the doors: new and edit shapes, made from the facts of each noun.

``ProjectEdit`` is ``ProjectFacts`` with every field left out at will: the limits are copied, not written again. What goes
out is written straight from tuples and described beside the API.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from app.models.base import YUAN_LIMIT
from app.models.checking import Body, check, made_of
from app.models.people import PersonFacts, UnitFacts
from app.models.projects import ProjectFacts
from app.models.reports import ReportFacts
from app.models.types import Day, Month, Text
from app.models.zones import ZoneFacts
from app.rules.codes import Disposition, Ledger, OrgLevel, ResponsibilityRole, ShareOf

__all__ = [
    "BatchNew", "BatchProject", "DispositionNew", "FormEdit", "FormNew", "HandoverNew", "IndicatorsEdit", "IndustriesEdit", "ListEdit",
    "ListNew", "ListingEdit", "MoveNew", "OpeningEdit", "PersonEdit", "PersonNew", "ProjectByReference", "ProjectEdit", "ProjectNew",
    "ReportEdit", "ResponsibilitiesEdit", "UnitEdit", "UnitMerge", "UnitNew", "ZoneEdit",
    "ZoneNew", "check",
]  # fmt: skip

Yuan = Annotated[int, Field(ge=0, le=YUAN_LIMIT)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Reason = Annotated[
    Text | None,
    Field(
        max_length=500,
        title="Reason",
        description="Why; kept in history. Some changes ask for it.",
    ),
]
Names = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)]


class Ref(Body):
    """The caller's own reference: its system and its id there."""

    source: Annotated[Text, Field(max_length=60, title="Reference source")]
    id: Annotated[Text, Field(max_length=120, title="Reference")]


# ── projects ─────────────────────────────────────────────────────────────────────────────────────────────────────────
ProjectEdit: Any = made_of(ProjectFacts, partial=True, name="ProjectEdit")


class _Placed(Body):
    zone: Annotated[Text, Field(max_length=40, title="Zone", description="Code of the zone where the project lies")]
    ledger: Annotated[Ledger, Field(title="Ledger", description="Naming one passes its gate")] = Ledger.RESERVE
    started_on: Annotated[Day | None, Field(title="Started on", description="Where its ledger asks for it")] = None
    completed_on: Annotated[Day | None, Field(title="Completed on", description="Where its ledger asks for it")] = None
    override: Annotated[bool, Field(title="Forced", description="Enter the ledger although its gate is not met")] = (
        False
    )
    reason: Reason = None


class _Own(Body):
    ref: Annotated[Ref | None, Field(description="Your own reference, unique for ever")] = None


class _Overwriting(Body):
    overwrite: Annotated[bool, Field(description="Take yours where somebody else changed a field since")] = False


def joined(name: str, *shapes: type[BaseModel]) -> Any:
    """One shape with the fields of several, those of the first one first."""
    made = {n: (f.annotation, f) for shape in shapes for n, f in shape.model_fields.items()}
    return create_model(name, __base__=Body, **made)  # type: ignore[call-overload]


_facts = made_of(ProjectFacts, partial=False, name="ProjectFacts")
ProjectNew: Any = joined("ProjectNew", _facts, _Placed, _Own)
ProjectByReference: Any = made_of(joined("_", _facts, _Placed), partial=True, name="ProjectByReference")
"""Fields left out stay as they are; to create, ``zone`` and ``name`` are needed."""
BatchProject: Any = made_of(joined("_", _Own, _facts, _Placed, _Overwriting), partial=True, name="BatchProject")


class BatchNew(Body):
    """Many projects by reference. ``atomic``: all or nothing; else each stands alone."""

    items: Annotated[list[BatchProject], Field(max_length=1000)]
    atomic: bool = True
    reason: Reason = None


class MoveNew(Body):
    """A move into another ledger."""

    to: Annotated[Ledger, Field(title="To ledger")]
    on: Annotated[Day | None, Field(title="Day of the fact", description="Default: today")] = None
    override: Annotated[bool, Field(title="Forced")] = False
    version: Annotated[int | None, Field(ge=1, title="Version", description="The version you read")] = None
    reason: Reason = None


class TransferNew(Body):
    """To another zone, with everything that hangs on it: the city office decides."""

    to: Annotated[Text, Field(min_length=1, max_length=40, title="To zone", description="The code of the zone")]
    on: Annotated[Day | None, Field(title="Day of the fact", description="Default: today")] = None
    document: Annotated[Text | None, Field(max_length=200, title="Document", description="What decided it")] = None
    version: Annotated[int | None, Field(ge=1, title="Version", description="The version you read")] = None
    reason: Reason = None


class DispositionNew(Body):
    """Deferring, suspending, leaving the ledgers, and coming back (``active``)."""

    disposition: Annotated[Disposition, Field(title="Disposition")]
    on: Annotated[Day | None, Field(title="Disposed on", description="Default: today")] = None
    destination: Annotated[Text | None, Field(max_length=200, title="Destination")] = None
    version: Annotated[int | None, Field(ge=1, title="Version", description="The version you read")] = None
    reason: Reason = None


class ShareEdit(Body):
    """A partner zone's share of a project."""

    zone: Annotated[Text, Field(min_length=1, max_length=40, title="Partner zone", description="Its code")]
    percent: Annotated[float, Field(ge=0, le=100, title="Per cent")]
    of: Annotated[ShareOf, Field(title="Share of")]
    basis_document: Annotated[Text | None, Field(max_length=200, title="Document")] = None
    until: Annotated[Day | None, Field(title="Until")] = None


class SharesEdit(Body):
    """All partner zones of a project; those left out are none any more."""

    items: Annotated[list[ShareEdit], Field(max_length=50)]
    reason: Reason = None


class OpeningEdit(Body):
    """Money spent before reporting here began: the state at the end of ``month``."""

    month: Annotated[Month, Field(title="Opening month")]
    before_year_yuan: Annotated[Yuan | None, Field(title="Opening: before the year")] = None
    this_year_yuan: Annotated[Yuan | None, Field(title="Opening: this year")] = None
    reason: Reason = None


# ── zones ────────────────────────────────────────────────────────────────────────────────────────────────────────────
class _ZoneNames(Body):
    leading_industries: Annotated[Names, Field(default_factory=list)]
    aliases: Annotated[Names, Field(default_factory=list)]
    successor_of: Annotated[Names, Field(default_factory=list)]


class _ZoneCode(Body):
    code: Annotated[
        Text,
        Field(max_length=40, pattern=r"^[0-9A-Za-z-]+$", title="Code", description="Region, kind, number: 371500-ETDZ"),
    ]


class _Why(Body):
    reason: Reason = None


_report = made_of(ReportFacts, partial=False, name="ReportFacts")
ReportEdit: Any = made_of(joined("_", _report, _Why), partial=True, name="ReportEdit")
"""A month's report: the month's amount or the year's cumulative. Fields left out stay as they are."""


_zone = made_of(ZoneFacts, partial=False, name="ZoneFacts")
ZoneNew: Any = joined("ZoneNew", _ZoneCode, _zone, _ZoneNames, _Why)
ZoneEdit: Any = made_of(joined("ZoneEdit", _zone, _ZoneNames, _Why), partial=True, name="ZoneEdit")


class IndicatorEdit(Body):
    """One figure of a zone in a year."""

    key: Annotated[Text, Field(max_length=40, title="Indicator")]
    value: Annotated[float | None, Field(ge=-1e15, le=1e15, title="Value")] = None
    unit: Annotated[Text | None, Field(max_length=20, title="Unit")] = None
    rank: Annotated[int | None, Field(ge=1, le=100_000, title="Rank")] = None
    of: Annotated[int | None, Field(ge=1, le=100_000, title="Out of")] = None
    source: Annotated[Text | None, Field(max_length=200, title="Source")] = None


class IndicatorsEdit(Body):
    """A zone's figures of one year; those not named stay as they are."""

    year: Annotated[int, Field(ge=1949, le=2200, title="Year")]
    items: Annotated[list[IndicatorEdit], Field(max_length=100)]
    reason: Reason = None


class IndustryEdit(Body):
    """An entry of the city's list of industries."""

    code: Annotated[Text, Field(max_length=40, pattern=r"^[0-9A-Za-z_.-]+$", title="Code")]
    name: Annotated[Text, Field(min_length=1, max_length=60, title="Name")]
    parent_code: Annotated[Text | None, Field(max_length=40, title="Parent")] = None
    aliases: Annotated[Names, Field(title="Aliases", default_factory=list)]
    gbt4754: Annotated[Names, Field(title="GB/T 4754 classes", default_factory=list)]


class IndustriesEdit(Body):
    """Entries of the city's list of industries; those not named stay as they are."""

    items: Annotated[list[IndustryEdit], Field(max_length=500)]
    reason: Reason = None


# ── units, people, who answers for what ──────────────────────────────────────────────────────────────────────────────
class _AtZone(Body):
    zone: Annotated[
        Text | None,
        Field(max_length=40, title="Zone", description="Code; null: the city's own"),
    ] = None
    reason: Reason = None


UnitNew: Any = joined("UnitNew", made_of(UnitFacts, partial=False, name="UnitFacts"), _AtZone)
PersonNew: Any = joined("PersonNew", made_of(PersonFacts, partial=False, name="PersonFacts"), _AtZone)


UnitEdit: Any = made_of(joined("_", made_of(UnitFacts, partial=False), _Why), partial=True, name="UnitEdit")
PersonEdit: Any = made_of(joined("_", made_of(PersonFacts, partial=False), _Why), partial=True, name="PersonEdit")


class UnitMerge(Body):
    """The unit that answers from now on."""

    into: Annotated[Id, Field(title="Into")]
    version: Annotated[int | None, Field(ge=1, title="Version", description="The version you read")] = None
    reason: Reason = None


class ResponsibilityEdit(Body):
    """One answer to "who answers for this project, in which way, since when"."""

    role: Annotated[ResponsibilityRole, Field(title="Role")]
    level: Annotated[OrgLevel | None, Field(title="Level")] = None
    person_id: Annotated[Id | None, Field(title="Person")] = None
    unit_id: Annotated[Id | None, Field(title="Unit")] = None
    from_on: Annotated[Day | None, Field(title="From")] = None
    until_on: Annotated[Day | None, Field(title="Until")] = None
    rank: Annotated[int, Field(ge=1, le=99, title="Rank")] = 1


class ResponsibilitiesEdit(Body):
    """Everybody who answers for a project; those left out end."""

    items: Annotated[list[ResponsibilityEdit], Field(max_length=100)]
    reason: Reason = None


class HandoverNew(Body):
    """From one person or unit to another: which roles, which projects, on which day."""

    from_person_id: Annotated[Id | None, Field(title="From person")] = None
    from_unit_id: Annotated[Id | None, Field(title="From unit")] = None
    to_person_id: Annotated[Id | None, Field(title="To person")] = None
    to_unit_id: Annotated[Id | None, Field(title="To unit")] = None
    roles: Annotated[list[ResponsibilityRole] | None, Field(max_length=20, title="Roles")] = None
    project_ids: Annotated[list[Id] | None, Field(max_length=1000, title="Projects")] = None
    on: Annotated[Day | None, Field(title="Day of the fact", description="Default: today")] = None
    reason: Reason = None


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
class ListNew(Body):
    """A list of projects kept by some unit, such as the province's key projects of a year."""

    code: Annotated[Text, Field(max_length=40, pattern=r"^[0-9A-Za-z_-]+$", title="Code")]
    name: Annotated[Text, Field(max_length=100, title="Name")]
    level: Annotated[Text | None, Field(max_length=20, title="Level")] = None
    year: Annotated[int | None, Field(ge=1949, le=2200, title="Year")] = None
    owner_unit: Annotated[Text | None, Field(max_length=100, title="Owner unit")] = None
    document: Annotated[Text | None, Field(max_length=200, title="Document")] = None
    reason: Reason = None


ListEdit: Any = made_of(
    create_model("_", __base__=Body, **{n: (f.annotation, f) for n, f in ListNew.model_fields.items() if n != "code"}),  # type: ignore[call-overload]
    partial=True,
    name="ListEdit",
)


class ListingEdit(Body):
    """A project's place in a list."""

    number: Annotated[Text | None, Field(max_length=40, title="Number in the list")] = None
    batch: Annotated[Text | None, Field(max_length=40, title="Batch")] = None
    joined_on: Annotated[Day | None, Field(title="Joined on")] = None
    left_on: Annotated[Day | None, Field(title="Left on")] = None
    reason: Reason = None


# ── forms of masters ─────────────────────────────────────────────────────────────────────────────────────────────────
class FormColumnEdit(Body):
    """What one column of a form is filled with; ``field`` null leaves it empty."""

    field: Annotated[str | None, Field(max_length=60, title="Field")] = None
    unit: Annotated[
        str | None, Field(max_length=10, title="Unit", description="Of an amount: 元, 万元, 亿元, 万美元")
    ] = None


class FormNew(Body):
    """A master's form: what it is called and which ledger or list it is for; with neither it serves every ledger."""

    name: Annotated[Text, Field(max_length=60, title="Name")]
    ledger: Annotated[Ledger | None, Field(title="Ledger")] = None
    list: Annotated[Text | None, Field(max_length=40, title="List", description="Code of a list")] = None


class FormEdit(FormNew):
    """What may be changed of a form. ``columns`` are all of its columns, in their order."""

    grouped_by: Annotated[Literal["industry", "zone", "none"], Field(title="Grouped by")] = "none"
    columns: Annotated[list[FormColumnEdit] | None, Field(max_length=200, title="Columns")] = None
    reason: Reason = None
