"""Both languages are complete: nothing is missing, nothing is left over, and no page speaks two languages at once."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from inspect import isclass
from typing import Any

import httpx
import pytest

from app import words
from app.db import house
from app.desk import Desk
from app.main import create_app
from app.models.base import NOUNS
from app.models.shapes import ProjectEdit, ProjectNew
from app.pages.environment import LANGUAGE, templates
from app.rules import access, codes
from app.rules.access import Act
from app.services import projects
from app.words import LANGUAGES, LOCALES, say
from tests.cast import Cast
from tests.site import FACTS
from tools import messages

HOST = "http://10.1.2.3:8000"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
COUNTED = re.compile(
    r"\{\w+\} (?:more |new )?(?:rows|projects|zones|cells|days|months|fields|files|items|lines|reports|columns)\b"
)
LIMITS = {"A heading has at most {most} rows", "From 1 to {most} items are expected"}
"""Sentences whose number is a fixed limit and never one."""
ENGLISH = re.compile(r"\b(?!sanzhang\b)[A-Za-z]+(?: [a-z]{2,}){2,}")
"""Three words in a row: an English sentence, not a name or a command."""
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”}]\s?[,;?!]|[\u4e00-\u9fff][:.](?!\w)|\([\u4e00-\u9fff]|[\u4e00-\u9fff]\)")
NAMES_SHOWN = re.compile(r"\b(?:act|noun|[A-Z][a-z]+[A-Za-z]*)\.[a-z]+(?:[._][a-z]+)*\b")
"""What stands on a page when a closed list has no word: ``Ledger.reserve``, ``act.project.move``."""

Entries = dict[str, str]


@cache
def entries(language: str) -> Entries:
    """Msgid → what is said in this language."""
    return {str(e.id): str(e.string) for e in messages.catalogue(language) if e.id}


@cache
def gathered() -> tuple[messages.Messages, set[str]]:
    """Everything the house may say, and every text in it: looked for once, and the syntax trees are let go again."""
    found = messages.gather(), messages.written()
    messages.nodes.cache_clear()
    return found


def said() -> messages.Messages:
    return gathered()[0]


def written() -> set[str]:
    return gathered()[1]


def placeholders(sentence: str) -> set[str]:
    """The names of the values in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    assert messages.missing(language, said()) == []
    assert messages.unused(language, written()) == []


def test_the_house_speaks_of_its_fields_refusals_and_closed_lists() -> None:
    assert {"Total investment", "You may not do this", "Ledger.reserve", "act.project.move"} <= said().keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_entry_less_is_noticed(language: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = (LOCALES / language / "LC_MESSAGES" / "sanzhang.po").read_text(encoding="utf-8")
    less, taken = re.subn(r'msgid "Ledger\.reserve"\nmsgstr "[^"]+"\n', "", catalogue)
    assert taken == 1
    path = tmp_path / language / "LC_MESSAGES" / "sanzhang.po"
    path.parent.mkdir(parents=True)
    path.write_text(less, encoding="utf-8")
    monkeypatch.setattr(messages, "LOCALES", tmp_path)
    assert "Ledger.reserve" in messages.missing(language, said())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_every_closed_list_has_a_word(language: str) -> None:
    lists = [v for m in (codes, access) for v in vars(m).values() if isclass(v) and issubclass(v, StrEnum)]
    members = {f"{kind.__name__}.{member}" for kind in lists if kind not in (StrEnum, Act) for member in kind}
    members |= {f"act.{act}" for act in Act} | {f"noun.{name}" for name in NOUNS}
    assert sorted(m for m in members if not entries(language).get(m)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_values_of_its_sentence(language: str) -> None:
    assert {m: s for m, s in entries(language).items() if placeholders(m) != placeholders(s)} == {}


def test_english_tells_one_from_several() -> None:
    sentence = "{count} rows came in as the opening. They are pending until a reviewer accepts them once."
    assert say(sentence, "en", count=1).startswith("1 row came in as the opening. It is pending")
    assert say(sentence, "en", count="1,204").startswith("1,204 rows came in as the opening. They are pending")
    counted = {m for m in said() if COUNTED.search(m)} - LIMITS
    assert sorted(m for m in counted if "|" not in entries("en").get(m, "")) == []


@pytest.mark.parametrize("shape", [ProjectEdit, ProjectNew, *(noun.model for noun in NOUNS.values())])
def test_every_title_of_a_field_is_translated(shape: Any) -> None:
    titles = {field.title for field in shape.model_fields.values() if field.title}
    assert sorted(t for t in titles if not entries("zh_CN").get(t)) == []


def test_no_chinese_entry_holds_an_english_sentence() -> None:
    assert {m: s for m, s in entries("zh_CN").items() if ENGLISH.search(s)} == {}
    bare = {m: re.sub(r"{\w+}", "", s) for m, s in entries("zh_CN").items()}
    assert {m: s for m, s in bare.items() if re.search("[A-Za-z]", s) and not CHINESE.search(s)} == {}


def test_chinese_is_punctuated_in_full_width() -> None:
    assert {m: s for m, s in entries("zh_CN").items() if HALF_WIDTH.search(s)} == {}


@pytest.mark.parametrize(
    "said", ['"name" | say_field', '"refused" | word("RowState")', '"2026-01" | month', '"2026-01-05" | day']
)
def test_a_template_is_not_compiled_into_the_language_of_its_first_reader(said: str) -> None:
    template = templates.from_string("{{ " + said + " }}")
    found = []
    for language in ("en", "zh_CN", "en"):
        before = LANGUAGE.set(language)
        found.append(template.render())
        LANGUAGE.reset(before)
    assert found[0] == found[2] != found[1]
    assert CHINESE.search(found[1])


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────
class Heard(dict[str, str]):
    """A catalogue that remembers what it was asked for in vain."""

    vain: set[str]

    def get(self, msgid: str, default: Any = None) -> Any:
        if msgid not in self:
            self.vain.add(msgid)
        return super().get(msgid, default)


@pytest.fixture
def vain(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is said in Chinese without being in the catalogue, from now on."""
    heard = Heard(entries("zh_CN"))
    heard.vain = set()
    real = words.catalogue
    monkeypatch.setattr(words, "catalogue", lambda language: heard if language == "zh_CN" else real(language))
    return heard.vain


def plant(cast: Cast) -> None:
    """A project in each ledger, one that is incomplete, one that has left."""

    def enter(desk: Desk) -> None:
        for ledger in codes.Ledger:
            dates = {
                "upcoming": {},
                "in_construction": {"started_on": "2026-03-01"},
                "completed": {"started_on": "2025-03-01", "completed_on": "2026-08-01"},
            }.get(ledger, {})
            facts = FACTS | {"name": f"轴承{ledger}", "total_investment_yuan": 5 * 10**8, "phone": "138 0000 0000"}
            projects.create(desk, facts, zone="EAST", ledger=ledger, dates=dates, override=True)
        projects.create(desk, {"name": "待补"}, zone="EAST", ledger="upcoming", override=True)
        lost = projects.create(desk, {"name": "流失"}, zone="EAST")
        projects.dispose(desk, lost["id"], disposition="lost", on="2026-05-01", version=None)

    cast.database.act_now(house(reason="资料未齐"), enter)


LINK = re.compile(r'href="(/[^"#]*)')
PASSED_BY = re.compile(
    r"^/(?:static|api|assets|evidence)|\.(?:xlsx|csv|css|js|svg|ico)\b|[?&](?:cursor|q|light|pending|rows|sort|unit)="
)


async def walk(client: httpx.AsyncClient, most: int, judge: Callable[[str, httpx.Response], None]) -> int:
    """Follow the links from the start page; one of each kind: numbers and what stands in a question do not matter."""
    waiting, seen = ["/", "/account"], set[str]()
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        kind = re.sub(r"\d+|(?<==)[^&]*", "0", address)
        if kind in seen:
            continue
        seen.add(kind)
        answer = await client.get(address, follow_redirects=True)
        judge(address, answer)
        waiting += [html.unescape(a) for a in LINK.findall(answer.text) if not PASSED_BY.search(a)]
    return len(seen)


def shown(answer: httpx.Response) -> str:
    """What a reader sees or is read out of a page, without its markup."""
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    told = re.findall(r'(?:title|aria-label|placeholder|data-confirm)="([^"]*)"', text)
    return html.unescape(" \n ".join([re.sub(r"<[^>]*>", " \n ", text), *told]))


@pytest.mark.anyio
@pytest.mark.parametrize("who", ["reviewer", "leader", "administrator"])
async def test_a_chinese_page_speaks_chinese_even_after_an_english_reader(
    who: str, sqlite_cast: Cast, vain: set[str]
) -> None:
    plant(sqlite_cast)
    transport = httpx.ASGITransport(create_app(database=sqlite_cast.database))
    cookies = {"sanzhang": sqlite_cast.session(who)}
    foreign = {msgid for msgid, sentence in entries("zh_CN").items() if msgid != sentence}

    def judge_english(address: str, answer: httpx.Response) -> None:
        assert answer.status_code < 500, address
        assert not NAMES_SHOWN.findall(shown(answer)), address

    def judge_chinese(address: str, answer: httpx.Response) -> None:
        judge_english(address, answer)
        assert not ENGLISH.findall(shown(answer)), address
        assert {part.strip(" *") for part in shown(answer).split("\n")} & foreign == set(), address

    for language, judge in (("en", judge_english), ("zh-CN", judge_chinese)):
        headers = {"origin": HOST, "accept-language": language}
        async with httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers, cookies=cookies) as client:
            assert await walk(client, 60, judge) > 8
    assert vain == set()
