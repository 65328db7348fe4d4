"""Files that may prove something: known by their content, never by their name; and names that no system trips over."""

from __future__ import annotations

import re
from unicodedata import category, normalize

SIGNATURES: tuple[tuple[str, int, bytes], ...] = (
    ("application/pdf", 0, b"%PDF-"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/webp", 8, b"WEBP"),
    ("image/heic", 4, b"ftypheic"),
    ("image/heic", 4, b"ftypheix"),
    ("image/heic", 4, b"ftypmif1"),
)
EXTENSIONS = {
    "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
}  # fmt: skip
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What every browser draws by itself and nothing can run in."""
LONGEST_NAME = 120
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


def media_type(head: bytes) -> str | None:
    """What a file is by its first bytes; None for what is no proof (archives, office files, pages, programs)."""
    for found, at, signature in SIGNATURES:
        if head[at : at + len(signature)] == signature and (found != "image/webp" or head[:4] == b"RIFF"):
            return found
    return None


def file_name(sent: str | None, kind: str) -> str:
    """A name to keep and to offer again: without folders, control and reserved characters, with the right extension."""
    name = re.split(r"[\\/]", normalize("NFC", sent or ""))[-1]
    stem = name.rpartition(".")[0] or name
    stem = "".join("_" if c in '<>:"|?*%' or (category(c)[0] in "CZ" and c != " ") else c for c in stem)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:LONGEST_NAME].rstrip(" .")
    if not stem or RESERVED.match(stem):
        stem = f"evidence{'_' + stem if stem else ''}"
    return f"{stem}.{EXTENSIONS[kind]}"
