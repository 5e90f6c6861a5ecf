"""Courses of the demo: the 15 domains (two courses for the third) and the welcome course.

Labels are those of the founding document; ``GROUP_MODES``, hidden grades and the hidden course are
there because a tool that reads Moodle meets them.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_COURSE = 2
WELCOME = "ADL-00 Accueil"

AXES = (
    "Axe A — Parole, gouvernance & politiques publiques",
    "Axe B — Arts et recherche-création",
    "Axe C — Gestion, financements, revenus",
)


@dataclass(frozen=True, slots=True)
class CourseOfDemo:
    """A course as the seed makes it."""

    idnumber: str
    shortname: str
    fullname: str
    axis: int
    summary: str
    trainers: tuple[int, ...]
    """Numbers of the trainers (1 to 3)."""
    criteria: bool = True
    """Whether the course has completion criteria."""


COURSES: tuple[CourseOfDemo, ...] = (
    CourseOfDemo(
        "RMP-ADL-01",
        "ADL-01 Communication",
        "Communication, libération de la parole et écoute active",
        0,
        "Dire, écouter, reformuler : mener un entretien et porter une parole collective.",
        (1, 2, 3),
    ),
    CourseOfDemo(
        "RMP-ADL-02",
        "ADL-02 Copilotage",
        "Gestion associative du plaidoyer et copilotage des politiques publiques",
        0,
        "Piloter une campagne dans l’association, négocier avec les pouvoirs publics.",
        (1,),
    ),
    CourseOfDemo(
        "RMP-ADL-03A",
        "ADL-03A Santé",
        "Plaidoyer thématique : santé",
        0,
        "Accès aux soins, accès aux droits : construire un plaidoyer en santé.",
        (2,),
    ),
    CourseOfDemo(
        "RMP-ADL-03B",
        "ADL-03B Droits humains",
        "Plaidoyer thématique : droits humains",
        0,
        "Du témoignage au mécanisme international, sans mettre les personnes en danger.",
        (1,),
        criteria=False,
    ),
    CourseOfDemo(
        "RMP-ADL-04",
        "ADL-04 Recherche & données",
        "Recherche scientifique et création de données d'aide à la prise de décision",
        0,
        "Poser une question, enquêter, produire un outil qui aide à décider.",
        (1, 2, 3),
    ),
    CourseOfDemo(
        "RMP-ADL-05",
        "ADL-05 Photographie",
        "Photographie et plaidoyer",
        1,
        "Raconter une cause en images et protéger celles et ceux que l’on montre.",
        (3,),
    ),
    CourseOfDemo(
        "RMP-ADL-06",
        "ADL-06 Écriture",
        "Écriture & plaidoyer",
        1,
        "Note, tribune, récit : écrire pour être lu·e par qui décide.",
        (1,),
    ),
    CourseOfDemo(
        "RMP-ADL-07",
        "ADL-07 Podcast",
        "Podcast et plaidoyer",
        1,
        "Préparer, enregistrer, monter et diffuser un podcast.",
        (2,),
    ),
    CourseOfDemo(
        "RMP-ADL-08",
        "ADL-08 Vidéo",
        "Vidéo et plaidoyer",
        1,
        "De l’idée au film court : tourner, monter, faire voir.",
        (3,),
    ),
    CourseOfDemo(
        "RMP-ADL-09",
        "ADL-09 Musique",
        "Musique et plaidoyer",
        1,
        "Une chanson peut-elle changer une loi ?",
        (1,),
    ),
    CourseOfDemo(
        "RMP-ADL-10",
        "ADL-10 Théâtre",
        "Théâtre et plaidoyer",
        1,
        "Théâtre forum et mise en débat.",
        (2,),
    ),
    CourseOfDemo(
        "RMP-ADL-11",
        "ADL-11 Recherche-création",
        "Recherche-création artistique",
        1,
        "Chercher par la création, créer par la recherche.",
        (3,),
    ),
    CourseOfDemo(
        "RMP-ADL-12",
        "ADL-12 Gestion",
        "Gestion organisationnelle, administrative et financière",
        2,
        "Budget, comptes, vie statutaire : tenir une association debout.",
        (1,),
    ),
    CourseOfDemo(
        "RMP-ADL-13",
        "ADL-13 Pédagogie",
        "Gestion pédagogique du plaidoyer",
        2,
        "Former à son tour : concevoir et animer un atelier.",
        (2,),
        criteria=False,
    ),
    CourseOfDemo(
        "RMP-ADL-14",
        "ADL-14 Financements & reporting",
        "Rédaction de demandes de financements & reporting bailleurs",
        2,
        "Monter une demande, rendre compte sans se perdre.",
        (3,),
    ),
    CourseOfDemo(
        "RMP-ADL-15",
        "ADL-15 Revenus",
        "Création d'activités génératrices de revenus",
        2,
        "Une activité qui finance la cause. Ouverture prochaine.",
        (1,),
    ),
    CourseOfDemo(
        "",
        WELCOME,
        "Module d'accueil — tronc commun",
        -1,
        "Par où commencer : la charte, les outils, les personnes.",
        (2,),
    ),
)

HIDDEN_COURSES = frozenset({"RMP-ADL-10"})
GRADES_WITHHELD = frozenset({"RMP-ADL-09"})
"""Courses that do not show grades to learners."""
GROUP_MODES = {"RMP-ADL-12": 1, "RMP-ADL-13": 2}
EMPTY_COURSES = frozenset({"RMP-ADL-15"})
"""Courses without learners."""

NUMBERS = {course.shortname: FIRST_COURSE + rank for rank, course in enumerate(COURSES)}
"""Moodle's number of each course, by short name."""
