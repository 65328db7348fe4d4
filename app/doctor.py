"""What is wrong with this installation: settings, versions, schema, files, sums and chain, each as a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app import words
from app.agreeing import apart
from app.audit import prove
from app.backup.tables import digests
from app.engine import Link, connect, lite, sqlite_is_sound, sqlite_path
from app.files import path_of
from app.schema import at_head, drift, fresh
from app.settings import Settings

Problem = tuple[str, dict[str, Any]]
OLDEST_POSTGRES = 140000
LEVELS = ("debug", "info", "warning", "error")


def examine(settings: Settings) -> list[str]:
    """Everything that is wrong, a sentence each, in the house's language; empty when all is in order."""
    return [words.say(msgid, settings.locale, **values) for msgid, values in _problems(settings)]


def _problems(settings: Settings) -> Iterator[Problem]:
    yield from _settings(settings)
    if settings.is_sqlite and not sqlite_is_sound():
        yield (
            "SQLite {version} can corrupt a database in WAL mode; use 3.51.3 or newer, or PostgreSQL",
            {"version": lite.sqlite_version},
        )
    if settings.is_sqlite and not Path(sqlite_path(settings.database_url)).exists():
        yield "There is no database at {place}; run sanzhang migrate", {"place": sqlite_path(settings.database_url)}
        return
    try:
        link = connect(settings.database_url, write=False)
    except Exception as error:
        yield "The database cannot be reached: {said}", {"said": str(error).splitlines()[0]}
        return
    try:
        yield from _database(settings, link)
    finally:
        link.close()


def _settings(settings: Settings) -> Iterator[Problem]:
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield "SANZHANG_TIMEZONE names no time zone: {value}", {"value": settings.timezone}
    for name, value, allowed in (
        ("LOCALE", settings.locale, words.LANGUAGES),
        ("CACHE", settings.cache, ("on", "off")),
        ("LOG_LEVEL", settings.log_level, LEVELS),
    ):
        if value not in allowed:
            yield (
                "SANZHANG_{name} is {value}; it may be {allowed}",
                {"name": name, "value": value, "allowed": ", ".join(allowed)},
            )
    if not settings.public_url.startswith(("http://", "https://")):
        yield "SANZHANG_PUBLIC_URL does not begin with http:// or https://: {value}", {"value": settings.public_url}
    secret = settings.secret_file
    if secret.exists() and secret.stat().st_mode & 0o077:
        yield "Others than its owner can read the secret, {file}; run chmod 600", {"file": str(secret)}
    if secret.exists() and len(secret.read_bytes().strip()) < 32:
        yield "The secret in {file} is too short; take it away and a new one is made", {"file": str(secret)}
    folder = settings.files_dir
    if folder.exists() and not os.access(folder, os.W_OK):
        yield "Files cannot be written to {folder}", {"folder": str(folder)}


def _database(settings: Settings, link: Link) -> Iterator[Problem]:
    if link.dialect == "postgresql":
        yield from _postgres(link)
    try:
        migrated = at_head(link)
    except Exception:  # no table of revisions: nothing was ever migrated here
        migrated = False
    if not migrated:
        yield "The database is not at this program's schema; run sanzhang migrate", {}
        return
    try:
        with fresh(settings.database_url) as there:
            for line in drift(link, there):
                yield "The schema is not as it was made: {difference}", {"difference": line}
    except Exception as error:
        yield "The schema could not be compared: {said}", {"said": str(error).splitlines()[0]}
    link.begin(write=False)
    for part in prove(link):
        yield from part.problems
        if part.found > len(part.problems):
            yield "… and {count} more", {"count": part.found - len(part.problems)}
    otherwise = apart(link)
    missing = [digest for digest in digests(link) if not path_of(settings, digest).exists()]
    link.end(keep=False)
    if otherwise:
        yield (
            "{count} {count:procedure stands|procedures stand} otherwise in the ledger than in {count:its case|their cases}, such as that of {code}",
            {"count": len(otherwise), "code": otherwise[0]},
        )
    if missing:
        yield (
            "{count} files of evidence or imports are missing, such as {digest}",
            {"count": len(missing), "digest": missing[0]},
        )


def _postgres(link: Link) -> Iterator[Problem]:
    version = int(link.raw.execute("SHOW server_version_num").fetchone()[0])
    if version < OLDEST_POSTGRES:
        yield "PostgreSQL {version} is too old; 14 or newer is needed", {"version": version // 10000}
    encoding = link.raw.execute("SHOW server_encoding").fetchone()[0]
    if encoding != "UTF8":
        yield "The database's encoding is {encoding}; it must be UTF8", {"encoding": encoding}
