"""Gradebooks of the seed: the plain one of most courses, the rich one of ``RMP-ADL-04``, the scales
of ``RMP-ADL-06``.

A plain course has two assignments (20 and 100 points) and a quiz (10): the total is their sum, so the
percentage of a standing is spread over the three and comes back exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lti_tool.demo.moodle.courses import Activity, Course
from lti_tool.demo.moodle.gradebook.items import GradeCategory, GradeItem
from lti_tool.demo.moodle.world import World

SCALE = ("Non acquis", "En cours", "Acquis", "Maîtrisé")
ACTIVITY_NAME = "Mon parcours RMP-ADL"
ACTIVITY_INTRO = "Vos domaines, vos preuves et vos certifications, sans quitter le cours."
RICH, SCALES = "RMP-ADL-04", "RMP-ADL-06"


@dataclass(slots=True)
class Numbers:
    """Numbers given one after the other, as a database does."""

    item: int = 0
    category: int = 0
    cmid: int = 0
    instances: dict[str, int] = field(default_factory=dict)

    def next_item(self) -> int:
        """Return the next grade item number."""
        self.item += 1
        return self.item

    def next_instance(self, modname: str) -> int:
        """Return the next instance number of an activity type."""
        self.instances[modname] = self.instances.get(modname, 0) + 1
        return self.instances[modname]


@dataclass(slots=True)
class Columns:
    """The columns of a course that standings fill."""

    first: GradeItem
    second: GradeItem
    quiz: GradeItem
    total: GradeItem
    page: Activity
    extra: dict[str, GradeItem] = field(default_factory=dict)


def add_site_gradebook(world: World, site_course: int, numbers: Numbers) -> None:
    """Give the front page the empty gradebook that Moodle keeps for it."""
    numbers.category += 1
    world.grade_categories.append(GradeCategory(numbers.category, site_course))
    world.grade_items.append(
        GradeItem(
            numbers.next_item(),
            site_course,
            "course",
            category=numbers.category,
            grademax=Decimal(0),
        )
    )


def add_gradebook(world: World, course: Course, numbers: Numbers) -> Columns:
    """Give a course its activities and its gradebook."""
    numbers.category += 1
    category = GradeCategory(numbers.category, course.id)
    world.grade_categories.append(category)
    page = _activity(world, course, numbers, "page", "Introduction", "manual")
    rich = course.idnumber == RICH
    if rich:
        category.aggregation = "weighted_mean"
    total = GradeItem(
        numbers.next_item(),
        course.id,
        "course",
        category=category.id,
        grademax=Decimal(100 if rich else 130),
    )
    work = _sub_category(world, course, numbers, category, total, Decimal(3)) if rich else None
    home = work[0].id if work else category.id
    first = _column(world, course, numbers, home, "assign", "Devoir 1 : note de plaidoyer", 20)
    first.idnumber = f"{course.idnumber}-D1" if course.idnumber else ""
    second = _column(
        world, course, numbers, home, "assign", "Devoir 2 : « dossier & preuves » <final>", 100
    )
    quiz = _column(world, course, numbers, category.id, "quiz", "Quiz de connaissances", 10)
    columns = Columns(first, second, quiz, total, page)
    if work:
        world.grade_items += [first, second, work[1], quiz]
        columns.extra = dict(_rich_columns(course, numbers, category.id))
    else:
        world.grade_items += [first, second, quiz]
        if course.idnumber == SCALES:
            columns.extra = dict(_scale_columns(course, numbers, category.id))
    world.grade_items += [*columns.extra.values(), total]
    tool = _activity(world, course, numbers, "lti", ACTIVITY_NAME, None)
    tool.intro = ACTIVITY_INTRO
    return columns


def _sub_category(
    world: World,
    course: Course,
    numbers: Numbers,
    parent: GradeCategory,
    total: GradeItem,
    weight: Decimal,
) -> tuple[GradeCategory, GradeItem]:
    numbers.category += 1
    category = GradeCategory(
        numbers.category, course.id, parent.id, "weighted_mean", "Contrôle continu"
    )
    world.grade_categories.append(category)
    item = GradeItem(
        numbers.next_item(),
        course.id,
        "category",
        category=category.id,
        grademax=total.grademax,
        weight=weight,
    )
    return category, item


def _column(
    world: World,
    course: Course,
    numbers: Numbers,
    category: int,
    modname: str,
    name: str,
    grademax: int,
) -> GradeItem:
    rule = "submit" if name.startswith("Devoir 1") else "grade"
    activity = _activity(world, course, numbers, modname, name, rule)
    return GradeItem(
        numbers.next_item(),
        course.id,
        "mod",
        name,
        category,
        module=modname,
        instance=activity.instance,
        cmid=activity.cmid,
        idnumber="",
        grademax=Decimal(grademax),
        weight=Decimal(2) if name.startswith("Devoir 1") else Decimal(1),
    )


def _activity(
    world: World, course: Course, numbers: Numbers, modname: str, name: str, rule: str | None
) -> Activity:
    numbers.cmid += 1
    activity = Activity(
        numbers.cmid,
        course.id,
        modname,
        numbers.next_instance(modname),
        name,
        completion=rule if modname != "quiz" else None,  # type: ignore[arg-type]  # a CompletionRule
    )
    world.activities.append(activity)
    return activity


def _rich_columns(
    course: Course, numbers: Numbers, category: int
) -> Iterator[tuple[str, GradeItem]]:
    def manual(name: str, grademax: int, **details: object) -> GradeItem:
        return GradeItem(
            numbers.next_item(),
            course.id,
            "manual",
            name,
            category,
            grademax=Decimal(grademax),
            **details,  # type: ignore[arg-type]  # fields of GradeItem by name
        )

    yield (
        "scale",
        manual(
            "Grille de compétence (échelle)",
            len(SCALE),
            gradetype="scale",
            scale=SCALE,
            grademin=Decimal(1),
            weight=Decimal(0),
            idnumber="GRILLE-04",
        ),
    )
    yield (
        "oral",
        manual(
            "Soutenance orale",
            20,
            grademin=Decimal(5),
            gradepass=Decimal(10),
            weight=Decimal(0),
            idnumber="ORAL-04",
        ),
    )
    yield "hidden", manual("Note du jury (cachée)", 20, hidden=True, weight=Decimal(0))
    yield "comment", manual("Commentaire seul", 100, gradetype="text", weight=Decimal(0))


def _scale_columns(
    course: Course, numbers: Numbers, category: int
) -> Iterator[tuple[str, GradeItem]]:
    for key, name in (("plume", "Compétence Plume"), ("portfolio", "Compétence Portfolio")):
        item = GradeItem(numbers.next_item(), course.id, "manual", name, category)
        item.gradetype, item.scale, item.weight = "scale", SCALE, Decimal(0)
        item.grademin, item.grademax = Decimal(1), Decimal(len(SCALE))
        yield key, item
