"""The words of the house: gather every msgid from code, shapes and templates, and lay the catalogues beside them.

``python -m tools.messages`` adds what a catalogue lacks (with an empty translation), and says what is not translated and what
nobody uses any more; it never removes or changes a translation. The same functions serve the test that fails on either.

Where a msgid may stand: in ``say`` / ``_``, first in a refusal or third in ``Invalid.one`` and ``Problem``, as the title of a
field or of a refusal, in a table whose name ends in ``SENTENCES``, as any sentence in ``SPEAKING`` folders, in ``_()`` of
a template; and each member of a closed list (``Ledger.reserve``), each act (``act.project.move``) and each kept noun (``noun.project``). Anywhere else
``Word("…")`` marks it; what looks like a sentence and is none of these is named at the end.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract
from pydantic import BaseModel

import app
from app import errors, models
from app.models import base
from app.rules.access import Act
from app.words import LANGUAGES, LOCALES

APP = Path(app.__file__).parent
SPOKEN = {
    "say": 0,
    "_say": 0,
    "_": 0,
    "Word": 0,
    "one": 2,
    "Problem": 2,
    "unreadable": 1,
    "bad_parameter": 1,
    "parameter": 1,
    "Read": 2,
    "Column": 1,
    "note": 0,
    "doubt": 0,
    "refuse": 0,
    "leave": 0,
    "Note": 0,
    "_percent": 1,
    "_field": 3,
    "wrong": 0,
    "_wrong": 0,
    "Part": 0,
}
"""Function → which of its arguments is a msgid."""

SPEAKING = {"rules", "sheets", "audit", "doctor", "checking"}
"""Folders and modules in which a text that looks like a sentence is one: what they find is told to people."""

NAMED = {"msgid", "doubt", "heading", "title"}
"""Named arguments that are msgids."""

REFUSALS = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, errors.Refusal)}
FIELDS = {
    name
    for name, made in vars(base).items()
    if inspect.isfunction(made) and next(iter(inspect.signature(made).parameters), "") == "title"
}
TEMPLATE_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "app.pages.keeping.Keep"}

SENTENCE = re.compile(r"[“{]?[A-Z{%“](?:[^<>=;/*]|; (?=[a-z{一-鿿]))* (?:[^<>=;/*]|; (?=[a-z{一-鿿]))*$")
WORD_OF = re.compile(r"""\bword(?:"\s*,|\()\s*["']([A-Z]\w+)["']""")
"""A closed list whose members a template says: ``word("Ledger")``, ``map("word", "Ledger")``."""
STATEMENT = re.compile(r"[A-Z]{2,}\b|[{]*\d")
"""SQL and other things that only look like sentences."""

Messages = dict[str, list[str]]
"""Msgid → where it stands, as ``rules/gates.py:66``."""


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Everything in the syntax tree of a Python file, read once for all that is looked for in it."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def strings(node: ast.AST | None) -> Iterator[str]:
    """The texts that this expression may be: of ``"Yes" if x else "No"`` both."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def _called(call: ast.Call, path: Path) -> Iterator[str]:
    """What this call says."""
    bare = isinstance(call.func, ast.Name)
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    place = SPOKEN.get(name, 0 if name in REFUSALS else None)
    if place is None and bare and name in FIELDS and path.parent.name == "models":
        place = 0
    said = [call.args[place]] if place is not None and len(call.args) > place else []
    if path.parent.name != "api":  # its descriptions are for programmers and stay English
        said += [given.value for given in call.keywords if given.arg in NAMED]
    yield from (text for node in said for text in strings(node) if text)


def _tabled(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """The sentences of a table; in a row of several, the last one is the sentence."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    name = target.id if isinstance(target, ast.Name) else ""
    if not name.endswith("SENTENCES") or not isinstance(node.value, ast.Dict):
        return
    for value in node.value.values:
        yield from strings(value.elts[-1] if isinstance(value, ast.Tuple) and value.elts else value)


def _yielded(value: ast.AST | None) -> Iterator[str]:
    """The sentence of a pair that is yielded: a msgid and its values."""
    if isinstance(value, ast.Tuple) and len(value.elts) == 2 and isinstance(value.elts[1], ast.Dict):
        yield from strings(value.elts[0])


def _sentences(path: Path) -> Iterator[tuple[str, int]]:
    """Texts that look like sentences, with their lines; docstrings and parts of composed texts are none."""
    inside = (n for n in nodes(path) if isinstance(n, ast.Expr | ast.JoinedStr))
    apart = {id(n) for outer in inside for n in ast.iter_child_nodes(outer)}
    for node in nodes(path):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in apart else None
        if isinstance(text, str) and SENTENCE.match(text) and not STATEMENT.match(text):
            yield text, node.lineno  # type: ignore[attr-defined]


def in_code(path: Path) -> Iterator[tuple[str, int]]:
    """Msgids of a Python file with their lines."""
    if {path.parent.name, path.stem} & SPEAKING:
        yield from _sentences(path)
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield from ((text, node.lineno) for text in _called(node, path))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from ((text, node.lineno) for text in _tabled(node))
        elif isinstance(node, ast.Yield):
            yield from ((text, node.lineno) for text in _yielded(node.value))


@cache
def in_template(path: Path) -> list[tuple[str, int]]:
    """Msgids of a template with their lines, read once for all who ask."""
    with path.open("rb") as file:
        said = [
            (line, found) for line, _, found, _ in babel_extract(file, ("_", "say", "gettext"), (), TEMPLATE_OPTIONS)
        ]
    texts = ((found[0] if isinstance(found, tuple) else found, line) for line, found in said)
    # No text when a variable is said: its words stand where it is made.
    return [(text, line) for text, line in texts if isinstance(text, str) and text]


def modules() -> list[Any]:
    """Every module of the house, imported."""
    return [importlib.import_module(found.name) for found in pkgutil.walk_packages(app.__path__, "app.")]


def closed_lists() -> dict[str, type[StrEnum]]:
    """Every closed list of the house by its name."""
    made = (value for module in modules() for value in vars(module).values())
    return {v.__name__: v for v in made if inspect.isclass(v) and issubclass(v, StrEnum) and v is not StrEnum}


def shown_lists() -> set[str]:
    """Names of the closed lists that people see: those that a field takes, and those that ``word`` is asked about."""
    fields = [f for model in vars(models).values() for f in getattr(model, "model_fields", {}).values()]
    names = {str(codes) for field in fields if (codes := base.meta(field).get("codes"))}
    for path in APP.rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "word" and len(node.args) > 1:
                names |= set(strings(node.args[1]))
    for path in (APP / "templates").rglob("*.html"):
        names |= set(WORD_OF.findall(path.read_text(encoding="utf-8")))
    return names


def members() -> Iterator[str]:
    """The symbolic msgids: members of the closed lists that people see, acts, and kept nouns."""
    lists = closed_lists()
    for name in sorted(shown_lists()):
        yield from (f"{name}.{member}" for member in lists[name])
    yield from (f"act.{act}" for act in Act)
    yield from (f"noun.{name}" for name in base.NOUNS)


def titles() -> Iterator[tuple[str, str]]:
    """What the fields of every table and of every shape are called, with the class and the field."""
    for module in modules():
        for name, kind in vars(module).items():
            if inspect.isclass(kind) and issubclass(kind, BaseModel) and module.__name__.startswith("app.models"):
                fields = kind.model_fields.items()
                yield from ((field.title, f"{name}.{own}") for own, field in fields if field.title)


def gather() -> Messages:
    """Everything the house may say in words."""
    found: Messages = {}
    for path in sorted(APP.rglob("*.py")):
        for text, line in in_code(path):
            found.setdefault(text, []).append(f"{path.relative_to(APP)}:{line}")
    for path in sorted((APP / "templates").rglob("*.*")):
        for text, line in in_template(path):
            found.setdefault(text, []).append(f"{path.relative_to(APP)}:{line}")
    for refusal in REFUSALS:
        found.setdefault(getattr(errors, refusal).title, []).append("errors.py")
    for title, place in titles():
        found.setdefault(title, []).append(place)
    for text in members():
        found.setdefault(text, []).append("closed lists")
    return found


def symbolic(msgid: str) -> bool:
    """Whether this is a name (``Ledger.reserve``), which English must translate too, not a sentence."""
    return "." in msgid and " " not in msgid and not msgid.endswith(".")


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is on disk; an empty one if there is none."""
    path = LOCALES / language / "LC_MESSAGES" / "sanzhang.po"
    if not path.exists():
        return Catalog(locale=language, project="sanzhang", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str, said: Messages | None = None) -> list[str]:
    """Msgids that have no translation in ``language``; in English only names need one."""
    words = catalogue(language)
    wanted = (text for text in (said or gather()) if language != "en" or symbolic(text))
    return sorted(text for text in wanted if not (entry := words.get(text)) or not entry.string or entry.fuzzy)


def written() -> set[str]:
    """Whatever stands in the house as text of any kind."""
    found = set(members())
    for path in APP.rglob("*.py"):
        found |= {n.value for n in nodes(path) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    found |= {f"{name}.{member}" for name, kind in closed_lists().items() for member in kind}
    for path in (APP / "templates").rglob("*.*"):
        found |= {text for text, _ in in_template(path)}
    return found


def unused(language: str, found: set[str] | None = None) -> list[str]:
    """Msgids of the catalogue that stand nowhere in the house."""
    used = found or written()
    return sorted(str(entry.id) for entry in catalogue(language) if entry.id and entry.id not in used)


def suspects(said: Messages) -> Iterator[str]:
    """Texts of pages and services that look like sentences and that nothing here says."""
    for folder in ("pages", "services"):
        for path in sorted((APP / folder).rglob("*.py")):
            for text, line in _sentences(path):
                if text not in said:
                    yield f"{path.relative_to(APP)}:{line} {text!r}"


def bring_up_to_date(language: str, said: Messages) -> int:
    """Add what the catalogue lacks, with an empty translation. How many were added."""
    words = catalogue(language)
    lacking = [text for text in missing(language, said) if words.get(text) is None]
    for text in lacking:
        words.add(text, string="")
    if lacking:
        path = LOCALES / language / "LC_MESSAGES" / "sanzhang.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, words, width=0, sort_output=True, no_location=True, omit_header=False)
    return len(lacking)


def main() -> int:
    said, found = gather(), written()
    print(f"{len(said)} words and sentences")
    open_ones = 0
    for language in LANGUAGES:
        added, lacking, idle = bring_up_to_date(language, said), missing(language, said), unused(language, found)
        open_ones += len(lacking)
        print(f"{language}: {added} added, {len(lacking)} not translated, {len(idle)} no longer used")
        for text in lacking:
            print(f"  not translated: {text!r} ({', '.join(said[text][:3])})")
        for text in idle:
            print(f"  not used: {text!r}")
    for place in suspects(said):
        print(f"perhaps meant to be said: {place}")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
