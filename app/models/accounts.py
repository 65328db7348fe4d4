"""What comes in about accounts and API keys. Hashes, links and sessions never come in or go out in a shape."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.models.types import Day, Text
from app.rules.access import Role

Zones = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=1000, title="Zones")]
EMAIL = r"^[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,120}$"
DAY: dict[str, Any] = {"kind": "day"}
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class AccountEdit(BaseModel):
    """What an administrator writes about an account; zones by their codes."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True)

    login: Annotated[Text, Field(max_length=60, title="Sign-in name")]
    name: Annotated[Text, Field(max_length=60, title="Name")]
    role: Annotated[Role, Field(title="Role")]
    zones: Zones = []
    email: Annotated[Text | None, Field(max_length=200, pattern=EMAIL, title="E-mail")] = None
    unit_id: Annotated[Id | None, Field(title="Unit")] = None
    person_id: Annotated[Id | None, Field(title="Person")] = None
    from_on: Annotated[Day | None, Field(title="From", json_schema_extra=DAY)] = None
    until_on: Annotated[Day | None, Field(title="Until", json_schema_extra=DAY)] = None


class KeyNew(BaseModel):
    """What an administrator writes about an API key; no zone means every zone."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True)

    name: Annotated[Text, Field(max_length=100, title="Name")]
    role: Annotated[Role, Field(title="Scope")]
    zones: Zones = []
    expires_on: Annotated[Day | None, Field(title="Expires on", json_schema_extra=DAY)] = None
