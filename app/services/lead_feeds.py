"""Next steps as a list, and as a calendar that other programs fetch by a secret address.

The address holds a token of which only the hash is kept, as a choice of its owner; making a new one or taking it back ends
the old. Whoever fetches it reads with her zones, but is never told a confidential name: the address may lie anywhere.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from typing import Any

from app.desk import Actor, Desk
from app.engine import Link
from app.errors import NotFound, Unauthenticated
from app.rules.access import Act, Role
from app.rules.ics import Event, calendar
from app.services import follow_ups, identity, preferences
from app.services.records import zone_codes
from app.words import Word, say

Record = dict[str, Any]
KEPT_AS = "steps.feed"
OVER = Word("This calendar's address has ended; its owner can make a new one")


def steps(desk: Desk, whose: str) -> list[Record]:
    """Open next steps, soonest first: hers (``mine``), or those of all leads that she sees (``all``)."""
    found = follow_ups.open_steps(desk, by=desk.actor.name if whose == "mine" else None)
    codes = zone_codes(desk.link, {s["zone_id"] for s in found})
    return [{**s, "zone": codes[s["zone_id"]]} for s in found]


# ── the secret address ───────────────────────────────────────────────────────────────────────────────────────────────
def has_feed(desk: Desk) -> bool:
    """Has she an address at present?"""
    return preferences.read(desk, KEPT_AS) is not None


def renew(link: Link, account_id: int) -> str:
    """A new secret address; the one before ends. A chore."""
    token = f"{account_id}-{secrets.token_urlsafe(24)}"
    preferences.write(link, account_id, KEPT_AS, identity.digest(token))
    return token


def revoke(link: Link, account_id: int) -> None:
    """No address any more. A chore."""
    preferences.write(link, account_id, KEPT_AS, None)


def by_feed(token: str) -> Any:
    """How to recognise who fetches a calendar: its owner, as a program that only reads. Raises NotFound when it has ended."""
    account, _, _ = token.partition("-")

    def identify(link: Link) -> Actor:
        if not account.isdecimal() or len(account) > 15:
            raise NotFound(OVER, code="link_over")
        kept = link.value(preferences.READ, {"account": int(account), "name": KEPT_AS})
        if kept is None or not hmac.compare_digest(kept, f'"{identity.digest(token)}"'):
            raise NotFound(OVER, code="link_over")
        try:
            owner: Actor = identity.by_account(int(account))(link)
        except Unauthenticated as ended:
            raise NotFound(OVER, code="link_over") from ended
        if not owner.may(Act.LEAD_READ):
            raise NotFound(OVER, code="link_over")
        return replace(owner, role=Role.KEY_READ, zone_ids=None if owner.everywhere else owner.zone_ids)

    return identify


def feed(desk: Desk, whose: str, public_url: str) -> str:
    """Her next steps as a calendar."""
    events = [
        Event(
            uid=f"follow-up-{s['id']}@sanzhang",
            day=s["next_step_on"],
            summary=say("{lead}: {step}", desk.language, lead=s["lead"]["name"], step=s["next_step"] or say("next step", desk.language)),
            stamp=s["created_at"],
            sequence=s["version"],
            description=s["next_step_by"] or s["lead"]["keeper"] or "",
            url=f"{public_url}/leads/{s['lead_id']}",
        )
        for s in steps(desk, whose)
        if s["next_step_on"] is not None
    ]  # fmt: skip
    return calendar(say("Next steps of {name}", desk.language, name=desk.actor.name), events)
