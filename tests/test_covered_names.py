"""Names of confidential leads: who sees them, and that nobody else meets them anywhere."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Forbidden
from app.services import follow_ups, history, lead_moves, leads
from app.services.asking import Asked
from tests.cast import Cast
from tests.lead_acts import CANARY, covered, made
from tests.web import Web


def test_who_works_on_a_confidential_lead_sees_its_name_and_others_its_code_name(cast: Cast) -> None:
    lead = covered(cast)
    assert (lead["name"], lead["named"]) == (f"{CANARY}name", True)
    for reader in (cast.auditor, cast.key("read"), cast.key("write")):
        said: list[Any] = [
            cast.database.ask_now(reader, leads.read, lead["id"]),
            cast.database.ask_now(reader, leads.page, Asked(noun="lead")),
            cast.database.ask_now(reader, leads.page, Asked(noun="lead", q=CANARY)),
            cast.database.ask_now(reader, leads.page, Asked(noun="lead", sort=("name",))),
            cast.database.ask_now(reader, lead_moves.history, lead["id"]),
            cast.database.ask_now(reader, follow_ups.list_, lead["id"]),
            cast.database.ask_now(reader, follow_ups.open_steps),
            cast.database.ask_now(reader, history.of_lead, lead["id"]),
            cast.database.ask_now(reader, history.changes),
        ]
        assert CANARY not in repr(said)
        assert said[0]["name"] == "海燕"
        assert said[2] == ([], None), "it cannot be found by what is not shown"
        assert [one["id"] for one in cast.database.ask_now(reader, leads.page, Asked(noun="lead", q="海燕"))[0]]
    for reader in (cast.editor, cast.leader, cast.office):
        assert CANARY in repr(cast.database.ask_now(reader, history.of_lead, lead["id"]))


def test_what_is_confidential_today_was_never_told_however_it_stood_then(cast: Cast) -> None:
    lead = made(cast, name=CANARY)
    before = lead["version"]
    cast.database.act_now(cast.editor, leads.amend, lead["id"], {"confidential": True}, version=lead["version"])
    then = cast.key("read", as_of=before)
    assert cast.database.ask_now(then, leads.read, lead["id"])["name"] == lead["code"]
    assert cast.database.ask_now(cast.by("editor", as_of=before), leads.read, lead["id"])["name"] == CANARY


def test_a_program_may_not_write_names_it_may_not_see_nor_lift_the_cover(cast: Cast) -> None:
    lead = covered(cast)
    for edit in ({"name": "x"}, {"enterprise_id": 1}, {"confidential": False}):
        with pytest.raises(Forbidden):
            cast.database.act_now(cast.key("write"), leads.amend, lead["id"], edit, version=None)
    told = cast.database.act_now(cast.key("write"), leads.amend, lead["id"], {"jobs": 7}, version=None).value
    assert CANARY not in repr(told)
    cast.database.act_now(cast.editor, leads.release, lead["id"])
    assert cast.database.ask_now(cast.auditor, leads.read, lead["id"])["name"] == f"{CANARY}name"
    assert CANARY in repr(cast.database.ask_now(cast.auditor, follow_ups.list_, lead["id"]))


def test_over_http_a_confidential_name_is_in_no_answer_and_in_no_refusal(sqlite_web: Web) -> None:
    web, lead = sqlite_web, covered(sqlite_web.cast)
    id_ = lead["id"]
    for path in (
        "/leads", f"/leads?q={CANARY}", "/leads?sort=name", f"/leads/{id_}", f"/leads/{id_}/moves", f"/leads/{id_}/followups",
        f"/leads/{id_}/files", f"/leads/{id_}/history", "/changes", f"/leads/{id_}/gate?to=signed", "/changes?after=",
        f"/leads/{id_}?as_of=2026-06-01", f"/leads/{id_}/transfers",
    ):  # fmt: skip
        for key in ("read", "write"):
            assert CANARY not in web.send("GET", path, key=key).text, path
    for name in ("name", "investor_name", "enterprise_id", "search_name", "contact_phone"):
        assert web.send("GET", f"/leads?{name}={CANARY}").status_code == 400, name
    refused = web.send("PATCH", f"/leads/{id_}", key="write", json={"jobs": 3}, version=1)
    assert (refused.status_code, CANARY in refused.text) == (412, False)


def test_the_phone_of_a_confidential_contact_is_covered_as_his_name_is(cast: Cast) -> None:
    phone = "138 0000 9613"
    hidden = made(cast, confidential=True, code_name="海燕", contact_phone=phone)
    for reader in (cast.auditor, cast.key("read"), cast.key("write")):
        assert cast.database.ask_now(reader, leads.read, hidden["id"])["contact_phone"] is None
        said: list[Any] = [
            cast.database.ask_now(reader, leads.page, Asked(noun="lead")),
            cast.database.ask_now(reader, history.of_lead, hidden["id"]),
            cast.database.ask_now(reader, history.changes),
        ]
        assert "138" not in repr(said[0]) and phone not in repr(said)
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.key("write"), leads.amend, hidden["id"], {"contact_phone": "1"}, version=None)
    assert cast.database.ask_now(cast.editor, leads.read, hidden["id"])["contact_phone"] == phone
    cast.database.act_now(cast.editor, leads.release, hidden["id"])
    for reader, told in ((cast.auditor, "138****9613"), (cast.key("read"), "138****9613"), (cast.key("write"), phone)):
        assert cast.database.ask_now(reader, leads.read, hidden["id"])["contact_phone"] == told
    assert phone not in repr(cast.database.ask_now(cast.editor, history.of_lead, hidden["id"]))
