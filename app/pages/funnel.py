"""The figures of the pipeline as a page: what became of what was signed, how far leads got, and where they were lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import BadRequest
from app.pages import database, read, render
from app.pages.door import page_caller
from app.pages.files import offered
from app.services import funnel, months_asked, periods, pipeline, pipeline_exports, rates
from app.services.pipeline_words import MEANT, RATES, STAGE_TITLES
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
LINES = 100
"""Groups, and zones, that the page shows beside each other; the API has all of them."""
PARTS: dict[str, Any] = {
    "numerator": Word("counted"),
    "denominator": Word("all"),
    "pending": Word("without evidence"),
    "unknown": Word("not known"),
}
SIDES: dict[str, Any] = {
    "reached": Word("got so far"),
    "here": Word("stand here now"),
    "lost": Word("given up here"),
}
GROUPS: dict[str, Any] = {
    "channel": Word("Channel"),
    "industry": Word("Industry"),
    "zone": Word("Zone"),
    "month": Word("Month"),
}


class Asked(NamedTuple):
    """What the address asks for: whose figures, up to which month, since which year, by what."""

    zone: str = ""
    month: str = ""
    since: str = ""
    by: str = ""

    def address(self, path: str = "/funnel", **other: Any) -> str:
        said = {**self._asdict(), **other}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def year(self) -> int | None:
        return int(self.since) if self.since else None


def asked(request: Request) -> Asked:
    """Raises BadRequest for a year, a month or a grouping that is none."""
    said = Asked(**{name: request.query_params.get(name, "") for name in Asked._fields})
    months_asked.readable(said.month)
    if (said.since and not (said.since.isdecimal() and len(said.since) == 4)) or (
        said.by and said.by not in funnel.KEYS
    ):
        raise BadRequest("A parameter of the address cannot be read")
    return said


async def then(request: Request, caller: Caller, month: str) -> Caller:
    """The reader as of a month: a locked one is its snapshot. Raises BadRequest for one that cannot be answered exactly."""
    if not month:
        return caller
    found = await database(request).read(caller, months_asked.at, month, None)
    return replace(caller, as_of=found.seq)


@router.get("/funnel")
async def show(request: Request, caller: Who) -> Response:
    """The rates, the funnel and the losses of all zones she sees, or of one."""
    said = asked(request)
    by = said.by or "channel"

    def found(desk: Desk) -> Record:
        first = f"{said.since}-01" if said.since else None
        zone, month = said.zone or None, said.month or None
        whole = rates.read(desk, zone, month, said.year, "zone")
        return {
            "told": whole,
            "leads": funnel.read(desk, zone, first, None, by, month),
            "locked": [period["month"] for period in periods.all_(desk.at(None)) if period["locked_act"] is not None],
            "today": desk.today,
        }

    reader, shown = await read(request, await then(request, caller, said.month), found, slow=True)
    names = dict(reader.zones)
    return render(
        request, reader, "pipeline/funnel.html", **shown, said=said, by=by, groups=_groupings(said.zone, len(names)), titles=RATES,
        meant=MEANT, most_lines=LINES, stages=STAGE_TITLES, place_name=names.get(said.zone, said.zone),
        years=_years(shown["told"]["month"]), lost=shown["leads"]["lost_by"], rate_rows=lambda rate, part: _rate_rows(said, rate, part, shown["told"]["month"]),
        stage_rows=lambda stage, side: said.address(f"/funnel/stages/{stage}/{side}", by=""),
    )  # fmt: skip


def _groupings(zone: str, zones: int) -> Record:
    """What the funnel can be grouped by: zones only where there are several."""
    return {name: title for name, title in GROUPS.items() if name != "zone" or (not zone and zones != 1)}


def _years(month: str) -> list[tuple[str, int]]:
    """Since when: this year (left out of the address), or one of the four before it."""
    year = int(month[:4])
    return [("" if back == 0 else str(year - back), year - back) for back in range(5)]


def _rate_rows(said: Asked, rate: str, part: str, month: str) -> str:
    """Where the rows of a side stand; those planned to start are rows of the overview already."""
    if rate == rates.PLAN_START:
        figure = "to_start_started" if part == "numerator" else "to_start"
        span = urlencode(
            {"from": f"{month[:4]}-01", "to": f"{month[:4]}-12", **({"zone": said.zone} if said.zone else {})}
        )
        return f"/overview/{figure}?{span}"
    return said.address(f"/funnel/rates/{rate}/{part}", by="")


@router.get("/funnel.xlsx")
async def export(request: Request, caller: Who) -> Response:
    """The tables of the page as a workbook."""
    said = asked(request)
    reader = await then(request, caller, said.month)
    return offered(
        await database(request).read(
            reader,
            pipeline_exports.funnel_file,
            said.zone or None,
            said.month or None,
            said.year,
            said.by or "channel",
            slow=True,
        )
    )


@router.get("/funnel/rates/{rate}/{part}")
async def rate_rows(request: Request, rate: str, part: str, caller: Who, skip: str = "0") -> Response:
    """The contracts of one side of a rate."""
    said = asked(request)
    reader, found = await read(
        request, await then(request, caller, said.month), rates.rows, rate, part, number(skip), zone=said.zone or None,
        month=said.month or None, since=said.year, slow=True,
    )  # fmt: skip
    return _rows(request, reader, found, said, (RATES[rate], PARTS[part]), number(skip))


@router.get("/funnel/stages/{stage}/{side}")
async def stage_rows(request: Request, stage: str, side: str, caller: Who, skip: str = "0") -> Response:
    """The leads behind a bar of the funnel."""
    said = asked(request)
    first = f"{said.since}-01" if said.since else None
    reader, found = await read(
        request, await then(request, caller, said.month), funnel.rows, stage, side, number(skip), zone=said.zone or None,
        first=first, month=said.month or None, slow=True,
    )  # fmt: skip
    return _rows(request, reader, found, said, (STAGE_TITLES[stage], SIDES[side]), number(skip))


def _rows(request: Request, reader: Any, found: Record, said: Asked, title: tuple[Any, Any], skip: int) -> Response:
    more = said.address(request.url.path, skip=skip + pipeline.AT_ONCE)
    return render(
        request, reader, "pipeline/rows.html", **found, title=title, next=more, back=said.address(), stages=STAGE_TITLES
    )


def number(sent: str) -> int:
    """How many rows are passed over."""
    if not sent.isdecimal() or len(sent) > 9:
        raise BadRequest("A parameter of the address cannot be read")
    return int(sent)
