"""Whether the course that answers is still the same one, and its people the people known.

``platforms.service.identity`` asks the site who it is, and believes the answer for some minutes. One
small call tells about the course before it is read; a learner read alone brings the proof in the
answer itself, and costs no call unless something differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import MoodleClient, OtherSite, UserGrades, nfc


@dataclass(frozen=True, slots=True)
class CourseIdentity:
    """What is known of a course."""

    moodle_id: int
    idnumber: str
    shortname: str

    @classmethod
    def of(cls, course: Course) -> CourseIdentity:
        """Return what is known of a course."""
        return cls(course.moodle_id, course.idnumber, course.shortname)

    def check(self, client: MoodleClient) -> None:
        """Make sure that the course under this number is the one known.

        Raises:
            OtherSite: another one is.
            MoodleError: as the client raises it.
        """
        found = client.get_courses_by_field("id", str(self.moodle_id))
        # A course that is not shown says nothing here: reading it will say why.
        if not found or not self.shortname or nfc(self.shortname) == found[0].shortname:
            return
        # Renamed, or another course: its idnumber, which people choose to be stable, decides.
        if self.moodle_id not in {course.id for course in client.find_courses(self.idnumber)}:
            raise OtherSite(reason="course")

    def is_proved_by(
        self, gradebooks: Iterable[UserGrades], people: Mapping[int, tuple[str, str]]
    ) -> bool:
        """Whether gradebooks are of this course and of the people known under their numbers.

        Args:
            gradebooks: as read.
            people: idnumber and name of each learner, by Moodle's user id.
        """
        return all(self._is_proof(grades, people.get(grades.user_id)) for grades in gradebooks)

    def _is_proof(self, grades: UserGrades, known: tuple[str, str] | None) -> bool:
        if grades.course_id != self.moodle_id or known is None:
            return False
        idnumber, name = known
        same_course = not self.idnumber or grades.course_idnumber == self.idnumber
        return same_course and (
            grades.user_idnumber == idnumber if idnumber else grades.user_fullname == nfc(name)
        )


def known_people(session: Session, account_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return idnumber and name of some accounts, by Moodle's user id."""
    rows = session.execute(
        select(Account.subject, Account.idnumber, Account.full_name).where(
            Account.id.in_(list(account_ids))
        )
    )
    return {int(row.subject): (row.idnumber, row.full_name) for row in rows}
