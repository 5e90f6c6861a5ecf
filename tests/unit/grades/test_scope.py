"""Marks taken together: the order is irrelevant, the whole course covers its learners."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.grades.rules.scope import EVERY_PART, WHOLE, Mark, Part, Scope

MARKS = st.lists(
    st.builds(
        Mark,
        st.none() | st.integers(1, 9),
        st.frozensets(st.sampled_from(Part), min_size=1),
    ),
    max_size=8,
)


@given(MARKS, st.randoms())
def test_order_and_repetition_are_irrelevant(marks: list[Mark], random: st.DataObject) -> None:
    shuffled = [*marks, *marks]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert Scope.of(shuffled) == Scope.of(marks)


@given(MARKS)
def test_every_part_of_every_mark_is_covered(marks: list[Mark]) -> None:
    scope = Scope.of(marks)
    for mark in marks:
        for part in mark.parts:
            by_name = {
                Part.GRADES: scope.grades,
                Part.COMPLETION: scope.completion,
                Part.COMPETENCIES: scope.competencies,
            }.get(part, ())
            assert (
                part in scope.everyone
                or mark.subject in by_name
                or (part is Part.MEMBERSHIP and scope.membership)
            )


def test_no_mark_asks_for_nothing() -> None:
    assert Scope.of([]).is_empty
    assert not WHOLE.is_empty
    assert Scope.of([Mark(None)]) == WHOLE


def test_a_learner_marked_beside_the_whole_course_is_not_read_twice() -> None:
    scope = Scope.of([Mark(None, frozenset({Part.GRADES})), Mark(3, EVERY_PART)])
    assert scope == Scope(
        everyone=frozenset({Part.GRADES}),
        completion=frozenset({3}),
        competencies=frozenset({3}),
        membership=True,
    )
