"""Units, people, and who answered for which project in which way, from when until when (包挂)."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.models.base import Kept, choice, count, day, json_text, moment, noun, ref, secret, text
from app.models.types import Day, Text
from app.rules.access import FieldGroup, Role
from app.rules.codes import OrgLevel, ResponsibilityRole

PEOPLE = FieldGroup.PEOPLE


class UnitFacts(SQLModel, use_enum_values=True, extra="forbid"):
    name: Text = text("Name", 100, nullable=False, group=PEOPLE)
    parent_id: int | None = ref("Parent unit", group=PEOPLE)
    from_on: Day | None = day("From", group=PEOPLE)
    until_on: Day | None = day("Until", group=PEOPLE)


@noun("zone")
class Unit(UnitFacts, Kept, table=True):
    """A unit of a zone, or of the city when ``zone_id`` is unknown. Its former names stay findable."""

    __tablename__ = "unit"

    former_names: str = json_text("Former names", default="[]", nullable=False)
    aliases: str = json_text("Aliases", default="[]", nullable=False)
    merged_into_id: int | None = ref("Merged into")


class PersonFacts(SQLModel, use_enum_values=True, extra="forbid"):
    name: Text = text("Name", 60, nullable=False, group=PEOPLE)
    unit_id: int | None = ref("Unit", group=PEOPLE)
    phone: Text | None = text("Phone", 60, group=PEOPLE, private=True)
    post: Text | None = text("Post", 100, group=PEOPLE)


@noun("zone")
class Person(PersonFacts, Kept, table=True):
    """Somebody who answers for projects. She need not have an account."""

    __tablename__ = "person"


@noun("zone")
class Responsibility(Kept, table=True):
    """One answer to "who answers for this project, in which way, since when". Rank 1 is the name the ledger shows."""

    __tablename__ = "responsibility"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    role: ResponsibilityRole = choice("Role", ResponsibilityRole, group=PEOPLE, nullable=False)
    level: OrgLevel | None = choice("Level", OrgLevel, group=PEOPLE)
    person_id: int | None = ref("Person", foreign_key="person.id", index=True)
    unit_id: int | None = ref("Unit", foreign_key="unit.id", index=True)
    from_on: Day | None = day("From", group=PEOPLE)
    until_on: Day | None = day("Until", group=PEOPLE)
    rank: int = count("Rank", 99, unit="", group=PEOPLE, default=1, nullable=False, least=1)


@noun("rights")
class Account(Kept, table=True):
    """Somebody who signs in. Her rights are a role, held for zones, from a day until a day."""

    __tablename__ = "account"

    login: str = text("Sign-in name", 60, group=None, nullable=False, unique=True)
    name: str = text("Name", 60, group=None, nullable=False)
    role: Role = choice("Role", Role, group=None, nullable=False)
    zones: str = json_text("Zones", default="[]", nullable=False)
    unit_id: int | None = ref("Unit")
    person_id: int | None = ref("Person")
    email: str | None = text("E-mail", 200, group=None, private=True)
    password_hash: str | None = secret("Password", 300)
    locale: str | None = text("Language", 10, group=None)
    link_at: str | None = moment("Last one-time link")
    from_on: Day | None = day("From", group=None)
    until_on: Day | None = day("Until", group=None)


@noun("rights")
class ApiKey(Kept, table=True):
    """A program that calls. The key itself is shown once; its hash is kept."""

    __tablename__ = "api_key"

    name: str = text("Name", 100, group=None, nullable=False)
    key_hash: str = secret("Key", 64, nullable=False, unique=True)
    role: Role = choice("Scope", Role, group=None, nullable=False)
    zones: str = json_text("Zones", default="[]", nullable=False)
    expires_on: Day | None = day("Expires on", group=None)
