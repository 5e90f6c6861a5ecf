"""The certificate's file: one page, exact text, embedded fonts, no name in what is not the page."""

from __future__ import annotations

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pypdf
import pytest
import zxingcpp
from PIL import Image

from lti_tool.documents import (
    InvalidDocumentContent,
    MissingGlyph,
    SignatureBlock,
    render_certificate,
)
from lti_tool.documents.certificate import certificate_html
from tests.unit.documents.contents import (
    DOMAINS,
    VERIFICATION_URL,
    certificate,
    open_pdf,
    page_text,
)

A4_LANDSCAPE = (841.89, 595.28)
ENGLISH = {
    "Certification en plaidoyer": "Certification in advocacy",
    "décernée à": "awarded to",
    "qui a satisfait aux critères d’évaluation et agi au réel, dans le domaine de compétences": (
        "who met the assessment criteria and took real action in the field of competence"
    ),
    "Règle «\u00a0%(rule)s\u00a0», version %(version)s": "Rule “%(rule)s”, version %(version)s",
    "Nature de la preuve\u00a0: %(evidence)s": "Nature of the evidence: %(evidence)s",
    "Fait à %(place)s, le %(date)s": "Issued in %(place)s on %(date)s",
    "Fait le %(date)s": "Issued on %(date)s",
    "certificat n°\u00a0%(number)s": "certificate no. %(number)s",
    "Les domaines de compétences socles": "The core fields of competence",
    "Siret": "SIRET",
    "TVA": "VAT",
    "NAF": "NAF",
    "Cette certification n’est pas enregistrée au RNCP ni au Répertoire spécifique.": (
        "This certification is registered neither in the RNCP nor in the Répertoire spécifique."
    ),
}

NAMES = [
    pytest.param("Aïssatou Traoré-Lefèvre", id="accents"),
    pytest.param("Ô", id="one letter"),
    pytest.param(
        "Marie-Clémentine Bénédicte de Villeneuve-Rakotomalala Andria", id="sixty characters"
    ),
    pytest.param("Анастасия Щербакова", id="Cyrillic"),
    pytest.param("Ελευθερία Παπαδοπούλου", id="Greek"),
    pytest.param("Nguyễn Thị Bích Hằng", id="Vietnamese"),
    pytest.param("Adébáyọ̀ Kɔ́ku", id="marks without composed letter"),
    pytest.param("Ndèye O’Sullivan & <b>fils</b>", id="markup"),
]


@pytest.fixture(scope="module")
def ordinary() -> bytes:
    """One certificate, drawn once."""
    return render_certificate(certificate())


def embedded_programs(data: bytes) -> dict[str, bool]:
    """Every font of the file, and whether its program is in the file."""
    reader = open_pdf(data)
    fonts = {}
    for number in range(1, len(reader.xref_objStm) + max(reader.xref[0]) + 1):
        try:
            found = reader.get_object(number)
        except pypdf.errors.PdfReadError:
            continue
        if isinstance(found, pypdf.generic.DictionaryObject) and found.get("/Type") == "/Font":
            descriptor = found.get("/FontDescriptor", {})
            fonts[str(found["/BaseFont"])] = "/FontFile2" in descriptor
    return fonts


def pictures(data: bytes) -> list[Image.Image]:
    """The bitmaps of the first page."""
    return [Image.open(io.BytesIO(image.data)) for image in open_pdf(data).pages[0].images]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_extracted_exactly(name: str) -> None:
    assert unicodedata.normalize("NFC", name) in page_text(render_certificate(certificate(name)))


def test_a_decomposed_name_is_printed_composed() -> None:
    name = "Éloïse Nguyễn"
    data = render_certificate(certificate(unicodedata.normalize("NFD", name)))
    assert name in page_text(data)


def test_an_arabic_name_is_found_by_its_plain_letters() -> None:
    data = render_certificate(certificate("Amina أمينة"))
    tables = "".join(
        font.get_object()["/ToUnicode"].get_object().get_data().decode()
        for font in open_pdf(data).pages[0]["/Resources"]["/Font"].values()
    )
    for letter in "أمينة":
        assert f"<{ord(letter):04X}>" in tables
    assert not any(f"<FE{low:02X}>" in tables for low in range(0x70, 0xFD))


@pytest.mark.parametrize("name", [*NAMES, "W" * 40 + " " + "W" * 40, "أمينة بنت عبد الله " * 4])
def test_there_is_exactly_one_landscape_a4_page(name: str) -> None:
    data = render_certificate(
        certificate(name, domain=4, subtheme_label="Thématique\u00a0: droits humains")
    )
    (page,) = open_pdf(data).pages
    assert tuple(map(float, page.mediabox[2:])) == pytest.approx(A4_LANDSCAPE, abs=0.1)


def test_every_font_of_the_file_is_embedded(ordinary: bytes) -> None:
    fonts = embedded_programs(ordinary)
    assert any("EBGaramond" in name for name in fonts)
    assert all(fonts.values()), fonts


def test_the_fifteen_domains_are_named(ordinary: bytes) -> None:
    text = page_text(ordinary)
    for code, label in DOMAINS:
        assert f"{code.removeprefix('RMP-ADL-')} {label}" in text


def test_the_attained_domain_is_marked_by_a_sign_and_not_by_colour_alone() -> None:
    text = page_text(render_certificate(certificate(domain=8)))
    assert "❧ 8 Vidéo et plaidoyer" in text
    assert text.count("❧") == 1
    assert "RMP-ADL 8" in text


def test_the_qr_code_leads_to_the_verification_page(ordinary: bytes) -> None:
    read = [code.text for picture in pictures(ordinary) for code in zxingcpp.read_barcodes(picture)]
    assert read == [VERIFICATION_URL]


def test_the_page_says_what_it_attests(ordinary: bytes) -> None:
    text = page_text(ordinary)
    for sentence in (
        "Règle « Règle de base », version 1.2 · Par la voie de la formation",
        "Nature de la preuve : une action de plaidoyer menée au réel",
        "Fait à Montreuil, le 12 mars 2027 · certificat n° ADL-2027-000123",
        "7Q2M-K9XD-4TRB-W6HZ-P3VN-8CFJ-AE",
        "Capucine Exemple Responsable pédagogique",
        "Baptiste Modèle Pour le jury de certification",
        "Siret 889 703 252 00011 · TVA FR53889703252 · NAF 7021Z",
        "Cette certification n’est pas enregistrée au RNCP ni au Répertoire spécifique.",
    ):
        assert sentence in text


def test_the_first_of_a_month_is_written_as_french_writes_it() -> None:
    data = render_certificate(certificate(issued_on=date(2027, 3, 1)))
    assert "le 1er mars 2027" in page_text(data)


def test_a_certificate_without_place_has_no_empty_place() -> None:
    assert "Fait le 12 mars 2027" in page_text(render_certificate(certificate(place="")))


def test_the_metadata_hold_a_title_an_author_and_a_language_but_no_name(ordinary: bytes) -> None:
    reader = open_pdf(ordinary)
    assert reader.metadata is not None
    assert reader.metadata.title == "Certification en plaidoyer – RMP-ADL-1 – ADL-2027-000123"
    assert reader.metadata.author == "L’Atelier Des Luttes"
    assert reader.root_object["/Lang"] == "fr"
    everything = " ".join(str(value) for value in reader.metadata.values())
    assert "Traoré" not in everything
    assert "Aïssatou" not in everything


def test_every_sentence_of_the_page_has_its_english() -> None:
    asked = []

    def english(message: str) -> str:
        asked.append(message)
        return ENGLISH[message]

    data = render_certificate(certificate(locale="en"), english)
    text = page_text(data)
    assert "Certification in advocacy" in text
    assert "Issued in Montreuil on March 12, 2027" in text
    assert "certificate no. ADL-2027-000123" in text
    assert open_pdf(data).root_object["/Lang"] == "en"
    assert set(asked) == set(ENGLISH) - {"Fait le %(date)s"}


def test_markup_in_a_name_stays_text() -> None:
    html = certificate_html(certificate("<img src='file:///etc/passwd'>"))
    assert "<img src='file" not in html
    assert "&lt;img src=" in html


def test_a_name_with_an_undrawable_character_is_refused_with_that_character() -> None:
    with pytest.raises(MissingGlyph) as refusal:
        render_certificate(certificate("Li 李 Wei"))
    assert refusal.value.characters == {"李"}
    assert "李" in refusal.value.values["characters"]
    assert "李" not in str(refusal.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"holder_name": " \u200b "},
        {"domain_code": "RMP-ADL-16"},
        {"locale": "de"},
        {"signatures": (SignatureBlock("A", "B", b"GIF89a"), SignatureBlock("C", "D"))},
    ],
)
def test_content_that_would_print_a_false_page_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidDocumentContent):
        render_certificate(certificate(**changes))


def test_a_drawn_signature_is_printed() -> None:
    stroke = io.BytesIO()
    Image.new("RGB", (300, 90), "#203060").save(stroke, "PNG")
    signatures = (
        SignatureBlock("Capucine Exemple", "Responsable", stroke.getvalue()),
        SignatureBlock("", "Pour le jury"),
    )
    sizes = {
        picture.size for picture in pictures(render_certificate(certificate(signatures=signatures)))
    }
    assert (300, 90) in sizes


def test_certificates_drawn_at_once_do_not_mix_their_names_or_codes() -> None:
    names = ["Amina Exemple", "Анна Пример", "Ελένη Δοκιμή", "Kɔ́ku Modèle"]
    contents = [
        certificate(name, verification_url=f"https://ancrage.example/verifier/{index}")
        for index, name in enumerate(names)
    ]
    with ThreadPoolExecutor(max_workers=4) as pool:
        drawn = list(pool.map(render_certificate, contents))
    for index, data in enumerate(drawn):
        text = page_text(data)
        assert [name for name in names if name in text] == [names[index]]
        codes = [
            code.text for picture in pictures(data) for code in zxingcpp.read_barcodes(picture)
        ]
        assert codes == [f"https://ancrage.example/verifier/{index}"]
