"""One-time links instead of default passwords: bound to one account and one purpose, they run out, and are spent once.

Looking at a link never spends it: mail programs and messengers fetch every address they see.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app import clock
from app.desk import Actor
from app.engine import Link, Sql
from app.errors import NotFound, Unauthenticated
from app.services import identity
from app.services.identity import digest
from app.words import Word


class Purpose(StrEnum):
    SET_PASSWORD = "set_password"
    SIGN_IN = "sign_in"


HOURS = {Purpose.SET_PASSWORD: 72, Purpose.SIGN_IN: 24}
OVER = Word("This link has been used or has run out; please ask for a new one")

MAKE = Sql(
    "INSERT INTO link (token_hash, account_id, purpose, expires_at) VALUES (:hash, :account_id, :purpose, :until)"
)
LOOK = Sql(
    "SELECT l.account_id, l.purpose, a.name, a.login FROM link l JOIN account a ON a.id = l.account_id "
    "WHERE l.token_hash = :hash AND l.spent_at IS NULL AND l.expires_at > :now AND a.deleted_at IS NULL"
)
SPEND = Sql(
    "UPDATE link SET spent_at = :now WHERE token_hash = :hash AND purpose = :purpose AND spent_at IS NULL "
    "AND expires_at > :now RETURNING account_id"
)
SPEND_ALL = Sql("UPDATE link SET spent_at = :now WHERE account_id = :account_id AND spent_at IS NULL")
SWEEP = Sql("DELETE FROM link WHERE expires_at < :now")


def make(link: Link, account_id: int, purpose: Purpose, token: str) -> str:
    """Keep a new link's hash; the moment when it runs out. Links of the same account made before stay good."""
    until = clock.later(HOURS[purpose] * 3600)
    link.run(SWEEP, {"now": clock.moment()})
    link.run(
        MAKE,
        {
            "hash": digest(token),
            "account_id": account_id,
            "purpose": purpose.value,
            "until": until,
        },
    )
    return until


def look(link: Link, token: str) -> dict[str, Any]:
    """Whom the link is for and what it does, without spending it. Raises NotFound when it is over."""
    row = link.row(LOOK, {"hash": digest(token), "now": clock.moment()})
    if row is None:
        raise NotFound(OVER, code="link_over")
    return dict(zip(("account_id", "purpose", "name", "login"), row, strict=True))


def spend(link: Link, token: str, purpose: Purpose) -> int:
    """Spend the link, once, whoever else tries at the same moment; the account it was for."""
    rows = link.rows(SPEND, {"hash": digest(token), "purpose": purpose.value, "now": clock.moment()})
    if not rows:
        raise NotFound(OVER, code="link_over")
    return int(rows[0][0])


def spend_all(link: Link, account_id: int) -> None:
    """All open links of an account are over: her password was set, or she was disabled."""
    link.run(SPEND_ALL, {"account_id": account_id, "now": clock.moment()})


def by_link(token: str) -> Any:
    """How to recognise somebody by her unspent link: good for the one act that spends it."""

    def identify(link: Link) -> Actor:
        try:
            actor: Actor = identity.by_account(look(link, token)["account_id"])(link)
        except Unauthenticated as error:
            raise NotFound(error.msgid, code="link_over", **error.values) from error
        return actor

    return identify
