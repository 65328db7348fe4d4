"""How the printed ledger looks: one place for fonts, borders and number formats."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from app.sheets.forms import FormColumn

BODY = {"font_name": "宋体", "font_size": 10, "border": 1, "border_color": "#808080", "valign": "vcenter"}
GAP = "_ "
"""A blank after a figure, so that it does not touch the text of the next column."""
LIGHTS = (("●", "#1E7B34"), ("▲", "#9A6700"), ("■", "#B00020"))
SHADES = {"heading": "#EEF2F6", "total": "#F6F3E8", "group": "#F3F6F3"}


class Styles:
    """The formats of one workbook, each made once."""

    class Sums:
        """Formats of total or group rows."""

        def __init__(self, styles: Styles, shade: str) -> None:
            self._styles = styles
            self._look: dict[str, Any] = {"bold": True, "bg_color": SHADES[shade]}
            self.label = styles.made({**BODY, **self._look, "text_wrap": True})

        def of(self, column: FormColumn) -> Format:
            return self._styles.of(column, self._look)

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.title = self.made({"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"})
        self.band = self.made({"font_name": "黑体", "font_size": 11, "align": "center", "font_color": "#B00020"})
        self.unit = self.made({"font_name": "宋体", "font_size": 10, "align": "right"})
        self.left = self.made({"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True})
        heading = {"bold": True, "text_wrap": True, "align": "center", "bg_color": SHADES["heading"]}
        self.heading = self.made({**BODY, **heading})
        self.quoted = self.made({**BODY, "text_wrap": True, "quote_prefix": True})
        self.lights = [(sign, book.add_format({"font_color": colour})) for sign, colour in LIGHTS]
        self.whole = book.add_format({"num_format": "#,##0" + GAP})
        self.hidden = self.made({"num_format": "@"})
        self.total = self.Sums(self, "total")
        self.group = self.Sums(self, "group")

    def made(self, look: dict[str, Any]) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def of(self, column: FormColumn, more: dict[str, Any] | None = None) -> Format:
        """The format of a column's cells: how much of a figure is seen, never how much of it is there."""
        return self.made({**BODY, **_look(column), **(more or {})})


def _look(column: FormColumn) -> dict[str, Any]:
    if column.kind == "money":
        digits = column.shown_digits
        return {"num_format": "#,##0" + ("." + "0" * digits if digits else "") + GAP, "align": "right"}
    if column.kind == "percent":
        return {"num_format": "0.0%" + GAP, "align": "right"}
    if column.kind in ("number", "count", "serial"):
        return {"num_format": "General", "align": "center" if column.kind == "serial" else "right"}
    if column.kind == "day":
        return {"num_format": "yyyy-mm-dd", "align": "center"}
    if column.kind in ("month", "choice"):
        return {"num_format": "@", "align": "center", "text_wrap": True}
    return {"num_format": "@" if column.width < 20 else "General", "text_wrap": True}
