"""Photos of a project's month: what the works looked like, when and where they were taken."""

from __future__ import annotations

from app.models.base import Kept, choice, count, degrees, month, noun, ref, text
from app.models.types import Month
from app.rules.access import FieldGroup
from app.rules.codes import PhotoTeller


@noun("zone")
class Photo(Kept, table=True):
    """One photo beside a project's report of a month. The file, kept by its digest, holds the picture and nothing else;
    what the camera wrote into it (time, place) stands here, with who told it."""

    __tablename__ = "photo"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    month: Month = month("Month", group=None, nullable=False)
    digest: str = text("Digest", 64, group=None, nullable=False)
    file_name: str = text("File name", 200, group=None, nullable=False)
    size: int = count("Size", 2**40, unit="bytes", group=None, nullable=False)
    width: int = count("Width", 100_000, unit="pixels", group=None, nullable=False)
    height: int = count("Height", 100_000, unit="pixels", group=None, nullable=False)
    taken_at: str | None = text("Taken at", 19, group=FieldGroup.MONTH)
    latitude: float | None = degrees("Latitude", 90)
    longitude: float | None = degrees("Longitude", 180)
    told_by: PhotoTeller | None = choice("Time and place told by", PhotoTeller, group=None)
    added_by: str | None = text("Added by", 60, group=None)
