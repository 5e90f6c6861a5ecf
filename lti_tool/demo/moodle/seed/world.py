"""Builds the world of the demo: people, courses, enrolments, then grades and completions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lti_tool.demo.moodle.completion import Criterion
from lti_tool.demo.moodle.courses import Category, Cohort, Course, Enrolment, Group
from lti_tool.demo.moodle.people import (
    EDITING_TEACHER,
    MANAGER,
    PARTNER_LEAD,
    SERVICE_CAPABILITIES,
    STUDENT,
    Person,
)
from lti_tool.demo.moodle.seed import catalogue, names
from lti_tool.demo.moodle.seed.competencies import add_competencies, rate
from lti_tool.demo.moodle.seed.gradebooks import (
    Columns,
    Numbers,
    add_gradebook,
    add_site_gradebook,
)
from lti_tool.demo.moodle.seed.grading import fill
from lti_tool.demo.moodle.seed.standings import (
    LEARNER_COUNT,
    SUSPENDED_ACCOUNT,
    association_of,
    learner_id,
    standings,
)
from lti_tool.demo.moodle.world import SITE_COURSE, World

ADMIN_ID = 2
FIRST_TRAINER = 63
FIRST_REFERENT = 66
COORDINATOR_ID = 70
SERVICE_ID = 71
WEAK_SERVICE_ID = 72

DAY = 86_400


def build_world(now: datetime) -> World:
    """Return the world of the demo as it stands on the day of ``now``."""
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    today = int(midnight.timestamp())
    world = World("Campus du plaidoyer (démonstration)", "Campus ADL")
    _add_people(world, today)
    _add_courses(world, midnight)
    numbers = Numbers()
    add_site_gradebook(world, SITE_COURSE, numbers)
    columns: dict[int, Columns] = {}
    for course in world.courses_of_site():
        if course.id != SITE_COURSE:
            columns[course.id] = add_gradebook(world, course, numbers)
            _add_criteria(world, course, columns[course.id])
    add_competencies(world)
    _enrol_staff(world)
    for standing in standings():
        _enrol(world, standing.course_number, standing.learner, standing.case, today)
        fill(world, columns[standing.course_number], standing, today)
        rate(world, standing, FIRST_TRAINER, today)
    _add_groups(world)
    return world


def _add_people(world: World, today: int) -> None:
    seen = today - 3 * DAY
    world.people[ADMIN_ID] = Person(ADMIN_ID, "admin", "Admin", "Fictif", admin=True)
    for rank, (name, city, country) in enumerate(names.ASSOCIATIONS, 1):
        world.cohorts.append(
            Cohort(rank, name, f"ASSO-{rank:02}", "Partenaire fictif", 1, visible=rank != 3)
        )
        first, last = names.REFERENTS[rank - 1]
        number = FIRST_REFERENT + rank - 1
        world.people[number] = Person(
            number, f"referent{rank}", first, last, f"REF-{rank:02}", city, country
        )
    for rank, (first, last) in enumerate(names.LEARNERS, 1):
        _name, city, country = names.ASSOCIATIONS[association_of(rank) - 1]
        number = learner_id(rank)
        world.people[number] = Person(
            number,
            f"apprenant{rank:02}",
            first,
            last,
            "" if rank == 11 else f"ADH-2026-{rank:03}",
            city,
            country,
            suspended=rank == SUSPENDED_ACCOUNT,
            firstaccess=seen - 200 * DAY if rank <= 45 else 0,
            lastaccess=seen - rank * 3600 if rank <= 45 else 0,
        )
        world.cohorts[association_of(rank) - 1].members.append(number)
    world.cohorts[0].members.append(learner_id(6))  # one learner belongs to two associations
    for rank, (first, last) in enumerate(names.TRAINERS, 1):
        number = FIRST_TRAINER + rank - 1
        world.people[number] = Person(
            number, f"formateur{rank}", first, last, f"FORM-{rank:02}", lastaccess=seen
        )
    # A cohort that stands for no association.
    trainers = [FIRST_TRAINER + rank for rank in range(len(names.TRAINERS))]
    number = len(names.ASSOCIATIONS) + 1
    world.cohorts.append(
        Cohort(number, names.TRAINERS_COHORT, "EQUIPE", visible=False, members=trainers)
    )
    world.people[COORDINATOR_ID] = Person(
        COORDINATOR_ID, "coordination1", *names.COORDINATOR, "COORD-01", site_role=MANAGER
    )
    world.people[SERVICE_ID] = Person(
        SERVICE_ID, "ws_rmp", "Service", "RMP-ADL", capabilities=set(SERVICE_CAPABILITIES)
    )
    world.people[WEAK_SERVICE_ID] = Person(
        WEAK_SERVICE_ID, "ws_faible", "Service", "Sans-Droits", capabilities={"webservice/rest:use"}
    )


def _add_courses(world: World, midnight: datetime) -> None:
    world.categories = [
        Category(1, "Catégorie 1", 0, 10000, "/1"),
        Category(2, "RMP-ADL — Formation au plaidoyer", 0, 20000, "/2"),
    ]
    for rank, name in enumerate(catalogue.AXES):
        number = 3 + rank
        world.categories.append(Category(number, name, 2, number * 10000, f"/2/{number}"))
    world.courses[SITE_COURSE] = Course(
        SITE_COURSE,
        world.sitename,
        world.shortname,
        sortorder=1,
        summary="Site de démonstration",
        format="site",
        numsections=1,
        newsitems=3,
        enablecompletion=False,
        contextid=2,
    )
    start = int((midnight - timedelta(days=460)).timestamp())
    end = int((midnight + timedelta(days=240)).timestamp())
    for rank, made in enumerate(catalogue.COURSES):
        number = catalogue.FIRST_COURSE + rank
        category = 3 + made.axis if made.axis >= 0 else 2
        world.courses[number] = Course(
            number,
            made.fullname,
            made.shortname,
            made.idnumber,
            category,
            category * 10000 + rank + 1,
            f"<p>{made.summary}</p>",
            visible=made.idnumber not in catalogue.HIDDEN_COURSES,
            showgrades=made.idnumber not in catalogue.GRADES_WITHHELD,
            groupmode=catalogue.GROUP_MODES.get(made.idnumber, 0),
            startdate=start,
            enddate=end,
            timecreated=start,
            timemodified=start,
            contextid=80 + number,
        )


def _add_criteria(world: World, course: Course, columns: Columns) -> None:
    made = catalogue.COURSES[course.id - catalogue.FIRST_COURSE]
    if not made.criteria:
        return
    criteria = [
        Criterion("activity", cmid=one.cmid or 0) for one in (columns.first, columns.second)
    ]
    if course.idnumber == "RMP-ADL-04":
        criteria.append(Criterion("grade", required=Decimal(50)))
    world.completion.criteria[course.id] = criteria


def _enrol_staff(world: World) -> None:
    for rank, made in enumerate(catalogue.COURSES):
        for trainer in made.trainers:
            world.enrolments.append(
                Enrolment(
                    catalogue.FIRST_COURSE + rank, FIRST_TRAINER + trainer - 1, EDITING_TEACHER
                )
            )
    for rank in range(len(names.REFERENTS)):
        for course in (catalogue.NUMBERS[catalogue.WELCOME], catalogue.FIRST_COURSE):
            world.enrolments.append(Enrolment(course, FIRST_REFERENT + rank, PARTNER_LEAD))


def _enrol(world: World, course: int, learner: int, case: str, today: int) -> None:
    enrolment = Enrolment(course, learner_id(learner), STUDENT)
    enrolment.suspended = case == "enrolment suspended"
    if case == "enrolment over":
        enrolment.timeend = today - 10 * DAY
    if case == "enrolment to come":
        enrolment.timestart = today + 30 * DAY
    world.enrolments.append(enrolment)
    if learner <= LEARNER_COUNT * 3 // 4 and not case:
        world.last_course_access[course, enrolment.person] = today - (learner % 9 + 1) * DAY


def _add_groups(world: World) -> None:
    number = 0
    for course in world.courses_of_site():
        if not course.groupmode and course.idnumber != "RMP-ADL-01":
            continue
        for rank, (_name, city, _country) in enumerate(names.ASSOCIATIONS, 1):
            number += 1
            inside = {one.person for one in world.enrolments_in(course.id)}
            members = [one for one in world.cohorts[rank - 1].members if one in inside]
            idnumber = f"{course.idnumber}-G{rank}" if rank < 4 else ""
            world.groups.append(Group(number, course.id, f"Groupe {city}", idnumber, members))
