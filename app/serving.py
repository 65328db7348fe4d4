"""The server process, and the worker beside it: started with it, started again when it falls, ended with it."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time

import uvicorn
from fastapi import FastAPI

from app import logs
from app.errors import Conflict
from app.settings import get_settings

AGAIN_SECONDS = 2.0
COLLECTED = (20_000, 20, 20)
"""A page makes thousands of objects and no cycles: the collector looks after twenty thousand, not seven hundred."""


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted. SQLite is served by one process: it has one writer."""
    settings = get_settings()
    if workers > 1 and settings.is_sqlite:
        raise Conflict("Several server processes need PostgreSQL; SQLite is served by one")
    watch = Watch([sys.executable, "-m", "app.cli", "work", "--beside", str(os.getpid())])
    watch.start()
    try:
        uvicorn.run(
            "app.serving:application", factory=True, host=host, port=port, workers=workers, access_log=False,
            log_config=None, server_header=False, timeout_graceful_shutdown=10, ws="none",
        )  # fmt: skip
    finally:
        watch.stop()


def application() -> FastAPI:
    """What every server process builds: where its log lines go, and the application."""
    from app.main import create_app

    logs.configure(get_settings().log_level)
    made = create_app()
    # What is made at the start stays: the collector need not walk over half a million objects again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)
    return made


class Watch(threading.Thread):
    """Keeps one child process alive until told to stop."""

    def __init__(self, command: list[str]) -> None:
        super().__init__(daemon=True, name="watch")
        self._command = command
        self._over = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self._over.is_set():
            self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
            self._child.wait()
            self._over.wait(AGAIN_SECONDS)

    def stop(self) -> None:
        self._over.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            deadline = time.monotonic() + 10
            while self._child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            if self._child.poll() is None:
                self._child.kill()
