"""What a field of a project is called and what it is, for sentences and previews about it."""

from __future__ import annotations

from typing import Any

from app.models import Project
from app.models.base import meta
from app.words import say


def title(name: str, language: str) -> str:
    """What a field of a project is called."""
    found = Project.model_fields.get(name)
    return say(str(found.title), language) if found is not None and found.title else name


def kind_of(name: str) -> dict[str, Any]:
    """Kind, unit and codes of a field of a project."""
    found = Project.model_fields.get(name)
    return meta(found) if found is not None else {}
