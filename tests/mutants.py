"""Workbooks spoilt at random, and the throw-away process that reads many of them under the limits of one.

``mutant(seed)`` is the same file each time: bytes, the structure of the archive, its XML, its numbers, records of the old
format, or text. ``python -m tests.mutants FIRST END`` reads mutants under the child's own limits of memory and a limit of time
each, one line a mutant; where one kills it, its last line names the killer, and that one is sent through the real door.
"""

from __future__ import annotations

import io
import json
import random
import re
import signal
import struct
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.errors import Invalid
from app.sheets import child
from app.sheets.reading import HOME, read_workbook
from app.sheets.understanding import understand
from app.sheets.workbook import Sheet
from tests import real_forms

Chance = random.Random
HOUR = 3600
NUMBERS = (
    b"1e308", b"-1e308", b"1e400", b"NaN", b"INF", b"-0", b"99999999999999999999999", b"4294967296", b"-1", b"2958466", b"1.7976931348623157e308",
    b"0x10", b"", b" ", b"1,5", b"\xe4\xb8\x80", b"18446744073709551616", b"40377", b"0.1000000000000000055",
)  # fmt: skip
PLACES = (
    b"A1048576",
    b"XFD1048576",
    b"XFE1",
    b"A0",
    b"A1048577",
    b"AAAA99999999",
    b"1A",
    b"",
    b"ZZZZZZZZZZ9",
    b"A4294967297",
    b"A-1",
)
SCRAPS = (
    b"<", b">", b"&", b"&#0;", b"&#x110000;", b"&amp;" * 50, b"]]>", b"<![CDATA[", b"<!-- ", b"<a>" * 3000, b"<c/>" * 500, b"\x00", b"\xff\xfe",
    b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<?xml version='1.0' encoding='utf-16'?>", b"</row>", b"<row>", b"<f>SUM(A1:A9)</f>", b"\xed\xa0\x80",
)  # fmt: skip


@lru_cache(maxsize=1)
def bases() -> tuple[tuple[bytes, str], ...]:
    """The good files that mutants are made of: two workbooks, one of the old format, text in two encodings."""
    lines = ["市经开区2026年5月在建项目台账", "序号,项目名称,投资主体,总投资（万元）,计划竣工"]
    lines += [f'{at},"甲{at}（演示）",乙公司（演示）,{at * 1000},2027.{at % 12 + 1}' for at in range(1, 40)]
    text = "\n".join(lines)
    return (
        (real_forms.zone_annual_detail(), "明细.xlsx"),
        (real_forms.key_project_report(), "月报.xlsx"),
        (real_forms.ten_day_blank_form(), "旬报.xls"),
        (text.encode("utf-8-sig"), "在建.csv"),
        (text.encode("gb18030"), "在建.csv"),
    )


def mutant(seed: int) -> tuple[bytes, str]:
    """Bytes and name of the ``seed``-th mutant."""
    chance = random.Random(f"mutant/{seed}")
    data, name = bases()[(0, 1, 0, 1, 2, 2, 3, 4)[seed % 8]]
    ways = BY_ENDING[name.rpartition(".")[2]]
    for _ in range(1 if chance.random() < 0.7 else 2):
        data = chance.choice(ways)(data, chance)
    return data, name


# ── ways to spoil ────────────────────────────────────────────────────────────────────────────────────────────────────
def flipped(data: bytes, chance: Chance) -> bytes:
    """Some bytes are others."""
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20, 200)) if spoilt else 0):
        spoilt[chance.randrange(len(spoilt))] = chance.choice((0, 255, chance.randrange(256)))
    return bytes(spoilt)


def torn(data: bytes, chance: Chance) -> bytes:
    """A piece is missing, doubled, moved, or noise stands in between."""
    first, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    end = min(end, first + chance.choice((1, 16, 512, len(data))))
    piece = data[first:end]
    return chance.choice((
        data[:first] + data[end:], data[:end] + piece + data[end:], data[:first], piece + data, data[:first] + chance.randbytes(len(piece)) + data[end:],
    ))  # fmt: skip


def repacked(data: bytes, chance: Chance) -> bytes:
    """A whole archive whose parts are missing, doubled, empty, named otherwise, or hold one another's content."""
    parts = _parts(data)
    if not parts:
        return data
    at = chance.randrange(len(parts))
    name, content = parts[at]
    way = chance.randrange(7)
    if way == 0:
        del parts[at]
    elif way == 1:
        parts.append((name, content))
    elif way == 2:
        parts[at] = (name, b"")
    elif way == 3:
        parts[at] = (
            chance.choice(("../" + name, "/" + name, name.upper(), name + "/", name.replace("/", "\\"), "a" * 300)),
            content,
        )
    elif way == 4:
        parts[at] = (name, chance.choice(parts)[1])
    elif way == 5:
        parts += [(f"xl/worksheets/more{n}.xml", b"<a/>") for n in range(chance.choice((10, 500, 2_500)))]
    else:
        chance.shuffle(parts)
    return _packed(parts, chance)


def claimed(data: bytes, chance: Chance) -> bytes:
    """The archive says something untrue of a part: method, flags, sum, sizes, offsets."""
    spoilt = bytearray(data)
    sign = chance.choice((b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"))
    found = [one.start() for one in re.finditer(re.escape(sign), data)]
    if not found:
        return flipped(data, chance)
    at = chance.choice(found) + chance.choice((4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 42))
    value = chance.choice((0, 1, 8, 9, 12, 99, 0xFFFF, chance.randrange(0x10000)))
    spoilt[at : at + 2] = struct.pack("<H", value)
    return bytes(spoilt)


def edited(data: bytes, chance: Chance) -> bytes:
    """The XML of a part is broken, or is well-formed and means something else."""

    def change(content: bytes) -> bytes:
        marks = [one.span() for one in re.finditer(rb"<[^>]{1,200}>", content)]
        if not marks:
            return content
        first, end = chance.choice(marks)
        scrap = chance.choice(SCRAPS)
        return chance.choice((
            content[:first] + content[end:], content[:end] + scrap + content[end:], content[:first] + content[first:end] * 200 + content[end:],
            content[:first] + scrap + content[first:], content[:end] + content[chance.choice(marks)[0] :],
        ))  # fmt: skip

    return _changed(data, chance, change)


def renumbered(data: bytes, chance: Chance) -> bytes:
    """Values, counts, styles, indexes and addresses are others."""

    def change(content: bytes) -> bytes:
        for _ in range(chance.choice((1, 1, 3, 30))):
            places = [
                one.span(1)
                for one in re.finditer(rb'(?: [a-zA-Z]+="([^"]*)"|<v>([^<]*)</v>)', content)
                if one[1] is not None
            ]
            figures = [one.span(1) for one in re.finditer(rb"<v>([^<]*)</v>", content)]
            if not places + figures:
                return content
            first, end = chance.choice(places + figures * 2)
            content = content[:first] + chance.choice(NUMBERS + PLACES + (b"A1:XFD1048576", b"B2:A1")) + content[end:]
        return content

    return _changed(data, chance, change)


def rerecorded(data: bytes, chance: Chance) -> bytes:
    """Lengths, kinds and numbers of the old format's records and sectors."""
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 3, 10))):
        at = chance.choice((chance.randrange(24, 512), chance.randrange(len(spoilt))))
        value = chance.choice((0, 1, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, chance.randrange(1 << 32)))
        spoilt[at : at + 4] = struct.pack("<I", value)
    return bytes(spoilt[: len(data)])


def retyped(data: bytes, chance: Chance) -> bytes:
    """Text with other signs in it: quotes, breaks, nulls, halves of characters, one very long line."""
    at = chance.randrange(len(data) + 1)
    scrap = chance.choice((
        b'"', b'""', b'"' * 999, b"\r", b"\n" * 500, b"\x00", b"\xff", b"\x81", b"," * 20_000, b"a" * 1_100_000, b"=1+1", b"'=1+1", b"\t", b";",
        b"1" * 400, "𠮷".encode("gb18030"), b"\xef\xbb\xbf", b"<html>", b"\xf0\x9f\x98\x80",
    ))  # fmt: skip
    return data[:at] + scrap + data[at:]


BY_ENDING: dict[str, tuple[Callable[[bytes, Chance], bytes], ...]] = {
    "xlsx": (flipped, torn, repacked, claimed, edited, edited, renumbered, renumbered),
    "xls": (flipped, torn, rerecorded, rerecorded),
    "csv": (flipped, torn, retyped, retyped),
}


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    except Exception:  # spoilt already: there is nothing to take apart
        return []


def _packed(parts: list[tuple[str, bytes]], chance: Chance) -> bytes:
    out = io.BytesIO()
    method = chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with (
        warnings.catch_warnings(action="ignore"),
        zipfile.ZipFile(out, "w", method) as archive,
    ):  # two of a name are meant
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _changed(data: bytes, chance: Chance, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one of its parts changed, mostly one that holds cells."""
    parts = _parts(data)
    if not parts:
        return flipped(data, chance)
    sheets = [at for at, (name, _) in enumerate(parts) if "sheet" in name.lower() or "Strings" in name]
    at = chance.choice(sheets) if sheets and chance.random() < 0.7 else chance.randrange(len(parts))
    parts[at] = (parts[at][0], change(parts[at][1]))
    return _packed(parts, chance)


# ── many in one throw-away process ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Fate:
    """What became of a mutant: ``read``, or the code of its refusal; seconds; the most memory that its process held, in MiB."""

    seed: int
    end: str
    seconds: float
    memory: float


def fates(first: int, end: int) -> list[Fate]:
    """The mutants ``first`` to ``end`` - 1, read by throw-away processes; one that dies is asked about at the real door."""
    found: list[Fate] = []
    at = first
    while at < end:
        command = [sys.executable, "-m", "tests.mutants", str(at), str(end)]
        done = subprocess.run(command, capture_output=True, cwd=HOME, check=False)
        found += [Fate(*json.loads(line)) for line in done.stdout.decode().splitlines()]
        at = found[-1].seed + 1 if found and found[-1].seed >= at else at
        if at < end:
            found.append(through_the_door(at))
            at += 1
    return found


def through_the_door(seed: int) -> Fate:
    """One mutant as the server reads it, with a child of its own. What is read is understood, too."""
    data, name = mutant(seed)
    began = time.monotonic()
    try:
        for sheet in read_workbook(data, name).sheets:
            understand(sheet)
        said = "read"
    except Invalid as refusal:
        said = refusal.code
    return Fate(seed, said, time.monotonic() - began, 0)


def main() -> None:
    """Read the mutants ``argv[1]`` to ``argv[2]``: a line for each that is over."""
    first, end = int(sys.argv[1]), int(sys.argv[2])
    bases()
    child.limit(HOUR)
    for seed in range(first, end):
        signal.setitimer(signal.ITIMER_PROF, child.SECONDS)  # nobody catches it: time that is up ends the process
        began = time.process_time()
        said = _read(*mutant(seed))
        sys.stdout.write(json.dumps((seed, said, time.process_time() - began, _peak())) + "\n")
        sys.stdout.flush()


def _read(data: bytes, name: str) -> str:
    try:
        sheets: list[Any] = child.parse(data, name)[2]
    except Invalid as refusal:
        return refusal.code
    except (MemoryError, RecursionError):
        return "too_large"
    for one in sheets:
        understand(Sheet(one[0], one[1], [tuple(merge) for merge in one[2]], one[3]))
    return "read"


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


if __name__ == "__main__":
    main()
