"""An act of very many rows, made before its turn: while others write, its rows are numbered, settled and compared, and laid
beside the register with all that follows from them. Under the lock they are only moved in (``keep.Book.pour``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from app.differences import Key, Values, canonical, change_hash, difference, has_news
from app.engine import Link, Sql
from app.findable import terms
from app.keep import HOUSE, Book, Row
from app.kept_sql import CHANGES, PART, ROWS, TERMS, move_changed, move_new
from app.laid import Laid
from app.models.base import BY_MODEL, NOUNS, Kept, Noun
from app.report_tallies import reckoned
from app.tallies import Tally

Moving = list[tuple[Sql, dict[str, Any], int]]


def _nobody(table: str, count: int) -> Sequence[int]:
    raise LookupError("an act made ahead needs somebody who gives numbers")


@dataclass
class Ahead(Book):
    """A book in which nothing is written yet. ``keep`` is the same, so a service need not know."""

    give: Callable[[str, int], Sequence[int]] = _nobody
    """Numbers for new rows of a table that nobody else is given."""
    _read: set[str] = field(default_factory=set)
    _rows: dict[Key, Kept] = field(default_factory=dict)

    def reads(self, model: type[Kept]) -> None:
        self._read.add(BY_MODEL[model].name)

    def keep(self, rows: Row | list[Row], *, settled: bool = False) -> None:
        super().keep(rows, settled=settled)
        for row in rows if isinstance(rows, list) else [rows]:
            self._rows[BY_MODEL[type(row)].name, row.id or 0] = row

    def pour(self) -> bool:
        return False

    def _numbers(self, table: str, count: int) -> Sequence[int]:
        return self.give(table, count)

    def _write_new(self, noun: Noun, rows: list[Values]) -> None:
        pass

    def _write_changed(self, noun: Noun, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
        pass

    def _tally(self) -> Tally:
        """Of the sums of reports only what new projects bring: those of known ones are read under the lock."""
        tally = Tally(opening=self.opening)
        for _, first, now in self._projects():
            tally.move(first, now)
        tally.reckon(reckoned(self.link, [one for one in self._written("project") if one[1] is None], ()))
        return tally

    # ── laying it down ───────────────────────────────────────────────────────────────────────────────────────────
    def lay(self, link: Link) -> Laid:
        """Lay everything beside the register, where only ``link`` sees it."""
        for key in [
            k for k in self._again if (first := self._first[k]) and not has_news(NOUNS[k[0]], first, self._now[k])
        ]:
            del self._first[key], self._now[key]
        moving: Moving = []
        for name in dict.fromkeys(name for name, _ in self._now):
            moving += self._lay_rows(link, NOUNS[name])
        gone, found = terms(self._projects(), link.dialect)
        link.lay(TERMS, TERMS_SHAPE[link.dialect], found)
        hashes: list[bytes] = []
        private: list[tuple[int, str, str]] = []
        link.lay(CHANGES, CHANGES_SHAPE, self._lay_changes(hashes, private))
        return Laid(
            after=self.seq - 1, today=self.today, light_rules=self.light_rules, read=frozenset(self._read),
            rows=[self._rows[key] for key in self._now], known=self._fresh, first=self._first, now=self._now, moving=moving, hashes=hashes,
            private=private, parents=self._parents(NOUNS["project"]), zones=self._zones(), tally=self._tally(), unfound=gone,
        )  # fmt: skip

    def _lay_changes(self, hashes: list[bytes], private: list[tuple[int, str, str]]) -> Iterator[tuple[Any, ...]]:
        for n, (key, now) in enumerate(self._now.items()):
            noun = NOUNS[key[0]]
            diff, clear, salt = difference(noun, self._first[key], now)
            change = (*key, now[noun.at["zone_id"]], canonical(diff).decode())
            hashes.append(change_hash(change))
            if salt:
                private.append((n, salt, canonical(clear).decode()))
            yield (n, *change)

    def _lay_rows(self, link: Link, noun: Noun) -> Moving:
        """Lay the rows of a noun: the new ones as part 0, and a part for each set of columns that changed."""
        mine = [(self._first[key], now) for key, now in self._now.items() if key[0] == noun.name]
        new = [now for first, now in mine if first is None]
        parts: dict[tuple[str, ...], list[Values]] = {}
        for first, now in mine:
            if first is not None:
                changed = tuple(c for i, c in enumerate(noun.columns) if first[i] != now[i] and c not in HOUSE)
                parts.setdefault(changed, []).append(noun.put(now, {"since": first[noun.at["since"]]}))
        columns = _columns(noun, new, parts)
        chosen = itemgetter(*(noun.at[c] for c in columns))
        laid = ((*chosen(row), n) for n, rows in enumerate((new, *parts.values())) for row in rows)
        name = ROWS.format(noun.name)
        link.lay(name, f"SELECT {', '.join(columns)}, 0 AS {PART} FROM {noun.table.name} WHERE 1 = 0", laid)
        if len(parts) > 1:
            link.raw.execute(f"CREATE INDEX {name}_part ON {name} ({PART})")
        moving: Moving = [(move_new(noun.name, columns), {}, len(new))] if new else []
        for n, (changed, rows) in enumerate(parts.items(), 1):
            moving.append((move_changed(noun.name, columns, changed), {PART: n}, len(rows)))
        return moving


def _columns(noun: Noun, new: list[Values], parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The columns that need to be laid: a project has a hundred, of which a sheet fills thirty."""
    changed = {column for columns in parts for column in columns}
    filled = (any(row[i] is not None for row in new) for i in range(len(noun.columns)))
    return tuple(
        c for c, full in zip(noun.columns, filled, strict=True) if full or c in changed or c in ("id", "since")
    )


CHANGES_SHAPE = "SELECT n, noun, row_id, zone_id, diff FROM change WHERE 1 = 0"
TERMS_SHAPE = {
    "sqlite": "SELECT rowid AS id, terms FROM search WHERE 1 = 0",
    "postgresql": "SELECT id, terms FROM project_terms WHERE 1 = 0",
}
