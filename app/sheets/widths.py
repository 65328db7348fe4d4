"""How wide the columns of a file are. The reader of cells does not say, and a form that is drawn again should keep its shape.

Only for the eye: what cannot be found is left out, and nothing that is found is trusted further than that. Runs in the
throw-away child that parses files.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

HEAD_BYTES = 256 * 1024
"""Columns are described before the rows; what a sheet says later is not looked for."""
MOST_COLUMNS = 256
_COL = re.compile(rb"<(?:\w+:)?col\s([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'(min|max|width)="([\d.]{1,20})"')
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*r:id="([^"]{1,80})"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_NAMED = re.compile(rb'(Id|Target)="([^"]{1,200})"')
_COLINFO = re.compile(rb"\x7d\x00\x0c\x00(.{6})", re.DOTALL)
_BOF_SHEET = re.compile(rb"\x09\x08\x10\x00\x00\x06\x10\x00")

Widths = dict[int, list[tuple[int, float]]]
"""Sheet (from 0) → pairs of column and characters."""


def column_widths(data: bytes) -> Widths:
    """The widths that an .xlsx or .xls names; empty when there are none to be found."""
    try:
        return dict(_of_zip(data)) if data[:2] == b"PK" else _of_old(data)
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, struct.error, RuntimeError, NotImplementedError):
        return {}


def _of_zip(data: bytes) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        paths = {}
        for relation in _RELATION.findall(_head(archive, "xl/_rels/workbook.xml.rels")):
            said = dict(_NAMED.findall(relation))
            if b"Id" in said and b"Target" in said:
                paths[said[b"Id"]] = said[b"Target"].decode("utf-8", "replace")
        for at, id_ in enumerate(_SHEET.findall(_head(archive, "xl/workbook.xml"))):
            path = paths.get(id_, "").removeprefix("/")
            yield at, _columns(_head(archive, path if path.startswith("xl/") else f"xl/{path}"))


def _head(archive: zipfile.ZipFile, path: str) -> bytes:
    with archive.open(path) as part:
        return part.read(HEAD_BYTES)


def _columns(xml: bytes) -> list[tuple[int, float]]:
    found = []
    for attributes in _COL.findall(xml):
        said = {name: float(value) for name, value in _ATTRIBUTE.findall(attributes)}
        if said.keys() >= {b"min", b"max", b"width"}:
            found += _spread(int(said[b"min"]) - 1, int(said[b"max"]) - 1, said[b"width"])
    return found


def _of_old(data: bytes) -> Widths:
    """Records of the old format, found by their signature: COLINFO after the BOF of each sheet."""
    starts = [m.start() for m in _BOF_SHEET.finditer(data)]
    found: Widths = {}
    for match in _COLINFO.finditer(data):
        first, last, width = struct.unpack("<HHH", match[1])
        sheet = sum(1 for start in starts if start < match.start()) - 1
        if sheet >= 0 and first <= last < MOST_COLUMNS:
            found.setdefault(sheet, []).extend(_spread(first, last, width / 256))
    return found


def _spread(first: int, last: int, width: float) -> list[tuple[int, float]]:
    """A run of columns; one that reaches to the end of the sheet describes none of them in particular."""
    if not 0 <= first <= last or last >= MOST_COLUMNS or not 1 <= width <= 255:
        return []
    return [(at, round(width, 2)) for at in range(first, last + 1)]
