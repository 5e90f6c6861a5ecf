"""Which domains a course seems to belong to, and why (R005). Pure: texts in, suggestions out.

Owns the scoring and the reasons. It never maps: a person confirms each suggestion. Words are
compared without accents, case, plural or small words; the matched text is given back as the
course writes it, so that a screen can quote it. Sentences belong to ``wording``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from lti_tool.referential.codes import find_codes
from lti_tool.referential.domains import DomainEntry, SubthemeEntry
from lti_tool.referential.words import Words, fold, words_of

MINIMUM = 25
"""Below this score nothing is suggested: a word in a summary is not enough."""
SHARE_OF_BEST = 3
"""A suggestion three times weaker than the best one of the course is noise."""
SHARED_WORDS = 0.7
"""Share of common words (Dice) from which a name resembles a label."""
SAME_LETTERS = 0.85
"""Likeness of letters (Ratcliff-Obershelp) from which it is the label with a slip of the pen."""
KEYWORDS_COUNTED = 2
"""More words of the same domain in the same field add nothing."""
NEUTRAL = ("module d'accueil", "tronc commun", "essai de charge", "test de charge", "bac à sable")
"""Courses that belong to no domain, whatever words they contain, unless a code says otherwise."""
COMMON = frozenset({"plaidoyer", "advocacy"})
"""Words of the whole campus: they tell no domain from another."""


class Field(StrEnum):
    """Where in the course a reason was found."""

    IDNUMBER = "idnumber"
    SHORTNAME = "shortname"
    FULLNAME = "fullname"
    SUMMARY = "summary"


class Ground(StrEnum):
    """What was found there."""

    CODE = "code"
    LABEL = "label"
    SIMILAR = "similar"
    KEYWORD = "keyword"
    SUBTHEME = "subtheme"


SCORES: dict[tuple[Ground, Field], int] = {
    (Ground.CODE, Field.IDNUMBER): 100,
    (Ground.CODE, Field.SHORTNAME): 80,
    (Ground.CODE, Field.FULLNAME): 60,
    (Ground.LABEL, Field.FULLNAME): 70,
    (Ground.LABEL, Field.SHORTNAME): 60,
    (Ground.LABEL, Field.SUMMARY): 20,
    (Ground.SIMILAR, Field.FULLNAME): 50,
    (Ground.SIMILAR, Field.SHORTNAME): 40,
    (Ground.KEYWORD, Field.FULLNAME): 30,
    (Ground.KEYWORD, Field.SHORTNAME): 25,
    (Ground.KEYWORD, Field.SUMMARY): 8,
    (Ground.SUBTHEME, Field.FULLNAME): 30,
    (Ground.SUBTHEME, Field.SHORTNAME): 25,
}


@dataclass(frozen=True, slots=True)
class CourseTexts:
    """What a course says of itself; "" for what it does not say."""

    idnumber: str
    shortname: str
    fullname: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a suggestion: where, of what kind, and the words as the course writes them."""

    ground: Ground
    field: Field
    matched: str
    weight: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A domain (and sub-theme) that a course may count for; ``score`` only ranks."""

    domain_code: str
    subtheme_code: str | None
    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_strong(self) -> bool:
        """Whether a code or a label says it, not a word alone."""
        return any(reason.ground in (Ground.CODE, Ground.LABEL) for reason in self.reasons)


def suggest(course: CourseTexts, domains: Sequence[DomainEntry]) -> tuple[Suggestion, ...]:
    """Return the domains that the course seems to belong to, the most likely first.

    Args:
        course: texts of the course, plain (no markup, no entities).
        domains: the referential, in its order, which also breaks ties.

    Returns:
        At most one suggestion for each domain and sub-theme; empty when nothing points anywhere.
    """
    texts = {
        Field.IDNUMBER: Words(course.idnumber),
        Field.SHORTNAME: Words(course.shortname),
        Field.FULLNAME: Words(course.fullname),
        Field.SUMMARY: Words(course.summary),
    }
    found = [suggestion for domain in domains for suggestion in _for_domain(texts, domain)]
    if _is_neutral(texts):
        found = [one for one in found if _has_code(one)]
    best = max((one.score for one in found), default=0)
    kept = [one for one in found if one.score >= MINIMUM and one.score * SHARE_OF_BEST > best]
    return tuple(sorted(kept, key=lambda one: -one.score))


def _for_domain(texts: dict[Field, Words], domain: DomainEntry) -> Iterator[Suggestion]:
    labels = list(_labels(texts, domain))
    named_in = {reason.field for reason in labels}
    reasons = [*_codes(texts, domain), *labels, *_keywords(texts, domain, named_in)]
    named = _named_subthemes(texts, domain)
    if len(named) == len(domain.subthemes):
        named = {}
    if not named:
        subtheme = _lettered_subtheme(texts, domain)
        if reasons:
            yield _suggestion(domain, subtheme, reasons)
        return
    for subtheme, grounds in named.items():
        yield _suggestion(domain, subtheme, [*reasons, *grounds])


def _suggestion(
    domain: DomainEntry, subtheme: SubthemeEntry | None, reasons: Sequence[Reason]
) -> Suggestion:
    return Suggestion(
        domain_code=domain.code,
        subtheme_code=subtheme.code if subtheme else None,
        score=sum(reason.weight for reason in reasons),
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.weight)),
    )


def _codes(texts: dict[Field, Words], domain: DomainEntry) -> Iterator[Reason]:
    for field in (Field.IDNUMBER, Field.SHORTNAME, Field.FULLNAME):
        for code in find_codes(texts[field].text):
            if code.number == domain.number:
                yield _reason(Ground.CODE, field, code.matched)
                break


def _lettered_subtheme(texts: dict[Field, Words], domain: DomainEntry) -> SubthemeEntry | None:
    for field in (Field.IDNUMBER, Field.SHORTNAME, Field.FULLNAME):
        for code in find_codes(texts[field].text):
            if code.number == domain.number and code.rank is not None:
                return domain.subthemes[code.rank] if code.rank < len(domain.subthemes) else None
    return None


def _labels(texts: dict[Field, Words], domain: DomainEntry) -> Iterator[Reason]:
    names = (domain.label_fr, domain.label_en, *domain.variants)
    for field in (Field.FULLNAME, Field.SHORTNAME, Field.SUMMARY):
        hits = [hit for name in names if (hit := texts[field].find(name))]
        if hits:
            yield _reason(Ground.LABEL, field, max(hits, key=len))
        elif field is not Field.SUMMARY:
            yield from _similar(texts[field], field, names)


def _similar(words: Words, field: Field, names: Sequence[str]) -> Iterator[Reason]:
    own = words.meaning(COMMON)
    likeness = max(_likeness(own, words_of(name, COMMON)) for name in names)
    if likeness:
        weight = round(SCORES[Ground.SIMILAR, field] * likeness)
        yield Reason(Ground.SIMILAR, field, words.text.strip(), weight)


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two lists of words are: 0 when they are not, else up to 1."""
    if not one or not other:
        return 0.0
    shared = len(set(one) & set(other))
    words = 2 * shared / (len(set(one)) + len(set(other)))
    letters = SequenceMatcher(None, " ".join(one), " ".join(other))
    if letters.quick_ratio() >= SAME_LETTERS and letters.ratio() >= SAME_LETTERS:
        return letters.ratio()
    return words if shared > 1 and words >= SHARED_WORDS else 0.0


def _keywords(
    texts: dict[Field, Words], domain: DomainEntry, besides: Set[Field]
) -> Iterator[Reason]:
    """Yield the words of the domain, but where its label already says more."""
    for field in (Field.FULLNAME, Field.SHORTNAME, Field.SUMMARY):
        if field in besides:
            continue
        hits = {fold(hit): hit for word in domain.keywords if (hit := texts[field].find(word))}
        for hit in list(hits.values())[:KEYWORDS_COUNTED]:
            yield _reason(Ground.KEYWORD, field, hit)


def _named_subthemes(
    texts: dict[Field, Words], domain: DomainEntry
) -> dict[SubthemeEntry, list[Reason]]:
    named: dict[SubthemeEntry, list[Reason]] = {}
    for subtheme in domain.subthemes:
        for field in (Field.FULLNAME, Field.SHORTNAME):
            hits = (texts[field].find(word) for word in (subtheme.label_fr, *subtheme.keywords))
            hit = next(filter(None, hits), None)
            if hit:
                named.setdefault(subtheme, []).append(_reason(Ground.SUBTHEME, field, hit))
    return named


def _is_neutral(texts: dict[Field, Words]) -> bool:
    return any(
        texts[field].find(phrase)
        for field in (Field.SHORTNAME, Field.FULLNAME)
        for phrase in NEUTRAL
    )


def _has_code(suggestion: Suggestion) -> bool:
    return any(reason.ground is Ground.CODE for reason in suggestion.reasons)


def _reason(ground: Ground, field: Field, matched: str) -> Reason:
    return Reason(ground, field, matched, SCORES[ground, field])
