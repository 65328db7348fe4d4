"""A ledger on its way to paper: its rows in order, each cell's full value, the sums of the whole and of each group.

Knows nothing of titles and layouts. Rows are fetched page by page and leave at once: memory does not grow with the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.desk import Desk
from app.services import ledgers
from app.services.asking import Asked
from app.services.columns import Column
from app.services.industries import list_ as industry_list
from app.services.ledger_pages import column_of, family_of, listed
from app.services.paper_cells import Cells, Row, share
from app.sheets.forms import FormGroup, FormLine
from app.words import say

BATCH = 1000
ALWAYS = (
    "id", "code", "since", "zone_id", "name", "marks", "parent_id", "relation", "phase_no", "has_phases", "part_count",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
Head = dict[str, Any]


class Paper:
    """The rows asked for, for these columns (None: one that stays empty), grouped ``by`` industry, zone or not at all.

    A whole ledger has its phases and parts under their parent; what a search finds is looked up first, so that it has sums.
    """

    def __init__(self, desk: Desk, asked: Asked, columns: Sequence[Column | None], by: str | None) -> None:
        self.desk, self.language, self.columns = desk, desk.language, tuple(columns)
        self.by = None if asked.q else column_of(desk, by)
        self.asked = replace(ledgers.looked_up(desk, listed(asked, self.by)), cursor=None)
        needs = (n for c in columns if c is not None for n in c.needs)
        self.needs = tuple(dict.fromkeys((*ALWAYS, *needs, *_group_needs(self.by))))
        self.cells = Cells(desk)
        self.zone_names = self.cells.zone_names
        self.industries = {i["code"]: i["name"] for i in industry_list(desk.at(None))}
        self.groups = {g["key"]: g for g in ledgers.groups(desk, self.asked, self.by)} if self.by else {}
        self.head: Head = ledgers.filtered(desk, self.asked)
        """Counts and sums of everything that is listed."""
        self.under: dict[int, list[Row]] = {}
        """Phases and parts under the rows of the batch under way."""
        self.count = 0
        """Rows given out so far."""
        self.told: Callable[[int], None] | None = None
        """Hears how many, after each batch."""

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)

    def lines(self) -> Iterator[FormLine | FormGroup]:
        """Every project with its key and version, those that stand under it below it; a group row before each group."""
        makers = [self.cells.maker(c) for c in self.columns]
        at = {n: i for i, n in enumerate(self.needs)}
        field = "zone_id" if self.by == "zone" else self.by
        last: Any = self
        shown = 0
        for row in self._rows():
            key = row[at[field]] if field else self
            if field and key != last:
                shown += 1
                head = self.groups.get(key)
                yield FormGroup(self._label(key, shown, head), self.sums(head) if head else {})
                last = key
            for one in (row, *self.under.get(row[at["id"]], ())):
                self.count += 1
                values = [make(one, at) for make in makers]
                yield FormLine(values, one[at["code"]], one[at["since"]], level=int(one is not row))

    def _rows(self) -> Iterator[Row]:
        asked = replace(self.asked, limit=BATCH)
        while True:
            page = ledgers.page(self.desk, asked, self.needs)
            self.under, _ = family_of(self.desk, asked, page)
            yield from page.rows
            if self.told is not None:
                self.told(self.count)
            if page.next is None:
                return
            asked = replace(asked, cursor=page.next)

    def _label(self, key: Any, number: int, head: Head | None) -> str:
        """一、新材料 2 个（另待核 1）."""
        name = self.zone_names.get(key, "") if self.by == "zone" else self._industry(key)
        counted = ledgers.counted(head, self.language) if head else ""
        return self.say("{number}. {name} {counted}", number=numeral(number, self.language), name=name, counted=counted)

    def _industry(self, key: str | None) -> str:
        return self.industries.get(key, key) if key else self.say("Unclassified")

    # ── sums, as the page shows them ─────────────────────────────────────────────────────────────────────────────
    def sums(self, head: Head, *, pending: bool = False) -> dict[str, Any]:
        """By key of column: the official figures, or what is ``pending`` beside them. What nobody knows is left blank."""
        found = {}
        for column in self.columns:
            value = _sum_of(column, _amounts(head, pending)) if column is not None else None
            if value is not None and column is not None:
                found[column.key] = value
        return found


def numeral(number: int, language: str) -> str:
    """一、二、… as the forms number their groups; 11 is 十一."""
    if language != "zh_CN" or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    said = ("" if tens < 2 else NUMERALS[tens - 1]) + ("十" if tens else "")
    return said + (NUMERALS[ones - 1] if ones else "")


def _group_needs(by: str | None) -> tuple[str, ...]:
    return () if by is None else ("zone_id",) if by == "zone" else (by,)


def _amounts(head: Head, pending: bool) -> dict[str, tuple[int, int]]:
    """Sum and number of known figures of each amount: official, or what is pending beside it."""
    if not pending:
        return {n: (a["official_sum"], a["official_known"]) for n, a in head["amounts"].items()}
    return {n: (a["sum"] - a["official_sum"], a["known"] - a["official_known"]) for n, a in head["amounts"].items()}


def _sum_of(column: Column, amounts: dict[str, tuple[int, int]]) -> Any:
    """The figure of a sum row. A difference or a share is told only where both sides are known of the same projects."""
    if column.key == "invested_before_this_year_yuan":
        (whole, known), (year, year_known) = amounts["invested_to_date_yuan"], amounts["invested_this_year_yuan"]
        return whole - year if known == year_known > 0 else None
    if column.kind == "percent":
        (part, part_known), (whole, known) = amounts[column.extra["part"]], amounts[column.extra["whole"]]
        return share(part, whole) if part_known == known > 0 else None
    total, known = amounts.get(column.key, (0, 0))
    return total if known else None
