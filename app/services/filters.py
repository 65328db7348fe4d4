"""The filters of a view in words: what a printed ledger says about which projects stand in it."""

from __future__ import annotations

from typing import Any

from app.models import Project
from app.models.base import meta
from app.services.asking import Asked
from app.words import Word, say, word

SIGNS = {"gte": "≥", "lte": "≤", "gt": ">", "lt": "<"}
OTHER_TITLES = {"zone_id": Word("Zone"), "list": Word("List")}


def told_in_words(asked: Asked, language: str) -> str:
    """行业：新材料；灯：滞后；“水泥”. Empty when nothing is filtered."""
    told = [_told(field, operator, value, language) for field, operator, value in asked.filters]
    if asked.q:
        told.append(f"“{asked.q}”")
    return ("；" if language == "zh_CN" else "; ").join(told)


def _told(field: str, operator: str, value: Any, language: str) -> str:
    found = Project.model_fields.get(field)
    title = say(str(found.title) if found is not None and found.title else OTHER_TITLES.get(field, field), language)
    mark = "：" if language == "zh_CN" else ": "
    if operator in ("known", "unknown"):
        return title + mark + say("Filled in" if operator == "known" else "Not filled in", language)
    values = value if isinstance(value, list | tuple) else (value,)
    said = ("、" if language == "zh_CN" else ", ").join(_value(found, v, language) for v in values)
    return f"{title} {SIGNS[operator]} {said}" if operator in SIGNS else title + mark + said


def _value(field: Any, value: Any, language: str) -> str:
    facts = meta(field) if field is not None else {}
    if isinstance(value, bool):
        return say("Yes" if value else "No", language)
    if facts.get("kind") == "choice":
        return word(str(value), facts["codes"], language)
    return str(value)
