"""Pictures as cameras write them: pixels, and in the file when and where, upright or lying on a side."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

MAKER, TAKEN, TURNED, EXIF, GPS = 0x010F, 0x9003, 0x0112, 0x8769, 0x8825
WUHAN: dict[int, Any] = {1: "N", 2: (30.0, 35.0, 24.0), 3: "E", 4: (114.0, 17.0, 60.0)}
"""30°35'24" N, 114°18' E, the minutes not carried, as some phones write them."""


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (320, 240), *, taken: str | None = None, gps: dict[int, Any] | None = None,
    turned: int | None = None, colour: tuple[int, int, int] = (120, 130, 90),
) -> bytes:  # fmt: skip
    """A picture of one colour with a red upper left corner."""
    made = Image.new("RGB", size, colour)
    made.paste((200, 20, 20), (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    exif[MAKER] = "Camera"
    if taken is not None:
        exif.get_ifd(EXIF)[TAKEN] = taken
    if gps is not None:
        exif.get_ifd(GPS).update(gps)
    if turned is not None:
        exif[TURNED] = turned
    out = io.BytesIO()
    made.save(out, kind, exif=exif)
    return out.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of some bytes that says it has billions of pixels."""
    small = picture("PNG", (8, 8))
    head = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
