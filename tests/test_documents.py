"""What the READMEs claim about the code is what the code has."""

from __future__ import annotations

import re

import pytest

from app.cli import app
from tools.documents import READMES, ROOT, with_settings


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_settings_is_the_codes(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "SANZHANG_DATABASE_URL" in text
    assert with_settings(text, READMES[name]) == text, "run: .venv/bin/python -m tools.documents"


@pytest.mark.parametrize("name", READMES)
def test_every_command_named_exists(name: str) -> None:
    words = set(re.findall(r"`?sanzhang (\w+)", (ROOT / name).read_text()))
    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback} | {
        g.name for g in app.registered_groups
    }
    assert words, "the README names no command"
    assert not words - known


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "docs/rules.md", "docs/decisions.md", "docs/speed.md"])
def test_every_link_and_picture_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if not t.startswith("http")]
    missing = [t for t in targets if not ((ROOT / name).parent / t).exists()]
    assert not missing
