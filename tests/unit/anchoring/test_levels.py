"""Every vector of specification §2.4, and the properties of the established level."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.anchoring.rules.levels import (
    Autonomy,
    Confidence,
    Established,
    EvidencePeriod,
    EvidenceUse,
    Level,
    SelfReport,
    Transmission,
    ValidatedEvidence,
    establish,
    evidence_level,
    reported_level,
)

NONE = None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((0, 0, 0, 0), 0),
        ((1, 1, 0, 0), 1),
        ((3, 1, 2, 0), 1),
        ((2, 2, 0, 0), 1),
        ((2, 2, 1, 0), 2),
        ((5, 3, 2, 1), 2),
        ((2, 2, 1, 2), 3),
        ((0, 0, 0, 2), 1),
        ((5, 1, 2, 3), 1),
    ],
)
def test_the_four_answers_give_the_reported_level(
    answers: tuple[int, int, int, int], expected: int
) -> None:
    uses, actions, autonomy, transmission = answers
    report = SelfReport(uses, actions, Autonomy(autonomy), Transmission(transmission))
    assert reported_level(report) is Level(expected)


@pytest.mark.parametrize(("uses", "actions"), [(-1, 0), (6, 0), (1, -1)])
def test_answers_that_the_form_does_not_offer_are_refused(uses: int, actions: int) -> None:
    with pytest.raises(ValueError, match="0"):
        SelfReport(uses, actions, Autonomy.ALONE, Transmission.NONE)


@pytest.mark.parametrize(
    ("reported", "confirmed", "shown", "level", "confidence", "divergent"),
    [
        (0, 0, NONE, 0, "B", False),
        (1, NONE, NONE, 1, "C", False),
        (3, NONE, NONE, 1, "C", False),
        (2, 2, NONE, 2, "B", False),
        (2, 1, NONE, 1, "B", False),
        (2, 2, 2, 2, "A", False),
        (3, 2, 1, 2, "B", True),
        (3, 0, NONE, 0, "B", True),
        (2, NONE, 2, 2, "A", False),
        (1, 3, 3, 3, "A", True),
        (0, 2, 2, 2, "A", True),
        (3, 3, 1, 3, "B", True),
        (NONE, 2, NONE, 1, "C", False),
        (NONE, 1, 1, 1, "A", False),
        (3, 1, 3, 3, "A", True),
        (NONE, NONE, NONE, NONE, "D", False),
    ],
)
def test_three_sources_establish_one_level(
    reported: int | None,
    confirmed: int | None,
    shown: int | None,
    level: int | None,
    confidence: str,
    divergent: bool,
) -> None:
    sources = [None if known is None else Level(known) for known in (reported, confirmed, shown)]
    assert establish(*sources) == Established(
        None if level is None else Level(level), Confidence(confidence), divergent
    )


levels = st.sampled_from(Level)
sources = st.none() | levels


@given(levels, levels, levels)
def test_with_three_sources_the_level_is_their_median(a: Level, b: Level, c: Level) -> None:
    assert establish(a, b, c).level is sorted((a, b, c))[1]


@given(levels, levels, st.permutations([0, 1, 2]))
def test_with_two_sources_the_level_is_the_lower(a: Level, b: Level, places: list[int]) -> None:
    known: list[Level | None] = [a, b, None]
    assert establish(*(known[place] for place in places)).level is min(a, b)


@given(levels, st.integers(0, 2))
def test_no_single_actor_pushes_a_case_above_one(level: Level, place: int) -> None:
    known: list[Level | None] = [None, None, None]
    known[place] = level
    assert establish(*known).level is min(level, Level.TRIED)


@given(sources, sources, sources, st.integers(0, 2))
def test_a_higher_source_never_lowers_the_level(
    a: Level | None, b: Level | None, c: Level | None, place: int
) -> None:
    before = [a, b, c]
    lower = before[place]
    for higher in Level:
        if lower is None or higher < lower:
            continue
        after = [higher if position == place else one for position, one in enumerate(before)]
        first, then = establish(*before).level, establish(*after).level
        assert first is not None
        assert then is not None
        assert then >= first


@given(levels, levels)
def test_a_partner_lead_cannot_sink_what_learner_and_evidence_support(
    supported: Level, confirmed: Level
) -> None:
    established = establish(supported, confirmed, supported).level
    assert established is supported


@given(sources, sources, sources)
def test_an_unobserved_level_is_never_zero(
    a: Level | None, b: Level | None, c: Level | None
) -> None:
    established = establish(a, b, c)
    assert (established.level is None) == (a is b is c is None)
    assert (established.confidence is Confidence.D) == (established.level is None)


T0 = date(2026, 1, 15)
PERIOD = EvidencePeriod(after=date(2026, 5, 15), until=date(2026, 8, 14), since=T0)


def use(day: date, action: str = "plaidoyer-1") -> ValidatedEvidence:
    return ValidatedEvidence(EvidenceUse.USAGE, action, day)


def passing_on(day: date) -> ValidatedEvidence:
    return ValidatedEvidence(EvidenceUse.TRANSMISSION, "atelier", day)


IN_PERIOD = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], None),
        ([use(IN_PERIOD)], 1),
        ([use(PERIOD.after)], None),
        ([use(PERIOD.until)], 1),
        ([use(date(2026, 8, 15))], None),
        ([use(T0)], None),
        ([use(IN_PERIOD), use(date(2026, 7, 31), "plaidoyer-2")], 2),
        ([use(IN_PERIOD), use(date(2026, 7, 30), "plaidoyer-2")], 1),
        ([use(IN_PERIOD), use(date(2026, 7, 31))], 1),
        ([use(date(2026, 2, 1), "plaidoyer-2"), use(IN_PERIOD)], 2),
        ([use(T0, "plaidoyer-2"), use(IN_PERIOD)], 1),
        ([use(date(2026, 2, 1), "plaidoyer-2"), use(date(2026, 4, 1))], None),
        ([use(IN_PERIOD), passing_on(date(2026, 7, 2))], 3),
        ([passing_on(IN_PERIOD)], 1),
        ([use(date(2026, 2, 1)), passing_on(IN_PERIOD)], 1),
        ([passing_on(date(2026, 2, 1)), use(IN_PERIOD)], 1),
    ],
)
def test_validated_evidence_of_the_period_gives_a_level(
    evidence: list[ValidatedEvidence], expected: int | None
) -> None:
    level = None if expected is None else Level(expected)
    assert evidence_level(evidence, PERIOD) is level
    assert evidence_level(reversed(evidence), PERIOD) is level
