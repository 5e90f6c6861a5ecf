"""The frame of every page."""

from __future__ import annotations

import re
from types import SimpleNamespace

from flask import Flask, render_template, render_template_string
from werkzeug.datastructures import Headers

from lti_tool.errors import NotFound

PAGE = """{% extends "layout.html" %}{% block title %}Ma cohorte{% endblock %}
{% block where %}{{ place }}{% endblock %}{% block main %}<h1>Ma cohorte</h1>{% endblock %}"""


def render(page: Flask, path: str = "/", headers: Headers | None = None, **values: object) -> str:
    with page.test_request_context(path, headers=headers):
        return render_template_string(PAGE, **values)


def test_the_title_says_page_place_and_tool(page: Flask) -> None:
    markup = render(page, place="Les Voix du Fleuve")
    title = re.search(r"<title>(.*?)</title>", markup)
    assert title is not None
    assert title[1] == "Ma cohorte · Les Voix du Fleuve · Ancrage"


def test_the_header_says_where_one_is(page: Flask) -> None:
    assert "RMP-ADL — <bdi>Les Voix du Fleuve</bdi>" in render(page, place="Les Voix du Fleuve")


def test_the_name_of_a_course_is_escaped_wherever_it_stands(page: Flask) -> None:
    markup = render(page, place="<script>x</script>")
    assert "<script>x" not in markup


def test_a_refused_form_says_so_in_the_title(page: Flask) -> None:
    assert "<title>Erreur : Ma cohorte" in render(page, errors={"titre": "Donnez un titre."})


def test_the_first_link_leads_to_the_content(page: Flask) -> None:
    markup = render(page)
    first = re.search(r"<a [^>]*>", markup)
    assert first is not None
    assert 'href="#contenu"' in first[0]
    assert '<main id="contenu"' in markup


def test_the_present_space_is_marked(page: Flask) -> None:
    spaces = [
        SimpleNamespace(label="Ce cours", url="/a", current=True),
        SimpleNamespace(label="Preuves", url="/b", current=False),
    ]
    markup = render(page, navigation=spaces)
    assert markup.count('aria-current="page"') == 1
    assert '<a href="/a" aria-current="page">Ce cours</a>' in markup


def test_a_new_tab_is_offered_unless_the_browser_says_that_this_is_one(page: Flask) -> None:
    page.add_url_rule("/onglet", "people.open_new_tab", lambda: "", methods=["POST"])
    offered = "Ouvrir dans un nouvel onglet"
    known = {"viewer": SimpleNamespace(full_name="Awa Fictive"), "new_tab_ticket": lambda: "ticket"}
    assert offered in render(page, **known)
    assert offered in render(page, headers=Headers({"Sec-Fetch-Dest": "iframe"}), **known)
    assert offered not in render(page, headers=Headers({"Sec-Fetch-Dest": "document"}), **known)
    assert offered not in render(page)


def test_a_page_for_nobody_in_particular_changes_language_without_form_nor_cookie(
    page: Flask,
) -> None:
    markup = render(page, "/verifier/ABC")
    assert 'href="/verifier/ABC?lang=en"' in markup
    assert "csrf_token" not in markup


def test_leaving_the_tool_replaces_the_whole_window(page: Flask) -> None:
    @page.post("/quitter", endpoint="people.leave")
    def leave() -> str:
        return ""

    values = {"course_left": 7, "leaving_ticket": lambda course_id: f"ticket-{course_id}"}
    markup = render(page, **values)
    form = re.search(r'<form[^>]*action="/quitter" method="post" target="_top">.*?</form>', markup)
    assert form is not None
    assert 'name="ticket" value="ticket-7"' in form[0]
    assert "Quitter vers le cours" in form[0]


def test_arabic_turns_the_page_and_takes_the_matching_sheet(page: Flask) -> None:
    french, arabic = render(page), render(page, "/?lang=ar")
    assert 'dir="ltr"' in french
    assert "bootstrap.min.css" in french
    assert 'dir="rtl"' in arabic
    assert "bootstrap.rtl.min.css" in arabic


def test_an_error_says_what_happened_what_to_do_and_a_code(page: Flask) -> None:
    with page.test_request_context("/"):
        markup = render_template("error.html", error=NotFound())
        assert str(NotFound.title) in markup
        assert str(NotFound.message) in markup
    assert "<code>ANC-404</code>" in markup


def test_nothing_in_the_frame_needs_what_the_policy_forbids(page: Flask) -> None:
    markup = render(page, viewer=SimpleNamespace(full_name="نور"), version="1", help_url="/aide")
    assert not re.search(r"\sstyle\s*=|<style|<script>|\son\w+\s*=|https?://(?!www.w3)", markup)
