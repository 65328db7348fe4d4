"""From the parameters of an address to a question about projects. What is declared here is what the document lists."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from app import clock
from app.api import door, paging
from app.api.describing import AT_MONTH, PAGING, param
from app.api.routing import Param
from app.models import Project
from app.models.base import meta
from app.models.types import Day, Month
from app.rules import codes
from app.rules.codes import Ledger
from app.services.asking import UNSORTABLE, Asked
from app.services.records import FIELDS, PLAIN, shape

RANGES = ("gte", "lte", "gt", "lt")
RANGED = ("yuan", "count", "measure", "day", "month", "moment", "ref")
ANYWHERE = (
    "id", "version", "name", "zone", "ledger", "total_investment_yuan", "annual_plan_yuan", "invested_this_year_yuan",
    "invested_to_date_yuan", "planned_start_month", "planned_completion_month", "started_on", "completed_on", "updated_at",
)  # fmt: skip
"""What a list over several ledgers can be sorted by; inside one ledger of one zone any field will do."""
SORTABLE = (*(f for f in PLAIN if f not in UNSORTABLE), "zone", "version")
DAYS, MONTHS = TypeAdapter(Day), TypeAdapter(Month)


def _kind(name: str, model: Any = Project) -> str:
    if name in ("id", "version"):
        return "ref"
    return str(meta(model.model_fields[name]).get("kind"))


def _codes(name: str, model: Any = Project) -> type[StrEnum]:
    found: type[StrEnum] = getattr(codes, str(meta(model.model_fields[name])["codes"]))
    return found


FILTERED = (*(f for f in PLAIN if f not in UNSORTABLE and f != "ledger"), "version")
"""Fields that a list can be filtered by, under their own names; zone, ledger and list have parameters of their own."""
SCHEMAS: dict[str, dict[str, Any]] = {
    "yuan": {"type": "integer"},
    "count": {"type": "integer"},
    "ref": {"type": "integer"},
    "measure": {"type": "number"},
    "day": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": r"^\d{4}-\d\d$"},
    "moment": {"type": "string", "format": "date-time"},
    "flag": {"type": "string", "enum": ["true", "false"]},
    "text": {"type": "string", "maxLength": 200},
}


def _schema(name: str, model: Any = Project) -> dict[str, Any]:
    if _kind(name, model) == "choice":
        return {"type": "string", "enum": [m.value for m in _codes(name, model)]}
    return SCHEMAS[_kind(name, model)]


def filter_params(model: Any = Project, names: tuple[str, ...] = FILTERED) -> list[Param]:
    """The parameters by which a list of these rows can be filtered."""
    found = []
    for name in names:
        found.append(param(name, f"Only where `{name}` is one of these.", _schema(name, model), many=True))
        if _kind(name, model) in RANGED:
            said = [(way, f"Only where `{name}` is {SAID[way]} this.") for way in RANGES]
            found += [param(f"{name}__{way}", sentence, _schema(name, model)) for way, sentence in said]
        found.append(param(f"{name}__known", f"Only where `{name}` is known, or is not.", SCHEMAS["flag"]))
    return found


SAID = {"gte": "at least", "lte": "at most", "gt": "greater than", "lt": "less than"}
ZONES = param("zone", "Code of a zone; may be repeated. Left out: every zone you see.", many=True)
LEDGERS = param(
    "ledger", "Only this ledger; may be repeated.", {"type": "string", "enum": [m.value for m in Ledger]}, many=True
)
Q = param(
    "q", "Words in name, investor or location: two Chinese characters are enough, pinyin or its initials will do."
)
FILTERS = (
    Q,
    param("list", "Only members of the list with this code."),
    param(
        "deleted",
        "Whether deleted ones are left out.",
        {"type": "string", "enum": ["no", "only", "with"], "default": "no"},
    ),
    *filter_params(),
)
SORT = param(
    "sort",
    f"Fields in order, `-` first for falling: `-total_investment_yuan,name`. Anywhere: {', '.join(ANYWHERE)}. Inside one "
    "ledger of one zone any field. Unknown is below every value; ties go by id.",
)
SELECT = param("fields", "Only these fields of each item: `id,name,version`.")
COUNT = param("count", "`exact` adds `count`, the number of all items.", {"type": "string", "enum": ["exact"]})
LISTING = (*PAGING, SORT, SELECT, COUNT, AT_MONTH, *FILTERS)


# ── reading values ───────────────────────────────────────────────────────────────────────────────────────────────────
def _whole(sent: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", sent):
        raise ValueError
    return int(sent)


def _measured(sent: str) -> float:
    value = float(sent)
    if not math.isfinite(value) or not re.fullmatch(r"-?[\d.eE+-]{1,30}", sent):
        raise ValueError
    return value


def _moment(sent: str) -> str:
    parsed = datetime.fromisoformat(sent)
    if parsed.tzinfo is None:
        raise ValueError
    return clock.moment(parsed)


def _text(sent: str) -> str:
    if not 0 < len(sent) <= 200:
        raise ValueError
    return sent


READERS: dict[str, Callable[[str], Any]] = {
    "yuan": _whole,
    "count": _whole,
    "ref": _whole,
    "measure": _measured,
    "day": DAYS.validate_python,
    "month": MONTHS.validate_python,
    "moment": _moment,
    "flag": lambda sent: door.TRUE[sent],
    "text": _text,
}


def _value(parameter: str, name: str, sent: str, model: Any = Project) -> Any:
    kind = _kind(name, model)
    try:
        return _codes(name, model)(sent).value if kind == "choice" else READERS[kind](sent)
    except (ValueError, KeyError, OverflowError, ValidationError) as error:
        raise door.bad_parameter(parameter, "This value cannot be used for {field}", field=name) from error


def filters_sent(
    request: Request, model: Any = Project, names: tuple[str, ...] = FILTERED
) -> dict[tuple[str, str], list[Any]]:
    """(field, operator) → values, as they stand in the address."""
    found: dict[tuple[str, str], list[Any]] = {}
    for parameter, sent in request.query_params.multi_items():
        name, _, way = parameter.partition("__")
        if name not in names:
            continue
        if way == "known":
            known = _value(parameter, "pending", sent)
            found[(name, "known" if known else "unknown")] = [None]
        else:
            found.setdefault((name, way or "eq"), []).append(_value(parameter, name, sent, model))
    return found


def filters(request: Request) -> tuple[tuple[str, str, Any], ...]:
    """The filters of an address, in one order whatever order they came in."""
    found = filters_sent(request)
    code = request.query_params.get("list")
    if code is not None:
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,40}", code):
            raise door.bad_parameter("list", "This value cannot be used for {field}", field="list")
        found[("lists", "list")] = [f'"{code}"']
    return in_order(found)


def in_order(found: dict[tuple[str, str], list[Any]]) -> tuple[tuple[str, str, Any], ...]:
    """Filters as a question takes them: several values of a field are one filter."""
    several = {(n, "in" if w == "eq" and len(v) > 1 else w): tuple(sorted(set(v))) for (n, w), v in found.items()}
    return tuple((n, w, v if w == "in" else v[0]) for (n, w), v in sorted(several.items()))


def question(
    request: Request,
    *,
    zone: str | None = None,
    ledger: str | None = None,
    sort: tuple[str, ...] = (),
    seq: int | None = None,
) -> Asked:
    """What is asked. ``zone`` and ``ledger`` are those of the path; ``sort`` is the order when none is asked for."""
    sent = request.query_params
    zones = (zone,) if zone else tuple(sorted(set(sent.getlist("zone")))) or None
    asked = filters(request)
    if ledger is None:
        wanted = tuple(sorted({_ledger(said) for said in sent.getlist("ledger")}))
        ledger = wanted[0] if len(wanted) == 1 else None
        asked = (*asked, ("ledger", "in", wanted)) if len(wanted) > 1 else asked
    if sent.get("deleted", "no") not in ("no", "only", "with"):
        raise door.bad_parameter("deleted", "Choose one of: {choices}", choices="no, only, with")
    return Asked(
        zones=zones,
        ledger=ledger,
        filters=asked,
        q=words(request),
        sort=_order(request, one=ledger is not None and zones is not None and len(zones) == 1) or sort,
        limit=paging.limit(request),
        cursor=sent.get("cursor"),
        deleted=sent.get("deleted", "no"),
        seq=seq,
    )


def _ledger(said: str) -> str:
    try:
        return Ledger(said).value
    except ValueError as error:
        raise door.bad_parameter("ledger", "Choose one of: {choices}", choices=", ".join(Ledger)) from error


def words(request: Request) -> str | None:
    """The words searched for; blank is none."""
    sent = request.query_params.get("q", "").strip()
    if len(sent) > 100:
        raise door.bad_parameter("q", "At most {most} characters", most=100)
    return sent or None


def _order(request: Request, *, one: bool) -> tuple[str, ...]:
    sent = request.query_params.get("sort")
    if sent is None:
        return ()
    said = tuple(sent.split(","))
    names = [s.removeprefix("-") for s in said]
    allowed = SORTABLE if one else ANYWHERE
    wrong = [n for n in names if n not in allowed]
    if wrong or len(set(names)) != len(names) or len(names) > 5:
        raise door.bad_parameter("sort", "It cannot be sorted by {field}", field=(wrong or names)[0][:80])
    return said


def chosen(request: Request) -> tuple[str, ...] | None:
    """The fields asked for, None for all."""
    sent = request.query_params.get("fields")
    if sent is None:
        return None
    names = tuple(dict.fromkeys(sent.split(",")))
    wrong = [n for n in names if n not in FIELDS]
    if wrong:
        raise door.bad_parameter("fields", "There is no field {field}", field=wrong[0][:80])
    return shape(names).fields
