"""The rules of the house, read from the syntax trees: who may import whom, where rows are written, what has no place here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
MAY_IMPORT: dict[str, set[str]] = {
    "rules": set(),
    "sheets": {"rules"},
    "demo": {"rules"},
    "models": {"rules"},
    "kept_sql": {"models", "engine"},
    "agreeing": {"rules", "models", "engine"},
    "report_tallies": {"rules", "models", "engine"},
    "tallies": {"rules", "models", "engine", "report_tallies"},
    "differences": {"models"},
    "findable": {"rules", "models", "differences"},
    "laid": {"models", "engine", "kept_sql", "tallies", "differences"},
    "keep": {
        "rules",
        "models",
        "engine",
        "agreeing",
        "kept_sql",
        "report_tallies",
        "tallies",
        "differences",
        "findable",
        "laid",
    },
    "ahead": {"models", "engine", "kept_sql", "report_tallies", "tallies", "differences", "findable", "laid", "keep"},
    "remembered": {"engine"},
    "covered": {"models"},
    "desk": {"rules", "models", "engine", "remembered", "keep", "covered"},
    "services": {"rules", "models", "engine", "desk", "sheets", "demo", "files", "keep"},
}
"""Floor → what it may import of ours besides what everybody may."""
EVERYBODY = {"errors", "settings", "words", "clock", ""}
FACES = ("api", "pages", "worker")


@cache
def modules() -> list[tuple[str, str, ast.Module]]:
    """(floor, path, syntax tree) of every module of the application."""
    found = []
    for path in sorted(APP.rglob("*.py")):
        inside = path.relative_to(APP)
        floor = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        found.append((floor, str(path.relative_to(ROOT)), ast.parse(path.read_text())))
    return found


@pytest.fixture(scope="module", autouse=True)
def trees_let_go() -> Iterator[None]:
    """The syntax trees are let go with the last of these tests: the collector of garbage would walk through them to the end."""
    yield
    modules.cache_clear()


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Which of our floors a module imports, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "app":
            parts = node.module.split(".")[1:]
            for floor in [parts[0]] if parts else [alias.name for alias in node.names]:
                yield floor, node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "app":
                    yield ([*alias.name.split("."), ""])[1], node.lineno


def wrong_imports(floor: str, tree: ast.Module) -> list[tuple[str, int]]:
    if floor in MAY_IMPORT:
        allowed = MAY_IMPORT[floor] | EVERYBODY | {floor}
        return [(f, line) for f, line in imported(tree) if f not in allowed]
    if floor in FACES:
        return [(f, line) for f, line in imported(tree) if f in FACES and f != floor]
    return []


def test_imports_point_in_one_direction() -> None:
    found = [
        f"{path}:{line} imports {what}" for floor, path, tree in modules() for what, line in wrong_imports(floor, tree)
    ]
    assert not found, "\n".join(found)


def test_the_guard_sees_a_rule_that_imports_a_service() -> None:
    assert wrong_imports("rules", ast.parse("from app.services import projects"))
    assert wrong_imports("api", ast.parse("import app.pages.rows"))
    assert not wrong_imports("services", ast.parse("from app.models import Project"))


def calls(tree: ast.Module, *names: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield name, node.lineno


def test_only_the_lanes_commit() -> None:
    found = [
        f"{path}:{line}"
        for floor, path, tree in modules()
        for _, line in calls(tree, "commit")
        if floor not in ("engine", "db")
    ]
    assert not found, "\n".join(found)


KEPT_WRITE = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)", re.IGNORECASE)
CHORES = {
    "job",
    "session",
    "link",
    "throttle",
    "seen",
    "link_seen",
    "notice",
    "delivery",
    "preference",
    "answer",
    "total_at",
    "likeness",
    "compared",
}


def kept_writes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Statements in text that write a table which only the funnel may write."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in KEPT_WRITE.finditer(node.value):
                if match[2].lower() not in CHORES and match[2].lower() not in ("set", "of", "on", "a", "skip"):
                    yield match[2], node.lineno


def test_services_and_faces_write_no_kept_table() -> None:
    found = [
        f"{path}:{line} writes {table}"
        for floor, path, tree in modules()
        if floor in ("services", *FACES)
        for table, line in kept_writes(tree)
    ]
    assert not found, "\n".join(found)
    assert list(kept_writes(ast.parse("x = 'UPDATE project SET name = 1'")))


def test_services_start_no_query_of_their_own() -> None:
    """``desk.select`` narrows to her zones; a bare ``select()`` would not."""
    found = [
        f"{path}:{node.lineno}"
        for floor, path, tree in modules()
        if floor in ("services", *FACES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select"
        and getattr(node.func.value, "id", "") in ("sa", "sqlalchemy")
    ]
    assert not found, "\n".join(found)


def test_below_the_faces_nobody_knows_the_web() -> None:
    below = ("rules", "models", "services", "sheets", "demo", "keep", "desk")
    found = [
        f"{path}:{node.lineno}"
        for floor, path, tree in modules()
        if floor in below
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            (n or "").split(".")[0] in ("fastapi", "starlette", "jinja2")
            for n in (getattr(node, "module", None), *(a.name for a in node.names))
        )
    ]
    assert not found, "\n".join(found)


def test_endpoints_are_async_and_wait_for_no_yield() -> None:
    """A sync endpoint that writes takes a thread of the pool while it waits; enough of them and nobody is served."""
    found = []
    for floor, path, tree in modules():
        if floor not in ("api", "pages"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(_routes(d) for d in node.decorator_list):
                found.append(f"{path}:{node.lineno} {node.name}")
    assert not found, "\n".join(found)


def _routes(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in (
        "get", "post", "put", "patch", "delete",
    )  # fmt: skip


@pytest.mark.parametrize("word", ["utils", "helpers", "schemas", "manager"])
def test_no_file_is_a_drawer_for_everything(word: str) -> None:
    assert not [p for p in APP.rglob("*.py") if word in p.stem]


def test_templates_hold_no_script_and_no_style() -> None:
    """The content security policy would kill them without a word."""
    bad = re.compile(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|<style|hx-on|javascript:", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in APP.rglob("*.html")
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if bad.search(line)
    ]
    assert not found, "\n".join(found)


def test_files_and_functions_stay_small() -> None:
    long = [f"{p.relative_to(ROOT)}" for p in APP.rglob("*.py") if len(p.read_text().splitlines()) > 400]
    assert not long, long
    functions = [
        f"{path}:{node.lineno} {node.name}"
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert not functions, "\n".join(functions)


def on_the_map(folder: str) -> list[str]:
    """The modules that the tables of ``docs/map.md`` name below the heading of a folder."""
    _, _, after = (ROOT / "docs" / "map.md").read_text().partition(f"\n## `app/{folder}")
    tables = (line for line in after.partition("\n## ")[0].splitlines() if line.startswith("|"))
    return [name for line in tables for name in re.findall(r"`(\w+)`", line)]


@pytest.mark.parametrize("folder", ["", "rules/", "services/", "sheets/"])
def test_every_module_has_its_place_on_the_map(folder: str) -> None:
    here = APP / folder
    packages = {path.name for path in here.iterdir() if path.is_dir()}
    modules = sorted(path.stem for path in here.glob("*.py") if path.stem != "__init__")
    assert sorted(name for name in on_the_map(f"{folder}`") if name not in packages) == modules


def test_every_file_that_the_documents_name_is_there() -> None:
    """A path between backticks; ``models/projects.py`` is one below ``app/``."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    named = [
        (path.name, name)
        for path in documents
        for name in re.findall(r"`([\w.-]+/[\w./-]*?(?:\.(?:py|md|html|css|js)|(?<=\w)/))`", path.read_text())
        if not name.startswith(("var/", "screenshots/"))
    ]
    assert len(named) > 20
    assert [found for found in named if not (ROOT / found[1]).exists() and not (APP / found[1]).exists()] == []


def test_nothing_names_this_machine_or_a_registry() -> None:
    hosts = re.compile("pythonh" + r"osted\.|p" + r"ypi\.org|npmj" + r"s\.|deb\.debi" + "an", re.IGNORECASE)
    kinds = ("*.py", "*.toml", "*.lock", "*.md", "*.html", "*.css", "Makefile", "Dockerfile")
    skipped = {".venv", "node_modules", ".git"}
    found = [
        str(p.relative_to(ROOT))
        for kind in kinds
        for p in ROOT.rglob(kind)
        if not skipped & set(p.relative_to(ROOT).parts) and hosts.search(p.read_text(errors="replace"))
    ]
    assert not found, found
