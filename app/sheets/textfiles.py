"""Tables as text: comma, semicolon or tab between cells; UTF-8 or what Chinese spreadsheets still write."""

from __future__ import annotations

import csv
import io
import re

from app.errors import Invalid
from app.rules.reads import Cell
from app.sheets.forms import ESCAPED

DELIMITERS = ",\t;，"
LONGEST_CELL = 1_000_000


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding. A mark at the start decides; else strict UTF-8; else GB18030, which holds GBK and GB2312."""
    if data.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    raise Invalid("The text of the file cannot be read; save it as UTF-8 or as .xlsx", code="encoding")


def cells_of(text: str) -> list[list[Cell]]:
    """Rows of text cells. Figures stay text here: what they mean is decided where their column is known."""
    csv.field_size_limit(LONGEST_CELL)
    start = text[:20_000].splitlines()[:20]
    delimiter = max(DELIMITERS[:3], key=lambda sign: sum(line.count(sign) for line in start))
    try:
        return [
            [_unescaped(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Invalid(
            "The table in the file is broken in line {line}", code="damaged", line=_line(error, text)
        ) from error


def _unescaped(cell: str) -> Cell:
    """Our own files guard text that looks like a formula with one apostrophe; it is taken off again."""
    if not cell:
        return None
    return cell[1:] if cell[0] == "'" and ESCAPED.match(cell) else cell


def _line(error: csv.Error, text: str) -> int:
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else text.count("\n") + 1
