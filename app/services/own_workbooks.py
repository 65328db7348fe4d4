"""Our own workbook on its way back: known by its hidden columns, in whichever language it was written.

Its captions are put into the words that the reader of foreign sheets knows, so that it goes the same way as they do; but
which column is which field is remembered, and those cells are read exactly as typing is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from app.rules.codes import Ledger
from app.services.columns import Column, all_of, caption
from app.services.typed import Understood, understand
from app.sheets.forms import KEY_TITLE, LABEL_EVERY, PAGE_TITLE, VERSION_TITLE
from app.sheets.headings import LEVELS, MOST_LEVELS
from app.sheets.masters import MEANING_TITLE
from app.sheets.workbook import Sheet, address
from app.words import LANGUAGES, say, word

SEARCHED = 12
FIRST_COUNT = re.compile(r"\d[\d,]*")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
LARGE_GROUP = re.compile(r"^\S{1,9}、.* \d{1,3}(?:,\d{3})+ 个(?:（[^（）]*）)?$")
"""一、市经开区 1,234 个（另待核 3）"""
CAPTIONS = {
    "serial": "序号", "name": "项目名称", "zone": "开发区", "light": "灯", "class": "类别", "source": "来源",
    "construction_nature": "建设性质", "invested_before_this_year_yuan": "至上年底累计完成投资",
    "invested_this_year_yuan": "本年完成投资", "invested_to_date_yuan": "开工至今累计完成投资",
    "annual_plan_yuan": "年度计划投资", "percent_of_plan": "占年度计划%", "percent_of_total": "占总投资%",
    "started_on": "实际开工", "completed_on": "实际竣工", "postponements": "已推迟",
}  # fmt: skip
"""Column of ours → the caption by which a foreign sheet would tell it. Fields that are typed need none."""
FORM_CAPTIONS = {"construction_period": "建设起止年限", "code": "项目编码", "lists": "名单"}
NO_FIELD = "#"
"""Caption of a column that is typed as one of ours: whatever the reader of foreign sheets makes of it does not count."""


class Spoken(NamedTuple):
    """A sheet in the reader's words; of one of ours, which columns are ours and the rows of its heading, from 0."""

    sheet: Sheet
    columns: dict[int, Column]
    heading: tuple[int, int] | None = None
    labels: dict[str, Column] | None = None
    """Of our own page about one project: the cell of each label → the column of the register that it shows."""
    captions: dict[str, str] | None = None
    """The same labels in the reader's words."""


def translated(sheet: Sheet) -> Spoken:
    """Our own sheet in the reader's words. Any other sheet comes back as it is."""
    if (page := _page(sheet)) is not None:
        return page
    at = next((n for n, row in enumerate(sheet.rows[:SEARCHED]) if KEY_TITLE in row and VERSION_TITLE in row), None)
    if at is None:
        return Spoken(sheet, {})
    key = sheet.rows[at].index(KEY_TITLE)
    if (said := _meanings(sheet.rows[at])) is not None:
        return _of_form(sheet, at, *said)
    below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else []
    leaf = at + 1 if _is_lower(below, key) else at
    rows = [list(row) for row in sheet.rows]
    columns: dict[int, Column] = {}
    for n in range(key):
        place = leaf if n < len(rows[leaf]) and rows[leaf][n] not in (None, "") else at
        found = _by_title().get(_title(rows[place][n])) if n < len(rows[place]) else None
        if found is not None:
            columns[n] = found
            rows[place][n] = CAPTIONS.get(found.key) or f"{NO_FIELD}{found.key}"
            if leaf != at and place == leaf:
                rows[at][n] = ""
    merges = [m for m in sheet.merges if not (m[0] == at and m[2] == at and leaf != at)]
    rows[:at] = [[_unit(cell) for cell in row] for row in rows[:at]]
    for row in rows[leaf + 1 :]:
        if row and isinstance(row[0], str):
            row[0] = _label(row[0])
    return Spoken(replace(sheet, rows=rows, merges=merges), columns, (at, leaf))


def _page(sheet: Sheet) -> Spoken | None:
    """Our own page about one project: in a hidden column stands in each row what its labels mean, so rows may be put
    between them."""
    place = ((r, row.index(PAGE_TITLE)) for r, row in enumerate(sheet.rows[:SEARCHED]) if PAGE_TITLE in row)
    first, hidden = next(place, (0, 0))
    if not hidden:
        return None
    rows: list[list[Any]] = list(sheet.rows)
    labels: dict[str, Column] = {}
    captions = {address(first, hidden): KEY_TITLE}
    for r, row in enumerate(rows[first + 1 :], first + 1):
        said = row[hidden] if hidden < len(row) else None
        told = said.split(",") if isinstance(said, str) and said else []
        if told == [VERSION_TITLE]:
            captions[address(r, hidden)] = VERSION_TITLE
            continue
        for n, meaning in enumerate(told):
            at = address(r, n * LABEL_EVERY)
            captions[at], column = _of_page(meaning)
            if column is not None:
                labels[at] = column
        if "ledger" in told:
            rows[r] = [_ledger(cell) for cell in row]
    return Spoken(replace(sheet, rows=rows), {}, None, labels, captions)


def _of_page(meaning: str) -> tuple[str, Column | None]:
    """What ``total_investment_yuan/万元`` means: the caption for the reader, and the column of ours if it is one."""
    name, _, unit = meaning.partition("/")
    caption = (CAPTIONS.get(name) or f"{NO_FIELD}{name}") + (f"（{unit}）" if unit else "")
    column = next((c for c in _by_title().values() if c.key == name), None)
    return caption, replace(column, extra={**column.extra, "shown_in": unit}) if column and unit else column


def _ledger(cell: Any) -> Any:
    """A ledger's word in any language → its code."""
    words = {word(ledger, "Ledger", language): ledger.value for ledger in Ledger for language in LANGUAGES}
    return words.get(cell, cell) if isinstance(cell, str) else cell


def _meanings(row: list[Any]) -> tuple[int, list[str]] | None:
    """What a master's form that we filled says of itself: how many heading rows, and what each column means."""
    told = next((c for c in row if isinstance(c, str) and c.startswith(f"{MEANING_TITLE} ")), None)
    count, _, meanings = told.removeprefix(f"{MEANING_TITLE} ").partition(";") if told else ("", "", "")
    return (int(count), meanings.split(",")) if count.isdecimal() and 0 < int(count) <= MOST_LEVELS else None


def _of_form(sheet: Sheet, at: int, levels: int, meanings: list[str]) -> Spoken:
    """A master's form in the reader's words: one caption a column, in the last row of the heading."""
    last = at + levels - 1
    rows = [list(row) for row in sheet.rows]
    hidden = {n: cell for n, cell in enumerate(rows[at]) if cell in (KEY_TITLE, VERSION_TITLE)}
    width, columns, known = len(rows[at]), {}, {c.key: c for c in _by_title().values()}
    captions: list[Any] = [NO_FIELD] * width
    for n, meaning in enumerate(meanings[:width]):
        name, _, unit = meaning.partition("/")
        if name:
            captions[n] = CAPTIONS.get(name) or FORM_CAPTIONS.get(name) or f"{NO_FIELD}{name}"
        if name in known:
            columns[n] = replace(known[name], extra={**known[name].extra, "shown_in": unit}) if unit else known[name]
            captions[n] += f"（{unit}）" if unit else ""
    for n, title in hidden.items():
        captions[n] = title
    rows[at : last + 1] = [[] for _ in range(levels - 1)] + [captions]
    return Spoken(replace(sheet, rows=rows, merges=[m for m in sheet.merges if m[0] > last]), columns, (at, last))


def _is_lower(row: list[Any], key: int) -> bool:
    """The second row of captions: words under the groups, nothing in the hidden columns."""
    return any(_title(cell) in _by_title() for cell in row[:key]) and not any(row[key : key + 1])


def _title(cell: Any) -> str:
    text = str(cell) if isinstance(cell, str) else ""
    return text.rpartition(LEVELS)[2].strip().lower()


@lru_cache(maxsize=1)
def _by_title() -> dict[str, Column]:
    """Every heading of ours in every language → its column."""
    plain = {"No.": "serial", "Project name": "name", "Zone": "zone"}
    known = {title: Column(key, title, "text", 0) for title, key in plain.items()}
    found: dict[str, Column] = {}
    for ledger in Ledger:
        for column in all_of(ledger).values():
            found |= {caption(column, language).lower(): column for language in LANGUAGES}
    for title, column in known.items():
        found |= {say(title, language).lower(): column for language in LANGUAGES}
    return found


def _unit(cell: Any) -> Any:
    prefix = say("Unit: {unit}", "en", unit="")
    return "单位：" + cell.removeprefix(prefix) if isinstance(cell, str) and cell.startswith(prefix) else cell


def _label(text: str) -> str:
    """The label of a total or group row."""
    pending = say("Another {count} pending", "en", count="\0").split("\0")
    if text.startswith(pending[0]) and text.endswith(pending[1]):
        return f"另待核{text.removeprefix(pending[0]).removesuffix(pending[1])}个"
    number, dot, rest = text.partition(". ")
    counted = FIRST_COUNT.search(text)
    if counted and any(text.startswith(say("Total {counted}", language, counted="")) for language in LANGUAGES):
        return f"合计{counted[0].replace(',', '')}个"
    if LARGE_GROUP.match(text):
        return THOUSANDS.sub("", text)
    return f"一、{rest}" if dot and number.isdigit() else text


def value(column: Column, raw: str, unit: str) -> dict[str, Understood]:
    """What a cell of ours says: field → value. Nothing for a column that is not typed. Raises Invalid as typing does."""
    if column.key == "construction_nature":
        return {column.key: understand("nature_by_hand", raw, unit)}
    if column.edits is None:
        return {}
    if column.kind == "state":
        word, _, day = raw.strip().rpartition(" ") if raw.strip()[-1:].isdigit() else (raw.strip(), "", "")
        state = {column.edits: understand(column.edits, word, unit)} if word else {}
        return state | ({column.extra["promised"]: understand(column.extra["promised"], day, unit)} if day else {})
    if column.kind == "class":
        return {}
    return {column.edits: understand(column.edits, raw, unit)}
