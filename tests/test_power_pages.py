"""The pages of powers: how many statements they take, and what a reader of another zone sees."""

from __future__ import annotations

from typing import Any

from app.db import house
from app.desk import Desk
from app.models import Delegation, Power
from app.rules.access import Act
from tests.cast import Cast
from tests.test_powers import give, item
from tests.test_settings_pages import page
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


def test_the_matrix_takes_as_many_statements_for_many_items_as_for_few(sqlite_web: Web, statements: list[str]) -> None:
    web, cookie = sqlite_web, f"sanzhang={sqlite_web.cast.session('leader')}"
    taken: dict[str, list[int]] = {}
    for items in (3, 1223):
        fill(web.cast, items)
        for path in ("/powers?open=all", "/zones/EAST/powers"):
            for _ in range(2):
                statements.clear()
                assert web.get(f"/{path}", key=None, headers={"Cookie": cookie}).status_code == 200
            taken.setdefault(path, []).append(len(statements))
    for path, (few, many) in taken.items():
        assert few == many, path
    assert taken["/powers?open=all"][0] <= 9


def test_another_zones_page_shows_what_is_published_and_no_control(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    item(cast, name="取水许可")
    give(cast, "EAST", "ZJ-001", waiting_for="缺人", document="聊政字〔2026〕8号")
    cookies = {"Cookie": f"sanzhang={cast.session('stranger')}"}
    whole = sqlite_web.get("//zones/EAST/powers", key=None, headers=cookies)
    assert whole.status_code == 200
    assert "取水许可" in whole.text
    assert "缺人" not in whole.text
    assert "/zones/EAST/boundaries" not in whole.text
    assert 'href="/zones/EAST"' not in whole.text, "the zone itself she may not see"
    one = sqlite_web.get("//zones/EAST/powers/ZJ-001", key=None, headers=cookies)
    assert "聊政字〔2026〕8号" in one.text
    assert "缺人" not in one.text
    assert 'method="post" action="/zones/' not in whole.text + one.text
    assert sqlite_web.get("//zones/NOWHERE/powers", key=None, headers=cookies).status_code == 404


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_its_place(sqlite_web: Web) -> None:
    web, cast = sqlite_web, sqlite_web.cast
    item(cast, "P-1", name="取水许可")
    give(cast, "EAST", "P-1")
    batch = {"zone": "EAST", "form": "entrustment", "batch": "第二批", "codes": "P-1，X-9；P-1"}
    refused = page(web, "POST", "/powers/give", "office", data=batch)
    assert (refused.status_code, refused.text.count("There is no item X-9")) == (422, 2), "above, and at the field"
    assert all(typed in refused.text for typed in ("第二批", "P-1，X-9；P-1", 'value="EAST" checked'))
    none = page(web, "POST", "/powers/give", "office", data={**batch, "zone": "", "codes": "P-1"})
    assert none.status_code == 422
    step = {"to": "running", "on": "someday", "power": "P-1", "receiving_department": "审批服务局", "do": "preview"}
    refused = page(web, "POST", "/zones/EAST/powers", "editor", data=step)
    assert refused.status_code == 422
    above, _, lines = refused.text.partition('id="boundaries"')
    assert 'role="alert"' in above and 'role="alert"' not in lines, "said at the top, not in the form of another matter"
    assert 'value="P-1" checked' in above and "审批服务局" in above
    line = {"matter": "道路养护", "holder": "committee", "power": "X-9"}
    above, _, lines = page(web, "POST", "/zones/EAST/boundaries", "editor", data=line).text.partition('id="boundaries"')
    assert 'role="alert"' not in above and 'role="alert"' in lines and "道路养护" in lines
    for typed in ("soon", "5000"):
        told = page(web, "POST", "/admin/delegations", "office", data={"warn_days": typed, "version": "0"})
        assert (told.status_code, f'value="{typed}"' in told.text, 'id="w-warn_days"' in told.text) == (422, True, True)


def test_zones_that_fare_alike_are_one_line_of_a_preview(sqlite_web: Web) -> None:
    item(sqlite_web.cast, "P-1", name="甲事项", department="市水利局", reserved=True)
    content = "序号,事项名称,原行使部门,赋权形式\n1,甲事项,市水利局,下放\n2,乙事项,市水利局,下放\n".encode()
    sent = {"data": {"zone": ["EAST", "WEST"]}, "files": {"file": ("清单.csv", content)}}
    shown = page(sqlite_web, "POST", "/powers/import", "office", **sent)
    assert (shown.status_code, shown.text.count("cannot be handed down")) == (200, 1)
    assert shown.text.count("<b>new</b>") == 1


def test_the_matrix_is_offered_as_a_file_to_those_who_may_take_it_out(sqlite_web: Web) -> None:
    item(sqlite_web.cast, name="取水许可")
    for path in ("/powers", "/zones/EAST/powers"):
        assert "/powers/export.xlsx" in page(sqlite_web, "GET", path, "auditor").text
        shown = page(sqlite_web, "GET", path, "administrator")
        assert (shown.status_code, "/powers/export" in shown.text) == (200, False)
