"""The pages of powers: how many statements they take, and what a reader of another zone sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.db import house
from app.desk import Desk
from app.engine import SqliteLink
from app.models import Delegation, Power
from app.rules.access import Act
from tests.cast import Cast
from tests.test_powers import give, item
from tests.web import Web


def fill(cast: Cast, items: int) -> None:
    """So many items more in thirty departments, waiting in both zones."""

    def enter(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        rows = [Power(code=f"Q-{items}-{n}", name=f"Item {n}", department=f"Office {n % 30}") for n in range(items)]
        desk.keep(rows)
        day = "2026-01-01"
        facts: dict[str, Any] = {"number": 1, "form": "transfer", "state": "pending", "given_on": day, "state_on": day}
        desk.keep([Delegation(zone_id=z, power_id=p.id or 0, **facts) for z in (cast.east, cast.west) for p in rows])

    cast.database.act_now(house(), enter)


def test_the_matrix_takes_as_many_statements_for_many_items_as_for_few(
    sqlite_web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, cookie = sqlite_web, f"sanzhang={sqlite_web.cast.session('leader')}"
    ran: list[str] = []
    execute = SqliteLink._execute

    def noted(link: SqliteLink, text: str, values: Mapping[str, Any]) -> Any:
        ran.append(text)
        return execute(link, text, values)

    monkeypatch.setattr(SqliteLink, "_execute", noted)
    taken: dict[str, list[int]] = {}
    for items in (3, 1223):
        fill(web.cast, items)
        for path in ("/powers?open=all", "/zones/EAST/powers"):
            for _ in range(2):
                ran.clear()
                assert web.get(f"/{path}", key=None, headers={"Cookie": cookie}).status_code == 200
            taken.setdefault(path, []).append(len(ran))
    for path, (few, many) in taken.items():
        assert few == many, path
    assert taken["/powers?open=all"][0] <= 9


def test_another_zones_page_shows_what_is_published_and_no_control(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    item(cast, name="取水许可")
    give(cast, "EAST", "ZJ-001", waiting_for="缺人", document="聊政字〔2026〕8号")
    cookies = {"Cookie": f"sanzhang={cast.session('stranger')}"}
    page = sqlite_web.get("//zones/EAST/powers", key=None, headers=cookies)
    assert page.status_code == 200
    assert "取水许可" in page.text
    assert "缺人" not in page.text
    assert "/zones/EAST/boundaries" not in page.text
    one = sqlite_web.get("//zones/EAST/powers/ZJ-001", key=None, headers=cookies)
    assert "聊政字〔2026〕8号" in one.text
    assert "缺人" not in one.text
    assert 'method="post" action="/zones/' not in page.text + one.text
    assert sqlite_web.get("//zones/NOWHERE/powers", key=None, headers=cookies).status_code == 404
