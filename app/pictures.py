"""Pictures that come in: opened, turned upright, made small and written anew, so that what is kept is a picture and nothing
else. When and where it was taken is read first and told beside it; the file that is served no longer says it.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from threading import Lock
from typing import BinaryIO

from PIL import Image, ImageOps

from app.errors import Invalid, TooLarge
from app.files import Files, Stored
from app.rules.shots import Shot, place, taken_at
from app.settings import Settings

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST = 1600
"""Pixels of the longer side of what is kept: enough to read a board on a site, and a tenth of what a phone takes."""
MOST_PIXELS = 64_000_000
QUALITY = 82
EXIF_PART, GPS_PART = 0x8769, 0x8825
WHITE = (255, 255, 255)
BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, AttributeError, AssertionError,
    ZeroDivisionError, struct.error, zlib.error,
)  # fmt: skip
"""What the readers of three formats raise on a file that is not what it says."""
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # rubbish that a camera wrote is no news
Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before anything is unpacked
ONE_AT_A_TIME = Lock()
"""Unpacked, a picture is fifty times its file: one lies in memory at a time, however many are sent."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo that was put into the files, and what it says of itself."""

    stored: Stored
    shot: Shot
    sent: str | None
    """The name it came with."""


def take(settings: Settings, file: BinaryIO, name: str | None) -> Taken:
    """Read a picture that was sent, and keep it by its digest. Raises Invalid and TooLarge, and then nothing is kept."""
    files = Files.of(settings)
    content = file.read((files.most_bytes or 0) + 1)
    if files.most_bytes is not None and len(content) > files.most_bytes:
        raise TooLarge("A file may have at most {most} MB", most=files.most_bytes // (1024 * 1024))
    shot = read(content)
    return Taken(files.put(shot.jpeg), shot, name)


def read(content: bytes) -> Shot:
    """The picture in these bytes. Raises Invalid for an empty file, one that is no picture that browsers show, one that
    breaks off, and one with more pixels than a camera takes."""
    if not content:
        raise Invalid.one("/file", "empty", "This file is empty")
    if content[4:8] == b"ftyp":
        raise Invalid.one(
            "/file",
            "heic",
            "Browsers do not show HEIC; set the phone to JPEG (most compatible), or send a screenshot of it",
        )
    with ONE_AT_A_TIME:
        try:
            return _shot(content)
        except BROKEN:
            raise Invalid.one(
                "/file", "not_a_picture", "This is no whole picture: send a JPEG, PNG or WebP as the camera made it"
            ) from None


def _shot(content: bytes) -> Shot:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS:
            raise Invalid.one(
                "/file", "too_many_pixels", "At most {most} million pixels; make the picture smaller and send it again",
                most=MOST_PIXELS // 1_000_000,
            )  # fmt: skip
        told = _told(opened)
        if opened.format == "JPEG":
            opened.draft("RGB", (LONGEST, LONGEST))  # a large one is unpacked at a half, a quarter or an eighth
        opened.load()
        upright = _upright(opened)
    small = _flat(upright)
    small.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, progressive=True)
    return Shot(out.getvalue(), small.width, small.height, *told)


def _told(opened: Image.Image) -> tuple[str | None, tuple[float, float] | None]:
    """When and where the camera says it was; rubbish there does not make the picture worse."""
    try:
        exif = opened.getexif()
        return taken_at(exif.get_ifd(EXIF_PART)), place(exif.get_ifd(GPS_PART))
    except BROKEN:
        return None, None


def _upright(opened: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(opened)
    except BROKEN:
        return opened


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency: on white, as paper is."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGB", seen.size, WHITE)
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return picture.convert("RGB")
