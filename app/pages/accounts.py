"""Administration of accounts: who may sign in, as what, for which zones; one-time links instead of passwords."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from app.desk import Desk
from app.enrol import address
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, language_of, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, Wrong, number, path_id, text, texts, typed, wrong
from app.services import accounts, granting
from app.services.links import HOURS, Purpose
from app.services.signing_in import new_token
from app.whereabouts import own_address

router = APIRouter(include_in_schema=False)
REFUSALS = (Invalid, Forbidden, Conflict, Stale)
BLANK: dict[str, Any] = {
    "login": "", "name": "", "role": "editor", "zones": [], "unit_id": None, "person_id": None,
    "from_on": None, "until_on": None, "email": None,
}  # fmt: skip


@router.get("/admin")
async def index(request: Request) -> Response:
    """Administration begins with the people."""
    return go(request, "/admin/accounts")


@router.get("/admin/accounts")
async def list_(request: Request) -> Response:
    """Every account, disabled ones last."""
    reader, (found, zones) = await read(request, await page_caller(request), _all)
    return render(request, reader, "accounts/list.html", accounts=found, zones=zones)


def _all(desk: Desk) -> tuple[Any, Any]:
    return accounts.list_(desk), granting.zone_names(desk)


@router.get("/admin/accounts/new")
async def blank(request: Request) -> Response:
    """The form for a new account."""
    return await _form(request, None, BLANK)


@router.post("/admin/accounts")
async def create(request: Request) -> Response:
    """A new account and the one-time link for its holder, shown this once."""
    caller = await page_caller(request)
    facts, token = _facts(await typed(request)), new_token()
    try:
        answer = await database(request).act(caller, accounts.create, facts, token=token, status=201)
    except REFUSALS as refusal:
        return await _form(request, None, BLANK | facts, refusal)
    return await _link(request, answer.value, None if answer.replayed else token, Purpose.SET_PASSWORD, 201)


@router.get("/admin/accounts/{id}")
async def show(request: Request) -> Response:
    """One account, as a form."""
    return await _form(request, path_id(request))


@router.post("/admin/accounts/{id}")
async def amend(request: Request) -> Response:
    """Save what was changed."""
    caller, id_, form = await page_caller(request), path_id(request), await typed(request)
    facts = _facts(form)
    try:
        await database(request).act(caller, accounts.amend, id_, facts, version=number(form, "version") or 0)
    except REFUSALS as refusal:
        return await _form(request, id_, facts, refusal)
    return go(request, "/admin/accounts")


@router.post("/admin/accounts/{id}/disable")
async def disable(request: Request) -> Response:
    """Out at once, everywhere."""
    return await _do(request, accounts.disable)


@router.post("/admin/accounts/{id}/restore")
async def restore(request: Request) -> Response:
    """In again, with the password it had."""
    return await _do(request, accounts.restore)


@router.post("/admin/accounts/{id}/link")
async def link(request: Request) -> Response:
    """A new one-time link, shown this once."""
    caller, id_, form = await page_caller(request), path_id(request), await typed(request)
    purpose = Purpose.SIGN_IN if text(form, "purpose") == Purpose.SIGN_IN else Purpose.SET_PASSWORD
    token = new_token()
    try:
        answer = await database(request).act(caller, accounts.new_link, id_, purpose.value, token, status=201)
    except REFUSALS as refusal:
        return await _form(request, id_, None, refusal)
    return await _link(request, answer.value, None if answer.replayed else token, purpose, 201)


async def _do(request: Request, service: Any) -> Response:
    caller, id_, form = await page_caller(request), path_id(request), await typed(request)
    try:
        await database(request).act(caller, service, id_, version=number(form, "version") or 0)
    except REFUSALS as refusal:
        return await _form(request, id_, None, refusal)
    return go(request, "/admin/accounts")


def _facts(form: FormData) -> dict[str, Any]:
    blank_is_none = {
        n: text(form, n).strip() or None for n in ("login", "name", "role", "email", "from_on", "until_on")
    }
    ids = {n: number(form, n) for n in ("unit_id", "person_id")}
    return blank_is_none | ids | {"zones": texts(form, "zones")}


async def _form(
    request: Request, id_: int | None, said: dict[str, Any] | None = None, refusal: Refusal | None = None
) -> Response:
    """The form, filled with what the register holds or, after a refusal, with what was typed."""
    caller = await page_caller(request)
    reader, found = await read(request, caller, accounts.form, id_)
    refused: Wrong = wrong(refusal, language_of(request)) if refusal else RIGHT
    kept = found.pop("account") or BLANK
    return render(
        request, reader, "accounts/edit.html", status=refused.status, wrong=refused, kept=kept,
        said=kept | (said or {}), id=id_, **found,
    )  # fmt: skip


async def _link(
    request: Request, account: dict[str, Any], token: str | None, purpose: Purpose, status: int
) -> Response:
    reader, _ = await read(request, await page_caller(request), accounts.read, account["id"])
    return render(
        request, reader, "accounts/link.html", status=status, account=account, hours=HOURS[purpose],
        address=address(own_address(request), token) if token else None, purpose=purpose.value,
    )  # fmt: skip
