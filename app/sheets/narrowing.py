"""Sheets whose used range reaches out to column XFB because a blank once stood there.

The spreadsheet reader makes a rectangle of what it finds: 500 rows of three columns and one stray blank in XFB are eight
million cells. No form is as wide as that and no heading is looked for out there, so such cells are taken out beforehand.
"""

from __future__ import annotations

import io
import re
import zipfile

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_WIDE = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="[A-Z]+\d+:[A-Z]{3}\d+"')
_FAR = re.compile(rb'<((?:\w+:)?)c\b[^>]*?\br="[A-Z]{3}\d+"[^>]*?(?:/>|>.*?</\1c>)', re.DOTALL)
HEAD = 4096
"""Where a sheet says how far it reaches."""


def narrowed(data: bytes) -> bytes:
    """The workbook without cells right of column ZZ in sheets that say they reach there; most come back as they are.

    ``data`` has passed ``check_archive``: it unpacks to no more than that allows.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        wide = {name for name in archive.namelist() if _SHEET.fullmatch(name) and _WIDE.search(_head(archive, name))}
        if not wide:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
            for name in archive.namelist():
                content = archive.read(name)
                made.writestr(name, _FAR.sub(b"", content) if name in wide else content)
        return out.getvalue()


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(HEAD)
