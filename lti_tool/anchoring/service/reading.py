"""Levels established from the three sources, and what each person may see of them.

The lead answers before seeing anything (blind); afterwards they see the established level only of
those who agreed to share it with their association. Their figures count the same people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.anchoring.models import AnchoringCase, CaseState, SelfReport, Wave
from lti_tool.anchoring.rules import levels
from lti_tool.anchoring.rules.indicators import WaveOutcome, WaveSummary, summarise
from lti_tool.anchoring.rules.levels import Established, Level, ValidatedEvidence
from lti_tool.anchoring.rules.waves import WAVES, evidence_period
from lti_tool.anchoring.service.cases import cases_of_partner, open_waves
from lti_tool.certification.models import Evidence, EvidenceState
from lti_tool.partners.service import members
from lti_tool.people.models import Purpose
from lti_tool.people.service.consents import consents_given
from lti_tool.referential.models import Domain

STOPPED = (CaseState.SUSPENDED, CaseState.CANCELLED)


@dataclass(frozen=True, slots=True)
class WaveReading:
    """What each source says of one wave, and the level established from them."""

    wave: Wave
    reported: Level | None
    confirmed: Level | None
    proven: Level | None
    established: Established


@dataclass(frozen=True, slots=True)
class DomainWaves:
    """Counts of one domain in one association, wave by wave."""

    domain: Domain
    cases: int
    not_shared: int
    """Cases whose holder does not share their level with the association."""
    summaries: dict[int, WaveSummary]
    """Months → counts of the closed windows."""


def read_cases(session: Session, cases: Sequence[AnchoringCase]) -> dict[int, list[WaveReading]]:
    """Return the reading of every wave of each case (case.id → waves in order)."""
    evidence = _validated_evidence(session, {case.person_id for case in cases})
    return {
        case.id: [
            read_wave(wave, case, evidence[case.person_id, case.domain_id]) for wave in case.waves
        ]
        for case in cases
    }


def read_wave(
    wave: Wave, case: AnchoringCase, evidence: Iterable[ValidatedEvidence]
) -> WaveReading:
    """Return what each source says of one wave; a late report is not counted."""
    report = wave.report
    reported = None if report is None or report.late else _reported(report)
    answer = None if wave.confirmation is None else wave.confirmation.level
    confirmed = None if answer is None else Level(answer)
    period = evidence_period(case.started_on, wave.months)
    proven = None if period is None else levels.evidence_level(evidence, period)
    return WaveReading(
        wave, reported, confirmed, proven, levels.establish(reported, confirmed, proven)
    )


def waves_to_confirm(
    session: Session, partner_id: int, today: date, lead_id: int | None = None
) -> list[Wave]:
    """Return the open waves of an association that its lead has not answered; none refused.

    Args:
        lead_id: the lead who asks: nobody confirms their own level.
    """
    cases = cases_of_members(session, partner_id, today)
    refused = refusing_people(session, cases)
    return [
        wave
        for wave in open_waves(cases, today)
        if wave.confirmation is None
        and wave.case.person_id not in refused
        and wave.case.person_id != lead_id
    ]


def cases_of_members(session: Session, partner_id: int, today: date) -> list[AnchoringCase]:
    """Return the cases of record of the association's present members.

    Who left the association is no longer for its lead to see (§2.5).
    """
    present = {person.id for person in members(session, partner_id, today)}
    return [case for case in cases_of_partner(session, partner_id) if case.person_id in present]


def refusing_people(session: Session, cases: Sequence[AnchoringCase]) -> frozenset[int]:
    """Return the people who refused the follow-up."""
    answers = consents_given(session, {case.person_id for case in cases}, Purpose.ANCHORING)
    return frozenset(person for person, given in answers.items() if not given)


def sharing_people(session: Session, cases: Sequence[AnchoringCase]) -> frozenset[int]:
    """Return the people who agreed to share their level with their association."""
    answers = consents_given(
        session, {case.person_id for case in cases}, Purpose.SHARE_WITH_PARTNER
    )
    return frozenset(person for person, given in answers.items() if given)


def waves_by_domain(session: Session, partner_id: int, today: date) -> list[DomainWaves]:
    """Return the counts per domain and wave that the lead of an association may see."""
    cases = cases_of_members(session, partner_id, today)
    sharing = sharing_people(session, cases)
    readings = read_cases(session, cases)
    by_domain: dict[int, list[AnchoringCase]] = defaultdict(list)
    for case in cases:
        by_domain[case.domain_id].append(case)
    found = []
    for grouped in by_domain.values():
        shared = [case for case in grouped if case.person_id in sharing]
        summaries = {
            months: summarise(
                (
                    _outcome(case, reading)
                    for case in shared
                    for reading in readings[case.id]
                    if reading.wave.months == months
                ),
                today,
            )
            for months in WAVES
        }
        found.append(
            DomainWaves(grouped[0].domain, len(grouped), len(grouped) - len(shared), summaries)
        )
    return sorted(found, key=lambda line: line.domain.number)


def _outcome(case: AnchoringCase, reading: WaveReading) -> WaveOutcome:
    return WaveOutcome(
        closes=reading.wave.closes_on,
        stopped_at_due=case.state in STOPPED
        and (case.stopped_on is None or reading.wave.due_on >= case.stopped_on),
        level=reading.established.level,
        self_report=reading.reported,
        partner=reading.confirmed,
        evidence=reading.proven,
    )


def _reported(report: SelfReport) -> Level:
    return levels.reported_level(
        levels.SelfReport(
            uses=report.uses,
            distinct_actions=report.distinct_actions,
            autonomy=levels.Autonomy(report.autonomy),
            transmission=levels.Transmission(report.transmission),
        )
    )


def _validated_evidence(
    session: Session, person_ids: Iterable[int]
) -> dict[tuple[int, int], list[ValidatedEvidence]]:
    """Return validated evidence by person and domain; each one shows a use of its own."""
    found: dict[tuple[int, int], list[ValidatedEvidence]] = defaultdict(list)
    for evidence in session.scalars(
        select(Evidence).where(
            Evidence.author_id.in_(person_ids), Evidence.state == EvidenceState.ACCEPTED
        )
    ):
        found[evidence.author_id, evidence.domain_id].append(
            ValidatedEvidence(levels.EvidenceUse.USAGE, str(evidence.id), evidence.happened_on)
        )
    return found
