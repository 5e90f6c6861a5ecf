"""The demo's Moodle over HTTP, and what it keeps from one start to the next."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import requests

from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.lti.claims import AGS_SCOPES
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.demo.moodle.site import AccessToken

TOOL = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SCORE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
COURSE = 2


def _bearer(site: DemoMoodle) -> dict[str, str]:
    token = AccessToken(frozenset(AGS_SCOPES), site.now + 3600)
    site.access_tokens[token.value] = token
    return {"Authorization": f"Bearer {token.value}"}


def test_a_running_moodle_answers_on_its_own_address() -> None:
    with running_moodle(tool_url=TOOL) as site:
        assert site.base_url.startswith("http://127.0.0.1:")
        key = requests.get(f"{site.base_url}/mod/lti/certs.php", timeout=5).json()["keys"][0]
        assert key["kid"] == site.key.kid
        form = {
            "wstoken": site.service_token,
            "wsfunction": "core_webservice_get_site_info",
            "moodlewsrestformat": "json",
        }
        info = requests.post(f"{site.base_url}/webservice/rest/server.php", data=form, timeout=5)
        assert info.json()["siteurl"] == site.base_url
        assert requests.get(site.base_url, timeout=5).status_code == 200


def test_a_refused_score_repeats_its_body_in_the_status_line() -> None:
    with running_moodle(tool_url=TOOL) as site:
        items = f"{site.base_url}/mod/lti/services.php/{COURSE}/lineitems"
        headers = _bearer(site)
        made = requests.post(
            items,
            json={"label": "Écoute", "scoreMaximum": 20},
            headers=headers | {"Content-Type": LINE_ITEM},
            timeout=5,
        )
        assert (made.status_code, made.reason) == (201, "Created")
        scores = made.json()["id"].replace("/lineitem?", "/lineitem/scores?")
        body = '{"userId": "999999", "comment": "Écoute"}'
        headers |= {"Content-Type": SCORE}
        refused = requests.post(scores, data=body.encode(), headers=headers, timeout=5)
        assert refused.status_code == 400
        assert refused.reason.encode("latin-1").decode() == f"Incorrect score received{body}"
        broken = body.replace(", ", ",\n")
        lost = requests.post(scores, data=broken.encode(), headers=headers, timeout=5)
        assert (lost.status_code, lost.text) == (200, "[]")


def _started(folder: Path) -> DemoMoodle:
    return DemoMoodle(
        base_url="http://m", tool_url=TOOL, data_dir=folder, clock=lambda: datetime.now(UTC)
    )


def test_key_token_and_changes_outlive_a_restart(tmp_path: Path) -> None:
    first = _started(tmp_path)
    person = learner_id(32)
    item = next(one.id for one in first.world.grade_items if one.course == COURSE)
    first.changes.make(
        first.world, "set_grade", item=item, person=person, value="14.5", moment=first.now
    )
    first.changes.make(first.world, "remove_column", item=item + 1)
    second = _started(tmp_path)
    assert second.key.kid == first.key.kid
    assert second.service_token == first.service_token
    assert second.world == first.world
    for secret in ("moodle-key.pem", "moodle-service-token.txt"):
        assert stat.S_IMODE((tmp_path / secret).stat().st_mode) == 0o600


def test_the_world_keeps_the_day_of_its_first_start(tmp_path: Path) -> None:
    settings = {"base_url": "http://m", "tool_url": TOOL, "data_dir": tmp_path}
    first = DemoMoodle(**settings, clock=lambda: NOW)
    later = DemoMoodle(**settings, clock=lambda: NOW.replace(year=2027))
    assert later.world == first.world
    assert later.now > first.now


def test_nothing_is_kept_without_a_folder() -> None:
    site = DemoMoodle(base_url="http://m", tool_url=TOOL, clock=lambda: NOW)
    other = DemoMoodle(base_url="http://m", tool_url=TOOL, clock=lambda: NOW)
    assert site.key.kid != other.key.kid
    assert site.service_token != other.service_token
    assert site.world == other.world
