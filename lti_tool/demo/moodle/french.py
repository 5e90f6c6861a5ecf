"""The site's interface is in French, as its people read it; the recordings are of an English one.

Pages say these sentences in French. Web services and the forms that programs read keep the words
that were recorded: nobody reads them on a screen.
"""

from __future__ import annotations

_WORDS = {
    "Successfully fetched tool configuration from the selected content.": (
        "La configuration de l’outil a été récupérée correctement à partir du contenu sélectionné."
    ),
    "Invalid request": "Requête non valide",
    "A required parameter (sesskey) was missing": "Un paramètre requis (sesskey) est manquant",
    "Consumer key is incorrect.": "La clé client est incorrecte.",
    "The tool's key set could not be fetched.": "Les clés de l’outil n’ont pas pu être lues.",
    "The registration request is not valid JSON.": "La demande d’enregistrement n’est pas du JSON.",
}
_NOT_ALLOWED = "Sorry, but you do not currently have permissions to do that"


def in_french(sentence: str) -> str:
    """Return a sentence of Moodle as a French site shows it; itself when it has no other form."""
    if sentence.startswith(_NOT_ALLOWED):
        return "Désolé, vous n’avez actuellement pas les droits pour faire cela" + (
            sentence.removeprefix(_NOT_ALLOWED)
        )
    return _WORDS.get(sentence, sentence)
