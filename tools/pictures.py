"""The pictures of the READMEs, taken from the demo city as it really looks: ``python -m tools.pictures``."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import DESK, PHONE, chromium, page

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
ZONE = "371500-ETDZ"


def main() -> None:
    """Start a demo, sign in as its editor, take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        port = _free()
        server = _demo(Path(folder), port)
        try:
            links = _links(server)
            with chromium() as browser:
                with page(browser, at=DESK) as desk:
                    _sign_in(desk, links[0])
                    _desk(desk, f"http://127.0.0.1:{port}")
                with page(browser, at=DESK) as leader:
                    _sign_in(leader, links[2])
                    leader.goto(f"http://127.0.0.1:{port}/overview")
                    leader.screenshot(path=FOLDER / "overview.png")
                    leader.goto(f"http://127.0.0.1:{port}/powers")
                    leader.screenshot(path=FOLDER / "powers.png")
                with page(browser, at=PHONE) as phone:
                    _sign_in(phone, links[1])
                    phone.goto(f"http://127.0.0.1:{port}/zones/{ZONE}/ledgers/in_construction")
                    phone.screenshot(path=FOLDER / "phone.png")
        finally:
            server.terminate()
            server.wait(15)


def _desk(desk: Page, base: str) -> None:
    desk.goto(f"{base}/zones/{ZONE}/ledgers/in_construction")
    desk.screenshot(path=FOLDER / "ledger.png")
    desk.goto(f"{base}/zones/{ZONE}/ledgers/upcoming")
    desk.screenshot(path=FOLDER / "upcoming.png")
    desk.goto(f"{base}/zones/{ZONE}/ledgers/in_construction")
    desk.locator("tbody th[scope=row] a").first.click()
    desk.wait_for_timeout(500)
    desk.screenshot(path=FOLDER / "panel.png")
    desk.goto(f"{base}/months")
    month = desk.locator("main td a").first.get_attribute("href")
    desk.goto(f"{base}/zones/{ZONE}{month}")
    desk.screenshot(path=FOLDER / "month.png")
    desk.goto(f"{base}/leads?zone={ZONE}")
    desk.screenshot(path=FOLDER / "board.png")


def _demo(folder: Path, port: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "SANZHANG_DATABASE_URL": f"sqlite:///{folder}/demo.db",
        "SANZHANG_SECRET_FILE": f"{folder}/secret",
        "SANZHANG_FILES_DIR": f"{folder}/files",
        "SANZHANG_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "app.cli", "up", "--port", str(port)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _links(server: subprocess.Popen[str]) -> list[str]:
    """The sign-in links it prints, once it serves."""
    found: list[str] = []
    for line in server.stdout or ():
        found += re.findall(r"http://\S+/enter/\S+", line)
        if "running on" in line:
            break
    return found


def _sign_in(reader: Page, link: str) -> None:
    reader.goto(link)
    reader.locator("main button.primary").click()
    reader.wait_for_load_state()


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
