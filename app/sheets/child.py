"""The throw-away process in which a foreign file is parsed: ``python -m app.sheets.child NAME < file > answer``.

A spreadsheet reader may abort the whole process or ask for all memory on a few bytes, so it never runs in the server.
Limits of time and memory are set before the file is touched; whatever happens here, the parent only loses a child.
The answer on standard output is msgpack: ``[true, kind, encoding, sheets]`` or ``[false, code, msgid, values]``.
"""

from __future__ import annotations

import io
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

SECONDS = 8
MEMORY = 512 * 1024 * 1024
MOST_CELLS = 6_000_000
MOST_SHEETS = 200


def limit(seconds: int = SECONDS) -> None:
    """Time, memory, files, core dumps: all that one parse may take."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    limit()
    import msgspec

    from app.errors import Invalid

    answer: list[Any]
    try:
        answer = [True, *parse(sys.stdin.buffer.read(), sys.argv[1])]
    except Invalid as refusal:
        answer = [False, refusal.code, refusal.msgid, refusal.values]
    except (MemoryError, RecursionError):
        answer = [False, "too_large", "The file is too large to read here; split it", {}]
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    sys.stdout.buffer.flush()


def parse(data: bytes, filename: str) -> tuple[str, str | None, list[Any]]:
    """Kind, encoding of a text file, and the sheets as ``[name, rows, merges, hidden, widths]``."""
    from app.sheets.archive import check_archive
    from app.sheets.narrowing import narrowed
    from app.sheets.sniffing import sniff
    from app.sheets.textfiles import cells_of, decode

    family = sniff(data, filename)
    if family == "text":
        text, encoding = decode(data)
        return "csv", encoding, [["", cells_of(text), [], False, []]]
    if family == "zip":
        check_archive(data)
        data = narrowed(data)
    return ("xlsx" if family == "zip" else "xls"), None, _calamine(data)


def _calamine(data: bytes) -> list[Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    from app.errors import Invalid
    from app.sheets.archive import DAMAGED
    from app.sheets.widths import column_widths

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            found = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet][:MOST_SHEETS]
            sheets: list[Any] = []
            cells = 0
            widths = column_widths(data)
            for one in found:
                sheet = book.get_sheet_by_name(one.name)
                cells += _size(sheet)
                if cells > MOST_CELLS:
                    raise Invalid("The file is too large to read here; split it", code="too_large")
                found_widths = widths.get(len(sheets), [])
                sheets.append(
                    [one.name, _rows(sheet), _merges(sheet), one.visible != SheetVisibleEnum.Visible, found_widths]
                )
            return sheets
    except PasswordError as error:
        raise Invalid("The file is protected by a password; save it without one", code="password") from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Invalid(DAMAGED, code="damaged") from error


def _size(sheet: Any) -> int:
    return int((sheet.total_height + 1) * (sheet.total_width + 1))


def _rows(sheet: Any) -> list[list[Any]]:
    rows = [_row(row) for row in sheet.to_python(skip_empty_area=False)]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _row(row: list[Any]) -> list[Any]:
    """One row without the empty cells at its end: used ranges reach out to column XFB for no reason."""
    last = len(row)
    while last and row[last - 1] == "":
        last -= 1
    return [cell if type(cell) in (str, float, int, bool) else _as_text(cell) for cell in row[:last]]


def _as_text(cell: Any) -> str:
    """Dates in the one form that has a single reading; midnight is no time of day."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(timespec="seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def _merges(sheet: Any) -> list[list[int]]:
    ranges = sheet.merged_cell_ranges or []
    return sorted([top, left, bottom, right] for (top, left), (bottom, right) in ranges)


if __name__ == "__main__":
    main()
