"""Development zones, their yearly indicators, and the industries of the city."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.models.base import Kept, choice, count, day, json_text, measure, month, noun, ref, text
from app.models.types import Day, Month, Text
from app.rules.codes import ZoneKind, ZoneLevel


class ZoneFacts(SQLModel, use_enum_values=True):
    """What is written of a zone."""

    name: Text = text("Name", 100, nullable=False)
    short_name: Text | None = text("Short name", 40)
    level: ZoneLevel | None = choice("Level", ZoneLevel)
    kind: ZoneKind | None = choice("Zone kind", ZoneKind)
    province: Text | None = text("Province", 40)
    city: Text | None = text("City", 40)
    county: Text | None = text("County", 40)
    planned_area_km2: float | None = measure("Planned area", 100_000, unit="km²")
    remaining_area_km2: float | None = measure("Remaining area", 100_000, unit="km²")
    official_code: Text | None = text("Official code", 20)
    reporting_month: Month | None = month("Reporting month")


@noun("words")
class Zone(ZoneFacts, Kept, table=True):
    """A zone belongs to itself: its ``zone_id`` is its own id."""

    __tablename__ = "zone"

    code: str = text("Code", 40, nullable=False, unique=True)
    leading_industries: str = json_text("Leading industries", default="[]", nullable=False)
    aliases: str = json_text("Aliases", default="[]", nullable=False)
    successor_of: str = json_text("Successor of", default="[]", nullable=False)

    def numbered(self) -> None:
        self.zone_id = self.id


@noun("zone")
class Indicator(Kept, table=True):
    """One figure of a zone in a year: value, unit, rank among how many, and where it was read."""

    __tablename__ = "indicator"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id", index=True)
    year: int = count("Year", 2200, unit="year", least=1949, nullable=False)
    key: str = text("Indicator", 40, nullable=False)
    value: float | None = measure("Value", 1e15, unit="")
    unit: str | None = text("Unit", 20)
    rank: int | None = count("Rank", 100_000, unit="")
    of: int | None = count("Out of", 100_000, unit="")
    source: str | None = text("Source", 200)


@noun("words")
class Industry(Kept, table=True):
    """One entry of the city's list of industries; text that matches none stays as it was typed (未归类)."""

    __tablename__ = "industry"

    code: str = text("Code", 40, nullable=False, unique=True)
    name: str = text("Name", 60, nullable=False)
    parent_code: str | None = text("Parent", 40)
    aliases: str = json_text("Aliases", default="[]", nullable=False)
    gbt4754: str = json_text("GB/T 4754 classes", default="[]", nullable=False)
    position: int = count("Position", 10_000, unit="", default=0, nullable=False)


@noun("words")
class Setting(Kept, table=True):
    """Versioned data the city office keeps: gates, horizon, whether this is a demo."""

    __tablename__ = "setting"

    key: str = text("Key", 60, nullable=False, unique=True)
    value: str = json_text("Value", default="null", nullable=False)


@noun("words")
class ProjectList(Kept, table=True):
    """A 名单: a list kept by some unit, such as the province's key projects of a year."""

    __tablename__ = "project_list"

    code: str = text("Code", 40, nullable=False, unique=True)
    name: str = text("Name", 100, nullable=False)
    level: str | None = text("Level", 20)
    year: int | None = count("Year", 2200, unit="year", least=1949)
    owner_unit: str | None = text("Owner unit", 100)
    document: str | None = text("Document", 200)


@noun("zone")
class Listing(Kept, table=True):
    """A project's membership of a list: its number and batch there, and from when until when."""

    __tablename__ = "listing"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    list_id: int = ref("List", nullable=False, foreign_key="project_list.id", index=True)
    number: str | None = text("Number in the list", 40)
    batch: str | None = text("Batch", 40)
    joined_on: Day | None = day("Joined on")
    left_on: Day | None = day("Left on")
