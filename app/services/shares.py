"""共建: a project's partner zones. They see its head, never in their own ledgers, sums or exports: it counts where it lies."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.engine import Sql
from app.errors import Invalid, Problem
from app.models import Project
from app.models.shapes import ShareEdit, SharesEdit, check
from app.rules.access import Act
from app.services import history, reasons, zone_search, zones
from app.services.projects import guard_fields
from app.services.records import zone_codes

Record = dict[str, Any]
HEAD = (
    "id", "code", "name", "zone_id", "ledger", "disposition", "investor_name", "content", "total_investment_yuan",
    "started_on", "planned_completion_month", "shares", "since",
)  # fmt: skip
"""What a partner sees: what it is, where it stands and how big it is. No person, no phone."""
ZONE = Sql("SELECT id FROM zone WHERE code = :code AND deleted_at IS NULL")
"""A partner zone is mostly one that the editor does not see: only whether it is there is asked."""


def of_project(desk: Desk, id_: int) -> Record:
    """``{"items", "version"}``: the shares of a project, those that have ended too."""
    project = desk.get(Project, id_, deleted=True)
    return {"items": orjson.loads(project.shares), "version": project.since}


def put(desk: Desk, id_: int, values: Record, *, version: int | None) -> Record:
    """All shares of a project: ``{"items": [{zone, percent, of, basis_document?, until?}]}``; what is left out ends now.

    Raises Invalid for a zone that is not there or its own, one named twice, and more than a hundred per cent.
    """
    project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
    guard_fields(desk, ["name"])
    given = check(SharesEdit, reasons.take(desk, values)).get("items", [])
    items = [dict.fromkeys(ShareEdit.model_fields) | check(ShareEdit, item) for item in given]
    desk.current(project, version, changing=("shares", "zone_id", "deleted_at"))
    _checked(desk, project, items)
    project.shares = orjson.dumps(items).decode()
    desk.keep(project)
    return of_project(desk, id_)


def named(desk: Desk, items: list[Record]) -> list[Record]:
    """Shares whose zones are told by what people call them, with their codes. Raises Invalid for a name that means none or
    several. A read: the writer does not go through every zone."""
    found = [zone_search.meant(desk, str(item["zone"]), f"/items/{n}/zone") for n, item in enumerate(items)]
    if problems := [one for one in found if isinstance(one, Problem)]:
        raise Invalid(problems=problems)
    return [{**item, "zone": code} for item, code in zip(items, found, strict=True)]


def _checked(desk: Desk, project: Project, items: list[Record]) -> None:
    own = zone_codes(desk.link, [project.zone_id])[project.zone_id]
    problems, seen = [], set()
    sums: dict[str, float] = defaultdict(float)
    for n, item in enumerate(items):
        at = f"/items/{n}/zone"
        if item["zone"] == own:
            problems.append(Problem(at, "own_zone", "A zone is no partner of its own project"))
        elif desk.link.value(ZONE, {"code": item["zone"]}) is None:
            problems.append(Problem(at, "not_found", "There is no zone {zone}", {"zone": item["zone"]}))
        if (item["zone"], item["of"]) in seen:
            problems.append(Problem(at, "twice", "This stands here twice"))
        seen.add((item["zone"], item["of"]))
        sums[item["of"]] += item["percent"]
        if sums[item["of"]] > 100:
            problems.append(Problem(f"/items/{n}/percent", "above_all", "Together the shares are more than 100 %"))
    if problems:
        raise Invalid(problems=problems)


def with_zone(desk: Desk, code: str) -> list[Record]:
    """Projects of other zones in which this zone has a share that has not ended, as heads with ``shares``: her own only."""
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REGISTER_READ, zone_id)
    day = (
        desk.today
        if desk.seq is None
        else min(desk.today, str(desk.link.value(history.MOMENT_OF, {"seq": desk.seq}))[:10])
    )
    rows = desk.shared(
        Project, zone_id, lambda q, t: q.where(t.c.shares != sa.literal_column("'[]'"), t.c.shares.like(sa.bindparam("named"))).order_by(t.c.search_name, t.c.id),
        {"named": f'%"zone":"{code}"%'}, HEAD,
    )  # fmt: skip
    found = []
    for row in rows:
        head = dict(zip(HEAD, row, strict=True))
        head["shares"] = [
            {k: v for k, v in s.items() if k != "zone"}
            for s in orjson.loads(head["shares"])
            if s["zone"] == code and (s["until"] is None or s["until"] >= day)
        ]
        head["zone"] = zone_codes(desk.link, [head["zone_id"]])[head.pop("zone_id")]
        head["version"] = head.pop("since")
        if head["shares"]:
            found.append(head)
    return found


def dropped(project: Project, code: str) -> None:
    """A zone that the project comes to is no partner of it any more."""
    project.shares = orjson.dumps([s for s in orjson.loads(project.shares) if s["zone"] != code]).decode()
