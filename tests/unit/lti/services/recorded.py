"""What the recorded platform answered, as the connector receives it."""

from __future__ import annotations

import json
from typing import Any

from lti_tool.lti.services.wire import Answer
from tests.contract.demo.recordings import recording


def recorded_answers(name: str) -> list[Answer]:
    """Return the answers of one recording, in order."""
    return [_answer(one) for one in recording("lti", name)["exchanges"]]


def recorded_answer(name: str, position: int = 0) -> Answer:
    """Return one answer of a recording."""
    return recorded_answers(name)[position]


def _answer(exchanged: dict[str, Any]) -> Answer:
    response = exchanged["response"]
    body = (
        json.dumps(response["body"], ensure_ascii=False)
        if "body" in response
        else response.get("body_text") or ""
    )
    return Answer(
        response["status"], body.encode(), response["headers"], exchanged["request"]["url"]
    )
