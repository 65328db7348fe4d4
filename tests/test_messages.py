"""The gathering of words finds what people are told, wherever the house may put it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import messages

CODE = '''
"""A docstring is not said."""
from app.errors import Conflict, Invalid
from app.words import Word, say

TITLE = Word("A marked word")
STATE_SENTENCES = {"a": "The first", "b": ("code", "The second")}
QUERY = "SELECT id FROM project"


def check(language, many):
    say("Yes" if many else "No", language)
    raise Conflict("It is so") from Invalid.one("/name", "required", "This must be given")
'''


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house: one page, one rule, one template."""
    for folder in ("pages", "rules", "templates"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(messages, "APP", tmp_path)
    return tmp_path


def test_every_way_of_saying_is_found_with_its_line(house: Path) -> None:
    path = house / "pages" / "page.py"
    path.write_text(CODE)
    found = dict(messages.in_code(path))
    assert set(found) == {
        "A marked word", "The first", "The second", "Yes", "No", "It is so", "This must be given",
    }  # fmt: skip
    assert found["A marked word"] == 6


def test_a_sentence_that_nothing_says_is_named(house: Path) -> None:
    (house / "pages" / "page.py").write_text('HEADING = "Five procedures"\nSQL = "SELECT id FROM project"\n')
    assert list(messages.suspects({})) == ["pages/page.py:1 'Five procedures'"]
    assert list(messages.suspects({"Five procedures": []})) == []


def test_a_rule_speaks_without_being_marked(house: Path) -> None:
    path = house / "rules" / "rule.py"
    path.write_text('def doubt():\n    """Not this."""\n    return "“{text}” names no month"\n')
    assert list(messages.in_code(path)) == [("“{text}” names no month", 3)]


def test_templates_and_what_is_no_longer_used(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (house / "templates" / "page.html").write_text(
        '<p title="{{ _("Save") }}">\n{{ _(title) }} {{ _("{n} rows", n=2) }}'
    )
    assert dict(messages.in_template(house / "templates" / "page.html")) == {"Save": 1, "{n} rows": 2}
    monkeypatch.setattr(messages, "LOCALES", house)
    assert messages.bring_up_to_date("zh_CN", {"Save": [], "Gone": []}) == 2
    assert messages.missing("zh_CN", {"Save": []}) == ["Save"]
    assert messages.unused("zh_CN") == ["Gone"]
    assert messages.bring_up_to_date("zh_CN", {"Save": [], "Gone": []}) == 0


def test_english_needs_words_for_names_only(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "LOCALES", house)
    assert messages.missing("en", {"Ledger.reserve": [], "It is so.": []}) == ["Ledger.reserve"]
