"""The figures of the pipeline as workbooks: the tables of the pages, one on each sheet, with full values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.desk import Desk
from app.rules.access import Act
from app.rules.amounts import format_yuan
from app.services import funnel, rates, targets
from app.services.demo import is_demo
from app.services.exports import TYPES, Made, written
from app.services.pipeline_words import RATES, STAGE_TITLES
from app.sheets.forms import Form, FormColumn, FormLine
from app.sheets.writing import write_xlsx
from app.words import Word, say, word

Record = dict[str, Any]
Sheet = tuple[Form, list[FormLine]]
Columns = Sequence[tuple[str, str]]
"""Title and kind of each column; money is in 亿元."""
TEXT, MONEY, COUNT, PERCENT, NUMBER = "text", "money", "count", "percent", "number"


def funnel_file(desk: Desk, zone: str | None, month: str | None, since: int | None, by: str) -> Made:
    """Rates, funnel, groups, losses and zones, as the page tells them."""
    desk.ask(Act.EXPORT_RUN)
    told = rates.read(desk, zone, month, since, "zone")
    leads = funnel.read(desk, zone, f"{since}-01" if since else None, None, by, month)
    book = _Book(desk, told["until"])
    return book.file(
        say("Funnel and rates", desk.language),
        [_rates(book, told), _zones(book, told), _stages(book, leads), _groups(book, leads, by), _losses(book, leads)],
    )


def targets_file(desk: Desk, zone: str | None, year: int | None, month: str | None) -> Made:
    """The targets of a year, a class a line."""
    desk.ask(Act.EXPORT_RUN)
    told = targets.read(desk, zone, year, month)
    book = _Book(desk, told["until"])
    return book.file(f"{say('Targets', desk.language)} {told['year']}", [_targets(book, told)])


class _Book:
    """Sheets in the reader's language, each with its day and unit."""

    def __init__(self, desk: Desk, until: str) -> None:
        self.language = desk.language
        unit = self.say("Unit: {unit}", unit="亿元")
        self._unit_line = f"{unit}　　{self.say('As of {day}', day=until)}"
        self._band = self.say("Demo data") if is_demo(desk.at(None)) else ""

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)

    def sheet(self, title: str, columns: Columns, rows: Sequence[Sequence[Any]], name: str = "") -> Sheet:
        made = tuple(
            FormColumn(
                key=str(n), title=called + ("（亿元）" if kind == MONEY else ""), kind=kind, width=16 if n else 28, unit="亿元",  # type: ignore[arg-type]
            )
            for n, (called, kind) in enumerate(columns)
        )  # fmt: skip
        form = Form(title=title, sheet_name=name or title, columns=made, unit_line=self._unit_line, band=self._band)
        return form, [FormLine(row) for row in rows]

    def file(self, title: str, sheets: list[Sheet]) -> Made:
        path = written("xlsx", lambda path: write_xlsx(path, [(form, iter(lines)) for form, lines in sheets]))
        return Made(f"{title}.xlsx", TYPES["xlsx"], path, sum(len(lines) for _, lines in sheets))


# ── the tables ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _rates(book: _Book, told: Record) -> Sheet:
    columns = [
        (book.say("Rate"), TEXT), ("%", PERCENT), (book.say("Counted"), COUNT), (book.say("Of"), COUNT), (book.say("Counted"), MONEY),
        (book.say("Of"), MONEY), (book.say("No evidence"), COUNT), (book.say("Not known"), COUNT),
    ]  # fmt: skip
    rows = []
    for item in told["items"]:
        money = item["unit"] == "yuan"
        sides = item["numerator"], item["denominator"]
        counts, sums = ((None, None), sides) if money else (sides, (None, None))
        rows.append([book.say(RATES[item["rate"]]), item["percent"], *counts, *sums, item["pending"], item["unknown"]])
    return book.sheet(book.say("What became of what was signed"), columns, rows, name=book.say("Rates"))


def _zones(book: _Book, told: Record) -> Sheet:
    shown = ("performance", "landed", "start", "production", "funds")
    columns = [
        (book.say("Zone"), TEXT), (book.say("Signed"), COUNT), (book.say("Contract amount"), MONEY),
        *((f"{book.say(RATES[name])} %", PERCENT) for name in shown), (book.say("Days to start"), NUMBER),
    ]  # fmt: skip
    rows = []
    for group in told["groups"]:
        percents = {item["rate"]: item["percent"] for item in group["items"]}
        amount = group["signed"]["sum"] if group["signed"]["known"] else None
        rows.append(
            [group["name"], group["signed"]["count"], amount, *map(percents.get, shown), group["to_start"]["median"]]
        )
    return book.sheet(book.say("Zones"), columns, rows)


def _stages(book: _Book, leads: Record) -> Sheet:
    columns = [
        (book.say("Stage"), TEXT), (book.say("Got so far"), COUNT), (book.say("Amount"), MONEY), (book.say("Went on, %"), PERCENT),
        (book.say("Days, median"), NUMBER), (book.say("Stand here"), COUNT), (book.say("Given up"), COUNT),
    ]  # fmt: skip
    rows = []
    for stage in leads["stages"]:
        here = stage["here"]
        alive = here["active"] + here["dormant"] + here["transferred"]
        onward = stage["onward"]["percent"] if stage["onward"] else None
        amount = stage["sum"] if stage["known"] else None
        gone = here["lost"] + here["withdrawn"]
        rows.append(
            [
                book.say(STAGE_TITLES[stage["stage"]]),
                stage["reached"],
                amount,
                onward,
                stage["days"]["median"],
                alive,
                gone,
            ]
        )
    return book.sheet(book.say("How far leads got"), columns, rows)


def _groups(book: _Book, leads: Record, by: str) -> Sheet:
    title = book.say({"channel": "Channel", "industry": "Industry", "zone": "Zone", "month": "Month"}[by])
    columns = [(title, TEXT), *((book.say(name), COUNT) for name in STAGE_TITLES.values())]
    rows = []
    for group in leads["groups"]:
        name = group["name"] if group["key"] is not None else book.say("Not filled in")
        said = word(name, "Channel", book.language) if by == "channel" and group["key"] else name
        rows.append([said, *(stage["reached"] for stage in group["stages"])])
    return book.sheet(book.say("Compared"), columns, rows)


def _losses(book: _Book, leads: Record) -> Sheet:
    columns = [
        (book.say("Reason"), TEXT), (book.say("Lost to"), TEXT), (book.say("In stage"), TEXT), (book.say("Disposition"), TEXT),
        (book.say("Leads"), COUNT), (book.say("Amount"), MONEY),
    ]  # fmt: skip
    rows = [
        [
            loss["reason"], loss["lost_to"], book.say(STAGE_TITLES[loss["stage"]]),
            word(loss["disposition"], "LeadDisposition", book.language), loss["count"], loss["sum"] if loss["known"] else None,
        ]
        for loss in leads["losses"]
    ]  # fmt: skip
    return book.sheet(book.say("Given up: why, and to whom"), columns, rows)


STATES = {"below": Word("below the range"), "within": Word("within the range"), "above": Word("above the range")}


def _targets(book: _Book, told: Record) -> Sheet:
    columns = [
        (book.say("Zone"), TEXT), (book.say("Class of size"), TEXT), (book.say("At least"), COUNT), (book.say("At most"), COUNT),
        (book.say("Counted"), COUNT), (book.say("State"), TEXT), (book.say("Still open"), COUNT), (book.say("Forecast"), NUMBER),
        (book.say("Counted at"), TEXT), (book.say("Document"), TEXT),
    ]  # fmt: skip
    rows = []
    for line in told["items"]:
        at = word(line["counted_at"], "CountedAt", book.language)
        for one in line["classes"]:
            hope = one["forecast"] or {"open": None, "count": None}
            rows.append(
                [
                    line["name"], size(book, one), one["low"], one["high"], one["counted"], book.say(STATES[one["state"]]), hope["open"],
                    hope["count"], at, line["document"],
                ]
            )  # fmt: skip
    return book.sheet(f"{book.say('Targets')} {told['year']}", columns, rows)


def size(book: _Book, one: Record) -> str:
    """A class in words, in 亿元."""
    least = format_yuan(one["least_yuan"], "亿元")
    if one["below_yuan"] is None:
        return book.say("{least} and more", least=least)
    return book.say("{least} to below {below}", least=least, below=format_yuan(one["below_yuan"], "亿元"))
