"""The referential is the published list: 15 domains, exact labels, four sub-themes of the third."""

from __future__ import annotations

from lti_tool.referential.domains import REFERENTIAL

PUBLISHED = """
Communication, libération de la parole et écoute active
Gestion associative du plaidoyer et copilotage des politiques publiques
Plaidoyers thématiques (santé, droits humains, genre, jeunes)
Recherche scientifique et création de données d'aide à la prise de décision
Photographie et plaidoyer
Écriture et plaidoyer
Podcast et plaidoyer
Vidéo et plaidoyer
Musique et plaidoyer
Théâtre et plaidoyer
Recherche-création artistique
Gestion organisationnelle, administrative et financière
Gestion pédagogique du plaidoyer
Rédaction de demandes de financements et reporting bailleurs
Création d'activités génératrices de revenus
""".strip().splitlines()


def test_the_15_labels_are_those_of_the_framework_document() -> None:
    assert [entry.label_fr for entry in REFERENTIAL] == PUBLISHED


def test_codes_follow_the_numbers_1_to_15() -> None:
    assert [entry.code for entry in REFERENTIAL] == [f"RMP-ADL-{n}" for n in range(1, 16)]


def test_the_third_domain_alone_has_subthemes() -> None:
    subthemes = {entry.number: [s.code for s in entry.subthemes] for entry in REFERENTIAL}
    assert subthemes.pop(3) == ["sante", "droits_humains", "genre", "jeunes"]
    assert not any(subthemes.values())


def test_the_misspelling_of_the_document_is_remembered_and_not_shown() -> None:
    eleventh = REFERENTIAL[10]
    assert "Recherche-crédation artistique" in eleventh.variants
    assert "crédation" not in eleventh.label_fr


def test_every_domain_has_an_english_label_and_words_of_its_own() -> None:
    for entry in REFERENTIAL:
        assert entry.label_en
        assert entry.keywords or entry.subthemes
