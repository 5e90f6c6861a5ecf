"""What cohorts propose, from facts alone: who joined, left, moved, and what a reading cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.partners.proposing import Fact, Held, Outcome, ProposalKind, Tie, judge

BEGIN, END, MOVE = ProposalKind.BEGIN, ProposalKind.END, ProposalKind.MOVE
A, B = 1, 2
TIES = (Tie(11, A), Tie(22, B))
AWA = 7


def judged(
    present: Mapping[int, Set[int]],
    held: Sequence[Held] = (),
    standing: Mapping[int, Fact] | None = None,
    ties: Sequence[Tie] = TIES,
) -> Outcome:
    """One reading."""
    return judge(ties, present, held, standing or {})


def test_a_person_in_two_tied_cohorts_makes_two_proposals() -> None:
    found = judged({11: {AWA}, 22: {AWA}})
    assert [(one.partner_id, one.kind) for one in found.new] == [(A, BEGIN), (B, BEGIN)]


def test_who_is_in_both_is_proposed_to_the_second_without_leaving_the_first() -> None:
    found = judged({11: {AWA}, 22: {AWA}}, [Held(1, AWA, A, 11)])
    assert found.new == [Fact(AWA, B, BEGIN, None, 22)]


def test_who_left_one_association_for_another_moves() -> None:
    found = judged({11: set(), 22: {AWA}}, [Held(1, AWA, A, 11)])
    assert found.new == [Fact(AWA, B, MOVE, A, 22)]


def test_what_a_coordinator_wrote_is_neither_ended_nor_left() -> None:
    by_hand = [Held(1, AWA, A, None)]
    assert judged({11: set(), 22: set()}, by_hand).new == []
    assert judged({11: set(), 22: {AWA}}, by_hand).new == [Fact(AWA, B, BEGIN, None, 22)]


def test_a_cohort_that_was_not_read_ends_nothing_and_overtakes_nothing() -> None:
    ties = (*TIES, Tie(12, A))
    held, waits = [Held(1, AWA, A, 11)], {5: Fact(8, A, BEGIN, None, 11)}
    found = judged({11: set(), 22: set()}, held, waits, ties)
    assert found == Outcome()
    assert judged({22: set()}, held, waits) == Outcome()


def test_an_affiliation_from_another_site_is_not_judged_here() -> None:
    assert judged({11: set(), 22: set()}, [Held(1, AWA, A, 99)]) == Outcome()


def test_who_is_found_in_another_cohort_of_the_association_is_vouched_for_by_it() -> None:
    ties = (*TIES, Tie(12, A))
    found = judged({11: set(), 12: {AWA}, 22: set()}, [Held(1, AWA, A, 11)], ties=ties)
    assert found == Outcome(vouched={1: 12})


def test_a_departure_proposed_by_one_site_is_overtaken_by_the_cohort_of_another() -> None:
    left = {5: Fact(AWA, A, END, None, 99)}
    found = judged({11: {AWA}, 22: set()}, [Held(1, AWA, A, 99)], left)
    assert found == Outcome(overtaken=[5], vouched={1: 11})


def test_the_same_facts_are_not_proposed_twice_whichever_cohort_says_so() -> None:
    ties = (*TIES, Tie(12, A))
    stands = {5: Fact(AWA, A, BEGIN, None, 11)}
    assert judged({11: set(), 12: {AWA}, 22: set()}, (), stands, ties) == Outcome()


def test_other_facts_about_the_same_person_take_the_place_of_the_first() -> None:
    both = {5: Fact(AWA, B, BEGIN, None, 22)}
    found = judged({11: set(), 22: {AWA}}, [Held(1, AWA, A, 11)], both)
    assert (found.overtaken, found.new) == ([5], [Fact(AWA, B, MOVE, A, 22)])
    ending = {6: Fact(AWA, A, END, None, 11)}
    found = judged({11: set(), 22: {AWA}}, [Held(1, AWA, A, 11)], ending)
    assert (found.overtaken, found.new) == ([6], [Fact(AWA, B, MOVE, A, 22)])


def test_a_move_from_an_association_of_another_site_is_left_to_that_site() -> None:
    moving = {5: Fact(AWA, B, MOVE, A, 22)}
    here = (Tie(23, B),)
    assert judged({23: {AWA}}, [Held(1, AWA, A, 11)], moving, here) == Outcome()


PEOPLE = st.frozensets(st.integers(1, 4))
READINGS = st.dictionaries(st.sampled_from([11, 12, 22]), PEOPLE)
HELD = st.dictionaries(
    st.tuples(st.integers(1, 4), st.sampled_from([A, B])), st.sampled_from([None, 11, 12, 22, 99])
)
ALL_TIES = (Tie(11, A), Tie(12, A), Tie(22, B))


@given(READINGS, HELD)
def test_reading_the_same_twice_proposes_nothing_more(
    present: dict[int, frozenset[int]], holding: dict[tuple[int, int], int | None]
) -> None:
    held = [Held(n, *pair, link) for n, (pair, link) in enumerate(holding.items())]
    first = judged(present, held, ties=ALL_TIES)
    standing = dict(enumerate(first.new))
    again = judged(present, held, standing, ALL_TIES)
    assert (again.new, again.overtaken) == ([], [])


@given(READINGS, HELD)
def test_accepting_everything_leaves_the_affiliations_that_the_cohorts_say(
    present: dict[int, frozenset[int]], holding: dict[tuple[int, int], int | None]
) -> None:
    held = [Held(n, *pair, link) for n, (pair, link) in enumerate(holding.items())]
    found = judged(present, held, ties=ALL_TIES)
    kept = {(one.person_id, one.partner_id): one for one in held}
    for number, link in found.vouched.items():
        one = next(one for one in held if one.affiliation_id == number)
        kept[one.person_id, one.partner_id] = Held(number, one.person_id, one.partner_id, link)
    for fact in found.new:
        gone = fact.partner_id if fact.kind is END else fact.from_partner_id
        if gone is not None:
            assert kept.pop((fact.person_id, gone)).link_id is not None
        if fact.kind is not END:
            pair = (fact.person_id, fact.partner_id)
            assert pair not in kept
            kept[pair] = Held(100, *pair, fact.link_id)
    after = judged(present, list(kept.values()), ties=ALL_TIES)
    assert after.new == []
