"""A demo says so on every page, also where nobody has signed in, and on every paper; and a link leads to where it was made."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest
from starlette.requests import Request

from app.db import house
from app.desk import Desk
from app.models import Setting
from app.rules.access import Act
from app.services import periods
from app.sheets.month_paper import drawn
from app.whereabouts import own_address
from tests.cast import Cast
from tests.site import served
from tests.test_papers import FIGURES
from tests.test_reporters import HERS, MONTH, build, invite

BAND = "演示数据"


@pytest.mark.parametrize("demo", [True, False])
def test_the_band_stands_where_nobody_has_signed_in_too(sqlite_cast: Cast, demo: bool) -> None:
    cast = sqlite_cast
    mill = build(cast, "甲厂（演示）")
    cast.database.act_now(cast.by("office"), periods.open_, MONTH, {})
    invite(cast)

    def mark(desk: Desk) -> None:
        desk.ask(Act.SETTING_AMEND)
        desk.keep(Setting(key="demo", value="true"))

    if demo:
        cast.database.act_now(house(), mark)
    with served(cast) as address, httpx.Client(base_url=address, headers={"Accept-Language": "zh"}) as client:
        for path in ("/login", f"/r/{HERS}", f"/r/{HERS}/{mill}", "/enter/nothing", "/nowhere"):
            assert (BAND in client.get(path).text) is demo, path


def test_a_paper_of_a_demo_is_another_paper() -> None:
    paper = {
        "code": "7K3M9QXA2T",
        "content_hash": "a" * 64,
        "submitted_on": "2026-08-27",
        "submitted_by": "li",
        "number": 1,
    }
    told = [drawn(paper, FIGURES, "zh_CN", "http://x", demo=demo) for demo in (True, False)]
    assert len(told[0]) > len(told[1])


@pytest.mark.parametrize(
    ("public", "came", "found"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://127.0.0.1:8000", "http://10.1.2.3:8000", "http://10.1.2.3:8000"),
        ("https://ledger.example/", "http://10.1.2.3:8000", "https://ledger.example"),
    ],
)
def test_a_link_leads_to_the_public_url_or_to_where_its_maker_stands(public: str, came: str, found: str) -> None:
    host = came.removeprefix("http://")
    register = SimpleNamespace(state=SimpleNamespace(db=SimpleNamespace(settings=SimpleNamespace(public_url=public))))
    headers = [(b"host", host.encode())]
    asked = Request({"type": "http", "scheme": "http", "path": "/", "headers": headers, "app": register})
    assert own_address(asked) == found
