"""The clock of a lead: what is owed until when, and when standing still shows."""

from __future__ import annotations

import pytest

from app.rules import lead_clock
from app.rules.calendar import CALENDAR
from app.rules.codes import Light
from app.services import follow_ups, leads
from tests.cast import Cast
from tests.lead_acts import DAY, made, move


def test_the_clock_asks_for_an_answer_a_screening_a_feedback_and_news(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast)  # 1 June 2026, a Monday
    assert lead["due"] == {"what": "respond", "on": "2026-06-02", "late": True}
    said = {
        "kind": "call",
        "told": "约定来访",
        "happened_on": "2026-06-02",
        "next_step": "发资料",
        "next_step_on": "2026-06-05",
    }
    cast.database.act_now(cast.editor, follow_ups.add, lead["id"], said)
    found = cast.database.ask_now(cast.editor, leads.read, lead["id"])
    assert found["due"] == {"what": "screen", "on": "2026-06-04", "late": True}
    assert (found["responded_on"], found["progress_on"], found["next_step"], found["next_step_on"]) == (
        "2026-06-02", "2026-06-02", "发资料", "2026-06-05",
    )  # fmt: skip
    move(cast, lead["id"], "screening", on="2026-06-04")
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["due"]["on"] == "2026-06-11"
    steps = cast.database.ask_now(cast.editor, follow_ups.open_steps)
    assert [(s["next_step"], s["lead"]["id"]) for s in steps] == [("发资料", lead["id"])]
    one = follow = cast.database.ask_now(cast.editor, follow_ups.list_, lead["id"])[0]
    cast.database.act_now(
        cast.editor, follow_ups.amend, one["id"], {"done_on": "2026-06-05"}, version=follow["version"]
    )
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["next_step"] is None


def test_my_next_steps_are_those_that_name_me_and_not_those_of_a_namesake(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast, keeper="周启明、林砚秋")
    said = {"kind": "call", "told": "来电", "next_step": "回电"}
    cast.database.act_now(cast.editor, follow_ups.add, lead["id"], said)
    for name, count in (("林砚秋", 1), ("周启明", 1), ("启明", 0), ("周", 0)):
        steps = cast.database.ask_now(cast.editor, lambda desk, name=name: follow_ups.open_steps(desk, by=name))
        assert len(steps) == count, name


@pytest.mark.parametrize(
    ("today", "light", "remove"),
    [
        ("2026-07-31", Light.GREEN, False),
        ("2026-08-01", Light.YELLOW, False),
        ("2026-09-01", Light.RED, False),
        ("2026-12-01", Light.RED, True),
    ],
)
def test_two_months_without_progress_are_yellow_three_red_six_a_proposal_to_remove(
    today: str, light: Light, remove: bool
) -> None:
    class Lead:
        disposition, project_id, progress_on, registered_on, stage, responded_on = (
            "active",
            None,
            DAY,
            DAY,
            "lead",
            None,
        )

    assert lead_clock.idle(Lead, lead_clock.CLOCK, today) is light
    assert lead_clock.to_remove(Lead, lead_clock.CLOCK, today) is remove
    assert lead_clock.due(Lead, lead_clock.CLOCK, CALENDAR) == lead_clock.Due("respond", "2026-06-02")
