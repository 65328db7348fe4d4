"""The reporter's own pages, for a phone held in one hand: her projects of the period, and one form at a time.

The link stands in the address and is all that she has: no session, no cookie, and no other page knows her.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale, TooLarge
from app.pages import database, figures, go, language_of, piece, render, wants_fragment
from app.pages.cell_text import sides
from app.pages.door import caller_by
from app.pages.files import handed_out
from app.pages.forms import RIGHT, number, path_id, text, typed, wrong
from app.pages.login import address_of
from app.pages.photos import add_one, sent_in
from app.rules.amounts import read_amount
from app.services import photos, reporters, reporting, throttle
from app.services.reports import FIGURES
from app.words import Word

router = APIRouter(include_in_schema=False)
LONGEST_TOKEN = 200
PLACE = "/r/{token}"
TEXTS = ("progress_text", "problems_own", "problems_government", "next_steps")
BASES = {"invested_yuan": Word("of this month"), "cumulative_this_year_yuan": Word("from January to this month")}
WAS = "was-"
"""Before the name of a field: what it held when the page was made. What she left alone is not sent on."""
REFUSALS = (Invalid, Conflict, Stale, Forbidden)


async def _caller(request: Request) -> Caller:
    token: str = request.path_params["token"]
    if len(token) > LONGEST_TOKEN:
        raise NotFound(reporters.OVER, code="link_over")
    return await caller_by(request, reporters.by_link(token))


async def _read(request: Request, service: Callable[..., Any], *args: Any) -> Any:
    """What she reads; who tries links that open nothing waits longer and longer."""
    db, caller = database(request), await _caller(request)
    await db.hot(partial(throttle.heed, address=address_of(request)))
    try:
        return await db.read(caller, service, *args)
    except NotFound as refusal:
        if refusal.code == "link_over":
            await db.chore(partial(throttle.missed, address=address_of(request)))
        raise


@router.get(PLACE)
async def show(request: Request) -> Response:
    """Her projects of the period, those that wait first."""
    told = await _read(request, reporting.mine)
    done = request.query_params.get("done")
    return render(request, None, "reporting/list.html", m=told, place=_place(request), done=done)


@router.post(PLACE + "/seen")
async def seen(request: Request) -> Response:
    """Sent by the page's own script: it was opened by a person's browser, not fetched by a messenger."""
    await _read(request, lambda desk: None)
    await database(request).chore(partial(reporters.seen, token=request.path_params["token"]))
    return piece("")


@router.get(PLACE + "/{id}")
async def ask(request: Request) -> Response:
    """The form of one of her projects."""
    return await _form(request)


@router.post(PLACE + "/{id}")
async def save(request: Request) -> Response:
    """Save her draft, or hand the report in."""
    form, id_ = await typed(request), path_id(request)
    hand_in = text(form, "do") != "keep"
    await _read(request, lambda desk: None)
    try:
        answer = await database(request).act(
            await _caller(request), reporting.put, id_, _changed(form), version=number(form, "version"), hand_in=hand_in
        )
    except REFUSALS as refusal:
        return await _form(request, form, refusal)
    following = answer.value["next"] if hand_in else None
    return go(request, f"{_place(request)}{f'/{following}' if following else ''}?done={'in' if hand_in else 'kept'}")


def _place(request: Request) -> str:
    return f"/r/{request.path_params['token']}"


# ── what she typed ───────────────────────────────────────────────────────────────────────────────────────────────────
def _changed(form: FormData) -> dict[str, Any]:
    now, was = _facts(form), _facts(form, WAS)
    return {name: value for name, value in now.items() if value != was[name]}


def _facts(form: FormData, prefix: str = "") -> dict[str, Any]:
    basis = text(form, f"{prefix}basis")
    facts: dict[str, Any] = dict.fromkeys(FIGURES)
    facts[basis if basis in BASES else "invested_yuan"] = _amount(text(form, f"{prefix}amount"))
    facts |= {name: text(form, prefix + name).replace("\r\n", "\n").strip() or None for name in TEXTS}
    unchanged = text(form, f"{prefix}no_change_reason").strip() or None
    facts["no_change_reason"] = unchanged if prefix or text(form, "no_change") else None
    return facts


def _amount(sent: str) -> int | None:
    try:
        return read_amount(sent, "万元", negative=True).value
    except Invalid as refusal:
        raise Invalid.one("/amount", refusal.code, refusal.msgid, **refusal.values) from refusal


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────────
async def _form(request: Request, form: FormData | None = None, refusal: Refusal | None = None) -> Response:
    told, album = await _read(request, _with_photos, path_id(request))
    report, language = told["item"]["report"], language_of(request)
    known, stale = _known(report), refusal if isinstance(refusal, Stale) else None
    refused = wrong(refusal, language) if refusal else RIGHT
    for basis in BASES:  # the refusal names the figure, the form has one field for both
        if basis in refused.at:
            refused.at["amount"] = refused.at.pop(basis)
    said, was, version = known, known, report["version"] if report else 0
    if form is not None:
        said = {name: text(form, name) for name in known}
        was = {name: text(form, WAS + name) for name in known}
        version = number(form, "version") or 0
    if stale:  # what she left alone is as it now stands; the rest is hers, to be saved over theirs or not
        said = {name: known[name] if said[name] == was[name] else said[name] for name in known}
        was, version = known, stale.extra["current_version"]
    return render(
        request, None, "reporting/one.html", status=refused.status, m=told, i=told["item"], place=_place(request),
        said=said, was=was, version=version, wrong=refused, bases=BASES, done=request.query_params.get("done"),
        album=album, photos_wrong=RIGHT, theirs=_theirs(stale, language) if stale else {}, why=text(form, "reason") if form is not None else "",
        asks_why=refusal is not None and "reason_required" in {refusal.code, *(p.code for p in refusal.problems)},
    )  # fmt: skip


def _with_photos(desk: Desk, id_: int) -> tuple[dict[str, Any], dict[str, Any]]:
    told = reporting.one(desk, id_)
    return told, photos.beside(desk, id_, told["month"])


# ── photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.post(PLACE + "/{id}/photos")
async def add_photos(request: Request) -> Response:
    """Add the photos that were chosen; the first that is refused stops the rest."""
    form, id_ = await typed(request), path_id(request)
    told = await _read(request, reporting.one, id_)
    try:
        await database(request).read(await _caller(request), photos.may_add, id_, told["month"])
        for file in sent_in(form):
            await add_one(request, replace(await _caller(request), key=None), id_, told["month"], file, form)
    except (*REFUSALS, TooLarge) as refusal:
        return await _album(request, id_, refusal)
    return await _album(request, id_)


@router.get(PLACE + "/photos/{id}")
async def picture(request: Request) -> Response:
    """A picture of one of her projects."""
    row = await _read(request, photos.open_, path_id(request))
    return await handed_out(request, row["digest"], row["file_name"], "image/jpeg")


@router.post(PLACE + "/photos/{id}/remove")
async def remove_photo(request: Request) -> Response:
    """Take a photo of this month away."""
    form = await typed(request)
    row = await _read(request, photos.open_, path_id(request))
    try:
        await database(request).act(await _caller(request), photos.remove, row["id"], version=number(form, "version"))
    except REFUSALS as refusal:
        return await _album(request, row["project_id"], refusal)
    return await _album(request, row["project_id"])


async def _album(request: Request, id_: int, refusal: Refusal | None = None) -> Response:
    """The photos as they now stand: put in their place by the page's script, else the whole form again."""
    if refusal is None and not wants_fragment(request):
        return go(request, f"{_place(request)}/{id_}")
    _, album = await _read(request, _with_photos, id_)
    refused = wrong(refusal, language_of(request)) if refusal else RIGHT
    return render(
        request,
        None,
        "reporting/photos.html",
        status=refused.status,
        album=album,
        wrong=refused,
        place=_place(request),
        id=id_,
    )


def _known(report: dict[str, Any] | None) -> dict[str, str]:
    """What the form begins with."""
    if report is None:
        return dict.fromkeys((*TEXTS, "amount", "no_change_reason", "no_change"), "") | {"basis": "invested_yuan"}
    basis = report["given"] or "invested_yuan"
    told = {name: report[name] or "" for name in (*TEXTS, "no_change_reason")}
    given = figures.exact(report[basis]) if report["given"] else ""
    return told | {"basis": basis, "amount": given, "no_change": "1" if report["no_change"] else ""}


def _theirs(stale: Stale, language: str) -> dict[str, dict[str, Any]]:
    """What others saved meanwhile, by the field of the form beside which it is said."""
    found = {}
    for change in stale.extra["changed"]:
        name = "amount" if change["field"] in FIGURES else change["field"]
        if change["after"] is not None and name in (*TEXTS, "amount", "no_change_reason"):
            shown = sides(change["field"], change["after"], "wan", language, "report")
            found[name] = {"by": change["by"], "at": change["at"], "said": shown}
    return found
