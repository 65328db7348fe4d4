"""Is this archive safe to unpack? Asked before any spreadsheet reader sees it.

Nothing that the archive says of itself is believed: entries are counted in its directory, sizes while unpacking, and a
part with a document type or an entity is refused, because that is how a few bytes become gigabytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from app.errors import Invalid

MOST_ENTRIES = 2_000
MOST_UNPACKED = 256 * 1024 * 1024
MOST_RATIO = 300
RATIO_FROM = 8 * 1024 * 1024
"""Below this many unpacked bytes the ratio is not asked: an empty sheet of repeated tags packs well too."""
DIRECTORY_BYTES = 1024 * 1024
CHUNK = 1024 * 1024
END_RECORD = b"PK\x05\x06"
XML_ENDINGS = (".xml", ".rels", ".vml")

DAMAGED = "The file is damaged or cut short; open it and save it again"
BOMB = "The file unpacks to far more than a workbook should"


def check_archive(data: bytes) -> None:
    """Raise Invalid unless ``data`` is a small, whole, plain zip archive holding a spreadsheet."""
    claimed = _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_names(entries, claimed)
            left = MOST_UNPACKED
            for entry in entries:
                left -= _count(archive, entry, left, len(data))
    except Invalid:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Invalid(DAMAGED, code="damaged") from error


def _check_directory(data: bytes) -> int:
    """The end record alone, so that a claim of a million entries costs nothing; answers how many are claimed."""
    at = data.rfind(END_RECORD, max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        raise Invalid(DAMAGED, code="damaged")
    disks, start_disk, here, entries, size, offset = struct.unpack_from("<HHHHII", data, at + 4)
    if entries == 0xFFFF or size == 0xFFFFFFFF or entries > MOST_ENTRIES or size > DIRECTORY_BYTES:
        raise Invalid(BOMB, code="too_many_parts")
    if disks or start_disk or here != entries or offset + size > at:
        raise Invalid(DAMAGED, code="damaged")
    return int(entries)


def _check_names(entries: list[zipfile.ZipInfo], claimed: int) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or len(names) != claimed:
        raise Invalid(DAMAGED, code="damaged")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Invalid("The file is protected by a password; save it without one", code="password")
    if not {"xl/workbook.xml", "[Content_Types].xml"} <= {name.replace("\\", "/") for name in names}:
        raise Invalid("The file is not a workbook; save it as .xlsx", code="not_a_workbook")


def _count(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, packed: int) -> int:
    """Unpack one part into nothing and count it; its XML is searched for a document type on the way."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Invalid(DAMAGED, code="damaged")
    is_xml = entry.filename.lower().endswith(XML_ENDINGS)
    total, tail = 0, b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            total += len(chunk)
            if total > left or (total > RATIO_FROM and total > MOST_RATIO * max(entry.compress_size, 1)):
                raise Invalid(BOMB, code="bomb")
            if is_xml:
                _check_xml(tail + chunk)
                tail = chunk[-16:]
    if total > RATIO_FROM and total > MOST_RATIO * packed:
        raise Invalid(BOMB, code="bomb")
    return total


def _check_xml(text: bytes) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
        raise Invalid("The file holds instructions that a workbook does not need", code="doctype")
