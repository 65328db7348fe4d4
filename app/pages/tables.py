"""The body of a ledger's table: totals first, as in the real forms, then groups with their sub-totals, then rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from app.pages import figures
from app.pages.rows import ALONE, LIGHT_CLASS, Place, Row, Rows, bar
from app.pages.views import UNKNOWN, View
from app.rules.search_terms import fold, readings
from app.services import ledgers
from app.services.columns import Column
from app.services.families import FOLDED
from app.services.ledger_pages import Sheet
from app.services.typed import codes_of
from app.words import say, word

DIGITS = "零一二三四五六七八九"
Head = dict[str, Any]


def numeral(n: int) -> str:
    """一, 二 … 九十九: how groups are numbered in the real forms; from a hundred on plain digits."""
    tens, ones = divmod(n, 10)
    if n > 99:
        return str(n)
    head = "" if not tens else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones else "")


class Table:
    """Writes the body of one page of a ledger."""

    def __init__(self, view: View, sheet: Sheet, columns: tuple[Column, ...], rows: Rows, language: str) -> None:
        self.view, self.sheet, self.columns, self.rows, self.language = view, sheet, columns, rows, language
        self.lit = bool(columns) and columns[0].key == "light"
        self.first = rows.first
        self.order = {key: n for n, key in enumerate(sheet.groups, 1)}

    def counted(self) -> str:
        """How many projects the view holds, in the words of the total row."""
        return ledgers.counted(self.sheet.head, self.language)

    def sum_row(self) -> str:
        """合计, on top. Of a search there is none: what was found is not a sum of anything."""
        if not self.sheet.head:
            return ""
        title = f"<b>{self._say('Total')}</b> {self._counted(self.sheet.head)}"
        return self._sums("sum", "", title, self.sheet.head)

    def group_row(self, key: Any) -> str:
        """The heading of a group with its sub-totals; it folds."""
        head = self.sheet.groups.get(key)
        name = self.group_name(key)
        number = numeral(self.order.get(key, 0)) if head else ""
        count = self._counted(head) if head else ""
        title = f"<button type=button class=fold aria-expanded=true data-fold><b>{escape(name)}</b></button> {count}"
        if key is None and self.sheet.by == "industry_code" and "facts" in self.sheet.rights.writes:
            said = escape(self._say("Classify"))
            title += f' <a class="np linkish" href="{escape(self.view.link("/unclassified"))}" data-dialog>{said}</a>'
        return self._sums("grp", number, title, head, key)

    def group_name(self, key: Any) -> str:
        if self.view.by == "zone":
            return self.sheet.zone_names.get(key, ("", self._say("Zone")))[1]
        return self.sheet.group_names.get(key, str(key)) if key else self._say("Unclassified")

    def body(self, last: Any = None) -> str:
        """Groups and rows of this page. ``last`` is the group that the page before ended with."""
        at, by = self.rows.at, "zone_id" if self.sheet.by == "zone" else self.sheet.by
        found, rights, number = [], self.sheet.rights, self.view.start
        group: Any = last if self.view.cursor else self
        for values in self.sheet.page.rows:
            if by and values[at[by]] != group:
                group = values[at[by]]
                found.append(self.group_row(group))
            edits, kids = rights.edits(values[at["zone_id"]]), self.sheet.under.get(values[at["id"]])
            if kids:
                rows, number = self.rows.family(values, kids, number, edits)
                found.append(rows)
                continue
            counts = self.rows.counts(values)
            found.append(self.rows.row(values, number if counts else "", edits, self._place(values)))
            number += counts
        return f"<tbody>{''.join(found)}</tbody>{self._more(number, group if by else None)}"

    def _place(self, values: Row) -> Place:
        """A row without children under it: a phase or a part that stands by itself says whose it is."""
        at = self.rows.at
        parent = self.sheet.parents.get(values[at["parent_id"]]) if values[at["relation"]] in FOLDED else None
        return Place(parent=parent) if parent is not None else ALONE

    def _more(self, number: int, group: Any) -> str:
        following = self.sheet.page.next
        if following is None:
            return ""
        last = UNKNOWN if group is None else group
        address = escape(self.view.link("/rows", cursor=following, start=number, last=last))
        page = escape(self.view.link("", cursor=following, start=number, last=last))
        return (
            f'<tbody class=more data-more hx-get="{address}" hx-trigger="more once" hx-swap="outerHTML"><tr><td '
            f'colspan={len(self.columns) + 2}><a href="{page}">{escape(self._say("More rows"))}</a></td></tr></tbody>'
        )

    def _sums(self, kind: str, number: str, title: str, head: Head | None, key: Any = None) -> str:
        cells = [self._sum(c, head) for c in self.columns]
        light = cells.pop(0) if self.lit else ""
        said = f' data-group="{escape(UNKNOWN if key is None else str(key))}"' if kind == "grp" else ""
        return (
            f"<tr class={kind}{said}><td class=c1>{number}</td>{light}<th scope=rowgroup class=c2>{title}</th>"
            f"{''.join(cells)}</tr>"
        )

    def _sum(self, column: Column, head: Head | None) -> str:
        classes = [
            c
            for c, on in (("n", column.numeric), (f"k-{column.phone}", column.phone), ("gl", column.key in self.first))
            if on
        ]
        if column.key == "light":
            classes += ["c0", "why"]
        attrs = f' class="{" ".join(classes)}"' if classes else ""
        return f"<td{attrs}>{self._figure(column, head) if head else ''}</td>"

    def _figure(self, column: Column, head: Head) -> str:
        amounts = head["amounts"]
        if column.key in amounts:
            return self._amount(amounts[column.key], head["project_count"])
        if column.key == "invested_before_this_year_yuan":
            whole, year = amounts["invested_to_date_yuan"], amounts["invested_this_year_yuan"]
            if whole["official_known"] != year["official_known"]:
                return ""
            rest = {k: whole[k] - year[k] for k in ("sum", "official_sum")}
            return self._amount(whole | rest, head["project_count"])
        if column.kind == "percent":
            part, whole = amounts[column.extra["part"]], amounts[column.extra["whole"]]
            known = part["official_known"] == whole["official_known"] > 0
            shown = figures.percent(part["official_sum"], whole["official_sum"]) if known else ""
            return bar(shown) if shown else ""
        if column.key == "light":
            lights = [(c, head["lights"][c]) for c in ("red", "yellow", "green") if head["lights"][c]]
            said = " ".join(
                f'<span class="lt {LIGHT_CLASS[c]}">{word(c, "Light", self.language)}</span> {n}' for c, n in lights
            )
            return f"<span class=rs>{said}</span>"
        return ""

    def _amount(self, amount: Head, count: int) -> str:
        """The official sum. What is unknown is not zero: it is named beside it."""
        missing = count - amount["official_known"]
        said = ""
        if missing and count:
            tip = self._say("{n} projects have no figure here; unknown is not counted as zero", n=missing)
            said = f'<span class=miss title="{escape(tip)}">{escape(self._say("{n} blank", n=missing))}</span>'
        shown = figures.amount(amount["official_sum"], self.view.unit) if amount["official_known"] else ""
        more = amount["sum"] - amount["official_sum"]
        tip = self._say("{amount} more pending", amount=figures.amount(more, self.view.unit)) if more else ""
        return f'{said} <span title="{escape(tip)}">{shown}</span>' if tip else f"{said} {shown}"

    def _counted(self, head: Head) -> str:
        return f"<span class=cnt>{escape(ledgers.counted(head, self.language))}</span>"

    def _say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)


Option = tuple[str, str, str]
"""Value, word, and the letters by which it is found."""


def datalists(columns: Iterable[Column], language: str, industries: Iterable[str]) -> dict[str, list[Option]]:
    """The lists that editors of these columns offer: field → (code, word, pinyin letters)."""
    found = {}
    for column in columns:
        if column.edits == "industry":
            found["industry"] = [(name, name, letters(name)) for name in industries]
        elif column.edits and column.extra.get("codes"):
            words = [(m.value, word(m, column.extra["codes"], language)) for m in codes_of(column.edits)]
            found[column.edits] = [(code, said, letters(said)) for code, said in words]
        elif column.edits and column.extra.get("of") == "flag":
            found[column.edits] = [("yes", say("Yes", language), "s"), ("no", say("No", language), "f")]
    return found


@lru_cache(maxsize=2000)
def letters(text: str) -> str:
    """Initials and full pinyin of a word: 在建 → ``zj zaijian``."""
    read = [readings(c)[0] for c in fold(text) if readings(c)]
    return f"{''.join(r[0] for r in read)} {''.join(read)}"
