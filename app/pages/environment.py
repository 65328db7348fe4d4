"""Templates: strict about unknown names, escaping everything, speaking the reader's language.

``_`` and the components of ``ui.html`` are globals, so a block that is rendered alone has them too; the language of the
page under way stands in a context variable, because a macro does not see the page's own names.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.models.base import NOUNS, meta
from app.pages import assets, figures
from app.pages.keeping import Keep
from app.pages.zone_links import zone_links
from app.rules.chains import SERVED_SENTENCES
from app.words import day_name, month_name, period_name, say, word

FOLDER = Path(__file__).parent.parent / "templates"
MENU_SHOWN = 9
"""Entries of the menu that stand in the bar; the others open from it, so that it fits in every language."""
LANGUAGE: ContextVar[str] = ContextVar("language", default="zh_CN")


def speak(msgid: str, **values: Any) -> str:
    """The sentence in the language of the page under way."""
    return say(msgid, LANGUAGE.get(), **values)


def field_meta(noun: str, name: str) -> dict[str, Any]:
    """What is known of a noun's field: kind, unit, codes, group and ``title``; empty for a name that is no field."""
    model = NOUNS[noun].model if noun in NOUNS else None
    field = model.model_fields.get(name) if model else None
    return {} if field is None else {**meta(field), "title": field.title or name}


def field_title(name: str, noun: str = "project") -> str:
    """What a field is called in the language of the page under way."""
    found = field_meta(noun, name) or field_meta(noun, f"{name}_id")
    return speak(str(found.get("title", SERVED_SENTENCES.get(name, name))))


def field_value(value: Any, name: str, noun: str = "project", unit: str = "wan") -> str:
    """A field's value as a person reads it."""
    return figures.shown(value, field_meta(noun, name), LANGUAGE.get(), unit)


def spoken(filtered: Callable[..., str]) -> Callable[..., str]:
    """A filter whose answer depends on the language of the page under way.

    Asking for the context keeps Jinja from working it out on a constant while it compiles: that would be said for ever in
    the language of the first reader.
    """

    @pass_context
    def asked(_context: Context, *values: Any) -> str:
        return filtered(*values)

    return asked


def made() -> Environment:
    """The one environment of the process."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[Keep],
    )
    env.filters.update(
        yuan=figures.amount,
        exact=figures.exact,
        money=spoken(lambda yuan, unit="wan": figures.in_words(yuan, unit, LANGUAGE.get())),
        exact_money=spoken(lambda yuan, unit="wan": figures.exact_in_words(yuan, unit, LANGUAGE.get())),
        difference=spoken(lambda yuan, unit: figures.difference(yuan, unit, LANGUAGE.get())),
        dollars=spoken(lambda usd: figures.dollars(usd, LANGUAGE.get())),
        signed=figures.signed,
        number=figures.number,
        moment=figures.moment,
        month=spoken(lambda m: month_name(m, LANGUAGE.get())),
        period=spoken(lambda m, first: period_name(m, first, LANGUAGE.get())),
        day=spoken(lambda d: day_name(d, LANGUAGE.get())),
        word=spoken(lambda member, codes: word(member, codes, LANGUAGE.get())),
        say_field=spoken(field_title),
        shown=spoken(field_value),
        percent=figures.percent,
        place=figures.place,
    )
    env.globals.update(
        _=speak,
        asset=assets.address,
        new_key=lambda: uuid4().hex,
        pairs=lambda members, codes: [(m.value, word(m, codes, LANGUAGE.get())) for m in members],
        money_parts=lambda yuan, unit: figures.money(yuan, unit, LANGUAGE.get()),
        unit_word=lambda unit: speak(figures.WORDS[unit]),
        language=LANGUAGE.get,
        br=Markup("<br>"),
        MENU_SHOWN=MENU_SHOWN,
        zone_links=zone_links,
    )
    env.globals["sentences"] = lambda: sentences(LANGUAGE.get())
    env.globals["ui"] = env.get_template("ui.html").module
    return env


@lru_cache(maxsize=4)
def sentences(language: str) -> Markup:
    """What the sheet's scripts say, made once a language. Called while a page in that language is under way."""
    return Markup(templates.get_template("ledgers/sentences.html").render())  # made by our own template


templates = made()
