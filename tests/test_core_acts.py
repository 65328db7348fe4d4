"""What an act is: all or nothing, numbered, signed, never twice for one key; and what the database itself refuses."""

from __future__ import annotations

from typing import Any

import pytest

from app.db import Caller, house
from app.desk import Desk
from app.engine import Link, Sql
from app.errors import Conflict, Invalid, NotFound, Stale
from app.models import Project, Zone
from app.rules.access import Act
from tests import deeds
from tests.cast import Cast, link_of

COUNTS = Sql(
    "SELECT (SELECT count(*) FROM act), (SELECT count(*) FROM change), (SELECT count(*) FROM project), "
    "(SELECT count(*) FROM project_version), (SELECT count(*) FROM answer), (SELECT count(*) FROM job), "
    "(SELECT count(*) FROM posting), (SELECT seq FROM head)"
)
LAST_ACT = Sql("SELECT word, actor_name, door, reason, count FROM act ORDER BY seq DESC LIMIT 1")


def counts(cast: Cast) -> Any:
    return cast.database.read_now(lambda link: link.row(COUNTS))


def make(cast: Cast, who: Caller | None = None, **facts: Any) -> int:
    answer = cast.database.act_now(
        who or cast.editor, deeds.create, cast.east, {"name": "Plant", "ledger": "reserve", **facts}
    )
    return int(answer.value["id"])


def version(cast: Cast, id_: int) -> int:
    return int(cast.database.ask_now(cast.leader, lambda desk: desk.get(Project, id_, deleted=True).since))


# ── rehearsals and refusals ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_rehearsal_answers_like_the_act_and_stores_nothing(cast: Cast) -> None:
    before = counts(cast)

    def service(desk: Desk) -> dict[str, Any]:
        desk.later.append(("pack", {"of": "EAST"}))
        return deeds.create(desk, cast.east, {"name": "Plant", "ledger": "reserve"})

    rehearsed = cast.database.act_now(cast.by("editor", rehearse=True, key="k", fingerprint="f"), service)
    assert (rehearsed.value["version"], counts(cast)) == (before[-1] + 1, before)
    assert cast.database.act_now(cast.by("editor", key="k", fingerprint="f"), service).seq == before[-1] + 1


def test_a_refused_act_leaves_nothing_behind_not_even_a_job(cast: Cast) -> None:
    before = counts(cast)

    def service(desk: Desk) -> None:
        deeds.create(desk, cast.east, {"name": "Plant", "ledger": "reserve"})
        desk.later.append(("pack", {"of": "EAST"}))
        raise Conflict("no")

    with pytest.raises(Conflict):
        cast.database.act_now(cast.by("editor", key="k"), service)
    assert counts(cast) == before


def test_a_job_asked_for_is_written_in_the_act_and_also_when_nothing_was_kept(cast: Cast) -> None:
    cast.database.act_now(cast.editor, lambda desk: desk.later.append(("pack", {"of": "EAST"})))
    assert cast.database.read_now(lambda link: link.rows(Sql("SELECT kind, arguments, actor, state FROM job"))) == [
        ("pack", '{"of":"EAST"}', f"account:{cast.accounts['editor']}", "queued")
    ]


def test_an_act_is_signed_with_the_first_word_that_is_not_about_reading(cast: Cast) -> None:
    id_ = make(cast)

    def service(desk: Desk) -> None:
        desk.get(Project, id_)
        deeds.amend(desk, id_, None, {"park": "North"}, Act.PROJECT_MOVE)

    cast.database.act_now(cast.by("editor", reason="asked for", door="api"), service)
    row = cast.database.read_now(lambda link: link.row(LAST_ACT))
    assert row == ("project.move", "Editor", "api", "asked for", 1)


def test_nothing_is_kept_by_a_service_that_asked_no_leave(cast: Cast) -> None:
    with pytest.raises(LookupError):
        cast.database.act_now(house(), lambda desk: desk.keep(Zone(code="N", name="N")))


def test_nobody_moves_a_row_into_a_zone_she_does_not_see(cast: Cast) -> None:
    id_ = make(cast)
    with pytest.raises(NotFound):
        cast.database.act_now(cast.editor, deeds.amend, id_, None, {"zone_id": cast.west})


# ── one row in one act ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_row_kept_twice_in_an_act_is_one_change_and_one_version(cast: Cast) -> None:
    id_ = make(cast)
    before = counts(cast)
    cast.database.act_now(cast.editor, deeds.twice, id_, None, {"park": "A"}, {"park": "B", "remarks": "x"})
    after = counts(cast)
    assert (after[0] - before[0], after[1] - before[1], after[3] - before[3]) == (1, 1, 1)


def test_two_objects_of_one_row_cannot_write_each_other_back(cast: Cast) -> None:
    id_ = make(cast)

    def service(desk: Desk) -> None:
        first = desk.get(Project, id_, to=Act.PROJECT_AMEND)
        second = desk.get(Project, id_, to=Act.PROJECT_AMEND)
        first.park, second.remarks = "North", "late"
        desk.keep(first)
        desk.keep(second)

    with pytest.raises(Stale):
        cast.database.act_now(cast.editor, service)


def test_a_row_changed_and_changed_back_is_no_news_at_all(cast: Cast) -> None:
    id_ = make(cast, total_investment_yuan=5)
    before, since = counts(cast), version(cast, id_)
    answer = cast.database.act_now(cast.editor, deeds.back, id_, None, {"total_investment_yuan": 7, "park": "N"})
    assert (answer.seq, counts(cast), version(cast, id_)) == (None, before, since)


def test_one_row_that_came_back_does_not_take_another_with_it(cast: Cast) -> None:
    first, second = make(cast), make(cast)

    def service(desk: Desk) -> None:
        deeds.back(desk, first, None, {"park": "N"})
        deeds.amend(desk, second, None, {"park": "N"})

    seq = cast.database.act_now(cast.editor, service).seq
    assert (version(cast, second), version(cast, first) < (seq or 0)) == (seq, True)


# ── idempotency ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_same_key_and_content_answers_what_was_answered_and_does_nothing(cast: Cast) -> None:
    caller = cast.by("editor", key="k1", fingerprint="POST /projects abc")
    facts = {"name": "Plant", "ledger": "reserve"}
    first = cast.database.act_now(caller, deeds.create, cast.east, facts, status=201)
    stored = counts(cast)
    again = cast.database.act_now(caller, deeds.create, cast.east, facts, status=201)
    assert (again.value, again.status, again.replayed) == (first.value, 201, True)
    assert (first.replayed, counts(cast)) == (False, stored)


def test_the_same_key_with_other_content_is_refused(cast: Cast) -> None:
    facts = {"name": "Plant", "ledger": "reserve"}
    cast.database.act_now(cast.by("editor", key="k1", fingerprint="a"), deeds.create, cast.east, facts)
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(cast.by("editor", key="k1", fingerprint="b"), deeds.create, cast.east, facts)
    assert (refused.value.status, refused.value.code) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_whoever_brought_it(cast: Cast) -> None:
    facts = {"name": "Plant", "ledger": "reserve"}
    mine = cast.database.act_now(cast.by("editor", key="k1", fingerprint="a"), deeds.create, cast.east, facts)
    hers = cast.database.act_now(cast.by("both", key="k1", fingerprint="a"), deeds.create, cast.east, facts)
    assert mine.value["id"] != hers.value["id"]


def test_a_refusal_is_not_stored_and_may_be_tried_again(cast: Cast) -> None:
    id_ = make(cast)
    caller = cast.by("editor", key="k1", fingerprint="a")
    with pytest.raises(Stale):
        cast.database.act_now(caller, deeds.amend, id_, 1, {"park": "N"})
    assert cast.database.act_now(caller, deeds.amend, id_, version(cast, id_), {"park": "N"}).replayed is False


# ── what the database itself refuses ─────────────────────────────────────────────────────────────────────────────────
RAW = [
    "UPDATE project SET name = 'forged'",
    "UPDATE project SET name = 'forged', since = since + 5",
    "UPDATE zone SET name = 'forged'",
    "UPDATE account SET role = 'administrator'",
    "DELETE FROM project",
    "DELETE FROM zone_version",
    "UPDATE project_version SET name = 'forged'",
    "UPDATE project_version SET until = since - 1",
    "DELETE FROM project_version",
    "UPDATE act SET actor_name = 'nobody'",
    "DELETE FROM act",
    "UPDATE change SET diff = '{}'",
    "DELETE FROM change",
    "UPDATE posting SET projects = 0",
    "DELETE FROM posting",
]


@pytest.mark.parametrize("statement", RAW)
def test_the_database_itself_refuses(cast: Cast, statement: str) -> None:
    make(cast)
    link = link_of(cast.database)
    try:
        with pytest.raises(Conflict) as refused:
            link.run(Sql(statement))
    finally:
        link.close()
    assert "guard" in refused.value.values["said"]


def test_a_closed_version_stays_closed(cast: Cast) -> None:
    id_ = make(cast)
    cast.database.act_now(cast.editor, deeds.amend, id_, None, {"park": "N"})
    link = link_of(cast.database)
    try:
        with pytest.raises(Conflict):
            link.run(Sql("UPDATE project_version SET until = until + 1 WHERE until < 1000000"))
    finally:
        link.close()


def test_a_code_that_is_taken_is_a_conflict_on_both(cast: Cast) -> None:
    make(cast, code="P-1")
    with pytest.raises(Conflict):
        make(cast, code="P-1")
    assert make(cast, code="P-2") > 0


def test_a_value_beyond_its_limits_is_refused_by_the_database_too(cast: Cast) -> None:
    for wrong in ({"total_investment_yuan": -1}, {"land_mode": "somewhere"}, {"name": "x" * 201}):
        with pytest.raises(Conflict):
            make(cast, **wrong)


def test_a_commit_that_fails_leaves_the_writer_clean(cast: Cast) -> None:
    promise = "CREATE TABLE promise (seq BIGINT REFERENCES act (seq) DEFERRABLE INITIALLY DEFERRED)"

    def broken(link: Link) -> None:
        """A debt that only the commit asks for."""
        link.run(Sql(promise))
        link.run(Sql("INSERT INTO promise (seq) VALUES (99)"))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        cast.database.chore_now(broken)
    assert make(cast) > 0
