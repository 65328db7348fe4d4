"""Making an archive, from one consistent look at the database."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from app import clock, files, words
from app.backup.tables import TABLES, digests, lines
from app.engine import Link, Sql, connect
from app.errors import Conflict, NotFound
from app.schema import at_head, revision_of
from app.secret import fingerprint
from app.settings import Settings

FORMAT = 1
HEAD = Sql("SELECT seq, hash FROM head")


def backup(settings: Settings, file: Path) -> str:
    """Write an archive of the register to ``file``; what it holds, as a sentence.

    It appears under its name only when it is complete. Raises Conflict when there is such a file, or the database is not
    at this program's schema. A file of evidence that is lost stops nothing; the sentence says it.
    """
    if file.exists():
        raise Conflict("{file} exists already; name another file", file=str(file))
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    link = connect(settings.database_url, write=False)
    try:
        link.begin(write=False)
        manifest = _write(settings, link, half)
        link.end(keep=False)
        half.replace(file)
    finally:
        link.close()
        half.unlink(missing_ok=True)
    return _sentence(settings, file, manifest)


def _write(settings: Settings, link: Link, half: Path) -> dict[str, Any]:
    if not at_head(link):
        raise Conflict("The database is not at this program's schema; run sanzhang migrate")
    seq, said = link.row(HEAD) or (0, "")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "revision": revision_of(link),
        "seq": seq,
        "hash": said,
        "written_at": clock.moment(),
        "secret_fingerprint": fingerprint(settings.secret_file),
        "members": {},
        "missing": [],
    }
    with half.open("wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for table in TABLES:
                name = f"tables/{table.name}.jsonl"
                manifest["members"][name] = _member(archive, name, lines(link, table))
            for digest in digests(link):
                try:
                    archive.writestr(f"files/{digest}", files.read(settings, digest))
                except NotFound:
                    manifest["missing"].append(digest)
            archive.writestr("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _member(archive: zipfile.ZipFile, name: str, said: Iterable[bytes]) -> str:
    """Write one member; the SHA-256 of its content."""
    made = sha256()
    with archive.open(name, "w", force_zip64=True) as out:
        for line in said:
            made.update(line)
            out.write(line)
    return made.hexdigest()


def _sentence(settings: Settings, file: Path, manifest: dict[str, Any]) -> str:
    said = words.say(
        "{file}: the register as of act {seq}, {size} bytes",
        settings.locale,
        file=str(file),
        seq=manifest["seq"],
        size=file.stat().st_size,
    )
    if manifest["missing"]:
        lost = words.say(
            "{count} files that the register refers to are lost and are not in it",
            settings.locale,
            count=len(manifest["missing"]),
        )
        said = f"{said}\n{lost}"
    return said
