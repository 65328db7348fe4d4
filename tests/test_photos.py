"""Photos of a month: what is kept of them, who adds them, who sees them, until when; and files that are no photos."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.backup.tables import digests
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.files import Files
from app.pictures import LONGEST, read
from app.rules.shots import Shot
from app.services import evidence, history, periods, photos, transfers
from tests.cast import Cast
from tests.shots import WUHAN, bomb, picture
from tests.test_month_steps import MONTH, act, build, report, steps
from tests.test_reporters import LI, invite
from tests.web import Web

SHOT = Shot(b"", 320, 240, "2026-08-20T14:33:05", (30.59, 114.3))
BEFORE = "2026-07"


def colour(jpeg: bytes, at: tuple[int, int]) -> str:
    found = Image.open(io.BytesIO(jpeg)).convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return "red" if found[0] > 150 > found[1] else "other"


# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_time_and_place_are_read_and_then_gone_from_the_file() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        shot = read(picture(kind, taken="2026:06:20 14:33:05", gps=WUHAN))
        assert (shot.taken_at, shot.place) == ("2026-06-20T14:33:05", (30.59, 114.3)), kind
        kept = Image.open(io.BytesIO(shot.jpeg))
        assert kept.format == "JPEG"
        assert not kept.getexif()
        assert b"Exif" not in shot.jpeg
        assert b"2026" not in shot.jpeg


def test_a_large_picture_is_made_small_and_one_that_lies_on_its_side_stands_up() -> None:
    shot = read(picture(size=(4000, 3000), turned=6))
    assert (shot.width, shot.height) == (1200, LONGEST)
    assert Image.open(io.BytesIO(shot.jpeg)).size == (1200, LONGEST)
    assert colour(shot.jpeg, (1190, 10)) == "red", "what was the upper left corner is the upper right one"
    assert colour(shot.jpeg, (10, 10)) == "other"


@pytest.mark.parametrize(
    ("taken", "gps"),
    [
        ("0000:00:00 00:00:00", {**WUHAN, 2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}),
        ("2026:13:40 99:99:99", {**WUHAN, 2: (91.0, 0.0, 0.0)}),
        ("yesterday", {1: "N", 2: (30.0, 35.0, 24.0)}),
        ("2026-06-20", {2: (30.0,), 4: (114.0,)}),
    ],
)
def test_rubbish_in_a_file_is_unknown_and_the_picture_is_still_good(taken: str, gps: dict[int, Any]) -> None:
    shot = read(picture(taken=taken, gps=gps))
    assert (shot.taken_at, shot.place) == (None, None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"\xff\xd8\xff\xe0 a JPEG in name only", "not_a_picture"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not_a_picture"),
        (picture(size=(800, 600))[:900], "not_a_picture"),
        (picture("PNG")[:200], "not_a_picture"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (bomb(), "too_many_pixels"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)
    assert [p.code for p in refused.value.problems] == [code]


@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=8)
)
def test_a_spoilt_file_is_a_picture_or_refused(kind: str, spoilt: list[tuple[int, int]]) -> None:
    content = bytearray(picture(kind, (60, 40), taken="2026:06:20 14:33:05", gps=WUHAN))
    for at, byte in spoilt:
        content[at % len(content)] = byte
    try:
        assert read(bytes(content)).jpeg.startswith(b"\xff\xd8")
    except Invalid as refused:
        assert refused.problems  # noqa: PT017


@pytest.fixture
def mill(cast: Cast) -> int:
    """A project in construction in the East, and August opened."""
    made = build(cast, "面粉生产线（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    return made


# ── beside a report ──────────────────────────────────────────────────────────────────────────────────────────────────
def add(
    cast: Cast, tmp_path: Path, id_: int, n: int = 0, month: str = MONTH, *, shot: Shot = SHOT, who: str = "editor",
    said: dict[str, Any] | None = None,
) -> Any:  # fmt: skip
    stored = Files(tmp_path).put(b"a picture, number %d" % n)
    return cast.database.act_now(
        cast.by(who), photos.add, id_, month, said or {}, stored=stored, shot=shot, name="工地 1.PNG"
    ).value


def test_six_photos_stand_beside_a_month_with_when_and_where(cast: Cast, tmp_path: Path, mill: int) -> None:
    made = [add(cast, tmp_path, mill, n) for n in range(6)]
    assert (made[0]["taken_at"], made[0]["latitude"], made[0]["told_by"]) == ("2026-08-20T14:33:05", 30.59, "file")
    assert (made[0]["file_name"], made[0]["added_by"], made[0]["elsewhen"]) == ("工地 1.jpg", "Editor", False)
    with pytest.raises(Conflict) as seventh:
        add(cast, tmp_path, mill, 6)
    assert seventh.value.code == "enough_photos"
    cast.database.act_now(cast.editor, photos.remove, made[0]["id"], version=made[0]["version"])
    with pytest.raises(Conflict) as twice:
        add(cast, tmp_path, mill, 1)
    assert twice.value.code == "same_photo"
    assert len(cast.database.ask_now(cast.leader, photos.list_, mill, MONTH)) == 5
    assert {p["digest"] for p in made} <= set(cast.database.read_now(digests)), "a backup takes those taken away too"
    told = cast.database.ask_now(cast.editor, history.of_row, "photo", made[0]["id"])
    assert [a["word"] for a in told] == ["photo.remove", "photo.add"]
    assert cast.database.read_now(lambda link: evidence.sweep(link, Files(tmp_path))) == 0


def test_a_picture_of_another_month_says_so(cast: Cast, tmp_path: Path, mill: int) -> None:
    old = add(cast, tmp_path, mill, month=BEFORE)
    assert old["elsewhen"] is True
    again = add(cast, tmp_path, mill)
    assert (again["repeats"], again["elsewhen"]) == (BEFORE, False)
    told = cast.database.ask_now(cast.editor, photos.beside, mill, MONTH)
    assert [p["month"] for p in (*told["now"], *told["before"])] == [MONTH, BEFORE]
    assert (told["room"], told["may"]) == (5, True)
    assert cast.database.ask_now(cast.leader, photos.beside, mill, MONTH)["may"] is False


def test_a_device_that_made_it_small_says_when_and_where(cast: Cast, tmp_path: Path, mill: int) -> None:
    mute = Shot(b"", 320, 240, None, None)
    said = {"taken_at": "2026-08-03T08:00:00", "latitude": 30.1, "longitude": 114.2}
    assert add(cast, tmp_path, mill, shot=mute, said=said)["told_by"] == "device"
    assert add(cast, tmp_path, mill, 1, said=said)["taken_at"] == SHOT.taken_at, "what the file says goes first"
    assert add(cast, tmp_path, mill, 2, shot=mute)["told_by"] is None
    for wrong in (
        {"taken_at": "yesterday"}, {"taken_at": "2126-06-03T08:00:00"}, {"latitude": 30.1}, {"latitude": 91.0, "longitude": 0.0},
        {"longitude": float("nan"), "latitude": 1.0},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            add(cast, tmp_path, mill, 3, shot=mute, said=wrong)


def test_photos_are_frozen_with_the_month(cast: Cast, tmp_path: Path, mill: int) -> None:
    photo = add(cast, tmp_path, mill)
    report(cast, mill, invested_yuan=1)
    steps(cast, "submit")
    for change in (
        lambda: add(cast, tmp_path, mill, 1),
        lambda: cast.database.act_now(cast.editor, photos.remove, photo["id"]),
    ):
        with pytest.raises(Conflict) as closed:
            change()
        assert closed.value.code == "month_submitted"


def test_another_zone_sees_no_photo_and_a_leader_adds_none(cast: Cast, tmp_path: Path, mill: int) -> None:
    photo = add(cast, tmp_path, mill)
    for ask in (photos.list_, photos.open_):
        with pytest.raises(NotFound):
            cast.database.ask_now(cast.stranger, ask, mill if ask is photos.list_ else photo["id"])
    for who, refusal in (("stranger", NotFound), ("leader", Forbidden), ("office", Forbidden), ("auditor", Forbidden)):
        with pytest.raises(refusal):
            add(cast, tmp_path, mill, 1, who=who)
        with pytest.raises(refusal):
            cast.database.act_now(cast.by(who), photos.remove, photo["id"])
    cast.database.act_now(cast.by("office", reason="split"), transfers.transfer, mill, to="WEST")
    assert len(cast.database.ask_now(cast.stranger, photos.list_, mill)) == 1, "photos go with their project"


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_photo_comes_in_by_the_api_once_and_goes_out_as_a_picture(sqlite_web: Web) -> None:
    web = sqlite_web
    project = web.project("Mill", ledger="in_construction", started_on="2026-01-01", override=True, reason="agreed")
    place = f"/projects/{project['id']}/reports/2026-02/photos"
    sent = {"files": {"file": ("a.txt", picture(taken="2026:02:20 14:33:05"), "text/plain")}}
    once = {"headers": {"Idempotency-Key": "photo-1"}}
    made = web.post(place, data={"latitude": "30.5", "longitude": "114.3"}, **sent, **once)
    assert made.status_code == 201, made.text
    again = web.post(place, data={"latitude": "30.5", "longitude": "114.3"}, **sent, **once)
    assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (201, "true")
    photo = made.json()
    assert made.headers["location"].endswith(f"{place}/{photo['id']}")
    file = web.get(f"{place}/{photo['id']}/file")
    assert (file.headers["content-type"], file.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert [p["id"] for p in web.get(place).json()["items"]] == [photo["id"]]
    for wrong, status in (
        ({"files": {"file": ("a.jpg", b"MZ", "image/jpeg")}}, 422),
        ({"files": {"file": ("a.jpg", picture(), "image/jpeg")}, "data": {"latitude": "north"}}, 422),
        ({"files": {"file": ("a.jpg", picture(), "image/jpeg")}, "data": {"nonsense": "1"}}, 422),
        ({"json": {}}, 415),
    ):
        assert web.post(place, **wrong).status_code == status, wrong
    gone = web.delete(f"{place}/{photo['id']}", version=photo["version"])
    assert gone.status_code == 200
    assert web.get(f"{place}/{photo['id']}").status_code == 404


def test_a_report_tells_its_photos_and_says_which_of_them_stay(sqlite_web: Web) -> None:
    web = sqlite_web
    project = web.project("Mill", ledger="in_construction", started_on="2026-01-01", override=True, reason="agreed")
    place = f"/projects/{project['id']}/reports/2026-02"
    ids = []
    for colour in ((1, 2, 3), (90, 90, 90)):
        file = {"file": ("a.jpg", picture(colour=colour), "image/jpeg")}
        ids.append(web.post(f"{place}/photos", files=file).json()["id"])
    made = web.put(place, json={"invested_yuan": 5, "photos": [99_999]})
    assert (made.status_code, made.json()["errors"][0]["pointer"]) == (422, "/photos/0")
    assert web.get(place).status_code == 404, "nothing half done"
    made = web.put(place, json={"invested_yuan": 5, "photos": ids[1:]})
    assert (made.status_code, [p["id"] for p in made.json()["photos"]]) == (200, ids[1:]), made.text
    read = web.get(place)
    assert [p["id"] for p in read.json()["photos"]] == ids[1:]
    more = {"file": ("a.jpg", picture(colour=(200, 9, 9)), "image/jpeg")}
    later = web.post(f"{place}/photos", files=more).json()["id"]
    held = web.get(place, headers={"If-None-Match": read.headers["etag"]})
    assert [p["id"] for p in held.json()["photos"]] == [*ids[1:], later], "the tag is the report's alone"
    kept = web.put(place, json={"next_steps": "roof"}, version=made.json()["version"])
    assert len(kept.json()["photos"]) == 2, "left out, all stay"
    assert [len(r["photos"]) for r in web.get(f"/projects/{project['id']}/reports").json()["items"]] == [2]


def test_a_refused_photo_says_what_to_do_in_chinese(sqlite_web: Web) -> None:
    web = sqlite_web
    project = web.project("Mill", ledger="in_construction", started_on="2026-01-01", override=True, reason="agreed")
    files = {"file": ("a.jpg", bomb(), "image/jpeg")}
    answer = web.post(
        f"/projects/{project['id']}/reports/2026-02/photos", files=files, headers={"Accept-Language": "zh"}
    )
    assert answer.status_code == 422
    assert "百万像素" in answer.json()["errors"][0]["detail"] or "万像素" in answer.json()["errors"][0]["detail"]


def test_a_reporter_adds_photos_of_her_projects_in_her_month_only(sqlite_cast: Cast, tmp_path: Path) -> None:
    cast = sqlite_cast
    hers, other = build(cast, "One", responsible_person=LI), build(cast, "Two")
    act(cast, "office", periods.open_, MONTH, {})
    link = invite(cast)
    stored = Files(tmp_path).put(b"a picture")

    def sent(id_: int, month: str) -> Any:
        return cast.database.act_now(link, photos.add, id_, month, {}, stored=stored, shot=SHOT, name="a.jpg").value

    photo = sent(hers, MONTH)
    for id_, month in ((other, MONTH), (hers, BEFORE)):
        with pytest.raises(NotFound):
            sent(id_, month)
    told = cast.database.ask_now(link, photos.beside, hers, MONTH)
    assert ([p["id"] for p in told["now"]], told["may"]) == ([photo["id"]], True)
    cast.database.act_now(link, photos.remove, photo["id"], version=photo["version"])
