"""A gradebook given learner by learner says what the whole answer says, and fails as it fails."""

from __future__ import annotations

import json
import tracemalloc
from decimal import Decimal

import pytest

from moodle_client import (
    AnswerTooLarge,
    MissingCapability,
    MoodleClient,
    MoodleError,
    NotMoodle,
    ServerFailure,
    TransportOptions,
    TruncatedAnswer,
    UnexpectedAnswer,
)
from moodle_client.transport import streaming
from tests.contract.moodle_client.faulty import Behaviour, faulty, says
from tests.contract.moodle_client.requests_sent import METHODS
from tests.contract.moodle_client.site import Answer, Site, load, recorded
from tests.contract.moodle_client.test_recordings import NAMES

JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
GRADEBOOKS = [
    name
    for name in NAMES
    if load(name)["request"]["function"] == "gradereport_user_get_grade_items"
]
BIG = {
    "usergrades": [
        {
            "courseid": 2,
            "courseidnumber": "COURS-2",
            "userid": number,
            "userfullname": f"Apprenant·e Fictif·ve {number}",
            "useridnumber": "",
            "gradeitems": [{"id": 1, "itemname": None, "itemtype": "course", "graderaw": 66.66667}],
        }
        for number in range(1000)
    ],
    "warnings": [],
}
WRITTEN = json.dumps(BIG).encode()


@pytest.mark.parametrize("name", GRADEBOOKS)
@pytest.mark.parametrize("short", [0, streaming.SHORT])
def test_a_recorded_gradebook_is_the_same_learner_by_learner(
    name: str, short: int, site: Site, moodle: MoodleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SHORT", max(short, 16))
    site.always(recorded(name))

    def said(method: str) -> object:
        try:
            return list(getattr(moodle, method)(6))
        except MoodleError as error:
            return repr(error)

    assert said("iterate_grade_items") == said("get_grade_items")


def test_there_are_gradebooks_and_refusals_among_them() -> None:
    assert len(GRADEBOOKS) > 15


def test_a_long_answer_keeps_its_numbers_exact(site: Site, moodle: MoodleClient) -> None:
    site.always(Answer.of(BIG))
    read = list(moodle.iterate_grade_items(2, 5))
    assert [grades.user_id for grades in read] == list(range(1000))
    assert {grades.items[0].final for grades in read} == {Decimal("66.66667")}
    assert site.forms[0]["groupid"] == "5"
    assert "userid" not in site.forms[0]


def read_from(url: str, **options: object) -> list[int]:
    """Who is in a gradebook."""
    chosen = TransportOptions(**{"backoff": 0, **options})
    with MoodleClient(url, "5" * 32, options=chosen) as moodle:
        return [grades.user_id for grades in moodle.iterate_grade_items(2)]


@pytest.mark.parametrize(
    ("behaviour", "kind", "reason"),
    [
        (says("200 OK", WRITTEN[:-2], JSON), TruncatedAnswer, "cut"),
        (says("200 OK", WRITTEN[: len(WRITTEN) // 2], JSON), TruncatedAnswer, "cut"),
        (says("200 OK", WRITTEN, JSON, length=len(WRITTEN) + 9), TruncatedAnswer, "cut"),
        (says("200 OK", WRITTEN.replace(b"66.66667", b"NaN"), JSON), NotMoodle, "not_json"),
        (says("200 OK", b"", JSON), TruncatedAnswer, "empty"),
        (says("200 OK", b"<br />" * 20000, JSON), ServerFailure, "php_output"),
        (says("200 OK", b"<p>logintoken" + b" " * 99999, HTML), NotMoodle, "login_page"),
        (says("302 Found", b"", "Location: /login/index.php"), NotMoodle, "redirect_to_login"),
        (says("502 Bad Gateway", b"<html>" * 20000, HTML), ServerFailure, "http_502"),
        (says("200 OK", b"[" + WRITTEN + b"]", JSON), UnexpectedAnswer, "not_an_object"),
        (says("200 OK", b'{"usergrades": 3}', JSON), UnexpectedAnswer, "field_usergrades"),
    ],
)
def test_a_fault_is_the_one_of_any_other_call_and_nothing_is_asked_twice(
    behaviour: Behaviour, kind: type[MoodleError], reason: str
) -> None:
    with faulty(behaviour) as server:
        with pytest.raises(kind) as raised:
            read_from(server.url)
        assert raised.value.reason == reason
        assert len(server.requests) == 1


def test_an_error_as_long_as_an_answer_is_recognised() -> None:
    refusal = {"exception": "x", "errorcode": "nopermissions", "message": "m" * 99999}
    with (
        faulty(says("200 OK", json.dumps(refusal).encode(), JSON)) as server,
        pytest.raises(MissingCapability),
    ):
        read_from(server.url)


def test_who_was_given_before_a_cut_was_sound() -> None:
    seen: list[int] = []
    cut = says("200 OK", WRITTEN[: len(WRITTEN) // 2], JSON)
    with faulty(cut) as server, MoodleClient(server.url, "5" * 32) as moodle:
        learners = moodle.iterate_grade_items(2)
        with pytest.raises(TruncatedAnswer):
            seen.extend(grades.user_id for grades in learners)
    assert seen == list(range(len(seen)))
    assert 400 < len(seen) < 600


def test_an_answer_past_every_limit_is_refused() -> None:
    with faulty(says("200 OK", WRITTEN, JSON)) as server, pytest.raises(AnswerTooLarge):
        read_from(server.url, max_streamed_bytes=1000)
    with faulty(says("200 OK", b"<p>" + WRITTEN, HTML)) as server, pytest.raises(AnswerTooLarge):
        read_from(server.url, max_reply_bytes=1000)


def test_an_answer_of_many_times_the_size_holds_no_more_memory(site: Site) -> None:
    def peak(times: int) -> int:
        site.always(Answer.of({"usergrades": BIG["usergrades"] * times}))
        with MoodleClient(site.url, "5" * 32) as moodle:
            learners = moodle.iterate_grade_items(2)
            tracemalloc.start()
            assert sum(1 for _ in learners) == 1000 * times
            _, highest = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return highest

    peak(1)
    assert peak(40) < 3 * peak(8)


def test_every_function_recorded_has_a_method() -> None:
    asked = {load(name)["request"]["function"] for name in NAMES if not name.startswith("error-")}
    assert asked - {None} - METHODS.keys() == set()
