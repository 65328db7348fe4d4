"""Why something about powers cannot be, in sentences that name their field."""

from __future__ import annotations

from app.errors import Problem, Refusal
from app.models import Boundary, Delegation, Power
from app.services import delegations
from app.services.delegating import Cell
from app.words import say, sentence_of

TITLES = {
    name: field.title for model in (Boundary, Power, Delegation) for name, field in model.model_fields.items()
} | {"document": "Document", "on": "Day of the fact", "to": "State of the hand-over"}  # fmt: skip


def named(problem: Problem, language: str) -> str:
    """“Receiving department: needed for this step.”"""
    sentence = sentence_of(problem, language)
    title = TITLES.get(problem.pointer.rsplit("/", 1)[-1])
    return f"{say(title, language)}{say(': ', language)}{sentence}" if title else sentence


def problems_of(refusal: Refusal | None, language: str) -> list[str]:
    """Every problem of a refusal."""
    return [] if refusal is None else [named(problem, language) for problem in refusal.problems]


def reasons(cell: Cell, language: str) -> list[str]:
    """Why this item cannot be given to this zone, or cannot take the step."""
    return [named(delegations.problem(fault), language) for fault in cell.faults]
