"""The tools stand: a server and a browser for the tests, locks without addresses, vendored files as published."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.browser import AXE, PHONE, barriers, chromium, page
from tests.postgres import Server, server
from tools import bootstrap

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (bootstrap.LOCK, bootstrap.DEV_LOCK)
ROW = re.compile(r"^\| `(?P<file>[^`]+)` .*\| `(?P<digest>[0-9a-f]{64})` \|$", re.MULTILINE)

HOLD_A_SERVER = """
import time
from tests.postgres import server
with server() as running:
    print(running.socket, flush=True)
    time.sleep(60)
"""


def pins(lock: str) -> dict[str, str]:
    """Name → version of what a lock holds."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(found)


def test_postgresql_answers_on_a_socket_and_makes_databases(postgres: Server) -> None:
    url = postgres.create("tooling")
    try:
        with psycopg.connect(url) as link:
            said = link.execute(
                "SELECT version(), inet_server_addr(), 聊城 FROM (VALUES ('东区')) AS t(聊城)"
            ).fetchone()
        assert said is not None
        assert said[0].startswith("PostgreSQL")
        assert said[1:] == (None, "东区")
    finally:
        postgres.drop("tooling")


def test_a_server_is_gone_after_its_block_and_leaves_no_files() -> None:
    with server() as running:
        assert Path(running.socket).is_dir()
    assert not Path(running.socket).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running.url("postgres"))


def test_a_server_is_stopped_when_its_test_process_is_killed() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD_A_SERVER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder.stdout:
        folder = Path(holder.stdout.readline().strip())
        assert folder.is_dir()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    until = time.monotonic() + 15
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not folder.exists()


SHEET = """<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width"><title>三账</title>
<main><h1>聊城市经开区</h1><img src="data:,"></main>"""

DRAWN = """letter => {
    const paper = document.createElement('canvas'), pen = paper.getContext('2d');
    pen.font = '40px sans-serif';
    pen.fillText(letter, 10, 60);
    return paper.toDataURL();
}"""


def test_chromium_draws_chinese_on_a_phone_and_axe_looks_at_it() -> None:
    with chromium() as browser, page(browser, at=PHONE) as opened:
        opened.goto(f"data:text/html;charset=utf-8,{SHEET}")
        assert opened.inner_text("h1") == "聊城市经开区"
        assert opened.evaluate("[navigator.language, innerWidth]") == ["zh-CN", PHONE["width"]]
        # Without a Chinese font both would be the same box.
        assert opened.evaluate(DRAWN, "账") != opened.evaluate(DRAWN, "册")
        assert [line.partition(":")[0] for line in barriers(opened)] == ["image-alt"]


THROWS = "new Promise(done => setTimeout(() => { setTimeout(done); throw new Error('broken on purpose') }))"


def test_a_page_that_asks_an_outside_host_or_throws_fails_its_test() -> None:
    with chromium() as browser:
        with pytest.raises(AssertionError, match="outside host"), page(browser) as opened:
            opened.set_content("<img src='http://elsewhere.invalid/x.png' alt=''>")
        with pytest.raises(AssertionError, match="broken on purpose"), page(browser) as opened:
            opened.evaluate(THROWS)


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_carry_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|//|index-url|find-links|--trusted", text)
    for entry in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "==" in entry.splitlines()[0]
        assert "--hash=sha256:" in entry


def test_the_development_lock_holds_the_runtime_lock() -> None:
    runtime, development = map(pins, LOCKS)
    assert runtime.items() <= development.items()
    assert len(runtime) > 40


def test_bootstrap_finds_its_work_done_the_second_time() -> None:
    wanted = {lock: bootstrap.digest(lock) for lock in LOCKS}
    assert json.loads(Path(bootstrap.STAMP).read_text()) == wanted, "run: make setup-dev"
    command = [sys.executable, str(ROOT / "tools" / "bootstrap.py"), "--dev"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


@pytest.mark.parametrize("notes", ["app/static/vendor/VENDOR.md", "tests/vendor/VENDOR.md", "tools/VENDOR.md"])
def test_vendored_files_are_as_published(notes: str) -> None:
    folder = (ROOT / notes).parent
    listed = {row["file"]: row["digest"] for row in ROW.finditer((ROOT / notes).read_text())}
    there = {p.name for p in folder.iterdir() if p.name.endswith((".min.js", ".min.css", ".whl"))}
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert AXE.exists()


def test_every_command_of_make_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text()
    documented = set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))
    assert {"run", "test", "check", "bench", "format", "lock", "messages", "chaos", "clean"} <= documented
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {name} " in said for name in documented)
