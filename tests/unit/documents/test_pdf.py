"""The renderer reads nothing but our fonts, whatever the page asks for."""

from __future__ import annotations

import contextlib
import logging
import traceback
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from lti_tool.documents import RenderFailed, render_pdf
from tests.unit.documents.contents import open_pdf

PLAIN = "<html lang='fr'><body><p>Une page</p></body></html>"


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='{url}/picture.png'>",
        "<link rel='stylesheet' href='{url}/sheet.css'>",
        "<style>@import url('{url}/sheet.css');</style>",
        "<style>@font-face {{ font-family: x; src: url('{url}/x.ttf'); }}</style>",
        "<style>@page {{ background-image: url('{url}/page.pdf'); }}</style>",
        "<p style=\"background-image: url('{url}/picture.png')\">Une page</p>",
        "<object data='{url}/picture.svg'></object>",
        "<iframe src='{url}/page.html'></iframe>",
    ],
)
def test_a_page_that_asks_the_network_for_something_gets_nothing(
    markup: str, httpserver: HTTPServer
) -> None:
    body = (
        f"<html><body>{markup.format(url=httpserver.url_for('')[:-1])}<p>Une page</p></body></html>"
    )
    with contextlib.suppress(RenderFailed):
        render_pdf(body, title="t", author="a")
    assert httpserver.log == []


def test_a_page_that_asks_for_a_file_of_the_machine_is_not_made(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text y='9'>clef</text></svg>"
    )
    for source in ("file:///etc/passwd", "/etc/passwd", secret.as_uri(), str(secret)):
        with pytest.raises(RenderFailed):
            render_pdf(f"<html><body><img src='{source}'></body></html>", title="t", author="a")


def test_a_style_sheet_of_the_machine_is_not_read(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text("@page { size: 100mm 50mm; }")
    body = (
        f"<html><head><link rel='stylesheet' href='{sheet.as_uri()}'></head><body>x</body></html>"
    )
    width = open_pdf(render_pdf(body, title="t", author="a")).pages[0].mediabox.width
    assert float(width) == pytest.approx(595.28, abs=0.1)


def test_another_number_of_pages_than_promised_is_an_error() -> None:
    assert len(open_pdf(render_pdf(PLAIN, title="t", author="a", pages=1)).pages) == 1
    with pytest.raises(RenderFailed, match="1 pages instead of 2"):
        render_pdf(PLAIN, title="t", author="a", pages=2)


def test_the_renderer_writes_no_text_of_the_page_in_a_log_or_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = "<html><body><p style='font-family: nowhere'>Amina 李</p></body></html>"
    with caplog.at_level(logging.DEBUG), pytest.raises(RenderFailed) as refusal:
        render_pdf(body, title="t", author="a")
    assert "Amina" not in caplog.text
    assert "Amina" not in "".join(traceback.format_exception(refusal.value))


def test_the_file_says_its_language_title_and_author() -> None:
    reader = open_pdf(render_pdf(PLAIN, title="Attestation", author="Association d’exemple"))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (
        "Attestation",
        "Association d’exemple",
    )
    assert reader.root_object["/Lang"] == "fr"
