"""A ledger on its way to paper: its rows in order, each cell's full value, the sums of the whole and of each group.

Knows nothing of titles and layouts. Rows are fetched page by page and leave at once: memory does not grow with the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from app.desk import Desk
from app.models import Zone
from app.rules.codes import Kind, Relation
from app.services import ledgers
from app.services.asking import Asked
from app.services.columns import Column
from app.services.ledger_pages import IN_LEDGER
from app.sheets.forms import FormGroup, FormLine
from app.words import say, word

BATCH = 1000
ALWAYS = ("id", "code", "since", "zone_id", "name", "marks", "relation", "has_phases")
NUMERALS = "一二三四五六七八九十"
SIGNS = {"green": "●", "yellow": "▲", "red": "■", "none": "○"}
"""A light on paper: shape and word, so that a black and white copy says the same."""
Head = dict[str, Any]
Made = Callable[[tuple[Any, ...], dict[str, int]], Any]


class Paper:
    """The rows asked for, for these columns (None: one that stays empty), grouped ``by`` industry, zone or not at all."""

    def __init__(self, desk: Desk, asked: Asked, columns: Sequence[Column | None], by: str | None) -> None:
        self.desk, self.language, self.columns = desk, desk.language, tuple(columns)
        self.by = None if asked.q else by
        self.asked = listed(asked, self.by)
        needs = (n for c in columns if c is not None for n in c.needs)
        self.needs = tuple(dict.fromkeys((*ALWAYS, *needs, *_group_needs(self.by))))
        rows = desk.at(None).select(
            Zone, "names_of_all", lambda q, t: q.order_by(t.c.id), columns=("id", "code", "short_name", "name")
        )
        self.zone_names = {id_: short or name for id_, _, short, name in rows}
        self.groups = {g["key"]: g for g in ledgers.groups(desk, self.asked, self.by)} if self.by else {}
        self.head: Head = ledgers.filtered(desk, self.asked)
        """Counts and sums; empty in a search, which is not summed."""
        self.count = 0
        """Rows given out so far."""
        self.told: Callable[[int], None] | None = None
        """Hears how many, after each batch."""

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)

    def lines(self, label: Callable[[Any, int, Head | None], str]) -> Iterator[FormLine | FormGroup]:
        """Every project with its key and version, a group row before each group. ``label``: of key, number and sums."""
        makers = [self._maker(c) for c in self.columns]
        at = {n: i for i, n in enumerate(self.needs)}
        field = {"zone": "zone_id", "industry": "industry"}.get(self.by or "")
        last: Any = self
        shown = 0
        for row in self._rows():
            key = row[at[field]] if field else self
            if field and key != last:
                shown += 1
                head = self.groups.get(key)
                yield FormGroup(label(key, shown, head), self.sums(head) if head else {})
                last = key
            self.count += 1
            yield FormLine([make(row, at) for make in makers], row[at["code"]], row[at["since"]])

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        asked = replace(self.asked, limit=BATCH)
        while True:
            page = ledgers.page(self.desk, asked, self.needs)
            yield from page.rows
            if self.told is not None:
                self.told(self.count)
            if page.next is None:
                return
            asked = replace(asked, cursor=page.next)

    def group_name(self, key: Any) -> str:
        """What a group is called."""
        name = self.zone_names.get(key, "") if self.by == "zone" else key
        return str(name or self.say("Not classified"))

    # ── sums, as the page shows them ─────────────────────────────────────────────────────────────────────────────
    def sums(self, head: Head, *, pending: bool = False) -> dict[str, Any]:
        """By key of column: the official figures, or what is ``pending`` beside them. What nobody knows is left blank."""
        found = {}
        for column in self.columns:
            value = _sum_of(column, _amounts(head, pending)) if column is not None else None
            if value is not None and column is not None:
                found[column.key] = value
        return found

    def counted(self, head: Head) -> str:
        """27 个（另待核 3）: the official count first."""
        official, pending = head["project_count"], head["pending_count"]
        if not pending:
            return self.say("{count} projects", count=official)
        return self.say("{count} projects ({pending} more pending)", count=official, pending=pending)

    # ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _maker(self, column: Column | None) -> Made:
        if column is None:
            return lambda row, at: None
        if column.key == "serial":
            # the next number, but for what counts with another row: a part with its parent, a heading with its phases
            return lambda row, at: "" if row[at["relation"]] == Relation.PART or row[at["has_phases"]] else None
        if column.key == "name":
            return lambda row, at: f"{row[at['marks']] or ''}{row[at['name']]}"
        first = column.needs[0]
        special: dict[str, Made] = {
            "zone": lambda row, at: self.zone_names.get(row[at["zone_id"]], ""),
            "percent": lambda row, at: _percent(row[at[column.extra["part"]]], row[at[column.extra["whole"]]]),
            "light": lambda row, at: self._light(row[at["light"]]),
            "class": lambda row, at: self._class(row[at["kind"]], row[at["relation"]]),
            "source": lambda row, at: self.say("Signed" if row[at["signed_on"]] else "Planned"),
            "state": lambda row, at: self._state(row[at[first]], row[at[column.extra["promised"]]]),
            "listing": lambda row, at: row[at[first]],
            "period": lambda row, at: _period(*(row[at[n]] for n in column.needs)),
            "lists": lambda row, at: "、".join(x["code"] for x in orjson.loads(row[at[first]])),
        }
        if column.kind in special:
            return special[column.kind]
        if column.kind == "choice":
            return self._chosen(column, first)
        return lambda row, at: row[at[first]]

    def _chosen(self, column: Column, first: str) -> Made:
        if column.extra.get("of") == "flag":
            return lambda row, at: None if row[at[first]] is None else self.say("Yes" if row[at[first]] else "No")
        return lambda row, at: word(row[at[first]], column.extra["codes"], self.language) if row[at[first]] else None

    def _light(self, light: str | None) -> str | None:
        return f"{SIGNS.get(light, '')} {word(light, 'Light', self.language)}".strip() if light else None

    def _class(self, kind: str | None, relation: str | None) -> str:
        expanded = kind == Kind.EXPANSION or relation == Relation.EXPANSION
        return self.say("Expansion" if expanded else "To start")

    def _state(self, state: str | None, promised: str | None) -> str | None:
        said = word(state, "ProcedureState", self.language) if state else ""
        return f"{said} {promised or ''}".strip() or None


def listed(asked: Asked, by: str | None) -> Asked:
    """Those in the ledger, in the order of the page, group by group."""
    sort = asked.sort or (() if asked.q else ("-total_investment_yuan",))
    filters = asked.filters if any(f == "disposition" for f, _, _ in asked.filters) else (*asked.filters, IN_LEDGER)
    return replace(asked, filters=filters, sort=(by, *sort) if by else sort, cursor=None)


def numeral(number: int, language: str) -> str:
    """一、二、… as the forms number their groups; 11 is 十一."""
    if language != "zh_CN" or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    said = ("" if tens < 2 else NUMERALS[tens - 1]) + ("十" if tens else "")
    return said + (NUMERALS[ones - 1] if ones else "")


def _group_needs(by: str | None) -> tuple[str, ...]:
    return {"zone": ("zone_id",), "industry": ("industry",)}.get(by or "", ())


def _period(started: str | None, planned: str | None, completion: str | None) -> str | None:
    """建设起止年限: 2025.03~2027.06, an open end or an open beginning as such."""
    start = (started or planned or "")[:7].replace("-", ".")
    end = (completion or "").replace("-", ".")
    return f"{start}~{end}" if start or end else None


def _percent(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else 100 * part / whole


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
        return _percent(part, whole) if part_known == known > 0 else None
    total, known = amounts.get(column.key, (0, 0))
    return total if known else None
