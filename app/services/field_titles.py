"""What a field of a project is called and what it is, for sentences and previews about it."""

from __future__ import annotations

from typing import Any

from app.models import Project, Report
from app.models.base import meta
from app.words import say

REPORTED = "report."
"""How the values of a row that belong to a month's report are named."""


def title(name: str, language: str) -> str:
    """What a field of a project is called."""
    if (told := told_parts(name)) is not None:
        return f"{told[0]} {say(str(Report.model_fields[told[1]].title), language)}"
    found = Project.model_fields.get(name)
    return say(str(found.title), language) if found is not None and found.title else name


def kind_of(name: str) -> dict[str, Any]:
    """Kind, unit and codes of a field of a project."""
    told = told_parts(name)
    found = Report.model_fields.get(told[1]) if told else Project.model_fields.get(name)
    return meta(found) if found is not None else {}


def told_parts(name: str) -> tuple[str, str] | None:
    """Month and field of ``report.2026-08.invested_yuan``; None for a field of the project itself."""
    if not name.startswith(REPORTED):
        return None
    month, _, field = name.removeprefix(REPORTED).partition(".")
    return month, field
