"""What travels for a first page: its HTML and every file that it names, compressed.

What the application compresses by itself is taken as it comes; the rest as a reverse proxy sends it
(gzip, level 6). Fonts and images would count as they are.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

from flask.testing import FlaskClient

from lti_tool.people.models import CourseRole, Person, Purpose, Role
from lti_tool.people.service import record_choices
from tests.benchmarks.classroom import Classroom
from tests.benchmarks.crowd import add_people
from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import installation
from tests.benchmarks.size import Size
from tests.factories import make_grant, make_person, make_site, sign_in

LIMIT_KB = 100.0
LEVEL = 6
NAMED = re.compile(r"""(?:href|src)="(/static/[^"]+)"|url\(["']?(/static/[^"')]+)""")
PACKED = ("image/png", "image/jpeg", "font/woff2")


def measure(size: Size) -> Iterator[Figure]:
    """Weigh the page where each role arrives."""
    with installation() as tool, tool.parts.sessions() as session:
        site = make_site(session, check_findings=[])
        room = Classroom.make(session, site, add_people(session, site, size.few))
        learner = session.get_one(Person, room.person_ids[0])
        record_choices(session, person_id=learner.id, given=dict.fromkeys(Purpose, False))
        coordinator = make_person(session, "Coordinatrice Fictive", site)
        make_grant(session, coordinator, Role.COORDINATOR)
        arrivals = (
            ("a learner", learner, CourseRole.LEARNER, f"/cours/{room.course_id}/parcours"),
            (
                "a trainer",
                session.get_one(Person, room.trainer_id),
                CourseRole.TRAINER,
                f"/cours/{room.course_id}/formation",
            ),
            ("the coordination", coordinator, CourseRole.TRAINER, "/coordination"),
        )
        for who, person, role, address in arrivals:
            browser = tool.browser()
            sign_in(browser, session, person, {room.course_id: role})
            yield Figure(f"first page of {who}", "kB", (_weight(browser, address),), LIMIT_KB)


def _weight(browser: FlaskClient, address: str) -> float:
    """Return the kilobytes (1,000 bytes) of a page and of all that it names."""
    waiting, known, total = [address], {address}, 0
    while waiting:
        answer = browser.get(waiting.pop(), headers={"Accept-Encoding": "gzip"})
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.request.path} answered {answer.status_code}")
        body = answer.get_data()
        answer.close()  # a file that was sent stays open until then
        packed = "Content-Encoding" in answer.headers or answer.mimetype in PACKED
        total += len(body) if packed else len(gzip.compress(body, LEVEL))
        text = "" if packed else body.decode(errors="replace")
        for names in NAMED.findall(text):
            name = names[0] or names[1]
            if name not in known:
                known.add(name)
                waiting.append(name)
    return total / 1000
