"""The heading of a ledger's table: names that sort, widths, and what scripts have to know of each column."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from app.pages.views import View
from app.services.columns import Column, headings, paper_width
from app.words import say

ALWAYS_WIDE = 318
"""Pixels of number and name, which stand before the columns."""


KINDS = {"class": "choice", "carried": "text"}
"""How columns are edited that are shown in a way of their own."""


@dataclass(frozen=True)
class Heads:
    """The heading for one view and its columns; equal for equal ones, so that it is written once."""

    view: View | None
    """None where nothing is sorted."""
    columns: tuple[Column, ...]
    language: str

    @property
    def groups(self) -> list[tuple[str, list[Column]]]:
        """Columns under their common headings."""
        return headings(self.columns)

    @property
    def unit(self) -> str:
        """The unit of the amounts."""
        return self.view.unit if self.view else "wan"

    @property
    def now(self) -> str:
        """What the rows are sorted by: without a word of hers the largest total first; in a search the nearest hit."""
        return (self.view.sort or ("" if self.view.q else "-total_investment_yuan")) if self.view else ""

    @property
    def first(self) -> set[str]:
        """Keys of the columns that begin a group."""
        return {group[0].key for heading, group in self.groups if heading}

    @property
    def width(self) -> int:
        """Of the whole table, in pixels."""
        return ALWAYS_WIDE + sum(c.wide(self.language) for c in self.columns)

    def paper(self, column: Column | None) -> int:
        """Width on paper in half percents; None: the name."""
        return paper_width(column, self.columns)

    def title(self, column: Column | None = None) -> Markup:
        """A heading, which sorts: figures largest first, words by pinyin; once more turns it round. None: the name."""
        key = column.sort if column else "name"
        said = escape(say(column.title if column else "Project name", self.language))
        if key is None or self.view is None:
            return Markup(said)
        falling = column is not None and column.kind in ("yuan", "number", "day", "month")
        wanted = f"-{key}" if falling else key
        if self.now == wanted:
            wanted = key if falling else f"-{key}"
        return Markup(f'<a href="{escape(self.view.link(sort=wanted))}">{said}</a>')

    def marks(self, column: Column | None = None) -> Markup:
        """Attributes of a heading: the way it sorts, when it does; its field and its place among the cells for scripts."""
        key = column.sort if column else "name"
        found = ""
        if key is not None and self.now.removeprefix("-") == key:
            found += f' aria-sort="{"descending" if self.now.startswith("-") else "ascending"}"'
        if column is not None:
            found += f' data-key="{column.edits or column.key}"'
        if column is not None and column.summed:
            found += f' data-sum data-at="{self.columns.index(column) + (1 if column.key == "light" and column is self.columns[0] else 2)}"'
        return Markup(found)

    @property
    def kinds(self) -> str:
        """How each field that can be typed is edited: ``total_investment_yuan:yuan,content:long``."""
        found = {"name": "text"}
        for column in self.columns:
            if column.edits:
                long = column.extra.get("long")
                found[column.edits] = "long" if long else KINDS.get(column.kind, column.kind)
        return ",".join(f"{field}:{kind}" for field, kind in found.items())
