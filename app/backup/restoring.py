"""The way back: the archive is proved whole in a place beside the register; only then does it take the register's place.

What stood there before is put aside, never deleted.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from app import files, words
from app.audit import Report, prove
from app.backup.making import FORMAT
from app.backup.places import place
from app.backup.tables import TABLES, digests, finish, load
from app.clock import house_zone
from app.engine import Link, connect
from app.errors import Conflict
from app.schema import install_guards, upgrade
from app.secret import fingerprint
from app.settings import Settings

BROKEN = words.Word("{file} is no archive of this program, or it is broken")


def restore(settings: Settings, file: Path) -> str:
    """Put an archive in the place of the register; what was done, as a sentence.

    Raises Conflict, with nothing touched, when the archive is broken, when its chain, rows or sums do not prove, or when
    somebody still uses the register.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        _check_digests(archive, manifest, file)
        stamp = datetime.now(house_zone()).strftime("%Y%m%d_%H%M%S")
        with place(settings.database_url, stamp) as beside:
            _fill(beside.url, archive, manifest)
            _check_proof(settings, beside.url, archive, manifest)
            for name in archive.namelist():
                if name.startswith("files/"):
                    files.put(settings, archive.read(name))
            aside = beside.swap()
    return _sentence(settings, manifest, aside)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise Conflict(BROKEN, file=str(file)) from error
    with archive:
        yield archive


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads(archive.read("manifest.json"))
        if manifest["format"] == FORMAT and manifest["members"].keys() == {f"tables/{t.name}.jsonl" for t in TABLES}:
            return manifest
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        pass
    raise Conflict(BROKEN, file=str(file))


def _check_digests(archive: zipfile.ZipFile, manifest: dict[str, Any], file: Path) -> None:
    """Every table and every file is what its digest says."""
    wanted = dict(manifest["members"])
    wanted |= {n: n.removeprefix("files/") for n in archive.namelist() if n.startswith("files/")}
    for name, digest in wanted.items():
        made = sha256()
        try:
            with archive.open(name) as member:
                while piece := member.read(1 << 20):
                    made.update(piece)
        except (KeyError, zipfile.BadZipFile, OSError) as error:
            raise Conflict(BROKEN, file=str(file)) from error
        if made.hexdigest() != digest:
            raise Conflict("{member} in {file} is not what was written", member=name, file=str(file))


def _fill(url: str, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """The tables as the archive's program knew them, its lines, then this program's schema and guards."""
    upgrade(url, manifest["revision"])
    link = connect(url, write=True)
    try:
        if link.dialect == "sqlite":
            # Nobody sees this file before it has been proved and brought to the disk; until then it may be lost.
            for pragma in ("foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF"):
                link.raw.execute(f"PRAGMA {pragma}")
        link.raw.execute("BEGIN")
        for table in TABLES:
            with archive.open(f"tables/{table.name}.jsonl") as lines:
                load(link, table.name, lines)
        link.raw.execute("COMMIT")
    finally:
        link.close()
    upgrade(url)
    link = connect(url, write=True)
    try:
        install_guards(link)
        link.raw.execute("BEGIN")
        finish(link)
        link.raw.execute("COMMIT")
    finally:
        link.close()


def _check_proof(settings: Settings, url: str, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Chain, rows and sums prove, and every file that the register refers to is there or was lost before."""
    link = connect(url, write=False)
    try:
        link.begin(write=False)
        report = Report(prove(link), settings.locale)
        head = link.raw.execute("SELECT seq, hash FROM head").fetchone()
        absent = set(digests(link)) - {n.removeprefix("files/") for n in archive.namelist()} - set(manifest["missing"])
        link.end(keep=False)
    finally:
        link.close()
    if not report.sound or tuple(head) != (manifest["seq"], manifest["hash"]) or absent or not _whole(url):
        raise Conflict(
            "What is in the archive does not prove; nothing was touched: {said}", said=" ".join(report.lines)
        )


def _whole(url: str) -> bool:
    """No row refers to one that is not there (PostgreSQL looked when the rows came in)."""
    if not url.startswith("sqlite"):
        return True
    link: Link = connect(url, write=False)
    try:
        return not link.raw.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        link.close()


def _sentence(settings: Settings, manifest: dict[str, Any], aside: str | None) -> str:
    said = [words.say("The register stands as of act {seq}", settings.locale, seq=manifest["seq"])]
    if aside is not None:
        said.append(words.say("What was here before is kept as {name}", settings.locale, name=aside))
    if manifest["secret_fingerprint"] != fingerprint(settings.secret_file):
        said.append(
            words.say(
                "The secret here is another one: checkpoints signed with the old one cannot be checked with it",
                settings.locale,
            )
        )
    return "\n".join(said)
