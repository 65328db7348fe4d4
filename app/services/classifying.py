"""Industries as they were typed that the city's list does not know (未归类), and their assignment to one it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from app.desk import Desk
from app.errors import Invalid
from app.models import Project
from app.rules.access import Act
from app.services import industries, ledgers, zones
from app.services.asking import Asked
from app.services.projects import guard_fields

UNRESOLVED = ("industry_code", "unknown", None)
MOST_TEXTS = 100


def unresolved(desk: Desk, asked: Asked) -> list[dict[str, Any]]:
    """Every text that the list does not know among the projects asked for: ``text, count, near`` (the entry that looks
    most like it, or None); most frequent first."""
    desk.ask(Act.REGISTER_READ)
    known = [str(i["name"]) for i in industries.list_(desk)]
    found = ledgers.choices(desk, replace(asked, filters=(*asked.filters, UNRESOLVED)), "industry")
    return [
        {"text": text, "count": count, "near": next(iter(get_close_matches(text, known, 1, 0.3)), None)}
        for text, count in found[:MOST_TEXTS]
        if text
    ]


def assign(desk: Desk, asked: Asked, names: Mapping[str, str]) -> int:
    """Give the projects asked for whose industry reads like a key of ``names`` the industry it stands for, as one act;
    how many. Raises Invalid for one that the list does not have, Forbidden."""
    for zone in asked.zones or ():
        desk.ask(Act.PROJECT_AMEND, zones.id_of(desk, zone))
    rows: list[Project] = []
    for text, name in names.items():
        code = industries.code_of(desk, name)
        if code is None:
            raise Invalid.one("/industry", "no_such_industry", "There is no such industry in the city's list")
        for project in _of(desk, asked, text):
            desk.ask(Act.PROJECT_AMEND, project.zone_id)
            project.industry, project.industry_code = name, code
            rows.append(project)
    guard_fields(desk, ["industry"])
    desk.ask(Act.PROJECT_AMEND)
    desk.keep(rows)
    return len(rows)


def _of(desk: Desk, asked: Asked, text: str) -> list[Project]:
    filters = (*asked.filters, UNRESOLVED, ("industry", "eq", text))
    return ledgers.rows(desk, replace(asked, filters=filters))
