"""Forms: what was typed, as text, and the sentences to stand beside it when it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.requests import Request

from app.errors import Conflict, Invalid, NotFound, Refusal
from app.models.base import FOREVER
from app.rules.months import read_month
from app.services.reasons import SAY_WHY
from app.words import say, sentence_of


@dataclass(frozen=True)
class Wrong:
    """A refusal beside a form: one sentence for the whole, and one for each field that is named by a pointer."""

    message: str = ""
    at: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


RIGHT = Wrong()


def wrong(refusal: Refusal, language: str) -> Wrong:
    """What to show of a refusal: a reason that is wanted stands where reasons are typed; problems without a field join
    the sentence for the whole."""
    at: dict[str, str] = {}
    loose = []
    for problem in refusal.problems:
        name = problem.pointer.split("/")[1] if problem.pointer else ""
        if problem.msgid == SAY_WHY:
            name = "reason"
        said = sentence_of(problem, language)
        if name:
            at[name] = f"{at[name]} · {said}" if at.get(name, said) != said else said
        else:
            loose.append(said)
    return Wrong(" ".join([sentence_of(refusal, language), *loose]), at, refusal.status, refusal.headers)


def still_asked(refusal: Refusal, language: str) -> Wrong | None:
    """What a ledger still asks for, beside each field; None where no gate refused."""
    if not isinstance(refusal, Conflict) or "missing" not in refusal.extra:
        return None
    fields = {f for lack in refusal.extra["missing"] for f in lack.get("fields", ())}
    sentence = say("This ledger asks for more before a project may enter it", language)
    return Wrong(sentence, dict.fromkeys(fields, say("Needed to enter this ledger", language)), refusal.status)


async def typed(request: Request) -> FormData:
    """The form that was sent. Text fields only are read by ``text`` and ``texts``; files are somebody else's business."""
    return await request.form()


def text(form: FormData, name: str) -> str:
    """One field as typed; empty when it is missing."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """Every value of a field that may come several times, such as ticked boxes."""
    return [v for v in form.getlist(name) if isinstance(v, str)]


def number(form: FormData, name: str) -> int | None:
    """A whole number of a hidden field or a choice; None when it is empty or none."""
    sent = text(form, name).strip()
    return int(sent) if re.fullmatch(r"\d{1,18}", sent) else None


def count(form: FormData, name: str) -> int | None:
    """A whole number as it was typed; None for a blank. Raises Invalid at its field."""
    found = number(form, name)
    if found is None and text(form, name).strip():
        raise Invalid.one(f"/{name}", "wrong_type", "A whole number is expected")
    return found


def month_of(form: FormData, name: str = "month") -> str:
    """A month as people write it. Raises Invalid at its field."""
    try:
        found = read_month(text(form, name)).value
    except Invalid as refusal:
        raise Invalid.one(f"/{name}", refusal.code, refusal.msgid, **refusal.values) from refusal
    if found is None:
        raise Invalid.one(f"/{name}", "required", "This must be given")
    return str(found)


def path_id(request: Request, name: str = "id") -> int:
    """An id in the address. What cannot be one is simply not there."""
    sent = request.path_params[name]
    if not re.fullmatch(r"[1-9]\d{0,18}", sent) or int(sent) > FOREVER:
        raise NotFound
    return int(sent)


def path_month(request: Request, name: str = "month") -> str:
    """A month in the address, ``2026-06``. What cannot be one is simply not there."""
    sent: str = request.path_params[name]
    if not re.fullmatch(r"(19[5-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])", sent):
        raise NotFound
    return sent
