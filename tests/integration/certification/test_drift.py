"""Grades that change after a certification (V8, V9, V9b): logged, examined by people, never acted upon alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, CaseState
from lti_tool.anchoring.service.cases import open_case, stop_case
from lti_tool.certification.errors import (
    GroundMissing,
    LearnerNotTold,
    OwnProposal,
    ReasonMissing,
    ReviewChanged,
    ReviewClosed,
)
from lti_tool.certification.models import (
    Award,
    AwardState,
    DriftEntry,
    DriftKind,
    DriftReview,
    RevocationGround,
)
from lti_tool.certification.own_data import own_reviews
from lti_tool.certification.service.awards import approve, when_issued
from lti_tool.certification.service.drift import note_drift
from lti_tool.certification.service.drift_reviews import (
    answer,
    choices_of,
    count_open,
    decide,
    told_reviews,
    when_revoked,
)
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.certification.service.merging import move_certification
from lti_tool.certification.service.publishing import publish_rule
from lti_tool.cli import main
from lti_tool.credentials.models import Certificate
from lti_tool.credentials.service import certificate_of, open_certificate, verify
from lti_tool.errors import NotFound
from lti_tool.journal import JournalEntry
from lti_tool.people.errors import RecordsCollide
from lti_tool.people.models import Role
from lti_tool.platforms.models import Course
from lti_tool.settings import Settings
from tests.factories import affiliate, make_course, make_grant, make_partner, map_course
from tests.integration.certification.given import NOW, rule_text
from tests.integration.certification.world import READ, World


@pytest.fixture
def award(world: World) -> Award:
    """A certification issued on 62 of 100, where 60 is asked, with its certificate and follow-up."""
    for listener in (open_certificate, open_case):
        when_issued(listener)
    when_revoked(stop_case)
    world.satisfy(world.learner, "62")
    return issued(world)


def issued(world: World) -> Award:
    """Issue the newest proposal, before the readings that follow."""
    made = world.session.scalars(select(Award).order_by(Award.id.desc()).limit(1)).one()
    with clock.set_to(READ):
        return approve(world.session, made, actor_id=world.trainer.id)


def read(world: World, final: str, course: Course | None = None, **flags: object) -> int:
    """Have the grade read again, and compared."""
    world.grade(world.learner, final, course=course, **flags)
    return note_drift(world.session, (course or world.course).id)


def reviews(world: World) -> list[DriftReview]:
    return list(world.session.scalars(select(DriftReview).order_by(DriftReview.id)))


def kinds(world: World) -> list[str]:
    return list(world.session.scalars(select(DriftEntry.kind).order_by(DriftEntry.id)))


def settle(world: World, kind: DriftKind, **values: object) -> None:
    said = {"actor_id": world.trainer.id, "actor_role": "trainer", "reason": "Vu en équipe."}
    decide(world.session, reviews(world)[-1], kind, **(said | values))  # type: ignore[arg-type]  # passed on


@pytest.mark.parametrize("later", ["71", "61"])
def test_v8_v9b_a_change_that_keeps_the_threshold_is_logged_once_without_a_case(
    world: World, award: Award, later: str
) -> None:
    for _twice in range(2):
        assert read(world, later) == 0
    (entry,) = world.session.scalars(select(DriftEntry))
    assert (entry.kind, entry.review_id, entry.at) == (DriftKind.NO_EFFECT, None, NOW)
    assert reviews(world) == []
    assert read(world, "62") == 0
    assert kinds(world) == ["no_effect", "no_effect"]


def test_v9_a_grade_below_the_threshold_opens_one_case_and_the_award_stays(
    world: World, award: Award
) -> None:
    frozen = award.decision
    assert [read(world, "48"), read(world, "48"), note_drift(world.session, world.course.id)] == [
        1,
        0,
        0,
    ]
    (review,) = reviews(world)
    assert (review.award_id, review.course_id) == (award.id, world.course.id)
    assert (review.due_on - NOW.date()).days == 30
    assert kinds(world) == ["gap"]
    world.session.refresh(award)
    assert (award.state, award.decision) == (AwardState.ISSUED, frozen)
    told = world.session.scalars(
        select(JournalEntry.actor_id).where(JournalEntry.action == "drift_review.opened")
    ).all()
    assert told == [None]


def test_a_further_change_goes_to_the_history_of_the_open_case(world: World, award: Award) -> None:
    assert [read(world, one) for one in ("48", "45", "66", "67")] == [1, 0, 0, 0]
    (review,) = reviews(world)
    assert [entry.kind for entry in review.entries] == ["gap", "gap", "back", "no_effect"]
    assert review.closed_at is None
    assert choices_of(review) == (DriftKind.NO_FOLLOW_UP, DriftKind.REVOKED)


def test_what_cannot_be_known_opens_nothing_and_closes_nothing(world: World, award: Award) -> None:
    """Hidden, gone, being recalculated, Moodle down, rights lost: each says nothing."""
    assert read(world, "48", hidden=True) == 0
    assert read(world, "48", needs_update=True) == 0
    world.grade(world.learner, None)
    assert note_drift(world.session, world.course.id) == 0
    world.site.check_findings = [{"capabilities": ["moodle/grade:viewhidden"]}]
    assert read(world, "48") == 0
    world.site.check_findings = []
    world.pull(error_code="MOODLE-TIMEOUT")
    assert note_drift(world.session, world.course.id) == 0
    assert kinds(world) == []
    assert read(world, "47") == 1
    assert read(world, "80", hidden=True) == 0
    world.unreadable(world.learner, "account_suspended")
    assert read(world, "80") == 0
    assert (kinds(world), reviews(world)[0].closed_at) == (["gap"], None)


def test_the_rule_and_the_courses_are_those_of_the_issue(world: World, award: Award) -> None:
    stricter = rule_text({"min: 60": "min: 90"})
    publish_rule(world.session, world.domain, stricter, None)
    other = make_course(world.session, world.site, idnumber="RMP4-NEUF")
    later = map_course(world.session, other, world.domain, valid_from=NOW + timedelta(minutes=1))
    world.enrol(world.learner, other)
    world.session.commit()
    with clock.set_to(NOW + timedelta(days=400)):
        assert read(world, "5", other) == 0
        assert read(world, "65") == 0
        # Moodle gave the course another name: the decision still finds it.
        world.course.idnumber = "AUTRE-NOM"
        world.session.commit()
        assert read(world, "12") == 1
    assert later.course_id == other.id
    assert kinds(world) == ["no_effect", "gap"]


def test_a_change_in_a_course_that_the_decision_does_not_cite_is_none_of_its_business(
    world: World, award: Award
) -> None:
    other = make_course(world.session, world.site)
    world.enrol(world.learner, other)
    assert read(world, "3", other) == 0
    assert kinds(world) == []


def test_maintained_is_maintained_until_another_fact(world: World, award: Award) -> None:
    read(world, "48")
    settle(world, DriftKind.MAINTAINED)
    assert (award.state, count_open(world.session)) == (AwardState.ISSUED, (0, 0))
    assert read(world, "48") == 0
    assert read(world, "40") == 1
    assert [one.outcome for one in reviews(world)] == ["maintained", None]


def test_a_suspension_shows_at_once_and_is_lifted_by_a_person(world: World, award: Award) -> None:
    certificate = certificate_of(world.session, award)
    assert certificate is not None
    read(world, "48")
    assert verify(world.session, certificate.code).state == "valid"
    settle(world, DriftKind.SUSPENDED)
    (review,) = reviews(world)
    assert verify(world.session, certificate.code).state == "suspended"
    assert (review.closed_at, (review.suspended_until - NOW.date()).days) == (None, 30)
    assert choices_of(review) == (DriftKind.MAINTAINED, DriftKind.REVOKED)
    assert propose_in_course(world.session, world.course.id) == 0
    read(world, "64")
    settle(world, DriftKind.NO_FOLLOW_UP, reason="")
    assert verify(world.session, certificate.code).state == "valid"
    assert kinds(world) == ["gap", "suspended", "back", "no_follow_up"]


def test_a_revocation_needs_a_ground_and_stops_the_follow_up(world: World, award: Award) -> None:
    certificate = certificate_of(world.session, award)
    assert certificate is not None
    read(world, "48")
    with pytest.raises(GroundMissing):
        settle(world, DriftKind.REVOKED)
    with pytest.raises(ReasonMissing):
        settle(world, DriftKind.REVOKED, reason=" ", ground=RevocationGround.FRAUD)
    settle(world, DriftKind.REVOKED, ground=RevocationGround.ISSUE_ERROR)
    assert verify(world.session, certificate.code).state == "revoked"
    assert world.session.scalars(select(AnchoringCase.state)).one() == CaseState.CANCELLED
    assert world.session.scalar(select(func.count()).select_from(Certificate)) == 1
    read(world, "62")
    assert propose_in_course(world.session, world.course.id) == 0, "the same facts propose no more"


def test_who_is_not_independent_decides_nothing(world: World, award: Award) -> None:
    read(world, "48")
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, world.trainer, Role.PARTNER_LEAD, partner)
    world.session.commit()
    for actor in (world.trainer, world.learner):
        with pytest.raises(OwnProposal):
            settle(world, DriftKind.MAINTAINED, actor_id=actor.id)
    assert award.state == AwardState.ISSUED


def test_two_people_at_once_decide_once(world: World, award: Award) -> None:
    read(world, "48")
    settle(world, DriftKind.MAINTAINED)
    with pytest.raises(ReviewClosed):
        settle(world, DriftKind.SUSPENDED)
    with pytest.raises(ReviewClosed):
        answer(world.session, reviews(world)[0], person_id=world.learner.id, text="Trop tard ?")


def test_nobody_decides_on_what_has_changed_since_they_read_it(world: World, award: Award) -> None:
    read(world, "48")
    (review,) = reviews(world)
    seen = review.entries[-1].id
    answer(world.session, review, person_id=world.learner.id, text="Une erreur de saisie.")
    with pytest.raises(ReviewChanged):
        settle(world, DriftKind.MAINTAINED, read_entry=seen)
    read(world, "63")
    with pytest.raises(ReviewChanged):
        settle(world, DriftKind.SUSPENDED)


def test_a_gap_that_only_a_hidden_grade_shows_is_not_told_to_the_learner(
    world: World, award: Award
) -> None:
    world.grade(world.learner, "10", item_type="mod", idnumber="EVAL", hidden=True)
    assert read(world, "48") == 1
    (review,) = reviews(world)
    assert (review.told_at, told_reviews(world.session, world.learner.id)) == (None, [])
    assert own_reviews(world.session, world.learner.id) == []
    with pytest.raises(NotFound):
        answer(world.session, review, person_id=world.learner.id, text="?")
    with pytest.raises(LearnerNotTold):
        settle(world, DriftKind.SUSPENDED)
    world.session.rollback()
    world.grade(world.learner, "10", item_type="mod", idnumber="EVAL", hidden=False)
    assert note_drift(world.session, world.course.id) == 0
    assert told_reviews(world.session, world.learner.id) == [review]
    (kept,) = own_reviews(world.session, world.learner.id)
    assert "48" not in str(kept["history"])


def test_evidence_given_after_the_issue_is_no_drift(world: World, award: Award) -> None:
    world.accept(world.give_action(world.learner, title="Une autre action fictive"))
    assert read(world, "62", locked=True) == 0
    assert kinds(world) == []


def test_two_accounts_made_one_keep_the_case_and_nobody_judges_themselves(
    world: World, session: Session, award: Award
) -> None:
    read(world, "48")
    other = world.new_learner()
    move_certification(session, world.learner.id, other.id, False)
    settle(world, DriftKind.SUSPENDED)
    with pytest.raises(RecordsCollide):
        move_certification(session, world.learner.id, world.trainer.id, False)
    move_certification(session, world.learner.id, other.id, True)
    session.expire_all()
    assert [one.award_id for one in told_reviews(session, other.id)] == [award.id]


def test_two_comparisons_at_once_log_one_fact_once(
    world: World, award: Award, sessions: sessionmaker[Session]
) -> None:
    world.grade(world.learner, "48")
    course_id = world.course.id

    def compare() -> int:
        with sessions() as own:
            return note_drift(own, course_id)

    with ThreadPoolExecutor(3) as pool:
        opened = [future.result() for future in [pool.submit(compare) for _one in range(3)]]
    assert sum(opened) == 1
    assert kinds(world) == ["gap"]


def test_the_boundary_counts_as_reached(world: World, award: Award) -> None:
    assert read(world, "60") == 0
    assert read(world, "59.99999") == 1
    last = world.session.scalars(select(DriftEntry).order_by(DriftEntry.id.desc())).first()
    assert last is not None
    assert last.decision is not None
    measured = last.decision["root"]["children"][0]["children"][0]["children"][0]["measured"]
    assert Decimal(measured["amount"]) == Decimal("59.99999")


def test_the_command_line_opens_the_review_too(
    world: World, award: Award, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "ENVIRONMENT": "test",
        "BASE_URL": settings.base_url,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEYS": settings.secret_keys[0].get_secret_value(),
    }.items():
        monkeypatch.setenv(f"ANCRAGE_{name}", value)
    world.grade(world.learner, "48")
    world.session.commit()
    said = CliRunner().invoke(main, ["certify"])
    assert (said.exit_code, "1 review(s)" in said.output) == (0, True), said.output
    assert [review.award_id for review in reviews(world)] == [award.id]
