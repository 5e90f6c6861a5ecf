"""A form leads to a page of this tool, never to another site."""

from __future__ import annotations

import pytest

from lti_tool.people.addresses import local_path


@pytest.mark.parametrize("path", ["/", "/cours/3/parcours?job=x", "/mes-donnees#consentements"])
def test_a_path_of_this_tool_is_followed(path: str) -> None:
    assert local_path(path, "/defaut") == path


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "",
        "cours/3",
        "//evil.example.org",
        "/\\evil.example.org",
        "/\\\\evil.example.org",
        "https://evil.example.org",
        "javascript:alert(1)",
        "/\t/evil.example.org",
        "/cours\r\nSet-Cookie: a=b",
        "/a\\b",
    ],
)
def test_anything_else_leads_to_the_default(asked: str | None) -> None:
    assert local_path(asked, "/defaut") == "/defaut"
