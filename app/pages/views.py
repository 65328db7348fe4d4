"""What an address of a ledger page says: which ledger, filters, order, unit, grouping. Everything is in the address, so
that a view can be sent to a colleague.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.errors import BadRequest, NotFound
from app.rules.codes import Ledger
from app.services.asking import Asked
from app.services.columns import Column, all_of, chosen

FILTERS = (
    "industry",
    "light",
    "sponsor_leader",
    "kind",
    "construction_nature",
    "responsible_unit",
    "disposition",
    "pending",
)
"""Filters that an address may name, each with one value; ``~`` is unknown."""
UNKNOWN = "~"
UNITS = ("wan", "yi")
UNIT_OF = {Ledger.IN_CONSTRUCTION: "wan", Ledger.COMPLETED: "wan"}
PAGE, ALL = 100, 5000
GROUPINGS = ("industry", "zone", "none")


@dataclass(frozen=True)
class View:
    """One view of a ledger. ``zone`` is a code, None the whole city."""

    zone: str | None
    ledger: Ledger
    filters: tuple[tuple[str, str], ...] = ()
    q: str = ""
    sort: str = ""
    unit: str = "wan"
    group: str | None = None
    cursor: str | None = None
    start: int = 1
    """Number of the first row of this page."""
    whole: bool = False
    """All rows at once, for paper."""

    @property
    def place(self) -> str:
        return f"/zones/{self.zone}/ledgers" if self.zone else "/ledgers"

    @property
    def usual_unit(self) -> str:
        return UNIT_OF.get(self.ledger, "yi")

    @property
    def by(self) -> str | None:
        """Grouped by; a search is not grouped."""
        return None if self.q or self.group == "none" else self.group

    def value(self, name: str) -> str | None:
        return dict(self.filters).get(name)

    def asked(self) -> Asked:
        """The question to the register."""
        return Asked(
            zones=(self.zone,) if self.zone else None,
            ledger=self.ledger.value,
            filters=tuple(_filter(name, value) for name, value in self.filters),
            q=self.q or None,
            sort=(self.sort,) if self.sort else (),
            limit=ALL if self.whole else PAGE,
            cursor=self.cursor,
        )

    def query(self, **changes: Any) -> str:
        """The address's query with changes; a filter changed to None is taken off. Cursor and page start anew."""
        kept = {**dict(self.filters), "q": self.q, "sort": self.sort, "group": self._said_group()}
        kept["unit"] = "" if self.unit == self.usual_unit else self.unit
        kept |= {k: "" if v is None else str(v) for k, v in changes.items()}
        said = urlencode({k: v for k, v in kept.items() if v})
        return f"?{said}" if said else ""

    def _said_group(self) -> str:
        return "" if self.group == (None if self.zone else "zone") else self.group or "none"

    def link(self, part: str = "", **changes: Any) -> str:
        """An address of this ledger: the page, or a ``part`` of it such as ``/rows``."""
        return f"{self.place}/{self.ledger.value}{part}{self.query(**changes)}"

    def columns(self, keys: list[str] | None) -> tuple[Column, ...]:
        """The columns to show, given those she has chosen."""
        return chosen(self.ledger, keys)


def _filter(name: str, value: str) -> tuple[str, str, Any]:
    if value == UNKNOWN:
        return name, "unknown", None
    return name, "eq", value == "yes" if name == "pending" else value


ADDRESS = re.compile(r"(?:/zones/(?P<zone>[^/]{1,40}))?/ledgers/(?P<ledger>[a-z_]{1,20})")


def view_at(address: str) -> View:
    """The view of the page that a cell was edited on, from the page's own address."""
    parts = urlsplit(address[:2000])
    found = ADDRESS.fullmatch(parts.path)
    if found is None:
        raise BadRequest("A parameter of the address cannot be read")
    return read_view(dict(parse_qsl(parts.query)), found["zone"], found["ledger"])


def read_view(said: Mapping[str, str], zone: str | None, ledger: str) -> View:
    """The view that an address names. ``said`` are its parameters. Raises NotFound for no ledger, BadRequest for a value
    that cannot be meant."""
    if ledger not in set(Ledger):
        raise NotFound
    which = Ledger(ledger)
    view = View(zone, which)
    filters = tuple((f, said[f][:100]) for f in FILTERS if said.get(f))
    sort = said.get("sort", "")
    if sort and sort.removeprefix("-") not in {c.sort for c in all_of(which).values()} | {"name"}:
        raise BadRequest("It cannot be sorted by {field}", field=sort[:40])
    unit, group = said.get("unit", view.usual_unit), said.get("group", "" if zone else "zone")
    if unit not in UNITS or group not in ("", *GROUPINGS) or (group == "zone" and zone):
        raise BadRequest("A parameter of the address cannot be read")
    start = said.get("start", "1")
    return replace(
        view,
        filters=filters,
        q=said.get("q", "").strip()[:100],
        sort=sort,
        unit=unit,
        group=group or None,
        cursor=said.get("cursor"),
        start=int(start) if start.isdecimal() and len(start) < 8 else 1,
        whole=said.get("rows") == "all",
    )
