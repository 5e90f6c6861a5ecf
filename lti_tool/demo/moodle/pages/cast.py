"""Who is proposed on the front page, and what each person is there to show."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.seed.catalogue import FIRST_COURSE, NUMBERS, WELCOME
from lti_tool.demo.moodle.world import World

_COMMUNICATION = FIRST_COURSE
_WELCOME = NUMBERS[WELCOME]

LEARNERS = (
    ("apprenant01", "A terminé ses cours il y a plusieurs mois."),
    ("apprenant04", "Vient de terminer ; sa preuve attend d’être examinée."),
    ("apprenant13", "Nom en arabe ; cours terminés, ancrage à suivre."),
    ("apprenant31", "A reçu un zéro : une note, pas une absence."),
    ("apprenant32", "Pas encore noté·e."),
    ("apprenant33", "Ses notes existent, mais sont masquées."),
    ("apprenant34", "Une note forcée par la formatrice."),
    ("apprenant36", "59,995 % : juste sous le seuil de 60 %."),
    ("apprenant49", "Commence tout juste ; nom en cyrillique."),
)
TRAINERS = (
    ("formateur1", "Communication, copilotage, écriture, gestion…"),
    ("formateur2", "Communication, santé, podcast, pédagogie…"),
    ("formateur3", "Communication, photographie, vidéo, financements…"),
)
COORDINATION = (("coordination1", "Cartographie des cours, partenaires, certifications."),)


@dataclass(frozen=True, slots=True)
class Entry:
    """A person to enter as, and where that leads."""

    person: Person
    note: str
    course: int


def groups(world: World) -> list[tuple[str, str, list[Entry]]]:
    """Return the groups of the front page: title, sentence, people."""
    leads = [
        (person.username, _association(world, person))
        for person in world.people.values()
        if person.username.startswith("referent")
    ]
    return [
        (
            "Apprenant·es",
            "Leur parcours, leurs preuves, leurs certificats.",
            _entries(world, LEARNERS, _COMMUNICATION),
        ),
        (
            "Formateur·rices",
            "Le cours, les preuves à valider, les propositions à approuver.",
            _entries(world, TRAINERS, _COMMUNICATION),
        ),
        (
            "Référent·es partenaires",
            "Les personnes de leur association, et l’ancrage des compétences.",
            _entries(world, leads, _WELCOME),
        ),
        (
            "Coordination",
            "La vue d’ensemble de L’Atelier Des Luttes.",
            _entries(world, COORDINATION, _WELCOME),
        ),
    ]


def everyone(world: World) -> list[tuple[str, list[Person]]]:
    """Return every learner who can enter, by association."""
    return [
        (
            cohort.name,
            [
                world.people[number]
                for number in sorted(cohort.members)
                if not world.people[number].suspended
            ],
        )
        for cohort in world.cohorts
    ]


def _entries(
    world: World, cast: tuple[tuple[str, str], ...] | list[tuple[str, str]], course: int
) -> list[Entry]:
    known = {person.username: person for person in world.people.values()}
    return [Entry(known[name], note, course) for name, note in cast if name in known]


def _association(world: World, person: Person) -> str:
    number = person.idnumber.rpartition("-")[2]
    return next(
        (cohort.name for cohort in world.cohorts if cohort.idnumber == f"ASSO-{number}"), ""
    )
