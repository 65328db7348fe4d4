"""Units, people and lists as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.api.records import Answer, Version
from app.models.types import Day
from app.rules.codes import Ledger, OrgLevel, ResponsibilityRole


class UnitRead(Answer):
    """A unit of a zone, or of the city (``zone`` null)."""

    id: int
    zone: str | None
    name: str
    parent_id: int | None
    former_names: list[str]
    aliases: list[str]
    from_on: Day | None
    until_on: Day | None
    merged_into_id: int | None
    version: Version


class PersonRead(Answer):
    """Somebody who answers for projects. The phone is masked for those who may not read it."""

    id: int
    zone: str | None
    name: str
    unit_id: int | None
    phone: str | None
    post: str | None
    version: Version


class ResponsibilityRead(Answer):
    """Who answers for the project, in which way, since when."""

    role: ResponsibilityRole
    level: OrgLevel | None
    person_id: int | None
    unit_id: int | None
    from_on: Day | None
    until_on: Day | None
    rank: int
    name: str | None
    phone: str | None
    current: bool


class ResponsibilitiesRead(Answer):
    items: list[ResponsibilityRead]
    version: Version


class Named(Answer):
    id: int
    name: str


class HandoverRead(Answer):
    """What was handed over."""

    projects: int
    responsibilities: int


class HandoverItem(Answer):
    id: int
    name: str
    roles: list[ResponsibilityRole]


class HandoverPreview(Answer):
    on: Day
    from_: Annotated[Named, Field(alias="from")]
    to: Named | None
    items: list[HandoverItem]


class ListRead(Answer):
    """A list of projects kept by some unit."""

    code: str
    name: str
    level: str | None
    year: int | None
    owner_unit: str | None
    document: str | None
    version: Version


class _Place(Answer):
    number: str | None
    batch: str | None
    joined_on: Day | None
    left_on: Day | None


class PlaceRead(_Place):
    """A project's place in a list."""

    list: str
    name: str
    version: Version


class ListMember(_Place):
    id: int
    name: str


class FormColumnRead(Answer):
    """A column of a form; ``field`` null: it stays empty."""

    caption: str
    field: str | None
    unit: str | None


FormColumns = list[FormColumnRead]
Captions = list[str]


class FormRead(Answer):
    """A master's form. ``not_filled``: captions of the columns that the register has no figure for."""

    name: str
    ledger: Ledger | None
    list: str | None
    file_name: str
    sheet: str
    grouped_by: Annotated[str, Field(description="industry, zone or none")]
    columns: FormColumns
    not_filled: Captions
    created_at: str | None
    updated_at: str | None
    version: Version
