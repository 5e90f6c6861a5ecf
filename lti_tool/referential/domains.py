"""The referential as published: 15 domains, their sub-themes, the words that point to each (data).

Labels are those of the framework document (000, preamble; R001–R003). Variants are spellings met
in documents and course names: they are searched, never shown. Keywords serve suggestions alone.
Rows of the database are made from this table by ``seeding``; nothing here decides a mapping.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubthemeEntry:
    """A sub-theme of a domain; its rank (A, B, C…) is its place in the domain's list."""

    code: str
    label_fr: str
    label_en: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DomainEntry:
    """One domain of competence and the words by which people call it."""

    number: int
    label_fr: str
    label_en: str
    variants: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    subthemes: tuple[SubthemeEntry, ...] = ()

    @property
    def code(self) -> str:
        """Stable code, ``RMP-ADL-4``."""
        return f"RMP-ADL-{self.number}"


REFERENTIAL: tuple[DomainEntry, ...] = (
    DomainEntry(
        1,
        "Communication, libération de la parole et écoute active",
        "Communication, freeing speech and active listening",
        keywords=("communication", "libération de la parole", "prise de parole", "écoute active"),
    ),
    DomainEntry(
        2,
        "Gestion associative du plaidoyer et copilotage des politiques publiques",
        "Advocacy management in associations and co-steering of public policies",
        variants=("Gestion associative du plaidoyer", "Copilotage des politiques publiques"),
        keywords=("copilotage", "politiques publiques", "gestion associative", "vie associative"),
    ),
    DomainEntry(
        3,
        "Plaidoyers thématiques (santé, droits humains, genre, jeunes)",
        "Thematic advocacy (health, human rights, gender, youth)",
        variants=(
            "Plaidoyers thématiques (en cours : santé, droits humains, genre, jeunes)",
            "Plaidoyers thématiques",
            "Thematic advocacy",
        ),
        subthemes=(
            SubthemeEntry(
                "sante", "Santé", "Health", ("santé", "health", "accès aux soins", "vih")
            ),
            SubthemeEntry(
                "droits_humains",
                "Droits humains",
                "Human rights",
                ("droits humains", "droits de l'homme", "droits de la personne", "human rights"),
            ),
            SubthemeEntry("genre", "Genre", "Gender", ("genre", "gender", "égalité femmes hommes")),
            SubthemeEntry("jeunes", "Jeunes", "Youth", ("jeunes", "jeunesse", "youth")),
        ),
    ),
    DomainEntry(
        4,
        "Recherche scientifique et création de données d'aide à la prise de décision",
        "Scientific research and creation of data to support decision-making",
        keywords=(
            "recherche scientifique",
            "création de données",
            "données",
            "aide à la décision",
            "aide à la prise de décision",
            "recherche-action",
            "enquête",
            "statistiques",
        ),
    ),
    DomainEntry(
        5,
        "Photographie et plaidoyer",
        "Photography and advocacy",
        keywords=("photographie", "photo", "photoreportage", "photography"),
    ),
    DomainEntry(
        6,
        "Écriture et plaidoyer",
        "Writing and advocacy",
        keywords=("écriture", "écrit", "tribune", "récit", "creative writing"),
    ),
    DomainEntry(
        7,
        "Podcast et plaidoyer",
        "Podcast and advocacy",
        keywords=("podcast", "balado", "radio", "création sonore"),
    ),
    DomainEntry(
        8,
        "Vidéo et plaidoyer",
        "Video and advocacy",
        keywords=("vidéo", "film", "documentaire", "court métrage", "video"),
    ),
    DomainEntry(
        9,
        "Musique et plaidoyer",
        "Music and advocacy",
        keywords=("musique", "chanson", "chant", "slam", "music"),
    ),
    DomainEntry(
        10,
        "Théâtre et plaidoyer",
        "Theatre and advocacy",
        keywords=("théâtre", "théâtre-forum", "mise en scène", "theatre"),
    ),
    DomainEntry(
        11,
        "Recherche-création artistique",
        "Artistic research-creation",
        variants=("Recherche-crédation artistique",),
        keywords=("recherche-création", "création artistique", "research-creation"),
    ),
    DomainEntry(
        12,
        "Gestion organisationnelle, administrative et financière",
        "Organisational, administrative and financial management",
        variants=("Gestion administrative et financière",),
        keywords=("gestion financière", "gestion administrative", "comptabilité", "budget"),
    ),
    DomainEntry(
        13,
        "Gestion pédagogique du plaidoyer",
        "Educational management of advocacy",
        keywords=(
            "gestion pédagogique",
            "pédagogie",
            "ingénierie pédagogique",
            "formation de formateurs",
            "formation de formatrices",
        ),
    ),
    DomainEntry(
        14,
        "Rédaction de demandes de financements et reporting bailleurs",
        "Writing funding applications and donor reporting",
        variants=("Rédaction de demandes de financements", "Reporting bailleurs"),
        keywords=(
            "demande de financement",
            "financements",
            "reporting",
            "bailleurs",
            "appel à projets",
            "subvention",
            "fundraising",
        ),
    ),
    DomainEntry(
        15,
        "Création d'activités génératrices de revenus",
        "Creating income-generating activities",
        variants=("Activités génératrices de revenus",),
        keywords=("revenus", "agr", "entrepreneuriat", "income generating"),
    ),
)
