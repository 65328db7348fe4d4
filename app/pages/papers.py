"""Papers: the PDF that a zone signs, the scan that comes back, and the page that says whether a paper matches the register."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale, TooLarge
from app.pages import UNKEPT, database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.evidence import stored
from app.pages.files import handed_out
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.rules.access import Act
from app.rules.papers import read_code, shown_code
from app.services import papers, periods, stamping, verifying
from app.sheets.month_paper import drawn
from app.whereabouts import own_address
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Forbidden, TooLarge, Stale)
SAID = {
    "stands": Word("This paper matches the register: its figures stand as they were submitted."),
    "changed": Word("The register says something else by now: what differs is listed below."),
    "returned": Word("The month was returned after this paper was made; the zone submits it again, with a new paper."),
    "superseded": Word("A later paper takes the place of this one."),
}
DONE = {
    "stamped": Word("The stamped scan is attached."),
    "unstamped": Word("The scan was taken away; history keeps it."),
}


@router.get("/verify")
async def ask(request: Request, caller: Who, code: str = "") -> Response:
    """Type the short code of a paper."""
    if read_code(code):
        return go(request, f"/verify/{read_code(code)}")
    reader, _ = await read(request, caller, lambda desk: desk.ask(Act.REGISTER_READ))
    return render(request, reader, "papers/ask.html", sent="", missing="")


@router.get("/verify/{code}")
async def show(request: Request, caller: Who, code: str) -> Response:
    """Whether the paper with this code matches the register."""
    return await _shown(request, caller, code)


async def _shown(request: Request, caller: Caller, code: str, refusal: Refusal | None = None) -> Response:
    def found(desk: Desk) -> Any:
        try:
            told = verifying.verify(desk, code)
        except NotFound as error:
            return None, error
        may = {w for w, act in (("stamp", Act.SCAN_ADD), ("unstamp", Act.SCAN_REMOVE)) if desk.may(act)}
        return {**told, "may": may if told["stands"] in ("stands", "changed") else set()}, None

    reader, (told, missing) = await read(request, caller, found)
    if told is None:
        said = wrong(missing, reader.language)
        return render(request, reader, "papers/ask.html", status=404, sent=code, missing=said.message)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "papers/one.html", status=shown.status, v=told, verdict=SAID[told["stands"]], shown_code=shown_code,
        done=DONE.get(request.query_params.get("done", "")), wrong=shown, most_mb=database(request).settings.max_upload_mb,
    )  # fmt: skip


@router.get("/papers/{code}.pdf")
async def pdf(request: Request, caller: Who, code: str) -> Response:
    """The paper, drawn from its figures as of the act that submitted it."""
    reader, (told, figures, demo) = await read(request, caller, verifying.drawing, code)
    address = f"{own_address(request)}/verify/{told['code']}"
    made = await run_in_threadpool(drawn, told, figures, reader.language, address, demo=demo)
    name = quote(f"{figures['zone_name']} {told['month']} {told['code']}.pdf", safe="")
    headers = {**UNKEPT, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(made, 200, headers, "application/pdf")


# ── the stamped scan ─────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/papers/{code}/scan")
async def scan(request: Request, caller: Who, code: str) -> Response:
    """The scan that was attached."""
    row = await database(request).read(caller, papers.scan_of, code)
    return await handed_out(request, **{n: row[f"scan_{n}"] for n in ("digest", "file_name", "media_type")})


@router.post("/papers/{code}/scan")
async def stamp(request: Request, caller: Who, code: str) -> Response:
    """Attach the scan of the paper that was signed and stamped."""
    form = await typed(request)
    try:
        await database(request).read(caller, papers.may_stamp, code)
        put = await stored(request, form)
        if put is None:
            raise Invalid.one("/file", "required", "Choose a file")
        await database(request).act(
            caller, papers.stamp, code, stored=put[0], name=put[1], version=number(form, "version"), status=201
        )
    except REFUSALS as refusal:
        return await _shown(request, caller, code, refusal)
    return go(request, f"/verify/{read_code(code)}?done=stamped#scan")


@router.post("/papers/{code}/scan/remove")
async def unstamp(request: Request, caller: Who, code: str) -> Response:
    """Take the scan away before the lock."""
    form = await typed(request)
    try:
        await database(request).act(caller, papers.unstamp, code, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _shown(request, caller, code, refusal)
    return go(request, f"/verify/{read_code(code)}?done=unstamped#scan")


# ── what is asked before a lock ──────────────────────────────────────────────────────────────────────────────────────
@router.get("/months/papers/edit")
async def ask_rules(request: Request, caller: Who) -> Response:
    """Whether a month is locked only once every paper has come back stamped."""
    return await _rules(request, caller)


@router.post("/months/papers/edit")
async def put_rules(request: Request, caller: Who) -> Response:
    form = await typed(request)
    values = {"scan_before_lock": text(form, "scan_before_lock") == "1"}
    try:
        await database(request).act(caller, stamping.put, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _rules(request, caller, refusal)
    return go(request, "/months")


async def _rules(request: Request, caller: Caller, refusal: Refusal | None = None) -> Response:
    def found(desk: Desk) -> Any:
        periods.ask_for_all(desk, Act.SETTING_AMEND)
        return stamping.read(desk)

    reader, told = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    block = "dialog" if wants_fragment(request) else None
    return render(request, reader, "months/papers_form.html", block, shown.status, rules=told, wrong=shown)
