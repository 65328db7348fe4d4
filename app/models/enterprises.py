"""Enterprises: the base of key firms that all zones share, and which of them a zone wants to win (目标企业)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.models.base import Kept, choice, day, json_text, noun, ref, text
from app.models.types import Day, Text
from app.rules.access import FieldGroup
from app.rules.firm_codes import TargetState

PEOPLE = FieldGroup.PEOPLE


class EnterpriseFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """What is written of a firm. Everybody reads it, in every zone: nothing confidential belongs here."""

    name: Text = text("Name", 200, nullable=False)
    credit_code: Text | None = text("Credit code", 40)
    origin: Text | None = text("Origin", 60)
    industry: Text | None = text("Industry", 60)
    parent_id: int | None = ref("Group", group=FieldGroup.FACTS)
    website: Text | None = text("Website", 200)
    profile: Text | None = text("Profile", 2000)
    contact_person: Text | None = text("Contact", 60, group=PEOPLE)
    contact_post: Text | None = text("Post", 100, group=PEOPLE)
    phone: Text | None = text("Phone", 60, group=PEOPLE, private=True)


@noun("zone")
class Enterprise(EnterpriseFacts, Kept, table=True):
    """A firm of the base. It belongs to no zone; a renamed or merged one stays findable under its old name."""

    __tablename__ = "enterprise"

    credit_code: str | None = text("Credit code", 18, unique=True)
    classes: str = json_text("Classes of the firm", group=FieldGroup.FACTS, default="[]", nullable=False)
    former_names: str = json_text("Former names", default="[]", nullable=False)
    aliases: str = json_text("Aliases", group=FieldGroup.FACTS, default="[]", nullable=False)
    merged_into_id: int | None = ref("Merged into", foreign_key="enterprise.id")


class TargetFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """How far a zone has come with a firm it wants to win."""

    state: TargetState | None = choice("State", TargetState)
    owner: Text | None = text("Owner", 60)
    last_contact_on: Day | None = day("Last contact")
    note: Text | None = text("Note", 1000)


@noun("zone")
class Target(TargetFacts, Kept, table=True):
    """A firm on a zone's list of those it wants to win."""

    __tablename__ = "target"
    __table_args__ = (sa.UniqueConstraint("zone_id", "enterprise_id"),)

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    enterprise_id: int = ref("Enterprise", nullable=False, foreign_key="enterprise.id", index=True)
    state: TargetState = choice("State", TargetState, default="planned", nullable=False)
