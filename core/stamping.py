"""A line of words on every page of somebody else's PDF: who opened it, and when.

The pages themselves are neither read nor drawn anew: what they show is put between “keep the state” and “restore it”,
and one small drawing, the same for all pages, is shown after it.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from core.errors import Invalid
from core.localised import N_
from core.pdf import line_of_words

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter
    from pypdf.generic import DecodedStreamObject

MOST_PAGES = 300
HEIGHT, DISTANCE = 12.0, 6.0
"""Of the line and from the page's edge, in points."""
SHARE = 0.9
"""Of the page's width, at most."""
DAMAGE = (ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError,
          TypeError, ValueError, struct.error, zlib.error)  # fmt: skip
"""What reading a damaged file ends in, besides what pypdf says itself."""
LOCKED = N_(
    "This PDF is locked with a password, so nobody's name can be put on its pages. Save it without one."
)
BROKEN = N_("This PDF is damaged. Open it, save it anew, and attach that.")
LONG = N_("This PDF has more than %(most)s pages. Attach it in parts.")


def stamped(data: bytes, words: str) -> bytes:
    """The PDF with `words` at the foot of each page; raises Invalid for one that is locked, damaged or very long."""
    from pypdf.errors import DependencyError, PyPdfError

    try:
        return _written(data, words)
    except DependencyError as fault:
        raise Invalid(LOCKED) from fault
    except (PyPdfError, *DAMAGE) as fault:
        raise Invalid(BROKEN) from fault


def _written(data: bytes, words: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Invalid(LOCKED)
    pages = len(reader.pages)
    if not pages:
        raise Invalid(BROKEN)
    if pages > MOST_PAGES:
        raise Invalid(LONG, most=MOST_PAGES)
    writer = PdfWriter(clone_from=reader)
    drawing, width = _drawing(writer, words)
    for page in writer.pages:
        _show(writer, page, drawing, width)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _drawing(writer: PdfWriter, words: str) -> tuple[Any, float]:
    """The line as something that every page can show, and its width in points."""
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, FloatObject, NameObject, StreamObject

    page = PdfReader(io.BytesIO(line_of_words(words, height=HEIGHT))).pages[0]
    width = float(page.mediabox.width)
    drawing = StreamObject()
    drawing.set_data(page.get_contents().get_data())  # type: ignore[union-attr]
    drawing[NameObject("/Type")] = NameObject("/XObject")
    drawing[NameObject("/Subtype")] = NameObject("/Form")
    drawing[NameObject("/BBox")] = ArrayObject(FloatObject(each) for each in (0, 0, width, HEIGHT))
    drawing[NameObject("/Resources")] = page["/Resources"].clone(writer)  # type: ignore[attr-defined]
    return writer._add_object(drawing.flate_encode()), width


def _show(writer: PdfWriter, page: PageObject, drawing: Any, width: float) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    name = "/ParleyReader"
    if "/Resources" not in page:
        page[NameObject("/Resources")] = DictionaryObject()
    resources: Any = page["/Resources"].get_object()
    if "/XObject" not in resources:
        resources[NameObject("/XObject")] = DictionaryObject()
    resources["/XObject"].get_object()[NameObject(name)] = drawing
    before, after = _stream(b"q\n"), _stream(f"\nQ\nq {_place(page, width)} cm {name} Do Q\n".encode())
    found: Any = page.get("/Contents")
    inner = found.get_object() if found is not None else None
    shown = (
        list(inner)
        if isinstance(inner, ArrayObject)
        else [page.raw_get("/Contents")]
        if inner is not None
        else []
    )
    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(before), *shown, writer._add_object(after)]
    )


def _stream(content: bytes) -> DecodedStreamObject:
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream


def _place(page: PageObject, width: float) -> str:
    """Where the line stands, as PDF writes it: at the foot of the page as it is looked at, however it is turned."""
    box = page.cropbox
    left, bottom, right, top = (float(each) for each in (box.left, box.bottom, box.right, box.top))
    turn = page.rotation % 360
    across = top - bottom if turn in (90, 270) else right - left
    size = min(1.0, SHARE * across / width)
    along = (across - size * width) / 2
    return {
        0: f"{size:.4f} 0 0 {size:.4f} {left + along:.2f} {bottom + DISTANCE:.2f}",
        90: f"0 {size:.4f} {-size:.4f} 0 {right - DISTANCE:.2f} {bottom + along:.2f}",
        180: f"{-size:.4f} 0 0 {-size:.4f} {right - along:.2f} {top - DISTANCE:.2f}",
        270: f"0 {-size:.4f} {size:.4f} 0 {left + DISTANCE:.2f} {top - along:.2f}",
    }.get(turn, f"{size:.4f} 0 0 {size:.4f} {left + along:.2f} {bottom + DISTANCE:.2f}")
