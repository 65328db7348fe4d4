"""名单: lists of projects that some unit keeps, such as the province's key projects of a year, and who is on them."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound, Stale
from app.models import Listing, Project, ProjectList
from app.models.shapes import ListingEdit, ListNew, check
from app.rules.access import Act
from app.services import reasons
from app.services.naming import by_ids

FIELDS = ("code", "name", "level", "year", "owner_unit", "document", "since")
PLACE = ("number", "batch", "joined_on", "left_on")
Record = dict[str, Any]


def _told(row: ProjectList) -> Record:
    facts = {name: getattr(row, name) for name in FIELDS}
    facts["version"] = facts.pop("since")
    return facts


def list_(desk: Desk) -> list[Record]:
    """Every list, newest year first."""
    desk.ask(Act.REGISTER_READ)
    rows = desk.rows(ProjectList, "all", lambda q, t: q.order_by(t.c.id))
    return [_told(r) for r in sorted(rows, key=lambda r: (-(r.year or 0), r.name))]


def find(desk: Desk, code: str) -> ProjectList:
    rows = desk.rows(ProjectList, "by_code", lambda q, t: q.where(t.c.code == sa.bindparam("code")), {"code": code})
    if not rows:
        raise NotFound
    desk.ask(Act.REGISTER_READ)
    return rows[0]


def read(desk: Desk, code: str) -> Record:
    return _told(find(desk, code))


def create(desk: Desk, values: dict[str, Any]) -> Record:
    """A new list. Its code is unique for ever."""
    desk.ask(Act.LIST_AMEND)
    facts = check(ListNew, reasons.take(desk, values))
    by_code = lambda q, t: q.where(t.c.code == sa.bindparam("code"))  # noqa: E731
    if desk.rows(ProjectList, "taken", by_code, {"code": facts["code"]}, deleted="with"):
        raise Conflict("The code {list} is taken", code="code_taken", list=facts["code"])
    row = ProjectList(**facts)
    desk.keep(row)
    return _told(row)


def amend(desk: Desk, code: str, edit: Record, *, version: int | None = None) -> Record:
    """Change what was given of a list; its code never changes."""
    row = find(desk, code)
    desk.ask(Act.LIST_AMEND)
    values = check(ListNew, reasons.take(desk, edit), partial=True)
    if values.get("code", code) != code:
        raise Invalid.one("/code", "fixed", "A code never changes")
    desk.current(row, version, changing=values.keys())
    for name, value in values.items():
        setattr(row, name, value)
    desk.keep(row)
    return _told(row)


# ── membership ───────────────────────────────────────────────────────────────────────────────────────────────────────
def members(desk: Desk, code: str, *, past: bool = False) -> list[Record]:
    """The projects on a list that she may see: card, number, batch, joined, left; in the order of the list's numbers."""
    from app.services.responsibilities import cards

    row = find(desk, code)
    listings = {
        x.project_id: x
        for x in by_ids(desk, Listing, "of_list", "list_id", [row.id or 0])
        if past or _is_on(x, desk.today)
    }
    found = [{**card, **{n: getattr(listings[card["id"]], n) for n in PLACE}} for card in cards(desk, listings)]
    return sorted(found, key=lambda f: (f["number"] is None, _natural(f["number"] or "")))


def _natural(number: str) -> tuple[int, str]:
    digits = "".join(c for c in number if c.isdecimal() and c.isascii())
    return (int(digits[:18]) if digits else 0, number)


def place(desk: Desk, code: str, project_id: int) -> Record:
    """A project's place in a list; NotFound when it has never been on it."""
    row, project = find(desk, code), desk.get(Project, project_id)
    listing = _listing(desk, row, project)
    if listing is None:
        raise NotFound
    return _place(row, listing)


def put(desk: Desk, code: str, project_id: int, values: dict[str, Any], *, version: int | None = None) -> Record:
    """Put a project on a list, or change its number, batch and days; ``left_on`` takes it off. Its ``lists`` follow."""
    row = find(desk, code)
    act = Act.LIST_AMEND if desk.may(Act.LIST_AMEND) else Act.PROJECT_AMEND
    project = desk.get(Project, project_id, to=act)
    facts = check(ListingEdit, reasons.take(desk, values), partial=True)
    listing = _listing(desk, row, project)
    if listing is not None and version is not None and version != listing.since:
        raise Stale(
            extra={"current_version": listing.since, "changed": desk.changes_since(listing, version), "id": listing.id}
        )
    listing = listing or Listing(
        zone_id=project.zone_id, project_id=project.id or 0, list_id=row.id or 0, joined_on=desk.today
    )
    for name, value in facts.items():
        setattr(listing, name, value)
    if listing.joined_on and listing.left_on and listing.left_on < listing.joined_on:
        raise Invalid.one("/left_on", "dates_crossed", "It ends before it begins")
    desk.keep(listing)
    _follow(desk, project)
    return _place(row, listing)


def join(desk: Desk, code: str, projects: list[Project]) -> None:
    """Put projects that were kept in this act on a list, those that are not on it yet."""
    row = find(desk, code)
    found: list[Listing] = by_ids(desk, Listing, "of_project", "project_id", [p.id or 0 for p in projects])
    on = {x.project_id: x for x in found if x.list_id == row.id}
    made = [
        on.get(p.id or 0) or Listing(zone_id=p.zone_id, project_id=p.id or 0, list_id=row.id or 0) for p in projects
    ]
    for listing in made:
        if not (listing.id and _is_on(listing, desk.today)):
            listing.joined_on, listing.left_on = desk.today, None
    desk.keep(made)
    for project in projects:
        _follow(desk, project)


def _listing(desk: Desk, row: ProjectList, project: Project) -> Listing | None:
    found: list[Listing] = by_ids(desk, Listing, "of_project", "project_id", [project.id or 0])
    return next((x for x in found if x.list_id == row.id), None)


def _is_on(listing: Listing, day: str) -> bool:
    return listing.left_on is None or listing.left_on > day


def _place(row: ProjectList, listing: Listing) -> Record:
    return {"list": row.code, "name": row.name, **{n: getattr(listing, n) for n in PLACE}, "version": listing.since}


def _follow(desk: Desk, project: Project) -> None:
    """``lists`` of the project's row: the lists it is on today, with number and batch."""
    listings: list[Listing] = by_ids(desk, Listing, "of_project", "project_id", [project.id or 0])
    rows = {r.id: r for r in by_ids(desk, ProjectList, "by_id", "id", (x.list_id for x in listings))}
    on = [(rows[x.list_id], x) for x in listings if _is_on(x, desk.today)]
    facts = [{"code": r.code, "number": x.number, "batch": x.batch} for r, x in sorted(on, key=lambda p: p[0].code)]
    project.lists = orjson.dumps(facts).decode()
    desk.keep(project)


def of_project(desk: Desk, project_id: int) -> list[Record]:
    """Every list a project is or was on, with its place."""
    project = desk.get(Project, project_id, deleted=True)
    listings: list[Listing] = by_ids(desk, Listing, "of_project", "project_id", [project.id or 0])
    rows = {r.id: r for r in by_ids(desk, ProjectList, "by_id", "id", (x.list_id for x in listings))}
    return [_place(rows[x.list_id], x) for x in listings]
