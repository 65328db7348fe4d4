"""Who may sign in, as what, for which zones, from when until when. Accounts are kept nouns: every change has a history.

Secrets are made by the faces, before an act begins, and kept as hashes; no answer of a service holds one, so none can be
stored under an idempotency key or stand in history.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import sqlalchemy as sa

from app import words
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Account, Person, Unit
from app.models.accounts import AccountEdit
from app.models.checking import check
from app.rules import access
from app.rules.access import Act, Role
from app.services import granting, links, sessions
from app.services.links import Purpose

RIGHTS = ("role", "zones", "from_on", "until_on")
"""What nobody changes about her own account."""
MOST = 2000
"""People that one list of choices can hold."""
SHOWN = (
    "id",
    "login",
    "name",
    "role",
    "zones",
    "unit_id",
    "person_id",
    "locale",
    "from_on",
    "until_on",
    "link_at",
    "email",
    "since",
)


def folded(login: str) -> str:
    """A sign-in name in its one form: no blanks, no capitals, no full-width letters."""
    return "".join(unicodedata.normalize("NFKC", login).casefold().split())


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def list_(desk: Desk) -> list[dict[str, Any]]:
    """All accounts, those that may sign in first, by role and name."""
    desk.ask(Act.ACCOUNT_READ)
    found = desk.select(
        Account,
        "accounts",
        lambda q, t: q.order_by(t.c.deleted_at.is_not(None), t.c.role, t.c.login),
        columns=_columns,
        deleted="with",
    )
    codes, units = granting.zone_codes(desk), _units(desk)
    return [_record(values, codes, units) for values in found]


def read(desk: Desk, id_: int) -> dict[str, Any]:
    """One account, disabled ones too."""
    desk.get(Account, id_, to=Act.ACCOUNT_READ, deleted=True)
    return _one(desk, id_)


def own(desk: Desk) -> dict[str, Any]:
    """The account of the person at the desk."""
    desk.ask(Act.ACCOUNT_OWN)
    return _one(desk, desk.actor.id or 0)


def form(desk: Desk, id_: int | None) -> dict[str, Any]:
    """What the form of an account needs: the account (None: a new one) and what may be chosen in it."""
    desk.ask(Act.ACCOUNT_READ)
    account = read(desk, id_) if id_ is not None else None
    if account is None:
        desk.ask(Act.ACCOUNT_CREATE)
    roles = grantable(desk)
    if account and account["role"] not in roles:
        roles.append(account["role"])
    units = _units(desk)
    persons = desk.select(
        Person, "choices", lambda q, t: q.order_by(t.c.name, t.c.id).limit(MOST), columns=("id", "name", "unit_id")
    )
    return {
        "account": account,
        "roles": roles,
        "zones": granting.zone_names(desk),
        "units": list(units.items()),
        "persons": [
            (id_, f"{name} · {units[unit_id]}" if unit_id in units else name) for id_, name, unit_id in persons
        ],
        "may_amend": desk.may(Act.ACCOUNT_AMEND),
        "may_disable": desk.may(Act.ACCOUNT_DISABLE),
        "own": account is not None and account["id"] == desk.actor.id,
    }


def grantable(desk: Desk) -> list[str]:
    """Roles of people that she may hand out."""
    return [r.value for r in access.PERSON_ROLES if access.may_grant(desk.actor.role, r)]


def _one(desk: Desk, id_: int) -> dict[str, Any]:
    found = desk.select(
        Account,
        "account",
        lambda q, t: q.where(t.c.id == sa.bindparam("id")),
        {"id": id_},
        columns=_columns,
        deleted="with",
    )
    if not found:
        raise NotFound
    return _record(found[0], granting.zone_codes(desk), _units(desk))


def _columns(table: Any) -> list[Any]:
    return [
        *(table.c[n] for n in SHOWN),
        table.c.password_hash.is_not(None),
        table.c.deleted_at.is_not(None),
    ]


def _record(values: tuple[Any, ...], codes: dict[int, str], units: dict[int, str]) -> dict[str, Any]:
    record = dict(zip((*SHOWN, "has_password", "disabled"), values, strict=True))
    record["version"] = record.pop("since")
    record["everywhere"] = access.reaches_all(Role(record["role"]), record["zones"] != "[]")
    record["zones"] = granting.readable(record["zones"], codes)
    record["unit"] = units.get(record["unit_id"])
    record["has_password"], record["disabled"] = (
        bool(record["has_password"]),
        bool(record["disabled"]),
    )
    return record


def _units(desk: Desk) -> dict[int, str]:
    return dict(
        desk.select(
            Unit,
            "unit names",
            lambda q, t: q.order_by(t.c.name, t.c.id),
            columns=("id", "name"),
            deleted="with",
        )
    )


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def create(desk: Desk, facts: dict[str, Any], *, token: str | None = None) -> dict[str, Any]:
    """A new account; with ``token`` also the one-time link by which its holder sets her password.

    ``facts`` as in ``AccountEdit``. Raises Invalid, Forbidden (may not grant), Conflict (the sign-in name is taken).
    """
    desk.ask(Act.ACCOUNT_CREATE)
    given = _checked(desk, check(AccountEdit, facts))
    granting.check(desk, Role(given["role"]), given["zones"])
    _free(desk, given["login"], None)
    row = Account(**given)
    if token:
        row.link_at = desk.book.at if desk.book else None
    desk.keep(row)
    if token:
        links.make(desk.link, row.id or 0, Purpose.SET_PASSWORD, token)
    return _one(desk, row.id or 0)


def amend(desk: Desk, id_: int, edit: dict[str, Any], *, version: int | None) -> dict[str, Any]:
    """Change an account; ``edit`` holds only what changes. Rights that change end no session: they hold from now on.

    Raises Forbidden for one's own rights and for what may not be granted, Conflict for the last administrator.
    """
    row = desk.get(Account, id_, to=Act.ACCOUNT_AMEND)
    desk.current(row, version)
    before = {name: getattr(row, name) for name in RIGHTS}
    facts = {
        "role": row.role,
        "zones": granting.readable(row.zones, granting.zone_codes(desk)),
    } | edit
    given = _checked(desk, check(AccountEdit, facts, partial=True))
    for name, value in given.items():
        setattr(row, name, value)
    _free(desk, row.login, id_)
    if any(getattr(row, name) != before[name] for name in RIGHTS):
        _not_herself(desk, id_)
        granting.check(desk, Role(row.role), row.zones)
        granting.check(desk, Role(before["role"]), before["zones"])
    desk.keep(row)
    if before["role"] == Role.ADMINISTRATOR:
        _still_administered(desk)
    return _one(desk, id_)


def disable(desk: Desk, id_: int, *, version: int | None = None) -> dict[str, Any]:
    """Nobody signs in with this account any more; open sessions and links end with it."""
    row = desk.get(Account, id_, to=Act.ACCOUNT_DISABLE)
    desk.current(row, version)
    _not_herself(desk, id_)
    row.deleted_at = desk.book.at if desk.book else None
    desk.keep(row)
    if row.role == Role.ADMINISTRATOR:
        _still_administered(desk)
    sessions.end_all(desk.link, id_)
    links.spend_all(desk.link, id_)
    return _one(desk, id_)


def restore(desk: Desk, id_: int, *, version: int | None = None) -> dict[str, Any]:
    """Let a disabled account sign in again, with the password it had."""
    row = desk.get(Account, id_, to=Act.ACCOUNT_RESTORE, deleted=True)
    desk.current(row, version)
    granting.check(desk, Role(row.role), row.zones)
    row.deleted_at = None
    desk.keep(row)
    return _one(desk, id_)


def new_link(desk: Desk, id_: int, purpose: str, token: str) -> dict[str, Any]:
    """A new one-time link for an account. That it was made, and by whom, stays in history; the link itself does not."""
    row = desk.get(Account, id_, to=Act.ACCOUNT_LINK)
    granting.check(desk, Role(row.role), row.zones)
    row.link_at = desk.book.at if desk.book else None
    desk.keep(row)
    links.make(desk.link, id_, Purpose(purpose), token)
    return _one(desk, id_)


def set_password(desk: Desk, password_hash: str, *, spending: str | None = None) -> dict[str, Any]:
    """The person at the desk has a new password: every session and open link of hers ends.

    ``spending`` is the one-time link by which she came. Raises NotFound when somebody spent it first.
    """
    id_ = desk.actor.id or 0
    desk.ask(Act.PASSWORD_SET)
    if spending is not None and links.spend(desk.link, spending, Purpose.SET_PASSWORD) != id_:
        raise NotFound(links.OVER, code="link_over")
    row = desk.get(Account, id_, to=Act.PASSWORD_SET)
    row.password_hash = password_hash
    desk.keep(row)
    sessions.end_all(desk.link, id_)
    links.spend_all(desk.link, id_)
    return {"id": id_, "locale": row.locale}


def be_written_to(desk: Desk, email: str | None) -> dict[str, Any]:
    """Where the person at the desk gets her reminders by e-mail; None: nowhere. Raises Invalid."""
    row = desk.get(Account, desk.actor.id, to=Act.ACCOUNT_OWN)
    row.email = check(AccountEdit, {"email": email}, partial=True)["email"]
    desk.keep(row)
    return {"id": row.id}


def speak(desk: Desk, locale: str) -> dict[str, Any]:
    """Her own language, kept with the account."""
    if locale not in words.LANGUAGES:
        raise Invalid.one(
            "/locale",
            "not_in_list",
            "Choose one of: {choices}",
            choices=", ".join(words.LANGUAGES),
        )
    row = desk.get(Account, desk.actor.id, to=Act.ACCOUNT_OWN)
    row.locale = locale
    desk.keep(row)
    return {"id": row.id, "locale": locale}


# ── what holds ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _checked(desk: Desk, given: dict[str, Any]) -> dict[str, Any]:
    """Values as they are stored: the name folded, zones as ids, unit and person existing."""
    if given.get("login") is not None:
        given["login"] = folded(given["login"])
        if len(given["login"]) < 2:
            raise Invalid.one("/login", "too_short", "At least {least} characters", least=2)
    role = Role(given["role"])
    if role not in access.PERSON_ROLES:
        raise Invalid.one(
            "/role",
            "not_in_list",
            "Choose one of: {choices}",
            choices=", ".join(access.PERSON_ROLES),
        )
    given["zones"] = granting.zones_for(desk, role, given.get("zones") or [])
    for name, model in (("unit_id", Unit), ("person_id", Person)):
        if given.get(name) is not None:
            _exists(desk, name, model, given[name])
    if given.get("from_on") and given.get("until_on") and given["from_on"] > given["until_on"]:
        raise Invalid.one("/until_on", "before_from", "The end must not lie before the beginning")
    return given


def _exists(desk: Desk, name: str, model: Any, id_: int) -> None:
    found = desk.select(
        model,
        ("exists", name),
        lambda q, t: q.where(t.c.id == sa.bindparam("id")),
        {"id": id_},
        columns=("id",),
    )
    if not found:
        raise Invalid.one(f"/{name}", "not_found", "There is nothing of this number that you may see")


def _free(desk: Desk, login: str, id_: int | None) -> None:
    found = desk.select(
        Account, "login", lambda q, t: q.where(t.c.login == sa.bindparam("login")), {"login": login},
        columns=("id", "deleted_at"), deleted="with",
    )  # fmt: skip
    for other, deleted_at in found:
        if other != id_ and deleted_at is not None:
            raise Conflict(
                "A disabled account has this sign-in name",
                code="deleted",
                extra={"id": other},
            )
        if other != id_:
            raise Conflict("This sign-in name is taken", code="taken", extra={"id": other})


def _not_herself(desk: Desk, id_: int) -> None:
    if desk.actor.kind == "account" and desk.actor.id == id_:
        raise Forbidden(
            "Nobody changes their own rights; ask another administrator",
            code="own_rights",
        )


def _still_administered(desk: Desk) -> None:
    """Somebody must be left who can let people in, from today on and without an end."""

    def lasting(query: Any, table: Any) -> Any:
        begun = sa.or_(table.c.from_on.is_(None), table.c.from_on <= sa.bindparam("today"))
        return query.where(table.c.role == Role.ADMINISTRATOR.value, table.c.until_on.is_(None), begun)

    if not desk.select(Account, "administrators", lasting, {"today": desk.today}, columns=("id",)):
        raise Conflict("One administrator without an end date must remain", code="last_administrator")
