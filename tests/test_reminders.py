"""Reminders: who is told what on which day, once; by e-mail and to group robots as a real mail server and a real robot hear it."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email import message_from_string, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from app import clock
from app.db import Database, house
from app.engine import Sql
from app.errors import Forbidden, Invalid, NotFound
from app.models import Account
from app.rules.access import Act
from app.rules.calendar import CALENDAR, is_workday
from app.rules.reminders import occasion, occasions, workdays_on
from app.services import (
    accounts,
    calendar,
    delegations,
    follow_ups,
    leads,
    notices,
    periods,
    powers,
    projects,
    reports,
    zone_months,
)  # fmt: skip
from app.settings import Settings
from app.worker import sending
from app.worker.jobs import plan_once, take
from app.worker.loop import do
from tests.cast import Cast
from tests.web import Web

WAN = 10_000
MONTH = "2026-08"
DUE = "2026-08-25"
BEFORE = "2026-08-21"


def act(cast: Cast, who: str, service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    return cast.database.act_now(cast.by(who), service, *args, **kw).value


def build(cast: Cast, name: str, who: str = "editor", zone: str = "EAST", **facts: Any) -> int:
    values = {"name": name, "planned_completion_month": "2027-06", "total_investment_yuan": 9_000 * WAN} | facts
    dates = {"started_on": "2026-03-01"}
    made = act(cast, who, projects.create, values, zone=zone, ledger="in_construction", dates=dates)
    return int(made["id"])


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The day it is."""
    return lambda day: monkeypatch.setattr(clock, "today", lambda: day)


@pytest.fixture
def mill(cast: Cast, clock_at: Callable[[str], None]) -> int:
    """A project that owes its August report, on a day in August."""
    clock_at("2026-08-10")
    made = build(cast, "面粉生产线（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    return made


def worked(database: Database, day: str) -> None:
    """The worker's morning of a day, and whatever else it finds to do."""
    plan_once(database, "remind", day=day)
    while (job := take(database)) is not None:
        do(database, job)


def told(cast: Cast, who: str, **caller: Any) -> list[str]:
    rows = cast.database.ask_now(cast.by(who, language="en", **caller), notices.list_)
    return [row["sentence"] for row in rows]


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_reminders_come_on_working_days_before_on_and_after_the_due_day() -> None:
    found = occasions("2026-09-28", CALENDAR)
    assert [o.day for o in found[:4]] == ["2026-09-23", "2026-09-28", "2026-09-29", "2026-10-09"]  # over both holidays
    assert all(is_workday(o.day, CALENDAR) for o in found) and [o.day for o in found] == sorted(o.day for o in found)
    assert occasion("2026-09-28", "2026-09-22", CALENDAR) is None
    assert occasion("2026-09-28", "2026-10-05", CALENDAR) == ("late-1", "2026-09-29"), "what was missed is made up for"
    quiet = CALENDAR | {"remind_ahead": 0, "remind_again": 0}
    assert [o.name for o in occasions("2026-09-28", quiet)] == ["due"]


@pytest.mark.parametrize("count", [1, 2, 5, 30, -1, -4])
def test_so_many_working_days_away_lie_just_so_many_working_days(count: int) -> None:
    start = date(2026, 9, 21)
    for shift in range(40):
        day = start + timedelta(days=shift)
        end = date.fromisoformat(workdays_on(day.isoformat(), count, CALENDAR))
        low, high = (day, end) if count > 0 else (end - timedelta(days=1), day - timedelta(days=1))
        between = [low + timedelta(days=n + 1) for n in range((high - low).days)]
        assert sum(is_workday(d.isoformat(), CALENDAR) for d in between) == abs(count)


# ── in the application ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_zone_is_reminded_before_on_and_after_the_day_and_each_time_once(
    cast: Cast, mill: int, clock_at: Callable[[str], None]
) -> None:
    first = "East: 1 project not reported for 2026-08, due on 2026-08-25"
    for day, said in (
        ("2026-08-20", 0),
        (BEFORE, 1),
        (BEFORE, 1),
        (DUE, 2),
        ("2026-08-26", 3),
        ("2026-08-28", 3),
        ("2026-08-31", 4),
    ):
        clock_at(day)
        worked(cast.database, day)
        cast.database.chore_now(lambda link: link.run(Sql("DELETE FROM job")))  # as if the morning came again
        worked(cast.database, day)
        cast.database.chore_now(lambda link: link.run(Sql("DELETE FROM job")))
        assert len(told(cast, "editor")) == said, day
    assert told(cast, "editor")[-2:] == [first, first]
    assert told(cast, "editor")[0] == f"{first} (6 days late)"
    assert told(cast, "stranger") == [], "her zone has no project"
    assert [s for s in told(cast, "office") if "2 zones" in s or "1 zone" in s]
    assert told(cast, "leader") == told(cast, "auditor") == []


def test_what_is_done_is_not_asked_for_and_the_next_one_is(
    cast: Cast, mill: int, clock_at: Callable[[str], None]
) -> None:
    act(cast, "editor", reports.put, mill, MONTH, {"invested_yuan": WAN}, version=None)
    clock_at(DUE)
    worked(cast.database, DUE)
    assert told(cast, "editor") == ["East: all projects are reported for 2026-08; submit the month, due on 2026-08-25"]
    act(cast, "editor", zone_months.submit, "EAST", MONTH, {})
    clock_at("2026-08-26")
    worked(cast.database, "2026-08-26")
    assert len(told(cast, "editor")) == 1
    assert "East: 2026-08 waits for your confirmation, due on 2026-08-26" in told(cast, "reviewer")


def test_who_answers_for_projects_hears_how_many_of_hers_are_missing(
    cast: Cast, mill: int, clock_at: Callable[[str], None]
) -> None:
    act(cast, "editor", projects.amend, mill, {"responsible_person": "李文静"}, version=None)
    build(cast, "别家（演示）", responsible_person="赵立新")

    def join(desk: Any) -> None:
        row = desk.get(Account, cast.accounts["leader"], to=Act.ACCOUNT_AMEND)
        row.person_id = 1
        desk.keep(row)

    act(cast, "administrator", join)
    clock_at("2026-08-24")
    worked(cast.database, "2026-08-24")
    assert told(cast, "leader") == ["You have 1 project not reported for 2026-08, due on 2026-08-24"]


def test_the_head_counts_what_is_unread_and_reading_leads_to_where_one_can_act(sqlite_web: Web, clock_at: Any) -> None:
    cast = sqlite_web.cast
    clock_at("2026-08-10")
    build(cast, "厂（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    clock_at(DUE)
    worked(cast.database, DUE)
    headers = {"Cookie": f"sanzhang={cast.session('editor')}", "Sec-Fetch-Site": "same-origin"}

    def ask(method: str, path: str, **kw: Any) -> Any:
        return sqlite_web.send(method, f"/{path}", key=None, headers=headers, **kw)

    assert 'class="unread">1<' in ask("GET", "/zones").text
    page = ask("GET", "/notices")
    assert "1 project not reported" in page.text and 'class="unread">1<' in page.text
    opened = ask("POST", "/notices", data={"key": f"{MONTH}:reports_missing:EAST:due"})
    assert (opened.status_code, opened.headers["location"]) == (303, f"/zones/EAST/months/{MONTH}")
    assert 'class="unread"' not in ask("GET", "/notices").text
    assert ask("POST", "/notices", data={"key": "of somebody else"}).status_code == 404
    assert ask("POST", "/notices").status_code == 303
    assert ask("GET", "/admin/reminders").status_code == 403


# ── out of the house ─────────────────────────────────────────────────────────────────────────────────────────────────
class Post:
    """A mail server on this machine that speaks SMTP, and what it was given. ``refuse``: the answer to a recipient."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuse = ""
        self.breaks = False
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.talk(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def talk(self, line: socketserver.StreamRequestHandler) -> None:
        def say(text: str) -> None:
            line.wfile.write(text.encode() + b"\r\n")

        say("220 here")
        while sent := line.rfile.readline().decode().strip():
            word = sent.upper()
            if word.startswith("DATA"):
                say("354 go on")
                lines = []
                while (part := line.rfile.readline().decode()) != ".\r\n":
                    lines.append(part)
                if self.breaks:
                    return
                self.letters.append(message_from_string("".join(lines), policy=policy.default))
                say("250 taken")
            elif word.startswith("QUIT"):
                say("221 bye")
                return
            elif word.startswith("RCPT") and self.refuse:
                say(self.refuse)
            else:
                say("250 yes")


class Robot:
    """A group robot on this machine, what it heard, and what it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.status, self.answer = 200, b'{"errcode":0,"errmsg":"ok"}'
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.heard.append((self.path, json.loads(body)))
                self.send_response(outer.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(outer.answer)

            def log_message(self, *said: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/send?key=k"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def robot() -> Iterator[Robot]:
    made = Robot()
    yield made
    made.server.shutdown()
    made.server.server_close()


def set_up(cast: Cast, post: Post | None = None, robot: Robot | None = None, **more: Any) -> None:
    """The settings of a program that sends."""
    settings = cast.database.settings
    if post:
        settings.smtp_host, settings.smtp_port, settings.smtp_security = "127.0.0.1", post.port, "none"
        settings.smtp_from = "三账 <sanzhang@zone.example>"
    if robot:
        settings.webhook_urls = f"{robot.address} EAST={robot.address}&east=1 WEST={robot.address}&west=1"
    for name, value in more.items():
        setattr(settings, name, value)


def again(cast: Cast) -> None:
    """Time passes: what waits for another try may be taken."""
    cast.database.chore_now(lambda link: link.run(Sql("UPDATE job SET not_before = NULL")))
    while (job := take(cast.database)) is not None:
        do(cast.database, job)


def sent(cast: Cast) -> list[tuple[str, str, str | None]]:
    rows = cast.database.ask_now(cast.administrator, notices.deliveries)
    return [(row["channel"], row["state"], row["sentence"]) for row in rows]


def test_an_e_mail_goes_out_once_in_her_language_with_the_way_back(
    cast: Cast, mill: int, post: Post, clock_at: Callable[[str], None]
) -> None:
    set_up(cast, post)
    act(cast, "editor", accounts.be_written_to, "li@zone.example")
    clock_at(DUE)
    worked(cast.database, DUE)
    again(cast)
    (letter,) = post.letters
    assert letter["To"] == "li@zone.example" and "三账" in letter["From"]
    assert letter["Subject"] == "East：1 个项目2026年8月月报未报，8月25日截止"
    assert f"{cast.database.settings.public_url}/zones/EAST/months/{MONTH}" in letter.get_content()
    assert sent(cast) == [("mail", "sent", None)]


def test_a_refused_e_mail_is_tried_three_times_and_then_shown_to_the_administrator(
    cast: Cast, mill: int, post: Post, clock_at: Callable[[str], None]
) -> None:
    post.refuse = "550 no such mailbox"
    set_up(cast, post)
    act(cast, "editor", accounts.be_written_to, "gone@zone.example")
    clock_at(DUE)
    worked(cast.database, DUE)
    assert [state for _, state, _ in sent(cast)] == ["queued"]
    again(cast)
    again(cast)
    ((_, state, sentence),) = sent(cast)
    assert state == "failed" and "no such mailbox" in (sentence or "")
    again(cast)
    assert post.letters == []
    post.refuse = ""
    key = cast.database.ask_now(cast.administrator, notices.deliveries)[0]["key"]
    cast.database.chore_now(lambda link: notices.again(link, key))
    again(cast)
    assert (len(post.letters), sent(cast)) == (1, [("mail", "sent", None)])
    with pytest.raises(NotFound):
        cast.database.chore_now(lambda link: notices.again(link, key))
    with pytest.raises(Forbidden):
        cast.database.ask_now(cast.editor, notices.deliveries)


def test_what_may_have_arrived_is_not_sent_twice(
    cast: Cast, mill: int, post: Post, clock_at: Callable[[str], None]
) -> None:
    post.breaks = True
    set_up(cast, post)
    act(cast, "editor", accounts.be_written_to, "li@zone.example")
    clock_at(DUE)
    worked(cast.database, DUE)
    post.breaks = False
    again(cast)
    assert post.letters == [] and sent(cast)[0][1] == "failed"
    fallen = Sql("UPDATE delivery SET state = 'sending'")  # a worker that fell while it sent
    cast.database.chore_now(lambda link: link.run(fallen))
    cast.database.chore_now(
        lambda link: link.run(Sql("UPDATE job SET state = 'queued', tries = 0 WHERE kind = 'deliver'"))
    )
    again(cast)
    assert post.letters == [] and sent(cast)[0][1] == "failed"


def test_a_robot_tells_the_city_and_a_zone_s_own_tells_who_is_missing(
    cast: Cast, mill: int, robot: Robot, clock_at: Callable[[str], None]
) -> None:
    act(cast, "editor", projects.amend, mill, {"responsible_person": "李文静"}, version=None)
    set_up(cast, robot=robot)
    clock_at("2026-08-27")
    worked(cast.database, "2026-08-27")
    again(cast)
    heard = dict(robot.heard)
    assert len(robot.heard) == 2 and sorted(heard) == ["/send?key=k", "/send?key=k&east=1"]
    assert all(said["msgtype"] == "text" for said in heard.values())
    city, east = heard["/send?key=k"]["text"]["content"], heard["/send?key=k&east=1"]["text"]["content"]
    assert "1 个开发区未上报" in city and "East" in city and "逾期 2 天" in city
    assert "面粉生产线（演示） (李文静)" in east and f"/zones/EAST/months/{MONTH}" in east


@pytest.mark.parametrize(
    ("status", "answer", "shown"),
    [
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', "sign not match"),
        (302, b"", "HTTP 302"),
        (500, b"", "HTTP 500"),
    ],
)
def test_a_robot_that_refuses_is_shown(
    sqlite_cast: Cast, robot: Robot, clock_at: Any, status: int, answer: bytes, shown: str
) -> None:
    clock_at("2026-08-10")
    build(sqlite_cast, "厂（演示）")
    act(sqlite_cast, "office", periods.open_, MONTH, {})
    robot.status, robot.answer = status, answer
    set_up(sqlite_cast, webhook_urls=robot.address)
    clock_at(DUE)
    worked(sqlite_cast.database, DUE)
    again(sqlite_cast)
    again(sqlite_cast)
    ((_, state, sentence),) = sent(sqlite_cast)
    assert state == "failed" and shown in (sentence or "") and len(robot.heard) == 3
    assert {path for path, _ in robot.heard} == {"/send?key=k"}, "no redirect is followed"


def test_a_call_is_signed_as_dingtalk_asks() -> None:
    made = sending.signed("https://robot.example/send?access_token=t", "SECabc", 1_700_000_000.0)
    assert made.startswith("https://robot.example/send?access_token=t&timestamp=1700000000000&sign=")
    assert sending.signed("https://robot.example/send", "", 0) == "https://robot.example/send"


@pytest.mark.parametrize(
    "address", ["ftp://robot.example/x", "file:///etc/passwd", "http://me@robot.example/", "robot"]
)
def test_only_http_addresses_without_a_name_in_them_are_taken(address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Settings(webhook_urls=address)
    known = Settings(webhook_urls="https://a.example/x EAST=http://10.0.0.7/y")
    assert known.webhooks == ((None, "https://a.example/x"), ("EAST", "http://10.0.0.7/y"))


@pytest.mark.parametrize("email", ["li", "a@b\nBcc: c@d", "a b@c", "@x"])
def test_what_is_no_address_is_refused(sqlite_cast: Cast, email: str) -> None:
    with pytest.raises(Invalid):
        act(sqlite_cast, "editor", accounts.be_written_to, email)


def test_the_city_says_how_early_and_how_often(cast: Cast, mill: int, clock_at: Callable[[str], None]) -> None:
    act(cast, "office", calendar.put, {"remind_ahead": 5, "remind_again": 0}, version=None)
    for day, said in (("2026-08-18", 1), (DUE, 2), ("2026-09-30", 2)):
        clock_at(day)
        worked(cast.database, day)
        assert len(told(cast, "editor")) == said, day
    assert cast.database.ask_now(house(), calendar.read)["remind_again"] == 0


def test_who_follows_leads_hears_once_a_week_how_many_are_late_and_no_name(
    cast: Cast, clock_at: Callable[[str], None]
) -> None:
    clock_at("2026-08-10")
    facts = {"name": "机密线索", "keeper": "林砚秋、Editor", "confidential": True}
    lead = act(cast, "editor", leads.create, facts, zone="EAST")
    act(cast, "both", leads.create, facts | {"name": "西区线索"}, zone="WEST")
    worked(cast.database, "2026-08-10")
    assert told(cast, "editor") == [], "the first answer is due tomorrow"
    clock_at("2026-08-12")
    worked(cast.database, "2026-08-12")
    clock_at("2026-08-14")
    worked(cast.database, "2026-08-14")
    assert told(cast, "editor") == ["1 of the leads that you follow is late or has not moved for long"]
    assert told(cast, "stranger") == told(cast, "both") == [], "they are called otherwise"
    clock_at("2026-08-17")
    worked(cast.database, "2026-08-17")
    assert len(told(cast, "editor")) == 2, "another week"
    act(cast, "editor", follow_ups.add, lead["id"], {"kind": "call", "told": "来电"})
    act(cast, "editor", leads.amend, lead["id"], {"keeper": "别人"}, version=None)
    clock_at("2026-08-24")
    worked(cast.database, "2026-08-24")
    assert len(told(cast, "editor")) == 2, "what is done is not asked for"


def test_the_end_of_delegations_is_told_once_a_month_to_the_zones_office_and_the_citys(
    cast: Cast, clock_at: Callable[[str], None]
) -> None:
    clock_at("2026-08-10")
    act(cast, "office", powers.create, {"code": "P-1", "name": "取水许可"})
    held = {"form": "transfer", "given_on": "2026-03-01", "effective_until": "2026-10-31"}
    act(cast, "office", delegations.put, "EAST", "P-1", held)
    for day in ("2026-07-20", "2026-08-10", "2026-08-11"):
        clock_at(day)
        worked(cast.database, day)
    for who, told in (("editor", True), ("reviewer", True), ("office", True), ("stranger", False), ("leader", False)):
        said = [n for n in cast.database.ask_now(cast.by(who), notices.list_) if "powers" in n["key"]]
        assert [n["key"] for n in said] == (["2026-08:powers:EAST"] if told else []), who
        assert all(n["address"] == "/zones/EAST/powers?state=soon" for n in said)
