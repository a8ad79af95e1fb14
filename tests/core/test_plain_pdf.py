"""A PDF that is only read is told from files that lie, hide something, run something or are locked."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter

from core.errors import Invalid
from core.plain_pdf import LOCKED, NO_PDF, RUNS, check_plain_pdf
from tests.papers import a_pdf

GOOD = a_pdf("What I did")
CATALOG = b"/Type /Catalog"


def with_catalog(words: bytes) -> bytes:
    assert CATALOG in GOOD
    return GOOD.replace(CATALOG, CATALOG + b" " + words)


def with_attachment() -> bytes:
    writer, made = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD))), io.BytesIO()
    writer.add_attachment("more.exe", b"MZ")
    writer.write(made)
    return made.getvalue()


def packed(hidden: bytes) -> bytes:
    """A PDF whose fourth object lies in a compressed stream, as nearly all programs write them now."""
    made, places = bytearray(b"%PDF-1.5\n"), {}
    stream = zlib.compress(b"4 0 " + hidden)
    for number, body in {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>",
        5: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
        + stream
        + b"\nendstream",
    }.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    places[6] = len(made)
    rows = [
        (0, 0, 65535),
        *((1, places[n], 0) for n in (1, 2, 3)),
        (2, 5, 0),
        *((1, places[n], 0) for n in (5, 6)),
    ]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    made += (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(table)
    )
    made += table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[6]
    return bytes(made)


@pytest.mark.parametrize(
    "make",
    [
        lambda: GOOD,
        lambda: a_pdf("One", "Two"),
        lambda: GOOD + b"\r\n\x00",
        lambda: packed(b"[3 0 R /Fit]"),
        lambda: a_pdf("Node/JS developer"),
        lambda: with_catalog(b"/Note (I write Node/JS and /JavaScript \\) well)"),
        lambda: with_catalog(b"/Names << >>"),
    ],
)
def test_a_pdf_that_is_only_read_is_taken(make: Callable[[], bytes]) -> None:
    check_plain_pdf(make())


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", NO_PDF),
        (lambda: b"<html>%PDF-1.7 %%EOF", NO_PDF),
        (lambda: b"PK\x03\x04" + GOOD, NO_PDF),
        (lambda: b"%PDF-1.7\nnothing in it\n%%EOF", NO_PDF),
        (lambda: GOOD[:-300], NO_PDF),
        (lambda: GOOD + b"<script>alert(1)</script>", NO_PDF),
        (lambda: GOOD.replace(b"%%EOF", b"%PK\x05\x06" + bytes(18) + b"\n%%EOF"), NO_PDF),
        (lambda: with_catalog(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), RUNS),
        (lambda: with_catalog(b"/AA << /O << /S /J#61vaScript /J#53<6170> >> >>"), RUNS),
        (lambda: with_catalog(b"/OpenAction << /S /Launch /F (cmd.exe) >>"), RUNS),
        (lambda: with_catalog(b"/AcroForm << /XFA [] >>"), RUNS),
        (lambda: with_catalog(b"/OpenAction <</S/SubmitForm/F(http://x)>>"), RUNS),
        (lambda: GOOD.replace(b"startxref", b"99 0 obj\n<< /S /JavaScript >>\nendobj\nstartxref"), RUNS),
        (lambda: packed(b"<< /S /JavaScript /JS (x) >>"), RUNS),
        (lambda: packed(b"[[[<< /A << /#4CaunchX 1 /#4Caunch 2 >> >>]]]"), RUNS),
        (lambda: packed(b"[" * 60 + b"]" * 60), RUNS),
        (with_attachment, RUNS),
        (lambda: a_pdf("Secret", password="x"), LOCKED),
    ],
)
def test_a_file_that_lies_runs_hides_or_is_locked_is_refused_with_a_reason(
    make: Callable[[], bytes], reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        check_plain_pdf(make())
    assert refusal.value.message == reason
