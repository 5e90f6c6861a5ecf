"""What a certificate costs: beside the renderer alone, and from the approval to the stored file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from sqlalchemy import select

from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.service.awards import approve
from lti_tool.credentials.models import Certificate
from lti_tool.documents.certificate import certificate_html, render_certificate
from lti_tool.jobs.runner import run_due_jobs
from tests.benchmarks.classroom import Classroom
from tests.benchmarks.crowd import add_people
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.installations import Installation, installation
from tests.benchmarks.size import Size
from tests.benchmarks.stopwatch import Company, Stopwatch
from tests.factories import make_site
from tests.unit.documents.contents import certificate

LIMIT_S = 5.0


def measure(size: Size) -> Iterator[Figure]:
    """Approve, then draw, then draw beside the renderer alone."""
    company = Company()
    with installation() as tool:
        times = _approvals(tool, size.approvals + 1)
    others = company.others()
    for name, some in ((", the first of a process", times[:1]), ("", times[1:])):
        yield Figure(f"approval to stored PDF{name}", "s", some, LIMIT_S, others=others)
    ours, alone = _renders(size.renders)
    yield Figure("a certificate: CPU", "ms", tuple(1000 * used for used in ours))
    yield ratio("a certificate beside xhtml2pdf alone", ours, alone)


def _approvals(tool: Installation, number: int) -> tuple[float, ...]:
    with tool.parts.sessions() as session:
        site = make_site(session, check_findings=[])
        room = Classroom.make(session, site, add_people(session, site, number), all_ready=True)
        waiting = list(session.scalars(select(Award.id).where(Award.state == AwardState.PROPOSED)))
    times = []
    for award_id in waiting:
        with Stopwatch() as watch:
            with tool.parts.sessions() as session:
                award = session.get_one(Award, award_id)
                approve(session, award, actor_id=room.trainer_id)
            run_due_jobs(tool.parts.sessions, tool.settings)
        with tool.parts.sessions() as session:
            stored = session.scalar(
                select(Certificate.file).where(Certificate.award_id == award_id)
            )
        if not stored:
            raise RuntimeError("a certificate was not stored")
        times.append(watch.elapsed)
    return tuple(times)


def _renders(number: int) -> tuple[list[float], list[float]]:
    """Return the CPU of a certificate, and of xhtml2pdf with its own settings on the same page."""
    from xhtml2pdf.document import pisaDocument

    content = certificate()
    html = certificate_html(content)
    ours, alone = [], []
    for turn in range(number + 1):
        with Stopwatch() as whole:
            render_certificate(content)
        with Stopwatch() as renderer:
            pisaDocument(html, io.BytesIO(), encoding="utf-8")
        if turn:  # the first reads the fonts
            ours.append(whole.cpu)
            alone.append(renderer.cpu)
    return ours, alone
