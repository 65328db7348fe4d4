"""What an address of the pipeline says: board or list, filters, order, unit. Everything is in the address, so that a view can
be sent to a colleague; board and list share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from app.errors import BadRequest
from app.rules.codes import Channel, LeadDisposition, LeadStage, Light
from app.services.asking import Asked

PLACE = "/leads"
FILTERS = ("zone", "stage", "disposition", "channel", "industry", "light", "keeper", "amount")
"""Filters that an address may name, each with one value."""
CLOSED: dict[str, tuple[str, ...]] = {
    "stage": tuple(LeadStage),
    "disposition": ("any", *LeadDisposition),
    "channel": tuple(Channel),
    "light": (Light.RED, Light.YELLOW, Light.GREEN),
}
SIZES = {"1": 10**8, "5": 5 * 10**8, "10": 10**9, "20": 2 * 10**9}
"""Amounts in 亿元 from which on, as the filter offers them."""
SORTS = (
    "name", "zone", "stage", "stage_on", "channel", "industry", "intended_amount_yuan", "contract_amount_yuan", "keeper",
    "next_step_on", "progress_on", "registered_on",
)  # fmt: skip
UNITS = ("yi", "wan")
PAGE, ALL = 100, 5000
ASIDE = ("zone", "light", "amount", "disposition", "stage")
"""Filters that are more than "this field has this value"."""


@dataclass(frozen=True)
class View:
    """One view of the pipeline."""

    filters: tuple[tuple[str, str], ...] = ()
    q: str = ""
    sort: str = ""
    unit: str = "yi"
    as_list: bool = False
    at: str = ""
    """The stage that a phone shows of the board."""
    cursor: str | None = None
    start: int = 1
    whole: bool = False

    def value(self, name: str) -> str:
        return dict(self.filters).get(name, "")

    @property
    def colour(self) -> str | None:
        return self.value("light") or None

    @property
    def narrow(self) -> bool:
        """Is anything but the zone asked for?"""
        return bool(self.q) or any(name != "zone" for name, _ in self.filters)

    def asked(self) -> Asked:
        """The question to the register, but for the light. Without a word about it only what is still followed is shown."""
        filters: list[tuple[str, str, Any]] = [(n, "eq", v) for n, v in self.filters if n not in ASIDE]
        if (disposition := self.value("disposition") or "active") != "any":
            filters.append(("disposition", "eq", disposition))
        if (stage := self.value("stage")) and self.as_list:
            filters.append(("stage", "eq", stage))
        if amount := self.value("amount"):
            filters.append(("amount", "gte", SIZES[amount]))
        zone = self.value("zone")
        return Asked(
            zones=(zone,) if zone else None,
            filters=tuple(filters),
            q=self.q or None,
            sort=(self.sort,) if self.sort else (),
            limit=ALL if self.whole else PAGE,
            cursor=self.cursor,
            noun="lead",
        )

    def query(self, **changes: Any) -> str:
        """The address's query with changes; what is changed to None is taken off. Cursor and page start anew."""
        kept = {**dict(self.filters), "q": self.q, "sort": self.sort, "view": "list" if self.as_list else ""}
        kept |= {"unit": "" if self.unit == "yi" else self.unit, "at": self.at}
        kept |= {k: "" if v is None else str(v) for k, v in changes.items()}
        said = urlencode({k: v for k, v in kept.items() if v})
        return f"?{said}" if said else ""

    def link(self, part: str = "", **changes: Any) -> str:
        """An address of the pipeline, or of a ``part`` of it such as ``/rows``."""
        return f"{PLACE}{part}{self.query(**changes)}"

    def turned(self, field: str) -> str:
        """The address in the order of this field; a second time the other way round."""
        return self.link(sort=f"-{field}" if self.sort == field else field)

    def order(self, field: str) -> str | None:
        """How the list is sorted by this field, in the words of ``aria-sort``."""
        return {field: "ascending", f"-{field}": "descending"}.get(self.sort)


def read_view(said: Mapping[str, str]) -> View:
    """The view that an address names. Raises BadRequest for a value that cannot be meant."""
    filters = tuple((name, said[name][:100]) for name in FILTERS if said.get(name))
    for name, value in filters:
        if value not in CLOSED.get(name, SIZES if name == "amount" else (value,)):
            raise BadRequest("A parameter of the address cannot be read")
    sort = said.get("sort", "")
    if sort and sort.removeprefix("-") not in SORTS:
        raise BadRequest("It cannot be sorted by {field}", field=sort[:40])
    unit, at, start = said.get("unit", "yi"), said.get("at", ""), said.get("start", "1")
    if unit not in UNITS or at not in ("", *LeadStage):
        raise BadRequest("A parameter of the address cannot be read")
    return replace(
        View(),
        filters=filters,
        q=said.get("q", "").strip()[:100],
        sort=sort,
        unit=unit,
        as_list=said.get("view") == "list",
        at=at,
        cursor=said.get("cursor"),
        start=int(start) if start.isdecimal() and len(start) < 8 else 1,
        whole=said.get("rows") == "all",
    )
