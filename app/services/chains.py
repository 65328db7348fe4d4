"""The approval chains in force as kept data: those that are shipped, or the city's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from app.desk import Desk
from app.errors import Invalid, Problem
from app.models import Setting
from app.models.case_shapes import ChainsEdit
from app.models.checking import check
from app.rules.access import Act
from app.rules.cases import PROCEDURES
from app.rules.chains import CHAINS_KEY, CONDITION_FIELDS, in_order, step_keys, step_names
from app.rules.names import name_key
from app.services import reasons
from app.services.entering import chains, setting_row
from app.words import LANGUAGES, say

Record = dict[str, Any]


def keys(desk: Desk) -> frozenset[str]:
    """The keys of the steps in force."""
    return step_keys(chains(desk))


def names(desk: Desk) -> dict[str, str]:
    """What each step is called in the reader's language; a name that the city wrote stays as it is."""
    return {key: say(name, desk.language) for key, name in step_names(chains(desk)).items()}


def served(desk: Desk) -> dict[str, str]:
    """What the steps are called that items of the catalogue serve, under the keys by which items name them: a filing and
    an approval are one step of a project, and two matters of the office."""
    return {key: say(name, desk.language) for key, name in step_names(chains(desk), "served_as").items()}


def spelled(desk: Desk) -> dict[str, str]:
    """Every spelling of such a step, folded → its key: the key itself, and its name in either language."""
    named = step_names(chains(desk), "served_as")
    words = {name_key(say(name, language)): key for key, name in named.items() for language in LANGUAGES}
    return words | {name_key(key): key for key in named}


def read(desk: Desk) -> Record:
    """The chains for who may read the register, with their version (0: as shipped)."""
    desk.ask(Act.REGISTER_READ)
    row = setting_row(desk, CHAINS_KEY)
    return {
        "chains": {name: chain["steps"] for name, chain in chains(desk).items()},
        "version": row.since if row else 0,
    }


def put(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Change the steps of the classes given; the others stay. Cases that were entered keep their steps.

    Raises Invalid for steps that wait for each other or for one that is not there, and where one of the five procedures
    that the class had would be gone.
    """
    desk.ask(Act.SETTING_AMEND)
    given = check(ChainsEdit, reasons.take(desk, values))["chains"]
    made = {name: [_plain(step) for step in steps] for name, steps in given.items()}
    if problems := [p for name, steps in made.items() for p in _problems(desk, name, steps)]:
        raise Invalid(problems=problems)
    if not made:
        return read(desk)
    row = setting_row(desk, CHAINS_KEY) or Setting(key=CHAINS_KEY, value="{}")
    if row.id is not None:
        desk.current(row, version)
    known = orjson.loads(row.value)
    kept = {**known, **{name: {"steps": steps} for name, steps in made.items()}}
    row.value = orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
    desk.keep(row)
    return read(desk)


def _plain(step: Record) -> Record:
    """A step as it is kept: every member there, conditions by the names of the field."""
    usual = {"after": [], "applies": "always", "reserved": False, "needs_decision": True, "clock": "firm",
             "statutory_days": None, "promised_days": None}  # fmt: skip
    found = {**usual, **step}
    found["served_as"] = found.get("served_as") or found["key"]
    if isinstance(found["applies"], list):
        named = [{"field": c["field"], "is": c.get("is_"), "from": c.get("from_")} for c in found["applies"]]
        found["applies"] = [{n: v for n, v in c.items() if v is not None} for c in named]
    return found


def _problems(desk: Desk, name: str, steps: list[Record]) -> list[Problem]:
    where, found = f"/chains/{name}", list[Problem]()
    keys_ = [step["key"] for step in steps]
    for n, step in enumerate(steps):
        if step["key"] in keys_[:n]:
            found.append(Problem(f"{where}/{n}/key", "taken", "This step stands in the chain already"))
        for key in step["after"]:
            if key not in keys_:
                found.append(
                    Problem(f"{where}/{n}/after", "not_found", "There is no step {key} in this chain", {"key": key})
                )
        if isinstance(step["applies"], list):
            found += _unaskable(f"{where}/{n}/applies", step["applies"])
    if not found and in_order(steps) is None:
        found.append(Problem(where, "crossed", "Steps of this chain wait for each other"))
    had = {step["key"] for step in chains(desk)[name]["steps"]}
    for key in PROCEDURES:
        if key in had and key not in keys_:
            found.append(
                Problem(
                    where, "procedure_gone", "{key} is one of the five procedures and stays in the chain", {"key": key}
                )
            )
    return found


def _unaskable(where: str, conditions: list[Record]) -> list[Problem]:
    return [problem for n, condition in enumerate(conditions) for problem in _never_met(f"{where}/{n}", condition)]


def _never_met(where: str, condition: Record) -> list[Problem]:
    """Why a condition can never be met: another field, both ways or none, or a value that the field cannot have."""
    if condition["field"] not in CONDITION_FIELDS:
        return [_choose(f"{where}/field", sorted(CONDITION_FIELDS))]
    values = CONDITION_FIELDS[condition["field"]]
    if ("is" in condition) == ("from" in condition):
        return [Problem(where, "half_a_condition", "Say either which values, or from which number on")]
    if values is None:
        number = Problem(f"{where}/is", "a_number", "This field is a number: say from which one on")
        return [number] if "is" in condition else []
    if "from" in condition:
        return [Problem(f"{where}/from", "not_a_number", "This field is not a number")]
    return [_choose(f"{where}/is/{n}", values) for n, value in enumerate(condition["is"]) if value not in values]


def _choose(where: str, choices: Iterable[Any]) -> Problem:
    said = ", ".join(str(choice).lower() if isinstance(choice, bool) else choice for choice in choices)
    return Problem(where, "not_in_list", "Choose one of: {choices}", {"choices": said})
