"""Rows of an act that were made before its lock (``app.ahead``) and lie beside the register until the act moves them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.differences import Key, Values
from app.engine import Link, Sql
from app.errors import Stale
from app.kept_sql import CHANGED_SINCE
from app.models.base import NOUNS, Kept
from app.tallies import Tally


@dataclass
class Laid:
    """The rows, and all that follows from them: changes, sums, search terms, stamps."""

    after: int
    """The last act that was known when they were made."""
    today: str
    light_rules: Mapping[str, Any]
    read: frozenset[str]
    """Nouns whose rows were read to make them."""
    rows: list[Kept]
    known: dict[Key, Values]
    """Rows that were read, as they were: what the act writes besides may hang on one that needed no writing here."""
    first: dict[Key, Values | None]
    """As they were before the act; None: the row is new."""
    now: dict[Key, Values]
    moving: list[tuple[Sql, dict[str, Any], int]]
    """The statements that move them in: with which values besides the act's, and how many rows each meets."""
    hashes: list[bytes]
    """Of their changes, in the order of ``now``."""
    private: list[tuple[int, str, str]]
    """Place of the change, salt and clear values."""
    parents: set[int]
    """Projects whose children, or whose own sums, are not what they were."""
    zones: dict[str, set[int | None]]
    """Touched, by what stamps them."""
    tally: Tally
    unfound: list[tuple[int]]
    """Projects whose search terms are not what they were."""

    @cached_property
    def place(self) -> dict[Key, int]:
        return {key: n for n, key in enumerate(self.now)}

    def holds(self, link: Link, today: str, light_rules: Mapping[str, Any], *, opening: bool) -> bool:
        """Are day and rules still those under which all was made, and has nothing changed that was read for it?

        The rows themselves are looked at when they are moved in.
        """
        if (self.today, self.light_rules, self.tally.opening) != (today, light_rules, opening):
            return False
        return all(link.value(CHANGED_SINCE, {"seq": self.after, "noun": name}) is None for name in self.read)

    def moved_in(self, link: Link, seq: int, at: str) -> dict[Key, Values]:
        """Write the rows under the number and moment of the act; their values as they stand now.

        Raises ``Stale`` when a row is no longer as it was read.
        """
        for statement, values, count in self.moving:
            if link.run(statement, {**values, "seq": seq, "at": at}) != count:
                raise Stale
        found = {}
        for (key, now), row in zip(self.now.items(), self.rows, strict=True):
            stamped = {"since": seq, "updated_at": at} | ({} if self.first[key] else {"created_at": at})
            row.__dict__.update(stamped)
            found[key] = NOUNS[key[0]].put(now, stamped)
        return found
