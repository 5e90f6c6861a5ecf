"""A browser with a Moodle session, and what its pages post."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.sessions import COOKIE


def browser(site: DemoMoodle, person: int | None) -> FlaskClient:
    """Return a browser in which someone is logged in (or nobody)."""
    client = create_moodle_app(site).test_client()
    session = site.sessions.open(None)
    session.person = person
    client.set_cookie(COOKIE, session.id)
    return client


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Return where the page's form goes, and its fields."""
    action = re.search(r'<form action="([^"]*)"', page)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    assert action, page[:200]
    return html.unescape(action[1]), {name: html.unescape(value) for name, value in fields}


def begin(client: FlaskClient, path: str) -> dict[str, str]:
    """Open a launch page and return what it posts to the tool."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return form_of(answer.text)[1]


def recorded_request(asked: dict[str, str], login: dict[str, str]) -> dict[str, str]:
    """Return a recorded authentication request with the hint of the present login."""
    request = dict(asked)
    if "lti_message_hint" in request:
        recorded = json.loads(request["lti_message_hint"])
        hint = json.loads(login["lti_message_hint"])
        if recorded["launchid"] != "ltilaunch1_1":  # that one stands for an unknown launch
            request["lti_message_hint"] = json.dumps(recorded | hint, separators=(",", ":"))
    return request


def claims_without_chance(claims: dict[str, Any]) -> dict[str, Any]:
    """Replace what is drawn for each launch: launch number, hash, session key, guid."""
    text = json.dumps(claims, ensure_ascii=False)
    text = re.sub(r'launchid\\":\d+', 'launchid\\\\":0', text)
    text = re.sub(r'hash\\":\\"[0-9a-f]{64}', 'hash\\\\":\\\\"0', text)
    text = re.sub(r"sesskey=[\w-]+", "sesskey=0", text)
    text = re.sub(r'"guid": "[0-9a-f]{32}"', '"guid": "0"', text)
    return dict(json.loads(text))
