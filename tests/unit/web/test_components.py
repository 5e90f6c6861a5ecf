"""The components: what they say, that they escape, that they need neither script nor style inline."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, render_template_string

from lti_tool.web.badges import BADGES, word

IMPORTS = """
{% from "components/page.html" import page_header, breadcrumb, next_action, callout, empty_state,
   stale, moment, person, definitions, figures, steps, criteria, card_list, card, copy_field,
   pagination, disclosure %}
{% from "components/status.html" import badge, status_badge, level_badge %}
{% from "components/form.html" import error_summary, form, text_field, textarea, select, radios,
   checkbox, checkboxes, submit, post_button, confirm_with_reason %}
{% from "components/table.html" import data_table %}
{% from "components/progress.html" import job_progress %}
{% from "components/charts.html" import domain_wheel, level_bars, bar_list, level_line %}
"""
DOMAINS = [
    {"number": 1, "label": "Écriture", "status": "satisfied"},
    {"number": 2, "label": "Podcast", "status": "pending"},
    {"number": 3, "label": "Vidéo", "status": "not_satisfied"},
    {"number": 4, "label": "Musique", "status": "none"},
]
WAVES = [
    {"label": "Départ", "counts": [61, 0, 0, 0], "missing": 4},
    {"label": "À 3 mois", "counts": [1, 2, 0, 0], "suppressed": "moins de 5 personnes"},
]


def render(page: Flask, source: str, lang: str = "fr", **values: Any) -> str:
    with page.test_request_context(f"/?lang={lang}"):
        return render_template_string(IMPORTS + source, **values)


def words(markup: str) -> str:
    """What is read: the text without tags, spaces made plain."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


EVERYTHING = """
{{ page_header("Titre", lead="Suite", status=status_badge("pending"), eyebrow="RMP-ADL 1") }}
{{ breadcrumb([("Cours", "/"), ("Ici", "")]) }}{{ next_action("Agissez", "Agir", "/x") }}
{{ callout("warning", "Titre", "Texte") }}{{ empty_state("Rien", "Ici viendra…", "Ajouter", "/x") }}
{{ definitions([("Nom", person("عبد الرحمن"))]) }}{{ figures([("3", "domaines", "")]) }}
{{ steps([{"status": "pending", "title": "Étape"}]) }}
{{ criteria([{"status": "satisfied", "label": "Total", "children": [{"status": "none", "label": "x"}]}]) }}
{% call card_list() %}{{ card("Carte") }}{% endcall %}{{ copy_field("a", "Adresse", "https://x") }}
{{ pagination(2, 3, "/?page=PAGE") }}{% call disclosure("Plus") %}x{% endcall %}
{{ error_summary({"titre": "Donnez un titre."}) }}
{% call form("/f") %}{{ text_field("titre", "Titre", error="Donnez un titre.") }}
{{ textarea("texte", "Texte") }}{{ select("pays", "Pays", [("sn", "Sénégal")]) }}
{{ radios("role", "Rôle", [("a", "A"), ("b", "B", "précision")]) }}{{ checkbox("oui", "Oui") }}
{{ checkboxes("d", "Domaines", [(1, "Un")]) }}{{ submit("Envoyer") }}{% endcall %}
{{ post_button("Valider", "/f") }}{{ confirm_with_reason("refus", "Refuser", "/f", "Effet") }}
{{ data_table("Table", ["Nom", "État"], [["A", status_badge("none")]]) }}
{{ job_progress({"state": "running", "progress_done": 1, "progress_total": 2}, "/poll", "Lecture") }}
{{ domain_wheel("roue", domains) }}{{ level_bars("niveaux", waves, "Niveaux") }}
{{ bar_list("barres", [{"label": "A", "value": 1, "total": 2}], "Barres") }}
{{ level_line("ligne", [{"label": "Départ", "level": 0}, {"label": "3 mois", "level": none}], "Ligne") }}
"""


@pytest.fixture
def everything(page: Flask) -> str:
    return render(page, EVERYTHING, domains=DOMAINS, waves=WAVES)


def test_no_component_needs_a_style_or_a_script_that_the_policy_forbids(everything: str) -> None:
    assert not re.search(r"\sstyle\s*=|<style|<script|\son\w+\s*=|javascript:", everything)


def test_no_identifier_stands_twice_in_a_page(everything: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', everything))
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_reference_to_an_identifier_leads_somewhere(everything: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', everything))
    references = re.findall(r'(?:aria-labelledby|aria-describedby|\sfor)="([^"]+)"', everything)
    references += re.findall(r"url\(#([^)]+)\)", everything)
    references += re.findall(r'href="#([^"]+)"', everything)
    assert {name for value in references for name in value.split()} <= ids


def test_every_drawing_has_a_title_or_is_hidden_from_screen_readers(everything: str) -> None:
    for drawing in re.findall(r"<svg.*?</svg>", everything, re.DOTALL):
        assert 'aria-hidden="true"' in drawing.partition(">")[0] or "<title" in drawing


def test_a_name_is_escaped_and_isolated(page: Flask) -> None:
    assert render(page, "{{ person(name) }}", name="<b>X</b>").strip() == (
        '<span class="person"><bdi>&lt;b&gt;X&lt;/b&gt;</bdi></span>'
    )


def test_a_post_carries_the_protection_against_forged_posts(page: Flask) -> None:
    for source in (
        '{% call form("/f") %}{% endcall %}',
        '{{ post_button("Valider", "/f") }}',
        '{{ confirm_with_reason("refus", "Refuser", "/f", "Effet") }}',
    ):
        assert 'name="csrf_token" value="a-token"' in render(page, source)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("satisfied", "validé"),
        ("pending", "en attente"),
        ("not_satisfied", "à reprendre"),
    ],
)
def test_a_status_is_an_icon_and_a_word(page: Flask, status: str, said: str) -> None:
    markup = render(page, "{{ status_badge(status) }}", status=status)
    assert words(markup) == said
    assert "<svg" in markup


def test_every_status_can_be_drawn(page: Flask) -> None:
    for kind, values in BADGES.items():
        for value in values:
            markup = render(page, "{{ badge(kind, value) }}", kind=kind, value=value)
            with page.test_request_context("/"):
                assert words(markup) == str(word(kind, value))
            assert "<svg" in markup


def test_a_status_without_a_word_fails_loudly() -> None:
    with pytest.raises(KeyError):
        word("status", "code_name")


def test_a_level_not_observed_is_not_level_zero(page: Flask) -> None:
    assert words(render(page, "{{ level_badge(none) }}")) == "non observé"
    assert words(render(page, "{{ level_badge(0) }}")) == "0 · Acquis, pas encore utilisé"


def test_the_summary_of_errors_leads_to_each_field(page: Flask) -> None:
    markup = render(
        page,
        '{{ error_summary(errors) }}{{ text_field("titre", "Titre", error=errors.titre) }}',
        errors={"titre": "Donnez un titre."},
    )
    assert '<a href="#titre">Donnez un titre.</a>' in markup
    assert 'aria-describedby="titre-error" aria-invalid="true"' in markup


def test_a_page_without_error_has_no_summary(page: Flask) -> None:
    assert render(page, "{{ error_summary({}) }}").strip() == ""


def test_a_list_answers_for_nobody(page: Flask) -> None:
    source = '{{ select("niveau", "Niveau", [(0, "0 · Acquis")], value=values["niveau"], blank="Plus tard") }}'
    untouched = render(page, source, values={})
    assert '<option value="">Plus tard</option>' in untouched
    assert "selected" not in untouched
    assert '<option value="0" selected>' in render(page, source, values={"niveau": 0})


def test_a_list_that_may_be_left_out_can_be_left_out_again(page: Flask) -> None:
    source = '{{ select("domaine", "Domaine", [(1, "Un")], value=1, optional=true, blank="Tous") }}'
    markup = render(page, source)
    assert '<option value="">Tous</option>' in markup
    assert '<option value="1" selected>' in markup


def test_a_table_of_nothing_is_a_sentence(page: Flask) -> None:
    markup = render(page, '{{ data_table("Table", ["Nom"], [], empty="Personne encore.") }}')
    assert words(markup) == "Personne encore."


def test_an_old_reading_is_marked(page: Flask) -> None:
    old = datetime.now(UTC) - timedelta(days=12)
    assert "stale-old" in render(page, "{{ stale(old) }}", old=old)
    assert "stale-old" not in render(page, "{{ stale(old, limit_days=30) }}", old=old)
    assert words(render(page, "{{ stale(none) }}")) == "jamais lu"


def test_a_job_is_polled_while_it_runs_and_no_longer(page: Flask) -> None:
    running = {"state": "running", "progress_done": 1, "progress_total": 2}
    done = {"state": "done", "finished_at": datetime.now(UTC)}
    source = '{{ job_progress(job, "/poll", "Lecture") }}'
    assert 'hx-get="/poll"' in render(page, source, job=running)
    assert "hx-get" not in render(page, source, job=done)


def test_a_suppressed_row_gives_no_number_anywhere(page: Flask) -> None:
    """Neither drawn, nor in the description, nor in the table (N8)."""
    markup = render(
        page,
        '{{ level_bars("a", waves, "Niveaux") }}{{ bar_list("b", bars, "Barres") }}',
        waves=[
            {"label": "X", "counts": [777, 778, 0, 0], "missing": 779, "suppressed": "trop peu"}
        ],
        bars=[{"label": "Y", "value": 780, "total": 781, "suppressed": "trop peu"}],
    )
    assert not re.search(r"77[789]|78[01]", markup)
    assert "trop peu" in words(markup)


def test_a_chart_tells_in_words_what_it_draws(page: Flask) -> None:
    markup = render(page, '{{ level_bars("a", waves, "Niveaux") }}', waves=WAVES)
    description = re.search(r"<desc[^>]*>(.*?)</desc>", markup, re.DOTALL)
    assert description is not None
    assert words(description[1]) == (
        "Départ : Acquis 61, non observé 4. À 3 mois : moins de 5 personnes."
    )


def test_the_wheel_counts_each_status(page: Flask) -> None:
    said = words(render(page, '{{ domain_wheel("a", domains) }}', domains=DOMAINS))
    assert "Sur 4 domaines : 1 validés" in said
    assert "validé : 1" in said


def test_bars_start_from_the_other_edge_in_arabic(page: Flask) -> None:
    source = '{{ bar_list("b", [{"label": "A", "value": 1, "total": 4}], "Barres") }}'
    assert '<rect x="0.0%"' in render(page, source)
    assert '<rect x="75.0%"' in render(page, source, lang="ar")
