"""From the parameters of an address to a question about leads. What is declared here is what the document lists."""

from __future__ import annotations

from starlette.requests import Request

from app.api import door, paging
from app.api.describing import PAGING, param
from app.api.questions import COUNT, SELECT, ZONES, filter_params, filters_sent, in_order, words
from app.models import Lead
from app.models.base import BY_MODEL, meta
from app.services.asking import Asked
from app.services.lead_records import FIELDS, PLAIN

HIDDEN = BY_MODEL[Lead].private | {"code_name"}
FILTERED = (*(n for n in PLAIN if n not in HIDDEN and not meta(Lead.model_fields[n]).get("long")), "version")
"""Fields a list can be filtered by. None that is guarded: nobody learns a name by asking for it."""
SORTABLE = (*FILTERED, "name", "zone")
IDLE = {"type": "string", "enum": ["green", "yellow", "red"]}
LEADS = (
    ZONES,
    *PAGING,
    param("sort", f"Fields in order, `-` first for falling: `-registered_on,name`. One of: {', '.join(SORTABLE)}."),
    SELECT,
    COUNT,
    param(
        "q", "Words in name, code name, investor or place: two characters are enough, pinyin or its initials will do."
    ),
    param("light", "By the months without progress.", IDLE),
    param(
        "deleted",
        "Whether deleted ones are left out.",
        {"type": "string", "enum": ["no", "only", "with"], "default": "no"},
    ),
    *filter_params(Lead, FILTERED),
)


def question(request: Request, seq: int | None) -> Asked:
    """What is asked of the leads, but for the light, which hangs on the clock."""
    sent = request.query_params
    deleted = sent.get("deleted", "no")
    if deleted not in ("no", "only", "with"):
        raise door.bad_parameter("deleted", "Choose one of: {choices}", choices="no, only, with")
    return Asked(
        zones=tuple(sorted(set(sent.getlist("zone")))) or None,
        filters=in_order(filters_sent(request, Lead, FILTERED)),
        q=words(request),
        sort=_order(sent.get("sort")),
        limit=paging.limit(request),
        cursor=sent.get("cursor"),
        deleted=deleted,
        seq=seq,
        noun="lead",
    )


def _order(sent: str | None) -> tuple[str, ...]:
    said = tuple(sent.split(",")) if sent is not None else ()
    names = [one.removeprefix("-") for one in said]
    wrong = [name for name in names if name not in SORTABLE]
    if wrong or len(set(names)) != len(names) or len(names) > 5:
        raise door.bad_parameter("sort", "It cannot be sorted by {field}", field=(wrong or names)[0][:80])
    return said


def light(request: Request) -> str | None:
    """The colour asked for."""
    sent = request.query_params.get("light")
    if sent is not None and sent not in IDLE["enum"]:
        raise door.bad_parameter("light", "Choose one of: {choices}", choices="green, yellow, red")
    return sent


def chosen(request: Request) -> tuple[str, ...]:
    """The members of a lead that are asked for; all when none is named."""
    sent = request.query_params.get("fields")
    names = tuple(dict.fromkeys(sent.split(","))) if sent is not None else FIELDS
    wrong = [n for n in names if n not in FIELDS]
    if wrong:
        raise door.bad_parameter("fields", "There is no field {field}", field=wrong[0][:80])
    return names
