"""Static files are addressed by content and kept for a year."""

from __future__ import annotations

import gzip

from flask import Flask

from lti_tool.paths import static_dir
from lti_tool.web.assets import has_endpoint, static_url

FIRST_PAGE = ("vendor/bootstrap.min.css", "ancrage.css", "vendor/htmx.min.js", "ancrage.js")


def address(page: Flask, name: str) -> str:
    with page.test_request_context("/"):
        return static_url(name)


def test_a_file_asked_for_by_its_hash_is_kept_for_a_year(page: Flask) -> None:
    answer = page.test_client().get(address(page, "ancrage.css"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    answer.close()


def test_a_file_asked_for_by_another_hash_is_not_kept(page: Flask) -> None:
    answer = page.test_client().get("/static/ancrage.css?v=000000000000")
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    answer.close()


def test_two_files_have_two_hashes(page: Flask) -> None:
    one, other = address(page, "ancrage.css"), address(page, "ancrage.js")
    assert one.partition("v=")[2] != other.partition("v=")[2]


def test_a_link_is_shown_only_for_a_view_that_exists(page: Flask) -> None:
    with page.app_context():
        assert has_endpoint("static")
        assert not has_endpoint("people.my_data")


def test_what_the_first_page_loads_leaves_room_below_100_kilobytes() -> None:
    weight = sum(len(gzip.compress((static_dir() / name).read_bytes())) for name in FIRST_PAGE)
    assert weight < 60_000


def test_every_vendored_file_has_its_licence() -> None:
    vendor = static_dir() / "vendor"
    notes = (vendor / "LICENSES.md").read_text(encoding="utf-8")
    for file in vendor.iterdir():
        assert file.name == "LICENSES.md" or f"`{file.name}`" in notes


def test_our_sheet_needs_no_second_one_from_right_to_left() -> None:
    sheet = (static_dir() / "ancrage.css").read_text(encoding="utf-8")
    for physical in (
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "text-align: left",
        "text-align: right",
        "float: left",
        "float: right",
    ):
        assert physical not in sheet
