"""What the commands say when something is amiss: one sentence and an exit code, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import cli
from app.settings import get_settings

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """``run("key", "add", …)``: the command's exit code and all that it said."""
    for name, value in (
        ("DATABASE_URL", f"sqlite:///{tmp_path}/register.db"),
        ("SECRET_FILE", f"{tmp_path}/secret"),
        ("FILES_DIR", f"{tmp_path}/files"),
        ("LOCALE", "en"),
    ):
        monkeypatch.setenv(f"SANZHANG_{name}", value)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()

    def command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["sanzhang", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    yield command
    get_settings.cache_clear()


@pytest.mark.parametrize(
    "words",
    [
        ("key", "add", "k", "--scope", "read"),
        ("user", "add", "li", "--role", "leader"),
        ("export", "--ledger", "reserve", "--out", "a.xlsx"),
        ("backup", "b.szb"),
        ("audit", "verify"),
    ],
)
def test_before_migrate_every_command_says_so(run: Run, words: tuple[str, ...]) -> None:
    code, said = run(*words)
    assert (code, said.strip()) == (1, "The database is not at this program's schema; run sanzhang migrate")


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_command_stands_in_both_readmes(readme: str) -> None:
    groups = [("", cli.app), *((f"{g.name} ", g.typer_instance) for g in cli.app.registered_groups)]
    names = [
        f"sanzhang {group}{c.name or (c.callback.__name__ if c.callback else '')}"
        for group, commands in groups
        for c in (commands.registered_commands if commands else ())
    ]
    said = (Path(__file__).parent.parent / readme).read_text()
    assert len(names) > 10
    assert [name for name in names if not re.search(rf"`{name}[ `]", said)] == []


def test_a_register_from_the_command_line_and_what_it_refuses(run: Run, tmp_path: Path) -> None:
    assert run("migrate")[0] == 0
    assert run("doctor") == (0, "Everything is in order\n")
    code, said = run("key", "add", "k", "--scope", "read", "--days", "30")
    assert code == 0 and said.splitlines()[-1].startswith("sz_")
    assert run("backup", "b.szb")[0] == 0
    (tmp_path / "zones.csv").write_text("name,剩余面积\nEast,wide\n")
    refused: list[tuple[tuple[str, ...], int, str]] = [
        (("key", "add", "k", "--scope", "read", "--days", "99999999"), 2, "36500"),
        (("key", "add", "k", "--scope", "all"), 1, "read, write, admin"),
        (("user", "add", "li", "--role", "editor"), 1, "at least one zone"),
        (("serve", "--port", "99999"), 2, "65535"),
        (("zones", "import", "none.csv"), 1, "none.csv: No such file"),
        (("zones", "import", "zones.csv"), 1, "“wide” under “剩余面积” is no number"),
        (("export", "--ledger", "attic", "--out", "a.xlsx"), 1, "reserve, upcoming"),
        (("export", "--ledger", "reserve", "--out", "none/a.xlsx"), 1, "none/a.xlsx: No such file"),
        (("export", "--ledger", "reserve", "--out", "a.xlsx", "--as-of", "2199-01-01"), 1, "Nobody knows the future"),
        (("export", "--ledger", "reserve", "--out", "a.xlsx", "--list", "KEY"), 1, "There is no list KEY"),
        (("import", "none.xlsx"), 2, "There is no file none.xlsx"),
        (("backup", "b.szb"), 1, "exists already"),
        (("backup", "none/b.szb"), 1, "No such file"),
        (("restore", "zones.csv"), 1, "is no archive"),
        (("audit", "verify", "--checkpoint", "none"), 1, "none: No such file"),
        (("demo", "--scale", "world"), 1, "city, province, nation"),
    ]
    for words, exit_code, sentence in refused:
        code, said = run(*words)
        assert (code, "Traceback" in said) == (exit_code, False), (words, said)
        assert sentence in said, (words, said)
