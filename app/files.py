"""Files by their digest: evidence and workbooks. A small interface, so that a bucket could stand behind it instead.

A file is written to a temporary name, made durable, and renamed to its SHA-256: it is there whole or not at all, and the
same content is kept once. It is written before the act that refers to it; a sweep removes what no act ever did.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from app.errors import NotFound, TooLarge
from app.settings import Settings

CHUNK = 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}")
UNFINISHED = ".part"
OLD_SECONDS = 24 * 3600
"""A file that nobody refers to may still belong to an act under way; after a day it does not."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a file that was put: digest, size in bytes, and its first bytes."""

    digest: str
    size: int
    head: bytes


class Files:
    """A folder of files, two letters of the digest deep."""

    def __init__(self, folder: Path, most_bytes: int | None = None) -> None:
        self.folder = Path(folder)
        self.most_bytes = most_bytes

    @classmethod
    def of(cls, settings: Settings) -> Files:
        """The files of a register, each as large as the settings allow."""
        return cls(settings.files_dir, settings.max_upload_mb * 1024 * 1024)

    def path(self, digest: str) -> Path:
        """Where a file lies. Raises NotFound for what is no digest: it never becomes a path."""
        if not DIGEST.fullmatch(digest):
            raise NotFound
        return self.folder / digest[:2] / digest

    def put(self, content: bytes | BinaryIO) -> Stored:
        """Keep a file. Raises TooLarge, and then nothing is left of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=UNFINISHED, dir=self.folder)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                stored = self._copy(content, out)
                out.flush()
                os.fsync(out.fileno())
            target = self.path(stored.digest)
            target.parent.mkdir(exist_ok=True)
            temporary.replace(target)
            _sync_folder(target.parent)
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def _copy(self, content: bytes | BinaryIO, out: BinaryIO) -> Stored:
        made, size, head = sha256(), 0, b""
        for chunk in _chunks(content):
            size += len(chunk)
            if self.most_bytes is not None and size > self.most_bytes:
                raise TooLarge("A file may have at most {most} MB", most=self.most_bytes // (1024 * 1024))
            head = head or chunk[:64]
            made.update(chunk)
            out.write(chunk)
        return Stored(made.hexdigest(), size, head)

    def open(self, digest: str) -> BinaryIO:
        """The file for reading. Raises NotFound when it is not there."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound("The file is not kept any more") from None

    def has(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def kept(self, digest: str) -> Path:
        """Where a file lies that is there. Raises NotFound when it is not."""
        if not self.has(digest):
            raise NotFound("The file is not kept any more")
        return self.path(digest)

    def sweep(self, referred: Iterable[str], older_than: float = OLD_SECONDS) -> int:
        """Remove files that are not ``referred`` to, and unfinished ones, when they are older than so many seconds."""
        known, latest, removed = set(referred), time.time() - older_than, 0
        for path in self.folder.rglob("*") if self.folder.is_dir() else ():
            if path.is_file() and path.name not in known and (DIGEST.fullmatch(path.name) or path.suffix == UNFINISHED):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < latest:
                        path.unlink()
                        removed += 1
        return removed


def put(settings: Settings, data: bytes) -> str:
    """Keep these bytes in the files of a register; their digest."""
    return Files.of(settings).put(data).digest


def path_of(settings: Settings, digest: str) -> Path:
    """Where a digest's bytes lie; raises NotFound for what is no digest."""
    return Files.of(settings).path(digest)


def read(settings: Settings, digest: str) -> bytes:
    """The bytes of a digest. Raises NotFound when the file is gone."""
    with Files.of(settings).open(digest) as file:
        return file.read()


def _chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; where folders cannot be opened (Windows) the file system does it by itself."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
