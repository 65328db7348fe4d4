"""Tables of zones as cities publish them: a name, yearly ranks, figures with their ranks. CSV or XLSX → rows for ``zones``.

Headings say everything: ``2019年全省综合排名`` is a rank of 2019; ``亩均税收(万元/亩)`` a figure with its unit; ``亩均税收排名`` its
rank. Figures without a year belong to the last year that the headings name.
"""

from __future__ import annotations

import math
import re
from typing import Any

from app.demo.city import zones as known_zones
from app.errors import Invalid
from app.rules.identity import zone_key
from app.sheets.reading import read_workbook

NAMES = ("开发区名称", "开发区", "名称", "园区名称", "name")
KEYS = {
    "综合": "comprehensive",
    "全省综合": "comprehensive",
    "亩均税收": "tax_per_mu",
    "投资强度": "investment_per_mu",
    "剩余面积": "remaining_area",
}
RANK = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<what>.+?)排名$")
FIGURE = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<what>[^(（]+)(?:[(（](?P<unit>[^)）]+)[)）])?$")


def rows(data: bytes, filename: str) -> list[dict[str, Any]]:
    """Facts and indicators of every zone in the file. Raises Invalid when no column names the zones."""
    grid = [[_text(cell) for cell in row] for sheet in read_workbook(data, filename).sheets for row in sheet.rows]
    at = next((n for n, row in enumerate(grid) if any(cell in NAMES for cell in row)), None)
    if at is None:
        raise Invalid("No column of this file is headed “{heading}”", code="no_name_column", heading=NAMES[0])
    headings = grid[at]
    name_at = next(n for n, cell in enumerate(headings) if cell in NAMES)
    year = max((int(y) for h in headings for y in re.findall(r"(\d{4})年", h)), default=None)
    return [_zone(headings, row, name_at, year) for row in grid[at + 1 :] if len(row) > name_at and row[name_at]]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _number(text: str, heading: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise Invalid("“{text}” under “{heading}” is no number", code="no_number", text=text[:80], heading=heading[:80])
    return found


def _zone(headings: list[str], row: list[str], name_at: int, last_year: int | None) -> dict[str, Any]:
    name = row[name_at]
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for heading, text in zip(headings, row, strict=False):
        if heading == headings[name_at] or not text:
            continue
        if rank := RANK.match(heading):
            said = _indicator(found, rank, last_year)
            said["rank"] = int(_number(text, heading))
        elif figure := FIGURE.match(heading):
            said = _indicator(found, figure, last_year)
            said["value"], said["unit"] = _number(text, heading), figure["unit"]
    facts = _published(name)
    area = next((i["value"] for i in found.values() if i["key"] == "remaining_area"), None)
    return {**facts, "remaining_area_km2": area, "indicators": list(found.values())}


def _indicator(found: dict[tuple[int, str], dict[str, Any]], match: re.Match[str], last: int | None) -> dict[str, Any]:
    year = int(match["year"] or last or 0)
    what = match["what"].strip()
    key = KEYS.get(what, what)[:40]
    return found.setdefault((year, key), {"year": year, "key": key})


def _published(name: str) -> dict[str, Any]:
    """What is known of a zone by any of its spellings: the demo city's zones are real ones. Others get a code made of
    their name, to be amended."""
    for zone in known_zones():
        if zone_key(name) in {zone_key(s) for s in (zone["name"], zone["short_name"], *zone["aliases"]) if s}:
            aliases = zone["aliases"] if name in (zone["name"], *zone["aliases"]) else [*zone["aliases"], name]
            return {k: v for k, v in {**zone, "aliases": aliases}.items() if k != "indicators"}
    return {"code": "ZONE-" + "".join(f"{ord(c):x}" for c in zone_key(name))[:30], "name": name}
