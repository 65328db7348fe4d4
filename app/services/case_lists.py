"""The cases of a zone as a list: what stands behind each figure of its coverage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.desk import Desk
from app.rules.access import Act
from app.rules.coverage import DECIDED
from app.services import cases, coverage_rows, zones

Record = dict[str, Any]
PLACES = {"inside": True, "outside": False, "unknown": None}


def of_zone(desk: Desk, code: str) -> list[Record]:
    """Every case of a zone with its project, the newest decision first; those under way before all."""
    desk.ask(Act.REGISTER_READ)
    zone_id = zones.id_of(desk, code)
    named = coverage_rows.projects(desk, [zone_id])
    rows = [row for row in cases.of_zone(desk, zone_id) if row.project_id in named]
    found = []
    for case in cases.told(desk, rows):
        project = named[case["project_id"]]
        found.append(
            {**case, "project": project["name"], "project_code": project["code"], "project_class": project["class"]}
        )
    return sorted(found, key=lambda c: (c["decided_on"] is None, c["decided_on"] or "", c["id"]), reverse=True)


def behind(
    found: Iterable[Record],
    *,
    where: str | None = None,
    step: str | None = None,
    class_: str | None = None,
    first: str | None = None,
    last: str | None = None,
    with_days: bool = False,
    before: bool | None = None,
) -> list[Record]:
    """The cases behind a figure: decided from ``first`` to ``last``, settled ``where`` (inside, outside or unknown).

    ``before``: of those that make the days before a delegation, which leave out only what the zone settled itself.
    """
    rows = [c for c in found if c["result"] in DECIDED and c["decided_on"]]
    rows = [c for c in rows if (first or "") <= c["decided_on"] <= (last or c["decided_on"])]
    if where in PLACES:
        rows = [c for c in rows if c["in_zone"] is PLACES[where]]
    if before:
        rows = [c for c in rows if not c["in_zone"]]
    if with_days:
        rows = [c for c in rows if c["days_used"] is not None]
    return [c for c in rows if step in (None, c["step"]) and class_ in (None, c["project_class"])]
