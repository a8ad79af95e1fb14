"""Files of a case: known kinds only, told by their content and not by their name; hostile names become plain ones."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile

from core.errors import Invalid
from core.image_stamping import stamped_image
from core.localised import N_
from core.stamping import stamped

PDF = "application/pdf"
IMAGES = ("image/png", "image/jpeg")
MOST_BYTES = 10 * 1024 * 1024
SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", PDF, ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)
OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
HOSTILE = re.compile(r"[^\w.\-() ]+")


def kind_of(data: bytes) -> tuple[str, str]:
    """(mimetype, ending) by what the file holds; raises Invalid for any other kind, macros included."""
    if not data:
        raise Invalid(N_("This file is empty."))
    if len(data) > MOST_BYTES:
        raise Invalid(N_("This file is larger than 10 MB."))
    for signature, mimetype, ending in SIGNATURES:
        if data.startswith(signature):
            return mimetype, ending
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    raise Invalid(
        N_("Attach a PDF, an image (PNG or JPEG) or a Word, Excel or PowerPoint file without macros.")
    )


def with_reader(data: bytes, mimetype: str, words: str) -> bytes:
    """The file with its reader's line on every page of a PDF or under an image; other files as they are.

    Raises Invalid for one that cannot carry it.
    """
    if mimetype == PDF:
        return stamped(data, words)
    return stamped_image(data, words) if mimetype in IMAGES else data


def _office_kind(data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        names = []
    has_macros = any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names)
    if "[Content_Types].xml" in names and not has_macros:
        for folder, kind in OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    raise Invalid(
        N_("Attach a PDF, an image (PNG or JPEG) or a Word, Excel or PowerPoint file without macros.")
    )


def plain_name(name: str, ending: str) -> str:
    """A name that is safe as a header and on any disk, with the ending that the content has."""
    stem = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    stem = HOSTILE.sub("_", stem).strip(" ._")[:80]
    return (stem or "file") + ending
