"""What may be granted to whom: never a role or a zone that the giver may not give, never to herself."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from app.desk import Desk
from app.errors import Forbidden, Invalid, Problem
from app.models import Zone
from app.rules import access
from app.rules.access import Role


def zone_codes(desk: Desk) -> dict[int, str]:
    """Code of every zone by its id, in the order of the codes."""
    return dict(
        desk.select(
            Zone,
            "zone codes",
            lambda q, t: q.order_by(t.c.code),
            columns=("id", "code"),
        )
    )


def zone_names(desk: Desk) -> list[tuple[str, str]]:
    """Code and name of every zone, to choose from."""
    return desk.select(Zone, "zone names", lambda q, t: q.order_by(t.c.code), columns=("code", "name"))


def zones_for(desk: Desk, role: Role, codes: Iterable[str]) -> str:
    """The zones a role is to be held for, as they are stored. Raises Invalid for codes that she does not see."""
    if role in access.EVERY_ZONE:
        return "[]"
    ids = {code: id_ for id_, code in zone_codes(desk).items()}
    chosen = list(dict.fromkeys(codes))
    unknown = [c for c in chosen if c not in ids]
    if unknown:
        raise Invalid(
            problems=[Problem("/zones", "unknown_zone", "There is no zone {zone}", {"zone": c}) for c in unknown]
        )
    if not chosen and role in access.BY_ZONE:
        raise Invalid.one("/zones", "required", "This role is held for at least one zone")
    return orjson.dumps(sorted(ids[c] for c in chosen)).decode()


def check(desk: Desk, role: Role, zones: str) -> None:
    """May the person at the desk grant this role for these zones? Raises Forbidden."""
    if not access.may_grant(desk.actor.role, role):
        raise Forbidden("You may not grant this role", code="may_not_grant")
    if not desk.actor.everywhere and (access.reaches_all(role, orjson.loads(zones)) or not _within(desk, zones)):
        raise Forbidden("You may not grant more zones than you have", code="may_not_grant")


def _within(desk: Desk, zones: str) -> bool:
    return all(desk.actor.sees(id_) for id_ in orjson.loads(zones))


def readable(stored: str, codes: dict[int, str]) -> list[str]:
    """Stored zone ids as codes; those that are gone are left out."""
    return [codes[id_] for id_ in orjson.loads(stored) if id_ in codes]
