"""Places across a chart, and labels inside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.web.charts.span import Span, spans
from lti_tool.web.charts.wrapping import wrap

counts = st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any)


def test_parts_stand_one_after_the_other_from_the_left() -> None:
    assert spans([1, 3], 4) == [Span(0, 25), Span(25, 75)]


def test_parts_start_from_the_right_where_reading_does() -> None:
    assert spans([1, 3], 4, rtl=True) == [Span(75, 25), Span(0, 75)]


def test_a_whole_of_nothing_takes_no_room() -> None:
    assert spans([0, 0], 0) == [Span(0, 0), Span(0, 0)]


@pytest.mark.parametrize(("parts", "whole"), [([-1], 4), ([3, 2], 4)])
def test_parts_that_cannot_be_drawn_honestly_are_refused(parts: list[int], whole: int) -> None:
    with pytest.raises(ValueError, match="whole"):
        spans(parts, whole)


@given(counts)
def test_the_parts_of_a_bar_fill_it_without_overlap(parts: list[int]) -> None:
    edge = 0.0
    for span in spans(parts, sum(parts)):
        assert span.x == pytest.approx(edge, abs=0.01)
        edge = span.x + span.width
    assert edge == pytest.approx(100, abs=0.01)


@given(counts)
def test_right_to_left_is_the_mirror_image(parts: list[int]) -> None:
    straight, mirrored = spans(parts, sum(parts)), spans(parts, sum(parts), rtl=True)
    for one, other in zip(straight, mirrored, strict=True):
        assert other.width == one.width
        assert other.x == pytest.approx(100 - one.x - one.width, abs=0.01)


def test_a_label_is_cut_between_words() -> None:
    assert wrap("Les Voix du Fleuve", width=12) == ("Les Voix du", "Fleuve")


def test_what_does_not_fit_ends_with_an_ellipsis() -> None:
    lines = wrap("Recherche scientifique et création de données", width=14, lines=2)
    assert lines == ("Recherche", "scientifique…")


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert wrap("anticonstitutionnellement", width=10) == ("anticonst…",)


@given(st.text(max_size=200), st.integers(5, 40), st.integers(1, 4))
def test_no_line_is_longer_than_the_room_it_has(label: str, width: int, lines: int) -> None:
    found = wrap(label, width, lines)
    assert len(found) <= lines
    assert all(len(line) <= width for line in found)
