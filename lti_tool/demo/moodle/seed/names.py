"""Names of the invented people: each says that it is fiction, in its own language.

French, Wolof, Moroccan, Haitian; Arabic, Greek and Cyrillic letters; decomposed accents, an
ampersand, an apostrophe, two people of the same name and a very long one: what names really do.
"""

from __future__ import annotations

import unicodedata

LEARNERS: tuple[tuple[str, str], ...] = (
    ("Aïssatou", "Fictive-Diop"),
    ("Éloïse", "Exemple"),
    ("Fatou Bintou", "Imaginée-Ndiaye"),
    (unicodedata.normalize("NFD", "Ndèye Coumba"), unicodedata.normalize("NFD", "Fictive-Sène")),
    ("Zineb", "El-Khayaliya"),
    ("Youssef", "Ben Mithal"),
    ("Jean-Wilky", "Fiktif-Pierre"),
    ("Marie-Flore", "Egzanp"),
    ("Chloé", "Fictive d’Étampes"),
    ("François", "L’Exemple"),
    ("Noémie", "de La Fiction"),
    ("Ousmane", "Imaginaire-Sarr"),
    ("أحمد", "الخيالي"),
    ("خديجة", "المثالية"),
    ("Rose-Laure", "Egzanp-Louis"),
    ("Mame Diarra", "Fictive-Faye"),
    ("Cheikh Anta", "Exemple-Gueye"),
    ("Salma", "Namoudhaj"),
    ("Loïc", "Exemple-Kerfictif"),
    ("Wideline", "Fiktif-Jozèf"),
    ("Séverine", "Fictive & Fils"),
    ("Pape Ɓuuba", "Fiktif-Jóob"),
    ("Imane", "Al-Wahmiya"),
    ("Frantz", "Imajinè"),
    ("Zoé", "Exemple-Müller"),
    ("Cëe Ŋoone", "Fiktif-Ŋom"),
    ("Hicham", "Khayali"),
    ("Guerda", "Egzanp-Sentil"),
    ("Maïmouna", "Fictive-Cissé"),
    ("Souleymane", "Imaginaire-Traoré"),
    ("Abdelilah", "Aït-Mithal"),
    ("Nadège", "Fiktif-Dezi"),
    ("Gaëlle", "Fictive-Le Goff"),
    ("Awa", "Imaginée"),
    ("ليلى", "النموذجية"),
    ("Woodly", "Imajinè-Batis"),
    ("Benoît", "Exemplaire"),
    ("Aminata", "Fiktif-Mbay"),
    ("Tarik", "Ouahmi-Exemple"),
    ("Islande", "Egzanp-Michèl"),
    ("Hélène", "Exemple-Ørsted"),
    ("Inès", "Fictive"),
    ("Khadija", "El-Mithaliya"),
    ("Ketlie", "Fiktif-Sen-Lwi"),
    ("Amélie", "Fictive-Çelik"),
    ("Khady", "Imaginaire-Fall"),
    ("Mehdi", "Binkhayal"),
    ("Josnel", "Egzanp-Toma"),
    ("Стефания", "Вымышленная"),
    ("Modou", "Fiktif-Géy"),
    ("سعاد", "الوهمية"),
    ("Rosemond", "Imajinè-Fis"),
    ("Ιωάννα", "Φανταστική"),
    ("Sokhna", "Exemple-Bâ"),
    ("Anas", "Khayali-Idrissi"),
    ("Dieunie", "Fiktif-Ojis"),
    ("Anne-Lise", "Exemple-Très-Long-Nom-De-Famille-Composé-Pour-Essai-D’Affichage"),
    ("Jean", "Fictif"),
    ("Jean", "Fictif"),
    ("Manoucheka", "Egzanp-Valkou"),
)
"""First and family names of ``apprenant01`` to ``apprenant60``."""

TRAINERS_COHORT = "Équipe des formateur·rices"
TRAINERS = (
    ("Solène", "Formatrice-Fictive"),
    ("Babacar", "Formateur-Fictif"),
    ("Nadia", "Formatrice-Exemple"),
)
"""``formateur1`` to ``formateur3``."""

REFERENTS = (
    ("Odile", "Référente-Fictive"),
    ("Moussa", "Référent-Fictif"),
    ("Samira", "Référente-Exemple"),
    ("Evens", "Referan-Fiktif"),
)
"""``referent1`` to ``referent4``, one for each association."""

COORDINATOR = ("Mariette", "Coordination-Fictive")
"""``coordination1``, a manager of the site."""

ASSOCIATIONS = (
    ("Association « Les Voix Imaginaires » (Marseille)", "Marseille", "FR"),
    ("Association Teranga Fictive (Dakar)", "Dakar", "SN"),
    ("جمعية الخيال / Al-Khayal (Casablanca)", "Casablanca", "MA"),
    ("Asosyasyon Fiktif & Zanmi (Port-au-Prince)", "Port-au-Prince", "HT"),
)
"""Name, city and country of the cohorts ``ASSO-01`` to ``ASSO-04``."""
