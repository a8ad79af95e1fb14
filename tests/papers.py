"""Small PDF files for tests."""

from __future__ import annotations

import io

from core.pdf import Document


def a_pdf(*pages: str, password: str = "", turns: tuple[int, ...] = (), note: bytes = b"") -> bytes:
    """A real PDF with these words on its pages (one page by default), turned or locked where asked.

    `note` stands in the file as it is, as a comment that no page shows.
    """
    from pypdf import PdfReader, PdfWriter

    paper = Document(title="Test", is_numbered=False)
    for words in pages or ("A page",):
        paper.add_page()
        paper.text(words)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper.made())))
    for page, turn in zip(writer.pages, turns, strict=False):
        page.rotate(turn)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue().replace(b"startxref", b"%" + note + b"\nstartxref") if note else made.getvalue()
