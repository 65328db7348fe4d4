"""Zone and ledger of a row: from its own column, the nearest group, the title, or the name of the sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from app.sheets.rows import Line
from app.sheets.tables import Found, Row
from app.sheets.targets import Setting
from app.sheets.titles import Title, zone_in
from app.sheets.vocabulary import ledger_doubtful, ledger_in

ZoneOf = Callable[[str], str | None]
"""A zone's name as written → its code in the register, None where it is not known."""


class Place(NamedTuple):
    """What the surroundings of a row say of its zone and ledger, and where they say it."""

    zone: str | None
    zone_code: str | None
    zone_from: Found
    ledger: str | None
    ledger_from: Found
    ledger_doubtful: bool


NOWHERE = Place(None, None, "", None, "", False)
_NO_ZONE: tuple[str | None, str | None, Found] = (None, None, "")
_NO_LEDGER: tuple[str | None, Found, bool] = (None, "", False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the zone and ledger of a row may be found outside the row."""

    sheet: str
    title: Title
    setting: Setting
    zone_of: ZoneOf | None

    def zone(self, text: str) -> tuple[str, str | None] | None:
        """The zone that ``text`` names: what the register knows, else what looks like a zone's name."""
        if not text:
            return None
        named = zone_in(text)
        if self.zone_of is not None:
            for candidate in (named, text):
                if candidate and (code := self.zone_of(candidate)):
                    return candidate, code
        return (named, None) if named else None

    def found(self, groups: list[Line]) -> Place:
        """Zone and ledger for rows under ``groups``, nearest first, then title, then the name of the sheet."""
        texts: list[tuple[Found, str]] = [("group", group.text) for group in reversed(groups)]
        texts += [("title", self.title.text), ("sheet", self.sheet)]
        zones = ((*one, where) for where, text in texts if (one := self.zone(text)) is not None)
        ledgers = ((name, where, ledger_doubtful(text)) for where, text in texts if (name := ledger_in(text)))
        zone, code, zone_from = next(zones, _NO_ZONE)
        ledger, ledger_from, doubtful = next(ledgers, _NO_LEDGER)
        return Place(zone, code, zone_from, ledger, ledger_from, doubtful)


def place(row: Row, found: Place, origin: Origin, has_own: bool) -> None:
    """Put a row where its surroundings say; its own columns (``has_own``) win over everything around it."""
    row.zone, row.zone_code, row.zone_from, row.ledger, row.ledger_from, row.ledger_doubtful = found
    if not has_own:
        return
    own_zone, own_ledger = row.get("zone"), row.get("ledger")
    if own_zone is not None:
        row.zone, row.zone_from = str(own_zone.value), "column"
        row.zone_code = origin.zone_of(row.zone) if origin.zone_of else None
    if own_ledger is not None and own_ledger.value:
        row.ledger, row.ledger_from, row.ledger_doubtful = own_ledger.value, "column", False
