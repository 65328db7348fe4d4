"""Photos of a project's month: up to six, as long as its report may be written; afterwards they are frozen with it."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from pydantic import Field

from app.desk import Desk
from app.errors import Conflict, Invalid
from app.files import Stored
from app.models import Photo, Project, Report
from app.models.checking import Body, check
from app.models.types import LocalMoment, Text
from app.rules.access import Act
from app.rules.codes import PhotoTeller
from app.rules.proofs import file_name
from app.rules.shots import Shot
from app.services import closing, periods, reasons, reports
from app.services.naming import by_ids

Record = dict[str, Any]
MOST = 6
FIELDS = (
    "id", "project_id", "month", "digest", "file_name", "size", "width", "height", "taken_at", "latitude", "longitude", "told_by",
    "added_by", "created_at", "since",
)  # fmt: skip


class PhotoNew(Body):
    """What a device that made a photo small says of it: the small file no longer holds it."""

    taken_at: Annotated[LocalMoment | None, Field(title="Taken at")] = None
    latitude: Annotated[float | None, Field(ge=-90, le=90, title="Latitude")] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, title="Longitude")] = None
    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


class Kept(Body):
    """Which of a month's photos stay beside its report."""

    photos: Annotated[list[int], Field(max_length=MOST, title="Photos")]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def list_(desk: Desk, id_: int, month: str | None = None) -> list[Record]:
    """The photos of a project, or of one month of it, the newest month first and as they came."""
    desk.get(Project, id_, deleted=True)
    return _told(desk, [id_], month).get(id_, [])


def by_month(desk: Desk, id_: int) -> dict[str, list[Record]]:
    """All photos of a project under their months; a month without any has none."""
    found: dict[str, list[Record]] = defaultdict(list)
    for photo in list_(desk, id_):
        found[photo["month"]].append(photo)
    return found


def beside(desk: Desk, id_: int, month: str) -> Record:
    """What a form of the month shows: its photos (``now``), those of the last month before it that has any (``before``),
    how many more it takes (``room``), and whether she may change them (``may``)."""
    known = list_(desk, id_)
    earlier = max((p["month"] for p in known if p["month"] < month), default=None)
    now = [p for p in known if p["month"] == month]
    before = [p for p in known if p["month"] == earlier]
    may = _may(desk, id_, month)
    return {"project_id": id_, "month": month, "now": now, "before": before, "room": MOST - len(now), "may": may}


def _may(desk: Desk, id_: int, month: str) -> bool:
    project = desk.get(Project, id_, deleted=True)
    if project.deleted_at is not None or not desk.may(Act.PHOTO_ADD, project.zone_id):
        return False
    try:
        _open(desk, project, month)
    except (Conflict, Invalid):
        return False
    return True


def open_(desk: Desk, photo_id: int) -> Record:
    """One photo, for those who may see the project."""
    row = desk.get(Photo, photo_id)
    desk.get(Project, row.project_id, deleted=True)
    return next(p for p in _told(desk, [row.project_id]).get(row.project_id, []) if p["id"] == photo_id)


def _told(desk: Desk, ids: list[int], month: str | None = None) -> dict[int, list[Record]]:
    """By project. ``repeats``: the earlier month that shows the very same picture. ``elsewhen``: taken in another month."""
    found: dict[int, list[Record]] = {}
    first: dict[tuple[int, str], str] = {}
    rows: list[Photo] = by_ids(desk, Photo, "of_projects", "project_id", ids)
    for row in sorted(rows, key=lambda r: (r.month, r.id or 0)):
        seen = first.setdefault((row.project_id, row.digest), row.month)
        facts = {name: getattr(row, name) for name in FIELDS}
        facts["version"] = facts.pop("since")
        facts |= {"repeats": seen if seen != row.month else None, "elsewhen": _elsewhen(desk, row)}
        if month in (None, row.month):
            found.setdefault(row.project_id, []).append(facts)
    for told in found.values():
        told.sort(key=lambda p: p["month"], reverse=True)
    return found


def _elsewhen(desk: Desk, row: Photo) -> bool | None:
    """Was it taken in another month than the one it is to show? None where nobody says when."""
    if row.taken_at is None:
        return None
    period = periods.covering(desk, row.month)
    return not (period["first_month"] if period else row.month) <= row.taken_at[:7] <= row.month


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def may_add(desk: Desk, id_: int, month: str) -> None:
    """Refuse who may not add a photo to this month, before a file of hers is read."""
    _open(desk, desk.get(Project, id_, to=Act.PHOTO_ADD), month)


def add(
    desk: Desk, id_: int, month: str, values: Record, *, stored: Stored, shot: Shot, name: str | None
) -> Record:  # fmt: skip
    """Add a photo that was put. What the file says of time and place goes before what the device said.

    Raises Invalid; Conflict for a seventh, for one that is there already and where the month takes no more reports.
    """
    project = desk.get(Project, id_, to=Act.PHOTO_ADD)
    facts = check(PhotoNew, reasons.take(desk, values))
    _open(desk, project, month)
    known = list_(desk, id_, month)
    if any(p["digest"] == stored.digest for p in known):
        raise Conflict("This photo is there already", code="same_photo")
    if len(known) >= MOST:
        raise Conflict("A month has at most {most} photos; take one away first", code="enough_photos", most=MOST)
    row = Photo(
        zone_id=project.zone_id, project_id=id_, month=month, digest=stored.digest, size=stored.size, width=shot.width,
        height=shot.height, file_name=file_name(name, "image/jpeg"), added_by=desk.actor.name, **_said(desk, facts, shot),
    )  # fmt: skip
    desk.keep(row)
    return open_(desk, row.id or 0)


def _said(desk: Desk, facts: Record, shot: Shot) -> Record:
    """When, where, and who says so. A moment that has not come yet is a clock that is wrong."""
    if (facts.get("latitude") is None) is not (facts.get("longitude") is None):
        raise Invalid.one("/longitude", "half_a_place", "Give latitude and longitude, or neither")
    if (facts.get("taken_at") or "")[:10] > desk.today:
        raise Invalid.one("/taken_at", "future", "The day of a fact cannot lie in the future")
    own = shot.taken_at if shot.taken_at and shot.taken_at[:10] <= desk.today else None
    if own or shot.place:
        latitude, longitude = shot.place or (None, None)
        return {"taken_at": own, "latitude": latitude, "longitude": longitude, "told_by": PhotoTeller.FILE}
    told = {name: facts.get(name) for name in ("taken_at", "latitude", "longitude")}
    said = any(value is not None for value in told.values())
    return {**told, "told_by": PhotoTeller.DEVICE if said else None}


def remove(desk: Desk, photo_id: int, *, version: int | None = None) -> Record:
    """Take a photo away while its month may be written; it stays in history."""
    row = desk.get(Photo, photo_id, to=Act.PHOTO_REMOVE)
    told = open_(desk, photo_id)
    desk.current(row, version)
    _open(desk, desk.get(Project, row.project_id), row.month)
    row.deleted_at = desk.now
    desk.keep(row)
    return {**told, "version": row.since}


def keep_only(desk: Desk, id_: int, month: str, sent: Any) -> None:
    """Take away the photos of a month that are not among the ids that were sent. Raises Invalid for an id that is not there."""
    wanted = check(Kept, {"photos": sent})["photos"]
    known = [photo["id"] for photo in list_(desk, id_, month)]
    for n, photo_id in enumerate(wanted):
        if photo_id not in known:
            raise Invalid.one(f"/photos/{n}", "not_found", "There is no photo {id} beside this month", id=photo_id)
    for photo_id in known:
        if photo_id not in wanted:
            remove(desk, photo_id)


def _open(desk: Desk, project: Project, month: str) -> None:
    """Photos follow the report they stand beside: where it may not be written, they may not be changed."""
    reports.may_report(desk, project, month)
    rows: list[Report] = by_ids(desk, Report, "of_projects", "project_id", [project.id or 0])
    known = [row for row in rows if row.month == month]
    closing.refuse_closed(desk, known or [Report(zone_id=project.zone_id, project_id=project.id or 0, month=month)])
