"""Whatever is sent to the door, it answers with a refusal: never an entry, never a crash."""

from __future__ import annotations

import string
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.lti.claims import deployment_of, read_message
from lti_tool.lti.errors import LtiRefused
from lti_tool.lti.validation import check_registered_claims, digest, signed_claims, token_kid
from tests.security.forge import (
    BASE_URL,
    Door,
    compact,
    launch_claims,
    login_form,
    public_jwk,
    sign,
)
from tests.unit.lti.test_validation import NOW

RIGHT = launch_claims(NOW, "une-fois")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "title", "user_id", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
HTTP = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(st.dictionaries(st.sampled_from(sorted(RIGHT)), JSON, min_size=1, max_size=4))
def test_claims_of_any_shape_are_read_or_refused(changes: dict[str, Any]) -> None:
    claims = RIGHT | changes
    try:
        check_registered_claims(
            claims,
            issuer=RIGHT["iss"],
            client_id=RIGHT["aud"],
            nonce_hash=digest("une-fois"),
            now=NOW,
        )
        deployment_of(claims)
        message = read_message(claims, base_url=BASE_URL)
    except LtiRefused:
        return
    assert message.course_moodle_id > 0
    assert "\x00" not in message.full_name


@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "typ", "b64", "jwk"]), JSON))
def test_headers_of_any_shape_never_verify(header: dict[str, Any]) -> None:
    token = compact({"alg": "RS256", "kid": "x"} | header, RIGHT, b"signature")
    try:
        token_kid(token)
        signed_claims(token, public_jwk())
    except LtiRefused:
        return
    raise AssertionError("accepted")


@given(st.dictionaries(st.sampled_from(["kty", "n", "e", "alg", "use", "kid"]), JSON, min_size=1))
def test_platform_keys_of_any_shape_are_refused_or_verify(key: dict[str, Any]) -> None:
    try:
        claims = signed_claims(sign(RIGHT), public_jwk() | key)
    except LtiRefused:
        return
    assert claims == RIGHT


@HTTP
@given(
    st.dictionaries(
        st.sampled_from([*login_form(), "cookies_tested", "new_tab", "lang"]),
        st.text(max_size=60) | st.sampled_from(list(login_form().values())),
    ),
    st.booleans(),
)
def test_a_login_of_any_shape_is_answered(
    standing_door: Door, changes: dict[str, str], by_post: bool
) -> None:
    form = {
        name: value.encode(errors="replace") for name, value in (login_form() | changes).items()
    }
    if by_post:
        answer = standing_door.client.post("/lti/login", data=form)
    else:
        answer = standing_door.client.get("/lti/login", query_string=form)

    assert answer.status_code in (200, 302, 400, 403)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(
            "http://moodle.localhost:8081/mod/lti/auth.php?"
        )


@HTTP
@given(
    st.dictionaries(
        st.sampled_from(["state", "id_token", "error", "error_description", "x"]),
        st.text(max_size=60) | st.text(string.ascii_letters + "._-", max_size=60),
    )
)
def test_a_launch_of_any_shape_opens_nothing(standing_door: Door, form: dict[str, str]) -> None:
    data = {name: value.encode(errors="replace") for name, value in form.items()}

    answer = standing_door.client.post("/lti/launch", data=data)

    assert answer.status_code == 400


NAMES = st.sampled_from(
    [
        *login_form(),
        "lti_storage_target",
        "by_storage",
        "state",
        "id_token",
        "kept",
        "error",
        "é",
        "",
    ]
)
VALUES = (
    st.text(max_size=40)
    | st.sampled_from([*login_form().values(), "_parent", "a.b.c", "\x00", "%00", "\ud800"])
    | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1"))
)
KINDS = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain",
        "",
        "é/é",
    ]
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Authorization", "Cookie", "Origin", "Referer", "X-Forwarded-Proto", "Accept-Language"]
    ),
    st.text(string.printable.strip() + " é", max_size=40)
    | st.sampled_from(["Bearer x.y.z", "ancrage_cookies=1", "ancrage_session=x.y", "null"]),
    max_size=3,
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A form with names given several times, encoded well or badly; or anything at all."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=200))
    pairs = draw(st.lists(st.tuples(NAMES, VALUES), max_size=8))
    coding = draw(st.sampled_from(["utf-8", "latin-1", "utf-16"]))
    quoted = draw(st.booleans())
    parts = []
    for name, value in pairs:
        raw = value.encode(coding, "replace")
        parts.append(name.encode() + b"=" + (quote(raw).encode() if quoted else raw))
    return b"&".join(parts)


@HTTP
@given(
    st.sampled_from(["/lti/login", "/lti/launch", "/onglet", "/session", "/lti/jwks"]),
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS"]),
    bodies(),
    bodies(),
    KINDS,
    HEADERS,
)
def test_a_whole_request_of_any_shape_neither_crashes_nor_enters(
    standing_door: Door,
    path: str,
    method: str,
    query: bytes,
    body: bytes,
    kind: str,
    headers: dict[str, str],
) -> None:
    answer = standing_door.client.open(
        path,
        method=method,
        query_string=query.decode("latin-1"),
        data=body,
        content_type=kind,
        headers=headers,
    )

    assert answer.status_code < 500
    assert answer.status_code != 303
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(
            "http://moodle.localhost:8081/mod/lti/auth.php?"
        )
    assert not any(
        one.startswith("ancrage_session=") and "Max-Age=0" not in one and "csrf" not in one
        for one in answer.headers.getlist("Set-Cookie")
    )
