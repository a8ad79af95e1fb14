"""Documents on paper: letters of both scripts, headings on every page, nothing that breaks them."""

from __future__ import annotations

import io

from pypdf import PdfReader

from core.pdf import Column, Document


def read(document: Document) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(document.made())).pages]


def test_both_scripts_come_back_as_they_were_written() -> None:
    document = Document(title="Results", footer="Shanghai 2025", language="zh")
    document.heading("上海国际谈判赛")
    document.text("Zażółć gęślą jaźń", is_strong=True)
    page = read(document)[0]
    assert ["上海国际谈判赛" in page, "Zażółć gęślą jaźń" in page, "Shanghai 2025" in page] == [
        True,
        True,
        True,
    ]


def test_a_long_table_has_its_headings_on_every_page_and_every_row_once() -> None:
    document = Document(title="Standings")
    document.table(
        [Column(heading="Team"), Column(heading="Points", share=0.3, is_number=True)],
        [[f"Team {number:03}", str(number)] for number in range(120)],
    )
    pages = read(document)
    assert [page.count("Points") for page in pages] == [1] * len(pages)
    whole = "".join(pages)
    assert [whole.count(f"Team {number:03}") for number in range(120)] == [1] * 120


def test_only_the_letters_used_travel_with_a_document() -> None:
    document = Document(title="Small")
    document.text("谈判")
    assert len(document.made()) < 20_000


def test_control_characters_and_letters_the_font_lacks_do_not_stop_a_document() -> None:
    document = Document(title="Odd")
    document.text("be\x07fore\tafter \U0001f389")
    assert read(document)[0].startswith("before after")


def test_an_empty_document_is_one_page() -> None:
    assert len(read(Document(title="Empty"))) == 1


def test_a_code_and_a_landscape_letter_page_are_made() -> None:
    document = Document(title="Code", paper="Letter", is_landscape=True)
    document.code("https://example.org/verify/abc", x=20, y=20)
    page = PdfReader(io.BytesIO(document.made())).pages[0]
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height)), len(page.images)) == (
        792,
        612,
        1,
    )
