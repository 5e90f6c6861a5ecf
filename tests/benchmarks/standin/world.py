"""What the stand-in holds: courses, learners, groups, and grades that move when told to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

TOKEN = "5" * 32
FIRST_COURSE = 2
FIRST_LEARNER = 1000
REPORT_HEADERS = (
    "Course full name with link",
    "Full name with link",
    "Name",
    "ID number",
    "Username",
    "Email address",
    "Course ID number",
    "Course short name",
    "Grade",
    "Completed",
    "Time completed",
    "Last access to course",
    "Status",
    "Cohort ID",
    "Suspended",
    "Short name",
    "ID number",
)


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds that each answer takes, as measured on Moodle 4.5.6, times ``scale``."""

    whole: float = 0.030
    """A learner of a whole course or of a group."""
    single: float = 0.060
    """One learner by themselves."""
    report: float = 0.200
    """A page of the custom report."""
    report_row: float = 0.00022
    enrolled: float = 0.0016
    """A person of a list of enrolments (four fields)."""
    call: float = 0.020
    """Any other call."""
    scale: float = 1.0

    @classmethod
    def none(cls) -> Delays:
        """Answers at once."""
        return cls(scale=0.0)


@dataclass(frozen=True, slots=True)
class Layout:
    """The size of the site.

    Args:
        courses: how many; their numbers follow each other from ``FIRST_COURSE``.
        learners: of each course; a learner is in one course only.
        columns: graded items of each course, its total included.
        groups: of each course, which share its learners.
        limit: seconds after which the web server gives up on an answer (502); None: never.
        workers: answers that the site prepares at once; the others wait their turn.
    """

    courses: int = 1
    learners: int = 60
    columns: int = 13
    groups: int = 4
    limit: float | None = None
    workers: int = 16
    delays: Delays = field(default_factory=Delays)

    def to_json(self) -> str:
        """Write it for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Layout:
        """Read what ``to_json`` wrote."""
        said = json.loads(text)
        return cls(**{**said, "delays": Delays(**said["delays"])})


class World:
    """Who is where, and how often each learner's grades changed."""

    def __init__(self, layout: Layout, base_url: str) -> None:
        self.layout = layout
        self.base_url = base_url
        self.changes: dict[tuple[int, int], int] = {}
        self._items = _item_texts(layout.columns)

    def courses(self) -> range:
        """Numbers of the courses."""
        return range(FIRST_COURSE, FIRST_COURSE + self.layout.courses)

    def learners(self, course: int) -> range:
        """Numbers of the learners of a course."""
        first = FIRST_LEARNER + (course - FIRST_COURSE) * self.layout.learners
        return range(first, first + self.layout.learners)

    def group(self, course: int, group: int) -> range:
        """Numbers of the members of a group: every so many learners."""
        people = self.learners(course)
        return people[self.group_ids(course).index(group) :: self.layout.groups]

    def group_ids(self, course: int) -> range:
        """Numbers of the groups of a course."""
        first = 1 + (course - FIRST_COURSE) * self.layout.groups
        return range(first, first + self.layout.groups)

    def change(self, course: int, learners: Iterable[int]) -> None:
        """Give other grades to some learners."""
        for learner in learners:
            self.changes[course, learner] = self.changes.get((course, learner), 0) + 1

    def total(self, course: int, learner: int) -> float:
        """Course total of a learner."""
        return ((learner * 7 + self.changes.get((course, learner), 0) * 13) % 8000) / 100

    def gradebook(self, course: int, learners: Iterable[int]) -> Iterator[str]:
        """Yield the answer of the gradebook, a learner at a time."""
        yield '{"usergrades":['
        comma = ""
        for learner in learners:
            items = self._items.replace("@C", str(course)).replace(
                "@G", f"{self.total(course, learner):.2f}"
            )
            yield (
                f'{comma}{{"courseid":{course},"courseidnumber":"COURS-{course}","userid":{learner},'
                f'"userfullname":"Apprenant·e Fictif·ve {learner}","useridnumber":"ADH-{learner}",'
                f'"maxdepth":2,"gradeitems":[{items}]}}'
            )
            comma = ","
        yield '],"warnings":[]}'

    def enrolled(self, course: int, learners: Iterable[int]) -> list[dict[str, Any]]:
        """People of a course with the fields that the tool asks for."""
        return [
            {
                "id": learner,
                "fullname": f"Apprenant·e Fictif·ve {learner}",
                "firstname": "Apprenant·e",
                "lastname": f"Fictif·ve {learner}",
                "idnumber": f"ADH-{learner}",
                "lastcourseaccess": 0,
                "roles": [{"roleid": 5, "name": "", "shortname": "student", "sortorder": 0}],
                "groups": [],
            }
            for learner in learners
        ]

    def report_rows(self, start: int, count: int) -> list[dict[str, Any]]:
        """Rows of the custom report, one for each enrolment of the site."""
        each = self.layout.learners
        last = min(start + count, each * self.layout.courses)
        return [
            {"columns": self._report_row(FIRST_COURSE + place // each, FIRST_LEARNER + place)}
            for place in range(start, last)
        ]

    def _report_row(self, course: int, learner: int) -> list[str | None]:
        return [
            f'<a href="{self.base_url}/course/view.php?id={course}">Cours fictif {course}</a>',
            f'<a href="{self.base_url}/user/profile.php?id={learner}">Apprenant·e Fictif·ve {learner}</a>',
            "Manual enrolments",
            f"ADH-{learner}",
            f"apprenant{learner}",
            f"apprenant{learner}@example.test",
            f"COURS-{course}",
            f"C{course}",
            f"{self.total(course, learner):.2f}",
            "No",
            "",
            "Never",
            "Active",
            None,
            "No",
            "student",
            None,
        ]


def _item_texts(columns: int) -> str:
    """Items of one gradebook, as text: ``@C`` is the course, ``@G`` the grade."""
    flags = (
        '"gradedatesubmitted":null,"gradedategraded":1795297276,"gradehiddenbydate":false,'
        '"gradeneedsupdate":false,"gradeishidden":false,"gradeislocked":false,'
        '"gradeisoverridden":false'
    )
    activities = (
        f'{{"id":@C{number:03d},"itemname":"Devoir fictif {number}","itemtype":"mod",'
        f'"itemmodule":"assign","iteminstance":{number},"itemnumber":0,"idnumber":"D-{number}",'
        f'"categoryid":@C,"outcomeid":null,"scaleid":null,"locked":false,"cmid":@C{number:03d},'
        f'"weightraw":0.08333,"weightformatted":"8.33 %","graderaw":@G,{flags},'
        f'"gradeformatted":"@G","grademin":0,"grademax":100,"rangeformatted":"0&ndash;100",'
        f'"percentageformatted":"@G %","feedback":"","feedbackformat":1}}'
        for number in range(1, columns)
    )
    total = (
        f'{{"id":@C000,"itemname":null,"itemtype":"course","itemmodule":null,"iteminstance":@C,'
        f'"itemnumber":null,"idnumber":"","categoryid":null,"outcomeid":null,"scaleid":null,'
        f'"locked":false,"weightraw":null,"weightformatted":"-","graderaw":@G,{flags},'
        f'"gradeformatted":"@G","grademin":0,"grademax":100,"rangeformatted":"0&ndash;100",'
        f'"percentageformatted":"@G %","feedback":"","feedbackformat":0}}'
    )
    return ",".join([*activities, total])
