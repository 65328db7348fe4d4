"""Files that are damaged, disguised or built to do harm are refused with a sentence; the server never notices."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from app.errors import Invalid
from app.sheets.archive import END_RECORD, check_archive
from app.sheets.reading import read_workbook
from app.sheets.understanding import understand
from tests import real_forms

GOOD = real_forms.zone_annual_detail()


def repacked(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The good workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to 200 MB of blanks inside a sheet."""
    out = io.BytesIO(repacked(lambda name, data: data))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(200):
            part.write(b" " * 1024 * 1024)
    return out.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x SYSTEM "http://198.51.100.1/x.dtd">'


def with_doctype(entity: bytes = ENTITIES) -> bytes:
    return repacked(lambda name, data: data.replace(b"?>", b"?>" + entity, 1) if name.endswith("sheet1.xml") else data)


def claiming(entries: int) -> bytes:
    at = GOOD.rfind(END_RECORD)
    return GOOD[: at + 8] + struct.pack("<HH", entries, entries) + GOOD[at + 12 :]


def two_far_cells() -> bytes:
    """Two cells at opposite ends of the sheet: a reader that makes a rectangle of them needs 500 GB."""
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    return repacked(lambda name, data: sheet if name.endswith("sheet1.xml") else data)


def with_a_stray_blank(rows: int) -> bytes:
    """A ledger of three columns and a cell of one blank in XFB, as forms have it that were once pasted into."""
    cells: list[list[object]] = [
        ["序号", "项目名称", "总投资（万元）"],
        *[[at, f"甲{at}（演示）", at] for at in range(1, rows)],
    ]
    cells[3] += [""] * (16_381 - len(cells[3])) + [" "]
    return real_forms.workbook({"在建": (cells, [])})


def encrypted() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 1000
    )


PAGE = "<html><head><meta charset=gbk></head><body><table><tr><td>项目名称</td></tr></table></body></html>".encode(
    "gbk"
)
SHEET_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


@pytest.mark.parametrize(
    ("build", "filename", "codes"),
    [
        pytest.param(bomb, "a.xlsx", {"bomb"}, id="bomb"),
        pytest.param(lambda: claiming(0xFFFF), "a.xlsx", {"too_many_parts"}, id="a-million-parts-claimed"),
        pytest.param(lambda: claiming(60_000), "a.xlsx", {"too_many_parts"}, id="too-many-parts-claimed"),
        pytest.param(lambda: claiming(3), "a.xlsx", {"damaged", "not_a_workbook"}, id="fewer-parts-claimed"),
        pytest.param(with_doctype, "a.xlsx", {"doctype"}, id="entities"),
        pytest.param(lambda: with_doctype(OUTSIDE), "a.xlsx", {"doctype"}, id="doctype"),
        pytest.param(lambda: GOOD[:4000], "a.xlsx", {"damaged"}, id="cut-short"),
        pytest.param(lambda: GOOD[:200] + GOOD[400:], "a.xlsx", {"damaged"}, id="a-hole-in-the-middle"),
        pytest.param(lambda: repacked(lambda name, data: data[:50]), "a.xlsx", {"damaged"}, id="every-part-cut"),
        pytest.param(two_far_cells, "a.xlsx", {"too_large", "unreadable", "damaged"}, id="two-far-cells"),
        pytest.param(lambda: PAGE, "a.xls", {"web_page"}, id="web-page-as-xls"),
        pytest.param(lambda: SHEET_2003, "a.xls", {"web_page"}, id="xml-as-xls"),
        pytest.param(encrypted, "a.xlsx", {"password"}, id="password"),
        pytest.param(
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(5000),
            "a.xls",
            {"damaged", "unreadable"},
            id="ole-noise",
        ),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "a.xlsx", {"not_a_workbook"}, id="picture"),
        pytest.param(lambda: b"", "a.xlsx", {"empty"}, id="empty"),
        pytest.param(lambda: b"\xff\xfe\x00\xd8\x00", "a.csv", {"encoding"}, id="broken-text"),
        pytest.param(lambda: b"a,b\n\x81\x7f\xff", "a.csv", {"encoding"}, id="neither-utf8-nor-gb18030"),
    ],
)
def test_a_poisoned_file_is_refused_before_its_child_runs_out_of_time(
    build: Callable[[], bytes], filename: str, codes: set[str]
) -> None:
    data = build()
    with pytest.raises(Invalid) as refusal:
        read_workbook(data, filename)
    assert refusal.value.code in codes
    assert refusal.value.msgid.format(**refusal.value.values)


def test_a_used_range_out_to_xfb_is_no_obstacle() -> None:
    (sheet,) = read_workbook(with_a_stray_blank(900), "台账.xlsx").sheets
    assert (sheet.width, len(understand(sheet).rows)) == (3, 899)


def test_other_archives_are_not_workbooks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(Invalid) as refusal:
        check_archive(out.getvalue())
    assert refusal.value.code == "not_a_workbook"


def test_a_doctype_between_two_chunks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sheets.archive.CHUNK", 7)
    with pytest.raises(Invalid) as refusal:
        check_archive(with_doctype())
    assert refusal.value.code == "doctype"


def test_the_child_has_its_limits_and_nothing_of_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.sheets.reading import _environment

    monkeypatch.setenv("SANZHANG_DATABASE_URL", "postgresql://secret")
    assert not [name for name in _environment() if name.startswith("SANZHANG")]


def test_a_child_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sheets.reading.SECONDS", 0.001)
    with pytest.raises(Invalid) as refusal:
        read_workbook(GOOD, "a.xlsx")
    assert refusal.value.code == "too_slow"


@pytest.mark.parametrize("seed", range(24))
def test_a_mutated_workbook_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)

    def spoil(name: str, data: bytes) -> bytes:
        if chance.random() < 0.6 or not data:
            return data
        spoilt = bytearray(data)
        for _ in range(chance.randint(1, 12)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        return bytes(spoilt)

    data = repacked(spoil) if seed % 2 else bytes(
        byte if chance.random() > 0.002 else chance.randrange(256) for byte in GOOD
    )  # fmt: skip
    try:
        sheets = read_workbook(data, "a.xlsx").sheets
    except Invalid:
        return
    for sheet in sheets:
        understand(sheet)


def test_text_is_read_in_the_encodings_that_people_send() -> None:
    table = "项目名称,总投资（万元）\n东湖甲苯（演示）,5000\n"
    for data, encoding in (
        (table.encode("utf-8-sig"), "utf-8-sig"),
        (table.encode(), "utf-8"),
        (table.encode("gbk"), "gb18030"),
        (table.replace("东", "𠮷").encode("gb18030"), "gb18030"),
        (table.replace(",", "\t").encode("utf-16"), "utf-16"),
    ):
        book = read_workbook(data, "市经开区在建.csv")
        assert (book.encoding, book.sheets[0].name) == (encoding, "市经开区在建")
        (row,) = understand(book.sheets[0]).rows
        assert row.amount(1) == 50_000_000
        assert (row.zone, row.ledger) == ("市经开区", "in_construction")
