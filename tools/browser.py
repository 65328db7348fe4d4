"""The browser of the tests: find a Chromium on this machine, or install one. ``python -m tools.browser`` does both.

A browser counts when it starts and says its version; a name on the PATH is not enough (Ubuntu's ``chromium-browser`` is only
a note that the browser lives elsewhere). Debian has a Chromium that never opens a window; it is taken before the full one,
since every page costs it half as much. Root gets one from the package manager, together with Chinese fonts. Where there is
none to be had (Ubuntu keeps it in another store), Playwright's own download is used. Nobody else's machine is changed
without root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
"""The same Chromium without windows, tabs and menus: its pages cost half the processor time, so it is looked for first."""

NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
CHOSEN = "SANZHANG_TEST_CHROMIUM"
"""Environment variable that names the browser to use."""

MISSING = f"""
The tests in a browser need Chromium, and none was found. Do one of these once, then run the same command again:
    Debian          sudo apt-get install {SHELL} fonts-noto-cjk
    Ubuntu, others  install Google Chrome, or: sudo .venv/bin/python -m playwright install --with-deps chromium
    elsewhere       {CHOSEN}=/path/to/chromium make test
"""


def starts(path: str | Path) -> bool:
    """Whether this is a Chromium that starts."""
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return "Chrom" in said


def find() -> Path | None:
    """The browser to use, or None. A browser named by the environment is taken or nothing is."""
    chosen = os.environ.get(CHOSEN)
    if chosen:
        return Path(chosen) if starts(chosen) else None
    found = [Path(place) for place in map(shutil.which, NAMES) if place]
    return next((path for path in [*found, MAC, *_downloaded()] if path.exists() and starts(path)), None)


def _downloaded() -> list[Path]:
    """Where Playwright puts the browsers it downloads, newest first."""
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    home = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
    folder = Path(given) if given else home
    return sorted(
        (p for p in folder.glob("chromium*/*/*") if p.name in ("chrome", "chrome-headless-shell")), reverse=True
    )


def has_chinese_font() -> bool:
    """Whether Chinese is drawn as characters, not as boxes."""
    if sys.platform == "darwin":
        return True
    try:
        return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=True).stdout)
    except (OSError, subprocess.SubprocessError):
        return False


def apt(*packages: str) -> bool:
    """Install packages of the system. False when this is not root, not Debian's family, or they cannot be had."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        said = subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        print(said.stderr, file=sys.stderr)
    return said.returncode == 0


def packaged(package: str) -> bool:
    """Whether the system's lists of packages, as they lie on this machine, hold this one."""
    if not shutil.which("apt-cache"):
        return False
    return bool(subprocess.run(["apt-cache", "show", package], capture_output=True, check=False).stdout)


def download() -> bool:
    """Playwright's own Chromium, with the libraries it needs when root."""
    print("Downloading a Chromium", flush=True)
    with_libraries = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    return subprocess.run(command, check=False).returncode == 0


def driver_starts() -> bool:
    """Whether Playwright's own program starts; on a bare Debian it misses a library."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install() -> Path | None:
    """Everything that is missing, as far as this user may; the browser, or None."""
    if not driver_starts():
        apt("libatomic1")
    if not has_chinese_font() and not apt("fonts-noto-cjk", "fontconfig"):
        print("No Chinese font on this machine: screenshots will show boxes (apt-get install fonts-noto-cjk).")
    if not os.environ.get(CHOSEN):
        if not shutil.which(SHELL) and (find() is None or packaged(SHELL)):
            apt(SHELL)
        if find() is None and not (apt("chromium") and find()):
            download()
    return find()


def main() -> int:
    if install() is None:
        print(MISSING, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
