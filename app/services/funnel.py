"""The funnel of leads: how many got how far, how long they stood, where they were lost, and by what they can be grouped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from app.desk import Desk
from app.errors import NotFound, Problem
from app.rules import funnel
from app.rules.funnel import STAGES, Loss, Stage, Way
from app.services import pipeline
from app.services.rates import days_told
from app.services.ways import ways

Record = dict[str, Any]
KEYS: dict[str, Callable[[Way], Any]] = {
    "channel": lambda way: way.channel,
    "industry": lambda way: way.industry,
    "zone": lambda way: way.zone_id,
    "month": lambda way: way.began_on[:7],
}
"""What leads can be grouped by."""
LOST_BY: dict[str, Callable[[Loss], str | None]] = {
    "reason": lambda loss: loss.reason,
    "lost_to": lambda loss: loss.lost_to if loss.disposition == "lost" else None,
}
SIDES = ("reached", "here", "lost")


def read(
    desk: Desk,
    zone: str | None = None,
    first: str | None = None,
    last: str | None = None,
    by: str | None = None,
    month: str | None = None,
) -> Record:
    """The funnel of the leads that began between two months (left out: in the year of the month shown), as they stand at
    the end of ``month``: stages, losses, and the same by channel, industry, zone or month."""
    at, span, found = _asked(desk, zone, first, last, month)
    losses = funnel.losses(found, at.until)
    told: Record = {
        "month": at.month, "from": span[0], "to": span[1], "until": at.until,
        "stages": stages_told(found, at.until),
        "losses": [asdict(loss) for loss in losses],
        "lost_by": {name: [asdict(one) for one in funnel.lost_by(losses, said)] for name, said in LOST_BY.items()},
    }  # fmt: skip
    return told | {"groups": [] if by is None else _groups(desk, by, found, at.until)}


def _asked(
    desk: Desk, zone: str | None, first: str | None, last: str | None, month: str | None
) -> tuple[pipeline.Scope, tuple[str, str], list[Way]]:
    at = pipeline.scope(desk, zone, month)
    begin, end = first or at.january[:7], last or at.month
    if begin > end:
        raise pipeline.refused(Problem("/from", "bad_parameter", "The first month lies after the last"))
    return at, (begin, end), [way for way in ways(desk, at.ids) if begin <= way.began_on[:7] <= end]


def stages_told(found: Sequence[Way], until: str) -> list[Record]:
    return [_told(stage) for stage in funnel.funnel(found, until)]


def _told(stage: Stage) -> Record:
    onward = stage.onward
    return {
        "stage": stage.stage,
        "reached": stage.reached,
        "sum": stage.sum,
        "known": stage.known,
        "here": {name: stage.here.get(name, 0) for name in ("active", "dormant", "lost", "withdrawn", "transferred")},
        "days": days_told(stage.days),
        "onward": None if onward is None else {**asdict(onward), "percent": onward.percent, "few": onward.few},
    }


def _groups(desk: Desk, by: str, found: Sequence[Way], until: str) -> list[Record]:
    """The same leads apart, the largest group first; months in their order."""
    apart: dict[Any, list[Way]] = dict(funnel.groups(found, KEYS[by]))
    names = pipeline.zone_names(desk, apart) if by == "zone" else {key: (key, key) for key in apart}
    told = [
        {"key": names[key][0], "name": names[key][1], "stages": stages_told(some, until)} for key, some in apart.items()
    ]
    if by == "month":
        return sorted(told, key=lambda group: group["key"])
    return sorted(told, key=lambda group: (-group["stages"][0]["reached"], group["key"] or ""))


# ── the rows behind ──────────────────────────────────────────────────────────────────────────────────────────────────
def behind(
    desk: Desk,
    stage: str,
    side: str,
    zone: str | None = None,
    first: str | None = None,
    last: str | None = None,
    month: str | None = None,
) -> list[tuple[int | None, int | None]]:
    """(lead, project) of a bar of the funnel: who ``reached`` the stage, who stands ``here`` and is not given up, who was
    ``lost`` there."""
    if stage not in STAGES or side not in SIDES:
        raise NotFound
    at, _, found = _asked(desk, zone, first, last, month)
    place = STAGES.index(stage)

    def holds(way: Way) -> bool:
        if side == "reached":
            return funnel.reached(way, at.until) >= place
        gone = funnel.disposed(way, at.until) in funnel.LOST
        return funnel.standing(way, at.until) == stage and gone is (side == "lost")

    chosen = sorted((way for way in found if holds(way)), key=lambda way: (way.began_on, way.lead_id), reverse=True)
    return [(way.lead_id, way.project_id) for way in chosen]


def rows(desk: Desk, stage: str, side: str, skip: int = 0, **asked: Any) -> Record:
    """A page of the leads behind a bar of the funnel."""
    return pipeline.page(desk, behind(desk, stage, side, **asked), skip)


def list_(desk: Desk, stage: str, side: str, **asked: Any) -> list[Record]:
    """All leads behind a bar of the funnel."""
    return pipeline.listed(desk, behind(desk, stage, side, **asked))
