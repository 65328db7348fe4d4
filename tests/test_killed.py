"""The server is killed in the middle of writing and started again: what it said was saved is there, and the register is sound."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from app.db import Database, house
from app.desk import Desk
from app.doctor import examine
from app.models import Project
from app.schema import migrate
from app.services import projects
from app.settings import Settings
from tests.cast import gather

WRITERS, LEAST = 4, 40


def settings_in(folder: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/register.db", secret_file=folder / "secret", files_dir=folder / "files"
    )


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """``sanzhang serve`` over this folder's register, in a process group of its own; its address, once it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = settings_in(folder)
    environment = os.environ | {
        "SANZHANG_DATABASE_URL": settings.database_url, "SANZHANG_SECRET_FILE": str(settings.secret_file),
        "SANZHANG_FILES_DIR": str(settings.files_dir), "SANZHANG_LOG_LEVEL": "error",
    }  # fmt: skip
    running = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", str(port)], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return running, address
        assert running.poll() is None, "the server ended before it listened"
        time.sleep(0.05)
    raise TimeoutError("the server did not listen within two minutes")


def kill(running: subprocess.Popen[bytes]) -> None:
    """As the power goes: the server and the worker beside it, at once."""
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


class Writer(threading.Thread):
    """Edits one project again and again; ``acknowledged`` is the last that the server said it had saved, ``asked`` the last sent."""

    def __init__(self, address: str, id_: int) -> None:
        super().__init__(daemon=True)
        self.address, self.id, self.acknowledged, self.asked = address, id_, 0, 0

    def run(self) -> None:
        headers = {"Authorization": "Bearer key-write"}
        with httpx.Client(base_url=f"{self.address}/api/v1", headers=headers, timeout=60) as client:
            try:
                etag = client.get(f"/projects/{self.id}").headers["etag"]
                while True:
                    self.asked = self.acknowledged + 1
                    answer = client.patch(
                        f"/projects/{self.id}", json={"remarks": str(self.asked)}, headers={"If-Match": etag}
                    )
                    assert answer.status_code == 200, answer.text
                    etag, self.acknowledged = answer.headers["etag"], self.asked
            except httpx.TransportError:
                return  # killed


def test_every_edit_that_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate(settings.database_url)
    database = Database(settings)
    cast = gather(database)
    ids = [
        database.act_now(cast.editor, projects.create, {"name": f"厂 {n}"}, zone="EAST").value["id"]
        for n in range(WRITERS)
    ]
    database.close()
    running, address = serve(tmp_path)
    writers = [Writer(address, id_) for id_ in ids]
    try:
        for writer in writers:
            writer.start()
        deadline = time.monotonic() + 120
        while sum(w.acknowledged for w in writers) < LEAST and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        kill(running)
    for writer in writers:
        writer.join(timeout=20)
    assert sum(w.acknowledged for w in writers) >= LEAST
    running, address = serve(tmp_path)  # begins again by itself, without a repair
    try:
        headers = {"Authorization": "Bearer key-write"}
        with httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=60) as client:
            found = [client.get(f"/projects/{w.id}").json()["remarks"] for w in writers]
    finally:
        kill(running)
    for writer, remarks in zip(writers, found, strict=True):
        # The one that was under way may have been written: nobody was told, nobody relied on it.
        assert remarks in {str(writer.acknowledged), str(writer.asked)}, (remarks, writer.acknowledged, writer.asked)
    assert examine(settings) == []
    database = Database(settings)
    assert database.ask_now(house(), _count) == WRITERS
    database.close()


def _count(desk: Desk) -> int:
    return len(desk.select(Project, "killed", lambda q, t: q, columns=("id",)))
