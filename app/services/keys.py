"""API keys: programs that call, each with a scope, zones and perhaps a last day. A key is shown once; its hash is kept."""

from __future__ import annotations

import secrets
from typing import Any

from app.desk import Desk
from app.engine import Sql
from app.errors import Invalid, Problem
from app.models import ApiKey
from app.models.accounts import KeyNew
from app.models.checking import check
from app.rules import access
from app.rules.access import Act, Role
from app.services import granting
from app.services.identity import digest

PREFIX = "sz_"
SHOWN = (
    "id",
    "name",
    "role",
    "zones",
    "expires_on",
    "created_at",
    "deleted_at",
    "since",
)
SEEN = Sql("SELECT key_id, at FROM seen")


def new_token() -> str:
    """A key nobody can guess: 256 random bits behind a prefix that secret scanners can find."""
    return PREFIX + secrets.token_urlsafe(32)


def list_(desk: Desk) -> list[dict[str, Any]]:
    """All keys, those that still open first; ``seen_at`` is exact to a minute."""
    desk.ask(Act.ACCOUNT_READ)
    seen = dict(desk.link.rows(SEEN))
    codes = granting.zone_codes(desk)
    found = desk.select(
        ApiKey,
        "keys",
        lambda q, t: q.order_by(t.c.deleted_at.is_not(None), t.c.id.desc()),
        columns=SHOWN,
        deleted="with",
    )
    return [_record(values, codes) | {"seen_at": seen.get(values[0])} for values in found]


def page(desk: Desk) -> dict[str, Any]:
    """All keys, and what may be chosen for a new one."""
    roles = [r.value for r in access.KEY_ROLES if access.may_grant(desk.actor.role, r)]
    return {
        "keys": list_(desk),
        "roles": roles if desk.may(Act.KEY_CREATE) else [],
        "zones": granting.zone_names(desk),
        "may_revoke": desk.may(Act.KEY_REVOKE),
    }


def create(desk: Desk, facts: dict[str, Any], token: str) -> dict[str, Any]:
    """Keep a new key by its hash. ``facts`` as in ``KeyNew``. Raises Invalid and Forbidden (may not grant)."""
    desk.ask(Act.KEY_CREATE)
    given = check(KeyNew, facts)
    role = Role(given["role"])
    problems = []
    if role not in access.KEY_ROLES:
        problems.append(
            Problem(
                "/role",
                "not_in_list",
                "Choose one of: {choices}",
                {"choices": ", ".join(access.KEY_ROLES)},
            )
        )
    if given.get("expires_on") and given["expires_on"] < desk.today:
        problems.append(Problem("/expires_on", "past", "This day has passed"))
    if problems:
        raise Invalid(problems=problems)
    given["zones"] = granting.zones_for(desk, role, given.get("zones") or [])
    granting.check(desk, role, given["zones"])
    row = ApiKey(**given, key_hash=digest(token))
    desk.keep(row)
    values = tuple(getattr(row, name) for name in SHOWN)
    return _record(values, granting.zone_codes(desk))


def revoke(desk: Desk, id_: int) -> dict[str, Any]:
    """The key opens nothing from now on, in every process."""
    row = desk.get(ApiKey, id_, to=Act.KEY_REVOKE)
    row.deleted_at = desk.book.at if desk.book else None
    desk.keep(row)
    return {"id": id_, "revoked": True}


def _record(values: tuple[Any, ...], codes: dict[int, str]) -> dict[str, Any]:
    record = dict(zip(SHOWN, values, strict=True))
    record["version"] = record.pop("since")
    record["everywhere"] = record["zones"] == "[]"
    record["zones"] = granting.readable(record["zones"], codes)
    record["revoked"] = record.pop("deleted_at") is not None
    return record
