"""AGS and NRPS of the demo against the recordings, replayed in the order in which they were made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.lti.tokens import PERMITTED_SCOPES
from lti_tool.demo.moodle.lti.tooltypes import ToolType, save_tool
from lti_tool.demo.moodle.site import AccessToken
from tests.contract.demo.recorded_site import BASE_URL, recorded_site
from tests.contract.demo.recordings import names, recording

LINEITEM, READONLY, RESULT, SCORE, MEMBERS = PERMITTED_SCOPES

STORY = """
lineitems lineitems-no-typeid lineitems-other-course lineitems-accept-any lineitems-accept-json
lineitems-error-method lineitems-error-no-token lineitems-error-bad-token lineitems-error-wrong-scope
lineitems-error-wrong-typeid lineitems-error-wrong-course error-unknown-path
lineitem-create lineitem-create-coupled lineitem-create-max-zero lineitem-create-duplicate
lineitem-create-html-label lineitem-create-error-no-label lineitem-create-error-content-type
lineitem-create-error-bad-link lineitem-create-error-readonly-token
lineitems-after-create lineitems-filter-link lineitems-filter-resource lineitems-filter-tag
lineitems-page-1 lineitems-page-2
lineitem-get lineitem-put lineitem-put-partial lineitem-put-restore
lineitem-delete lineitem-delete-again lineitem-error-not-found
lineitem-error-foreign-grade-item lineitem-foreign-grade-item
results-empty score results score-error-same-timestamp score-error-older
score-rescaled score-zero score-above-max score-negative score-float score-html-comment
score-no-comment results-all results-after-no-comment results-user results-user-ungraded
results-page-no-typeid results-page-2-no-typeid results-page-error results-error-wrong-scope
score-progress-only results-after-progress-only score-pending results-after-pending
score-on-activity results-on-activity score-on-activity-no-comment
results-on-activity-after-no-comment score-foreign-grade-item
score-future-timestamp score-error-after-future
score-error-no-timestamp score-error-bad-timestamp score-error-no-max score-error-string-score
score-error-no-activity-progress score-error-bad-json score-error-newline-body
score-error-content-type score-error-wrong-scope scores-error-get
score-error-not-enrolled score-error-unknown-user score-error-trainer
score-other-course-in-path score-no-typeid score-suspended-enrolment score-suspended-user
lineitem-delete-activity lineitems-after-delete-activity
"""

NARROW_TOKENS = {
    "ags-lineitems-error-wrong-scope": {SCORE},
    "ags-lineitem-create-error-readonly-token": {READONLY},
    "ags-results-error-wrong-scope": {LINEITEM, SCORE},
    "ags-score-error-wrong-scope": {LINEITEM, RESULT},
    "nrps-error-wrong-scope": {SCORE},
}


class Replay:
    """Sends recorded service requests to a demo Moodle and compares the answers."""

    def __init__(self, site: DemoMoodle) -> None:
        self.site = site
        self.client: FlaskClient = create_moodle_app(site).test_client()

    def token(self, scopes: set[str]) -> str:
        """Return an access token for some scopes."""
        token = AccessToken(frozenset(scopes), self.site.now + 3600)
        self.site.access_tokens[token.value] = token
        return token.value

    def send(self, name: str, asked: dict[str, Any]) -> Any:
        """Send one request as recorded."""
        headers = {"Accept": "*/*", **asked.get("headers", {})}
        if headers.get("Authorization") == "Bearer BEARER_TOKEN":
            scopes = NARROW_TOKENS.get(name, set(PERMITTED_SCOPES))
            headers["Authorization"] = f"Bearer {self.token(scopes)}"
        body = asked.get("json")
        data = (
            body if body is None or isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        )
        path = asked["url"].removeprefix(BASE_URL)
        return self.client.open(path, method=asked["method"], headers=headers, data=data)

    def check(self, name: str) -> None:
        """Replay every exchange of a recording."""
        for exchange in recording("lti", name)["exchanges"]:
            answer, expected = self.send(name, exchange["request"]), exchange["response"]
            assert answer.status_code == expected["status"], (name, answer.text)
            status = f"{expected['status']} {expected['reason']}"
            assert answer.status.casefold() == status.casefold(), name
            assert answer.content_type == expected["headers"]["Content-Type"], name
            assert answer.headers.get("Link") == expected["headers"].get("Link"), name
            if "body" in expected:
                assert _comparable(answer.get_json(force=True)) == _comparable(expected["body"]), (
                    name
                )
                assert _keys(answer.get_json(force=True)) == _keys(expected["body"]), name
            elif not expected["body_text"].startswith("<!DOCTYPE html>"):
                assert answer.text == expected["body_text"], name


def _keys(body: Any) -> Any:
    if isinstance(body, dict):
        return [(key, _keys(value)) for key, value in body.items()]
    return [_keys(one) for one in body[:1]] if isinstance(body, list) else None


def _comparable(body: Any) -> Any:
    """Members in one order, without the numbers drawn for each answer."""
    if isinstance(body, dict) and "members" in body:
        people = [_without_chance(one) for one in body["members"]]
        return body | {"members": sorted(people, key=lambda one: int(one["user_id"]))}
    return body


def _without_chance(member: dict[str, Any]) -> dict[str, Any]:
    if "message" not in member:
        return member
    keys = [sorted(message) for message in member["message"]]
    return member | {"message": keys}


@pytest.fixture
def replay() -> Replay:
    """The recorded site before the tool sent anything."""
    site = recorded_site()
    for key in [key for key in site.world.grades if key[0] == 104]:
        del site.world.grades[key]
    return Replay(site)


def test_line_items_scores_and_results_follow_the_recorded_story(replay: Replay) -> None:
    for name in STORY.split():
        replay.check(f"ags-{name}")


def test_two_scores_in_one_second_collide_as_recorded(replay: Replay) -> None:
    column = {
        "id": 121,
        "course": 2,
        "label": "Collision",
        "maximum": "20",
        "category": 1,
        "resource_id": "",
        "tag": "",
        "resource_link": None,
        "tool": 1,
    }
    replay.site.changes.make(replay.site.world, "add_column", column=column)
    replay.check("ags-score-same-second")


def test_every_ags_recording_is_replayed() -> None:
    told = {f"ags-{name}" for name in STORY.split()} | {"ags-score-same-second"}
    assert told == set(names("lti", "ags-"))


NRPS_PARTIAL = {
    "nrps-hidden-course": "the members of that course are not all recorded",
    "nrps-pages": "the order of the database's collation is not ours",
    "nrps-no-accept": "the same",
    "nrps-rlid": "the same",
    "nrps-role-learner": "the same",
    "nrps-v1": "the same",
}


@pytest.mark.parametrize(
    "name", [name for name in names("lti", "nrps") if name not in NRPS_PARTIAL]
)
def test_members_are_listed_or_refused_as_recorded(replay: Replay, name: str) -> None:
    replay.check(name)


@pytest.mark.parametrize("name", sorted(NRPS_PARTIAL))
def test_pages_of_members_have_the_recorded_shape(replay: Replay, name: str) -> None:
    exchange = recording("lti", name)["exchanges"][0]
    answer, expected = replay.send(name, exchange["request"]), exchange["response"]
    assert answer.content_type == expected["headers"]["Content-Type"]
    assert answer.headers.get("Link") == expected["headers"].get("Link")
    ours, theirs = answer.get_json(force=True), expected["body"]
    assert _keys(ours) == _keys(theirs)
    if name != "nrps-v1":
        recorded = recording("lti", "nrps")["exchanges"][0]["response"]["body"]["members"]
        known = {member["user_id"]: member for member in recorded}
        assert len(ours["members"]) == len(theirs["members"])
        for member in ours["members"]:
            assert {key: value for key, value in member.items() if key != "message"} == known[
                member["user_id"]
            ]


def test_following_the_links_gives_every_member_once(replay: Replay) -> None:
    exchange = recording("lti", "nrps-pages")["exchanges"][0]
    asked, seen = dict(exchange["request"]), []
    while True:
        answer = replay.send("nrps-pages", asked)
        seen += [member["user_id"] for member in answer.get_json(force=True)["members"]]
        link = answer.headers.get("Link")
        if not link:
            break
        asked["url"] = link.partition(">")[0].removeprefix("<")
    assert len(seen) == len(set(seen)) == recording("lti", "nrps-pages")["members"]


def test_a_token_serves_the_tool_that_it_was_given_to_and_no_other() -> None:
    site = recorded_site()
    address = "https://outil.example.test/lti"
    save_tool(site, ToolType(4, "un-autre", "Outil", address, address, address, [address], "outil"))
    client = create_moodle_app(site).test_client()
    token = AccessToken(frozenset(PERMITTED_SCOPES), site.now + 3600, 4)
    site.access_tokens[token.value] = token

    def ask(tool: str) -> int:
        answer = client.get(
            f"/mod/lti/services.php/2/lineitems?type_id={tool}",
            headers={
                "Authorization": f"Bearer {token.value}",
                "Accept": "application/vnd.ims.lis.v2.lineitemcontainer+json",
            },
        )
        return answer.status_code

    assert (ask("4"), ask(site.deployment_id)) == (200, 401)
