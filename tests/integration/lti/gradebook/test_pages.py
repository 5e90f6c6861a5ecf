"""« Carnet de notes de Moodle »: what the trainer sees, asks for, and who may not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import Job, JobState
from lti_tool.journal import entries_about
from lti_tool.lti.gradebook.service import publishings
from lti_tool.lti.models import ContextServices, LineItem, Outcome, Score, ScoreState, Weight
from lti_tool.people.models import CourseRole, Person
from lti_tool.people.service import collect_own_data
from lti_tool.platforms.models import Course, Registration
from lti_tool.store import reading
from tests.factories import make_course, make_person, make_site, sign_in


@pytest.fixture
def course(session: Session) -> Course:
    """A course whose gradebook Moodle offers."""
    site = make_site(session)
    made = make_course(session, site)
    session.add(
        ContextServices(
            course_id=made.id,
            registration_id=session.scalars(select(Registration.id)).one(),
            lineitems_url=f"{site.base_url}/lineitems",
            scopes=[],
            seen_at=clock.now(),
        )
    )
    session.commit()
    return made


@pytest.fixture
def trainer(session: Session, course: Course) -> Person:
    """A trainer of the course."""
    return make_person(session, "Tiana Formatrice", course.site)


@pytest.fixture
def browser(client: FlaskClient, session: Session, course: Course, trainer: Person) -> FlaskClient:
    """The trainer's browser."""
    sign_in(client, session, trainer, {course.id: CourseRole.TRAINER})
    return client


def post(browser: FlaskClient, course: Course, verb: str, **form: object) -> int:
    form = {"outcome": "certified"} | form
    return browser.post(f"/cours/{course.id}/carnet/{verb}", data=form).status_code


def page(browser: FlaskClient, course: Course) -> str:
    answer = browser.get(f"/cours/{course.id}/carnet")
    assert answer.status_code == 200
    return answer.text


def item_of(session: Session) -> LineItem:
    return session.scalars(select(LineItem)).one()


def add_score(session: Session, name: str, course: Course, **values: object) -> Score:
    person = make_person(session, name, course.site)
    score = Score(
        line_item_id=item_of(session).id,
        account_id=person.accounts[0].id,
        wanted_at=clock.now(),
        **({"given": Decimal(100)} | values),
    )
    session.add(score)
    session.commit()
    return score


def test_nothing_is_published_until_the_trainer_wishes(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    shown = page(browser, course)
    assert "Publier dans Moodle" in shown
    assert "jamais un zéro" in shown
    assert session.scalars(select(LineItem)).all() == []


def test_publishing_queues_one_run_and_is_journalled(
    browser: FlaskClient, session: Session, course: Course, trainer: Person
) -> None:
    assert [post(browser, course, "publier") for _turn in range(2)] == [303, 303]
    item = item_of(session)
    assert (item.label, item.outcome) == ("Certification RMP-ADL", Outcome.CERTIFIED)
    assert len(session.scalars(select(Job)).all()) == 1
    actions = [entry.action for entry in entries_about(session, "line_item", item.id)]
    assert actions == ["publication.started"] * 2
    session.commit()
    assert "publiée" in page(browser, course)


def test_each_learner_has_a_status_in_words_and_a_way_to_retry(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    session.scalars(select(Job)).one().state = JobState.DONE
    session.scalars(select(Job)).one().finished_at = clock.now()
    add_score(session, "Awa Fictive", course, state=ScoreState.SENT, sent_at=clock.now())
    refused = add_score(
        session, "أمينة", course, state=ScoreState.REFUSED, error_code="LTI-SCORE-REFUSED"
    )
    shown = page(browser, course)
    assert shown.index("أمينة") < shown.index("Awa Fictive")
    assert "transmise" in shown
    assert "Moodle a refusé cette note" in shown
    assert "une non transmise" in shown
    assert post(browser, course, "reessayer", score=refused.id) == 303
    session.expire_all()
    assert session.get_one(Score, refused.id).state == ScoreState.WAITING
    session.commit()


def test_every_refused_score_can_be_retried_at_once(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    sent = add_score(session, "Awa Fictive", course, state=ScoreState.SENT)
    refused = add_score(session, "Moussa Fictif", course, state=ScoreState.REFUSED)
    assert post(browser, course, "reessayer") == 303
    session.expire_all()
    states = [session.get_one(Score, one.id).state for one in (sent, refused)]
    assert states == [ScoreState.SENT, ScoreState.WAITING]
    session.commit()


def test_publishing_can_be_stopped_and_begun_again(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    assert post(browser, course, "arreter") == 303
    assert "Reprendre la publication" in page(browser, course)
    assert post(browser, course, "arreter") == 404
    assert post(browser, course, "reessayer") == 404
    assert post(browser, course, "publier") == 303
    session.expire_all()
    assert item_of(session).stopped_at is None
    session.commit()


def test_a_score_of_another_course_cannot_be_retried_from_here(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    """Row 36."""
    post(browser, course, "publier")
    other = make_course(session, course.site)
    item = LineItem(
        course_id=other.id,
        registration_id=item_of(session).registration_id,
        outcome=Outcome.CERTIFIED,
        label="x",
        score_maximum=Decimal(100),
        created_at=clock.now(),
    )
    session.add(item)
    session.flush()
    foreign = Score(
        line_item_id=item.id,
        account_id=make_person(session, "Autre Fictive", course.site).accounts[0].id,
        given=Decimal(100),
        state=ScoreState.REFUSED,
        wanted_at=clock.now(),
    )
    session.add(foreign)
    session.commit()
    assert post(browser, course, "reessayer", score=foreign.id) == 404
    session.expire_all()
    assert session.get_one(Score, foreign.id).state == ScoreState.REFUSED
    session.commit()


def test_a_failed_run_is_explained(browser: FlaskClient, session: Session, course: Course) -> None:
    post(browser, course, "publier")
    job = session.scalars(select(Job)).one()
    job.state, job.error_code, job.finished_at = JobState.FAILED, "LTI-ACCESS-SCOPE", clock.now()
    session.commit()
    shown = page(browser, course)
    assert "LTI-ACCESS-SCOPE" in shown
    assert "gestion des colonnes" in shown


@pytest.mark.parametrize("form", [{"outcome": "autre"}, {"outcome": ""}, {"score": "x"}])
def test_a_form_that_says_nothing_is_refused(
    browser: FlaskClient, course: Course, form: dict[str, str]
) -> None:
    assert post(browser, course, "reessayer", **form) == 422


def test_a_course_without_gradebook_says_what_to_do(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    session.scalars(select(ContextServices)).one().lineitems_url = ""
    session.commit()
    assert "Ouvrez une fois l’outil" in page(browser, course)
    assert post(browser, course, "publier") == 409


def test_a_learner_sees_and_asks_nothing(
    client: FlaskClient, session: Session, course: Course
) -> None:
    learner = make_person(session, "Awa Fictive", course.site)
    sign_in(client, session, learner, {course.id: CourseRole.LEARNER})
    assert client.get(f"/cours/{course.id}/carnet").status_code == 404
    assert {
        post(client, course, verb) for verb in ("publier", "arreter", "reessayer", "poids")
    } == {404}
    assert client.get(f"/cours/{course.id}/carnet/travail/certified").status_code == 404


def test_one_s_own_data_hold_what_was_published_and_nothing_of_others(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    sent = add_score(
        session, "Awa Fictive", course, state=ScoreState.SENT, sent_at=clock.now(), comment="x"
    )
    waiting = add_score(session, "Moussa Fictif", course)
    [told] = collect_own_data(session, sent.account.person_id)["gradebook"]
    assert (told["column"], Decimal(told["given"])) == ("Certification RMP-ADL", 100)
    assert collect_own_data(session, waiting.account.person_id)["gradebook"] == []
    session.commit()


def held(session: Session, weight: Weight = Weight.COUNTS) -> None:
    """What a run that is over found of the weight."""
    item_of(session).weight = weight
    for job in session.scalars(select(Job)):
        job.state, job.finished_at = JobState.DONE, clock.now()
    session.commit()


def test_a_column_in_wait_of_its_weight_says_the_exact_steps(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    held(session)
    shown = page(browser, course)
    assert "en attente du poids" in shown
    assert "Configuration du carnet de notes" in shown
    assert "Certification RMP-ADL" in shown
    assert "cochez la case du coefficient (poids) et écrivez 0" in shown
    assert "comme type de note" in shown
    assert "Vérifier à nouveau le poids" in shown
    assert "Publier à nouveau" not in shown


def test_asking_to_look_again_notes_what_the_trainer_says_and_queues_a_run(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    held(session)
    assert post(browser, course, "poids") == 303
    session.expire_all()
    item = item_of(session)
    assert item.weight == Weight.ASKED
    actions = [entry.action for entry in entries_about(session, "line_item", item.id)]
    assert actions[-1] == "publication.said_out_of_total"
    states = session.scalars(select(Job.state).order_by(Job.id)).all()
    assert states == [JobState.DONE, JobState.QUEUED]
    session.commit()
    assert "Poids en cours de vérification" in page(browser, course)


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (Weight.OUT, "ne compte pas dans le total"),
        (Weight.NO_TOTALS, "pas de jeton pour ce Moodle"),
        (Weight.UNSHOWN, "affichez les coefficients (poids)"),
        (Weight.TRIED, "la retire aussitôt"),
    ],
)
def test_what_is_known_of_the_weight_is_said(
    browser: FlaskClient, session: Session, course: Course, weight: Weight, words: str
) -> None:
    post(browser, course, "publier")
    held(session, weight)
    shown = page(browser, course)
    assert words in shown
    is_held = weight in (Weight.UNSHOWN, Weight.TRIED)
    assert ("Vérifier à nouveau le poids" in shown) is is_held
    assert ("Publier à nouveau maintenant" in shown) is not is_held


def test_scores_that_already_count_are_said_to_have_been_kept(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    add_score(session, "Awa Fictive", course, state=ScoreState.SENT, sent_at=clock.now())
    held(session)
    assert "Les notes déjà transmises restent dans Moodle" in page(browser, course)


def test_nothing_is_asked_about_a_column_that_is_not_published(
    browser: FlaskClient, course: Course
) -> None:
    assert post(browser, course, "poids") == 404


def test_the_page_says_where_it_is(browser: FlaskClient, course: Course) -> None:
    shown = page(browser, course)
    trail = shown[shown.index('<nav class="crumbs"') :]
    trail = trail[: trail.index("</nav>")]
    assert f'href="/cours/{course.id}/formation"' in trail
    assert 'aria-current="page">Carnet de notes de Moodle' in trail


def test_any_trainer_follows_a_publication_and_its_end_has_the_column_read_again(
    browser: FlaskClient, session: Session, course: Course
) -> None:
    post(browser, course, "publier")
    job = session.scalars(select(Job)).one()
    job.asked_by = None
    session.commit()
    shown = page(browser, course)
    address = f"/cours/{course.id}/carnet/travail/certified"
    assert f'hx-get="{address}"' in shown
    assert 'hx-trigger="publication-over"' in shown
    assert 'hx-select="#publication-certified"' in shown
    answer = browser.get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers.get("HX-Trigger")) == (200, None)
    held(session, Weight.OUT)
    answer = browser.get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (286, "publication-over")
    assert 'hx-trigger="publication-over"' not in page(browser, course)
    assert browser.get(f"/cours/{course.id}/carnet/travail/progress").status_code == 404
    assert browser.get(f"/cours/{course.id}/carnet/travail/autre").status_code == 404


def test_a_run_that_ends_while_the_page_is_read_leaves_nothing_stale_on_it(
    session: Session,
    sessions: sessionmaker[Session],
    engine: Engine,
    browser: FlaskClient,
    course: Course,
) -> None:
    """Read before its end, the counts of a work that is over would say « à transmettre » for ever."""
    post(browser, course, "publier")
    score = add_score(session, "Awa Fictive", course)
    ended: list[bool] = []

    def end(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if (
            not ended
            and statement.startswith("SELECT")
            and ("job" in statement or "score." in statement)
        ):
            ended.append(True)
            with sessions.begin() as other:
                other.scalars(select(Job)).one().state = JobState.DONE
                other.get_one(Score, score.id).state = ScoreState.SENT

    event.listen(engine, "after_cursor_execute", end)
    try:
        with sessions(bind=reading(engine)) as looking:
            [shown, _other] = publishings(looking, course.id)
    finally:
        event.remove(engine, "after_cursor_execute", end)
    assert ended
    assert shown.job is not None
    assert not (shown.job.is_over and ScoreState.WAITING in shown.counts)
