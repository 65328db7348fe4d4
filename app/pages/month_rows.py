"""Rows of the month's grid: written by the ledger's own writer, with columns of reports instead of projects."""

from __future__ import annotations

from html import escape
from typing import Any

import orjson

from app.pages import figures
from app.pages.rows import IDENTITY, Look, Painter, Row, Rows
from app.services.columns import Column
from app.services.zone_months import DONE
from app.words import Word, say, word

Item = dict[str, Any]
MONTH, MONEY, TEXTS, OTHERS = "month", Word("Investment"), Word("Progress"), Word("Other figures")
HANDED_IN = {True: (" good", Word("Handed in")), False: (" warn", Word("Reporter's draft"))}
"""A draft that comes from a reporter: finished, or not yet."""
CARRIED = ("progress_text", "problems_own", "problems_government", "next_steps")
"""Texts of which last month's stand in the cell until another is typed."""


def _yuan(field: str, title: str, heading: str = MONEY, phone: int = 0) -> Column:
    return Column(field, title, "yuan", 98, heading, (field,), edits=field, group=MONTH, phone=phone)


def _text(field: str, title: str, width: int, heading: str = TEXTS) -> Column:
    needs = (field, f"{field}.before")
    return Column(field, title, "carried", width, heading, needs, edits=field, group=MONTH, extra={"long": True})


COLUMNS = (
    Column("total_investment_yuan", Word("Total investment"), "yuan", 98, MONEY, ("total_investment_yuan",)),
    Column("annual_plan_yuan", Word("Annual plan"), "yuan", 98, MONEY, ("annual_plan_yuan",)),
    Column("before", Word("Month before"), "yuan", 98, MONEY, ("invested_yuan.before",)),
    _yuan("invested_yuan", Word("This month"), phone=1),
    _yuan("cumulative_this_year_yuan", Word("From January"), phone=2),
    Column(
        "of_plan", Word("% of annual plan"), "percent", 118, MONEY, ("cumulative_this_year_yuan", "annual_plan_yuan"), phone=3,
        extra={"part": "cumulative_this_year_yuan", "whole": "annual_plan_yuan"},
    ),
    _text("progress_text", Word("Visible progress"), 220),
    _text("problems_own", Word("Problems"), 160),
    _text("problems_government", Word("Needs government"), 160),
    _text("next_steps", Word("Next steps"), 160),
    Column(
        "no_change_reason", Word("Why nothing changed"), "text", 140, TEXTS, ("no_change_reason",), edits="no_change_reason",
        group=MONTH,
    ),
    _yuan("funds_in_place_yuan", Word("Funds in place"), OTHERS),
    _yuan("statistical_invested_yuan", Word("Month by statistics"), OTHERS),
)  # fmt: skip
FIELDS = tuple(c.edits for c in COLUMNS if c.edits)
"""Fields of a report that are typed in the grid."""
NAMES = tuple(
    dict.fromkeys((*IDENTITY, *(name for c in COLUMNS for name in c.needs), "report_state", "late", "copied", "said", "owes", "handed_in"))
)  # fmt: skip


def values(item: Item) -> Row:
    """A project of the grid as the tuple that rows are written from."""
    now, before = item["report"] or {}, item["before"] or {}
    facts: Item = dict.fromkeys(NAMES) | {
        name: item[name] for name in ("id", "name", "relation", "disposition", "owes")
    }
    facts |= {f"{name}.before": before.get(name) for name in (*CARRIED, "invested_yuan")}
    facts |= {name: now.get(name) for name in FIELDS}
    facts |= {name: item[name] for name in ("total_investment_yuan", "annual_plan_yuan", "late", "copied")}
    if item["sums"]:
        facts |= {name: item["sums"][name] for name in FIELDS if name in item["sums"]}
        facts["invested_yuan.before"] = item["sums"]["before_yuan"]
        facts["family_sums"] = orjson.dumps({name: item["sums"][name] for name in ("of", "known")}).decode()
    facts |= {
        "since": now.get("version", 0),
        "report_state": item["state"],
        "said": now.get("returned_reason"),
        "handed_in": now.get("handed_in"),
    }
    # what else the row shows is part of the key under which it is kept
    facts["updated_at"] = (
        now.get("at"),
        before.get("version"),
        item["version"],
        item["late"],
        item["owes"],
        repr(item["sums"]),
    )
    return tuple(facts[name] for name in NAMES)


def shown(item: Item) -> Item:
    """What is known of a row under a pasted block."""
    now = item["report"] or {}
    return {"id": item["id"], "since": now.get("version", 0), "name": item["name"], **{n: now.get(n) for n in FIELDS}}


class MonthRows(Rows):
    """Writes the rows of the grid; a cell whose text was said the month before offers it."""

    panel = ""

    def __init__(self, look: Look, month: str) -> None:
        super().__init__(look, NAMES)
        self.month = month

    def _box(self, values: Row) -> str:
        return ""

    def counts(self, values: Row) -> bool:
        return bool(values[self.at["owes"]])

    def _tags(self, values: Row) -> str:
        at, state = self.at, values[self.at["report_state"]]
        found = ""
        if state == "not_submitted":
            found += f'<span class="tag warn">{self.say("Not reported")}</span>' if values[at["owes"]] else ""
        else:
            tip = f' title="{escape(values[at["said"]])}"' if state == "returned" and values[at["said"]] else ""
            kind = {"returned": " bad", "confirmed": " good"}.get(state, "")
            shown = word(state, "ReportState", self.look.language)
            if state == "draft" and values[at["handed_in"]] is not None:
                kind, shown = HANDED_IN[bool(values[at["handed_in"]])]
                shown = self.say(shown)
            found += f'<span class="tag{kind}"{tip}>{shown}</span>'
        if values[at["late"]] and state in DONE:  # what is not submitted yet is late as a whole: the head says so
            found += f'<span class="tag warn">{self.say("Late")}</span>'
        if values[at["copied"]]:
            tip = escape(self.say("The progress is, word for word, that of the month before"))
            found += f'<span class="tag warn" title="{tip}">{self.say("Same text")}</span>'
        return found

    def _carried(self, column: Column, attrs: str) -> Painter:
        """A text of this month; until there is one, that of the month before in grey: it is what an editor begins with,
        but the report does not hold it."""
        now, before = self.at[column.needs[0]], self.at[column.needs[1]]
        tip = escape(self.say("Of the month before; type to change it"))

        def paint(values: Row) -> str:
            text = values[now]
            if text is not None:
                return f'<td{attrs} title="{escape(text)}">{escape(text)}</td>'
            if values[before] is None:
                return f"<td{attrs}></td>"
            said = escape(values[before])
            return f'<td{attrs} data-v="{said}" data-was="" title="{tip}"><span class=q>{said}</span></td>'

        return paint


def sum_row(items: list[Item], columns: tuple[Column, ...], language: str) -> str:
    """合计 over the projects that owe a report: the amounts of this month and of the one before."""
    owed = [values(item) for item in items if item["owes"]]
    cells = []
    for column in columns:
        known = [v for row in owed if (v := row[NAMES.index(column.needs[0])]) is not None] if column.needs else []
        shown_ = figures.amount(sum(known)) if column.kind == "yuan" and known else ""
        classes = f"{'n' if column.numeric else ''} {f'k-{column.phone}' if column.phone else ''}".strip()
        cells.append(f'<td class="{classes}">{shown_}</td>')
    title, count = escape(say("Total", language)), escape(say("{n} projects", language, n=len(owed)))
    return (
        f"<tr class=sum><td class=c1></td><th scope=rowgroup class=c2><b>{title}</b> <span class=cnt>{count}</span></th>"
        f"{''.join(cells)}</tr>"
    )
