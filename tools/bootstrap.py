"""Make ``.venv`` from the hashed locks, with nothing but Python itself: the one step before every other command.

    python3 tools/bootstrap.py          what Sanzhang needs to run
    python3 tools/bootstrap.py --dev    and what its tests and checks need

It does nothing when the locks have not changed since the last time. Debian's ``python3-venv`` is not needed: the environment
is made without pip, and the pip wheel kept beside this file installs into it. Only wheels are installed, so nothing is built
and no compiler is needed. Settings of pip in the environment or in its own files (a mirror, a certificate) are obeyed.

Written for an old Python too, so that it can say that it is too old.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from typing import Dict, NoReturn, Optional

OLDEST = (3, 11)
VERSION = "{}.{}".format(*sys.version_info)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")
LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"

COMMAND = """\
#!/bin/sh
# Finds its Python beside itself, so that the folder may be moved and its name may hold spaces.
'''exec' "$(dirname -- "$(readlink -f -- "$0")")/python" -P "$0" "$@"
' '''
from app.cli import main

main()
"""


def stop(sentence: str) -> NoReturn:
    """End with a sentence for whoever typed the command."""
    sys.exit("\n" + sentence)


def newest_python() -> Optional[str]:
    """A Python that is new enough: this one, else one on the PATH that really starts. None if there is none."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def digest(name: str) -> str:
    """The digest of what ``name`` asks for, together with the version of Python it is installed for."""
    with open(os.path.join(ROOT, name), "rb") as file:
        return hashlib.sha256(file.read() + VERSION.encode()).hexdigest()


def installed() -> Dict[str, str]:
    """What was installed the last time: digest by name of the lock."""
    try:
        with open(STAMP) as file:
            done: Dict[str, str] = json.load(file)
            return done
    except (OSError, ValueError):
        return {}


def make_environment() -> None:
    """An empty environment of this Python, unless a working one of the same version is there."""
    ask = [PYTHON, "-c", "import sys; print('{}.{}'.format(*sys.version_info))"]
    try:
        if subprocess.check_output(ask, stderr=subprocess.DEVNULL).decode().strip() == VERSION:
            return
    except (OSError, subprocess.CalledProcessError):
        pass
    print(f"Making .venv with Python {VERSION}", flush=True)
    made = subprocess.call([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV])
    if made != 0:
        stop("Python could not make a virtual environment in .venv; the lines above say why.")


def install(lock: str) -> None:
    """Install everything ``lock`` names, each file checked against its hash."""
    wheels = [name for name in sorted(os.listdir(os.path.join(ROOT, "tools"))) if name.startswith("pip-")]
    environment = dict(
        os.environ, PYTHONPATH=os.path.join(ROOT, "tools", wheels[-1]), PIP_DISABLE_PIP_VERSION_CHECK="1"
    )
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--retries=2",
        "--require-hashes",
        "--only-binary=:all:",
        "-r",
        lock,
    ]
    print(f"Installing what {lock} names", flush=True)
    if subprocess.call(command, cwd=ROOT, env=environment) != 0:
        stop(
            "Installing did not succeed; the lines above say why. If they speak of connections or names that were not\n"
            "found, this machine does not reach a Python package index: try again when it does, or name a mirror, as in\n"
            "    PIP_INDEX_URL=<address of the mirror> make run\n"
            "Nothing has been changed outside .venv."
        )


def make_command() -> None:
    """``.venv/bin/sanzhang``, and the checkout on the path of the environment's Python."""
    packages = subprocess.check_output([PYTHON, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"])
    folder = packages.decode().strip()
    with open(os.path.join(folder, "sanzhang.pth"), "w") as file:
        file.write(os.path.relpath(ROOT, folder) + "\n")
    path = os.path.join(VENV, "bin", "sanzhang")
    with open(path, "w") as file:
        file.write(COMMAND)
    os.chmod(path, 0o755)


def bootstrap(dev: bool) -> None:
    """Bring ``.venv`` up to date with the runtime lock, or with both when ``dev``."""
    names = [LOCK, DEV_LOCK] if dev else [LOCK]
    wanted = {name: digest(name) for name in names}
    done = installed()
    if all(done.get(name) == wanted[name] for name in names) and os.path.exists(PYTHON):
        return
    make_environment()
    install(names[-1])  # the development lock holds everything the other one holds
    make_command()
    with open(STAMP, "w") as file:
        json.dump(wanted, file)


def main() -> None:
    python = newest_python()
    if python is None:
        stop(
            f"Sanzhang needs Python 3.11 or newer; this is Python {VERSION}.\n"
            "Install a newer one (on Debian 12, Ubuntu 24.04 and later: apt install python3) and try again."
        )
    if python != sys.executable:
        os.execv(python, [python, *sys.argv])
    with open(os.path.join(ROOT, LOCK), "rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two commands at once: the second finds the work done
        bootstrap("--dev" in sys.argv[1:])


if __name__ == "__main__":
    main()
