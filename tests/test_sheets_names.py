"""Two thousand Chinese names of files, sheets and captions come through as they were written."""

from __future__ import annotations

import io
import random

from app.sheets.forms import Form, FormColumn, FormLine
from app.sheets.reading import read_workbook, told_name
from app.sheets.sniffing import sniff
from app.sheets.understanding import understand
from app.sheets.writing import write_xlsx
from tests.real_forms import workbook

MANY, SHEETS = 2_000, 200
SIGNS = (
    *map(chr, range(0x4E00, 0x9FA6)), *map(chr, range(0x3400, 0x3500)), *(chr(0x20000 + at) for at in range(500)),
    *"（）《》“”、，。·—…〔〕【】％０１２３ＡＢ①②㎡℃★●&<>\"' -_.%#=+@123abcXYZ😀",
)  # fmt: skip
WORDS = ("台账", "在建项目", "储备", "开发区", "总 投 资", "2026年", "（1）", "第一批", "附件")


def names(seed: str, many: int, longest: int, forbidden: str = "") -> list[str]:
    """Different names of Chinese signs, rare ones and marks among them, as people and systems make them."""
    chance = random.Random(f"names/{seed}")
    found: dict[str, str] = {}
    while len(found) < many:
        made = chance.choice(("", *WORDS)) + "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, 12)))
        name = "".join(sign for sign in made if sign not in forbidden)[:longest].strip(" '")
        if name and len(name.encode("utf-16-le")) // 2 <= longest:
            found.setdefault(name.lower(), name)
    return list(found.values())


def test_two_thousand_sheets_and_as_many_captions() -> None:
    sheets = names("sheets", MANY, 28, "[]:*?/\\")
    captions = names("captions", MANY, 40)
    each = MANY // SHEETS
    for first in range(0, MANY, SHEETS):
        part = sheets[first : first + SHEETS]
        heads = {name: captions[at * each : (at + 1) * each] for at, name in enumerate(part)}
        data = workbook({name: ([["序号", "项目名称", *heads[name]], [1, "甲（演示）"]], []) for name in part})
        found = read_workbook(data, "表.xlsx").sheets
        assert [sheet.name for sheet in found] == part
        for sheet in found:
            assert sheet.rows[0][2:] == heads[sheet.name]
    assert [row.name for row in understand(found[0]).rows] == ["甲（演示）"]


def test_the_houses_own_writer_keeps_them_too() -> None:
    part = names("own", SHEETS, 28, "[]:*?/\\")
    captions = names("own captions", 40, 60)
    columns = [FormColumn("name", "项目名称"), *(FormColumn(f"c{at}", text) for at, text in enumerate(captions))]
    out = io.BytesIO()
    line = FormLine(["甲（演示）", *[None] * len(captions)])
    write_xlsx(out, [(Form("台账", columns, sheet_name=name), [line]) for name in part])
    found = read_workbook(out.getvalue(), "表.xlsx").sheets
    assert [sheet.name for sheet in found] == part
    assert all(sheet.rows[1][1:41] == captions for sheet in found)


def test_two_thousand_file_names() -> None:
    """The child hears the ending only; the name of a text file is that of its sheet."""
    table = "项目名称,总投资（万元）\n甲（演示）,5\n".encode()
    told = names("files", MANY, 60, "/\\\0")
    for name in told:
        assert told_name(f"{name}.csv") == "file.csv"
        assert sniff(table, told_name(f"{name}.csv")) == "text"
    for name in told[:10]:
        book = read_workbook(table, f"{name}.csv")
        assert (book.filename, book.sheets[0].name) == (f"{name}.csv", name)
