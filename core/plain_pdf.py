"""Whether a file is a PDF that is only read: whole, unlocked, nothing else at once, and with nothing in it that runs.

Every object is looked at as a reader's program finds it, also those packed into compressed streams, and the bytes as
they lie there, for objects that only an older state of the file knows. What pages draw is neither unpacked nor read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.errors import Invalid
from core.localised import N_
from core.stamping import DAMAGE

if TYPE_CHECKING:
    from pypdf import PdfReader

ACTIVE = frozenset(
    {
        "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/SubmitForm",
        "/ImportData", "/GoToE", "/Movie", "/Sound", "/Rendition",
    }
)  # fmt: skip
"""Names that a PDF which is only read has no use for."""
NAME = re.compile(rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]{1,60}")
WORDS = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_OBJECTS = 20_000
DEEPEST = 20
NO_PDF = N_("This is not a PDF that can be read. Open it, save it as a new PDF, and choose that file.")
LOCKED = N_("This PDF is protected by a password. Save it without one.")
RUNS = N_("This PDF holds scripts or other files. Print it as a new PDF and choose that one.")


def check_plain_pdf(data: bytes) -> None:
    """Raise Invalid, with what to do about it, unless these bytes are a PDF that is only read."""
    from pypdf.errors import PyPdfError

    body, mark, rest = data.rpartition(b"%%EOF")
    if not data.startswith(b"%PDF-") or not mark or rest.strip(b"\x00\t\n\f\r "):
        raise Invalid(NO_PDF)
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Invalid(NO_PDF)
    if any(_plainly(name) in ACTIVE for name in _names_between_streams(body)):
        raise Invalid(RUNS)
    try:
        _check_objects(data)
    except (PyPdfError, *DAMAGE) as fault:
        raise Invalid(NO_PDF) from fault


def _check_objects(data: bytes) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Invalid(LOCKED)
    if not len(reader.pages):
        raise Invalid(NO_PDF)
    keys = _keys(reader)
    if len(keys) > MOST_OBJECTS:
        raise Invalid(RUNS)
    for number, generation in keys:
        if any(name in ACTIVE for name in _names(_object(reader, number, generation))):
            raise Invalid(RUNS)


def _keys(reader: PdfReader) -> list[tuple[int, int]]:
    """Every object that the file's tables know, loose or packed."""
    loose = [(number, generation) for generation, known in reader.xref.items() for number in known]
    return [*loose, *((number, 0) for number in reader.xref_objStm)]


def _object(reader: PdfReader, number: int, generation: int) -> Any:
    from pypdf.generic import IndirectObject

    return reader.get_object(IndirectObject(number, generation, reader)) if number else None


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    """The names in one object, keys and values; what it refers to is looked at by itself."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    if depth > DEEPEST:
        raise Invalid(RUNS)
    if isinstance(value, NameObject):
        yield _plainly(value.encode())
    elif isinstance(value, DictionaryObject):
        for key in value:
            yield _plainly(key.encode())
            yield from _names(value.raw_get(key), depth + 1)
    elif isinstance(value, ArrayObject):
        for place in range(len(value)):
            yield from _names(list.__getitem__(value, place), depth + 1)


def _names_between_streams(body: bytes) -> Iterator[bytes]:
    """The names that stand in the file as they are; compressed bytes may look like anything and are left out."""
    for part in body.split(b"endstream"):
        head, _mark, _packed = part.partition(b"stream")
        yield from NAME.findall(WORDS.sub(b" ", head))


def _plainly(name: bytes) -> str:
    """A name without the escapes that hide it: /J#61vaScript."""
    return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name).decode("latin-1")
