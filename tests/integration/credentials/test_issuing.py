"""A certificate has a number of its own, whoever else is being certified; its row is never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.certification.models import Award
from lti_tool.credentials.models import Certificate
from lti_tool.credentials.numbers import is_valid_number
from lti_tool.credentials.service import RENDER, certificate_of, open_certificate
from lti_tool.jobs.models import Job
from tests.factories import make_domain, make_person
from tests.integration.issued import certify, make_award


def test_a_certificate_has_a_number_a_code_a_frozen_name_and_a_job_to_draw_it(
    session: Session,
) -> None:
    person = make_person(session, "Awa Fictive")
    certificate = certify(session, person, issued_on=date(2026, 12, 31))
    assert certificate.number.startswith("ADL-2026-04-000001-")
    assert is_valid_number(certificate.number)
    person.full_name = "Nom Changé"
    session.commit()
    assert certificate.holder_name == "Awa Fictive"
    assert certificate_of(session, certificate.award) is certificate
    (job,) = session.scalars(select(Job))
    assert (job.kind, job.args) == (RENDER, {"certificate_id": certificate.id})


def test_each_domain_and_year_counts_on_its_own(session: Session) -> None:
    numbers = [
        certify(
            session,
            make_person(session),
            domain=make_domain(session, domain),
            issued_on=date(year, 3, 1),
        ).number[:18]
        for year, domain in [(2026, 4), (2026, 4), (2026, 5), (2027, 4)]
    ]
    assert numbers == [
        "ADL-2026-04-000001",
        "ADL-2026-04-000002",
        "ADL-2026-05-000001",
        "ADL-2027-04-000001",
    ]


def test_a_number_taken_in_a_transaction_that_fails_is_not_lost(session: Session) -> None:
    person, other = make_person(session), make_person(session)
    award, second = make_award(session, person), make_award(session, other)
    session.commit()
    open_certificate(session, award)
    session.rollback()
    assert open_certificate(session, second).number.startswith("ADL-2026-04-000001-")


def test_twenty_certificates_issued_at_once_have_the_first_twenty_numbers(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    awards = [make_award(session, make_person(session)).id for _ in range(20)]
    session.commit()
    together = Barrier(20)

    def issue(award_id: int) -> str:
        with sessions() as own:
            together.wait(timeout=30)
            certificate = open_certificate(own, own.get_one(Award, award_id))
            own.commit()
            return certificate.number

    with ThreadPoolExecutor(20) as threads:
        numbers = sorted(threads.map(issue, awards))
    assert [int(number[12:18]) for number in numbers] == list(range(1, 21))
    stored = session.scalars(select(Certificate)).all()
    assert sorted(one.number for one in stored) == numbers
    assert len({one.code for one in stored}) == 20
