"""Kept parts of templates: written once for their values, never for others, and bounded."""

from __future__ import annotations

import re
from functools import partial

import pytest
from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError
from markupsafe import Markup

from app.pages.environment import templates
from app.pages.keeping import Keep, Kept
from app.pages.zone_links import zone_links
from tests.web import Web


def environment() -> Environment:
    made = Environment(autoescape=True, extensions=[Keep])
    made.globals.update(language=lambda: "en")
    return made


def test_a_part_is_written_once_for_its_values_and_anew_for_others() -> None:
    written: list[str] = []
    made = environment()

    def note(name: str) -> str:
        written.append(name)
        return name

    made.globals["note"] = note
    page = made.from_string("{% keep name %}{{ note(name) }}{% endkeep %}-{{ other }}")
    assert [page.render(name="<a>", other=n) for n in range(2)] == ["&lt;a&gt;-0", "&lt;a&gt;-1"]
    assert page.render(name="b", other=2) == "b-2"
    assert written == ["<a>", "b"]


def test_a_part_that_shows_what_it_is_not_kept_by_does_not_compile() -> None:
    with pytest.raises(TemplateSyntaxError, match="uses other"):
        environment().from_string("{% keep name %}{{ name }}{{ other }}{% endkeep %}")
    environment().from_string(
        "{% keep names %}{% for n in names %}{% set m = n %}{{ m }}{{ loop.index }}{% endfor %}{% endkeep %}"
    )


def test_parts_not_used_for_longest_leave_when_there_are_too_many() -> None:
    kept = Kept(most=10)
    for letter in "ababcab":
        kept.part(letter, partial(Markup, letter * 4))
    assert kept.letters == 8
    assert [kept.part(x, lambda: Markup("new")) for x in "ab"] == [Markup("aaaa"), Markup("bbbb")]


def test_every_template_compiles() -> None:
    assert [templates.get_template(name) for name in templates.list_templates(extensions=["html"])]


def test_the_present_zone_is_marked_in_the_menu_and_names_are_escaped() -> None:
    zones = (("E", "East"), ("W", '<West "1">'))
    assert zone_links(zones, "/zones/", "/x", "East") == (
        '<a href="/zones/E/x" aria-current="true">East</a><a href="/zones/W/x">&lt;West &quot;1&quot;&gt;</a>'
    )


def test_a_kept_part_of_one_language_or_reader_is_not_shown_to_another(sqlite_web: Web) -> None:
    sqlite_web.project("Mill")
    sessions = {who: f"sanzhang={sqlite_web.cast.session(who)}" for who in ("editor", "leader")}
    said: dict[tuple[str, str], str] = {}
    for who in ("editor", "leader", "editor"):
        for language in ("zh-CN", "en"):
            headers = {"Accept-Language": language, "Cookie": sessions[who]}
            answer = sqlite_web.get("//zones/EAST/ledgers/reserve", key=None, headers=headers)
            page = re.sub(r"[0-9a-f]{32}", "", answer.text)  # keys against doing it twice
            assert answer.status_code == 200
            assert said.setdefault((who, language), page) == page
    assert len(set(said.values())) == 4
