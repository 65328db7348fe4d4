"""``python -m bench``: build the data once, start the register and the floor over it, measure both in turns, print ratios."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from app import enrol
from app.clock import later, moment
from app.db import Database
from app.engine import Link, Sql, connect, lite
from app.services import identity
from app.settings import Settings
from bench import likeness, proof, workbooks
from bench.data import built
from bench.load import Ask, Result, press
from bench.measures import Measure, measures

ROUNDS, SECONDS, WARM_SECONDS = 5, 1.0, 3.0
SESSION = Sql(
    "INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at) VALUES (:hash, :id, :at, :at, :until) ON CONFLICT DO NOTHING"
)
ACCOUNT = Sql("SELECT max(id) FROM account")


def main() -> None:
    """Parse the options, measure, print the table."""
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--projects", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--cache", choices=("on", "off"), default="off", help="the cache of finished answers")
    options.add_argument(
        "--only",
        default="",
        help="measures whose name holds this; workbooks: imports and exports alone; likeness: the search for duplicates",
    )
    options.add_argument("--connections", type=int, help="as many for every line, instead of its own number")
    chosen = options.parse_args()
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.only == "likeness":
        likeness.measured(built(folder.resolve(), chosen.projects))
        return
    if chosen.only != "workbooks":
        asyncio.run(_measure(built(folder.resolve(), chosen.projects), chosen))
    if chosen.only in ("", "workbooks"):
        workbooks.measured((folder / "workbooks").resolve(), min(chosen.rounds, 3))


async def _measure(settings: Settings, chosen: argparse.Namespace) -> None:
    key, cookie = _let_in(settings)
    link = connect(settings.database_url, write=False)
    lines = [m for m in measures(link, key, cookie) if chosen.only in m.name]
    print(
        f"{chosen.projects:,} projects, SQLite {lite.sqlite_version}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, cache {chosen.cache}, "
        f"{chosen.connections or 'several'} connections: with more of them than cores, p50 is mostly waiting for one's turn"
    )
    columns = f"{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'cpu ms':>8}{'KB':>8}"
    print(f"{'':28}{columns}   {columns.replace('req/s', 'floor')}   {'ratio':>6} {'of cpu':>6}  goal")
    with (
        serving("app.serving:application", settings, chosen.cache) as ours,
        serving("bench.floor:made", settings) as floor,
    ):
        for measure in lines:
            await _line(measure, ours, floor, chosen, link)
        print(f"memory of the register's process: {_resident(ours[1]):.0f} MiB")


Server = tuple[int, int]
"""Port and process of a server."""


async def _line(measure: Measure, ours: Server, floor: Server, chosen: argparse.Namespace, link: Link) -> None:
    sizes = proof.proven(measure, ours[0], floor[0])
    mine, bare, ratios = Result(), Result(), []
    our_numbers, floor_numbers = count(proof.PLACES), count(proof.PLACES)
    connections = chosen.connections or measure.connections
    for warm in (True, *(False for _ in range(chosen.rounds))):
        kept = proof.acts(link)
        seconds = WARM_SECONDS if warm else chosen.seconds
        one = await _pressed(ours, measure.ours, our_numbers, seconds, connections)
        if measure.writes:
            proof.all_kept(measure, one, kept, proof.acts(link))
        other = await _pressed(floor, measure.floor, floor_numbers, seconds, connections)
        if not warm:
            mine.add(one)
            bare.add(other)
            ratios.append(one.rate / other.rate)
    goal = "" if measure.goal is None else f"{measure.goal:g}"
    failed = f"  {mine.failed + bare.failed} FAILED" if mine.failed + bare.failed else ""
    ratio, cpu = statistics.median(ratios), bare.each / mine.each if mine.each else 0
    print(
        f"{measure.name:28}{_told(mine, sizes[0])}   {_told(bare, sizes[1])}   {ratio:6.2f} {cpu:6.2f}  {goal}{failed}"
    )


async def _pressed(server: Server, ask: Ask, numbers: Iterator[int], seconds: float, connections: int) -> Result:
    before = _worked(server[1])
    result = await press(server[0], ask, numbers, seconds=seconds, connections=connections)
    result.worked = _worked(server[1]) - before
    return result


def _told(result: Result, size: int) -> str:
    times = "".join(f"{result.percentile(share):8.2f}" for share in (0.5, 0.99))
    return f"{result.rate:8.0f}{times}{result.each:8.2f}{size / 1024:8.1f}"


def _worked(pid: int) -> float:
    """Seconds of processor time that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _let_in(settings: Settings) -> tuple[str, str]:
    """A key and a session for the run."""
    db = Database(settings)
    try:
        key = enrol.key_add(db, "bench", "write")
        enrol.user_add(db, f"bench-{time.time_ns()}", "leader")
        token = f"bench-{time.time_ns()}"
        db.chore_now(
            lambda link: link.run(
                SESSION,
                {"hash": identity.digest(token), "id": link.value(ACCOUNT), "at": moment(), "until": later(3600)},
            )
        )
    finally:
        db.close()
    return key, f"sanzhang={token}"


@contextmanager
def serving(app: str, settings: Settings, cache: str = "on") -> Iterator[Server]:
    """A server process for what ``app`` makes, on a free port; the port and the process. Both sides are served alike."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (settings.files_dir.parent / "server.log").open(
        "a"
    )  # the register writes its lines, as it does when it is used
    environment = {
        **os.environ, "SANZHANG_DATABASE_URL": settings.database_url, "SANZHANG_CACHE": cache,
        "SANZHANG_SECRET_FILE": str(settings.secret_file), "SANZHANG_FILES_DIR": str(settings.files_dir),
    }  # fmt: skip
    options = ("--factory", "--no-access-log", "--no-server-header", "--log-level", "warning", "--port", str(port))
    process = subprocess.Popen([sys.executable, "-m", "uvicorn", app, *options], env=environment, stderr=log)
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


def _resident(pid: int) -> float:
    """Resident memory of a process in MiB; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
