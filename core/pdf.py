"""Documents on paper as PDF: one page design, Latin and Chinese letters embedded, tables that break cleanly.

Heavy imports (fpdf2, fontTools) stay inside: a document is made by a job, never while a page is waited for.
The letters are WenQuanYi Micro Hei (core/fonts, Apache License 2.0); only those used travel with a document.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = Path(__file__).parent / "fonts" / "wqy-microhei.ttc"
FAMILY = "Parley"
INK, MUTED, LINE, SHADE = (27, 36, 48), (90, 102, 117), (200, 206, 214), (243, 245, 248)
MARGIN = 16.0
Format = Literal["A4", "Letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    heading: str
    share: float = 1.0
    is_number: bool = False


class Document:
    """Pages of one format in one design; lengths in millimetres, sizes in points.

    `footer` stands at the foot of every page beside the page's number (what the paper is, and when it was made);
    papers that stand alone, such as certificates, are not numbered.
    """

    def __init__(
        self,
        *,
        title: str,
        footer: str = "",
        paper: Format = "A4",
        is_landscape: bool = False,
        language: str = "en",
        is_numbered: bool = True,
    ) -> None:
        self.sheet = _new_sheet(footer, paper, is_landscape=is_landscape, is_numbered=is_numbered)
        self.sheet.set_title(title)
        self.sheet.set_lang("zh-Hans" if language.startswith("zh") else "en")
        self.sheet.set_creator("Parley")

    def add_page(self) -> None:
        """Begin a new page."""
        self.sheet.add_page()

    def heading(self, text: str, *, size: float = 18) -> None:
        """A line that says what follows; it is never left alone at the foot of a page."""
        self._start()
        if self.sheet.will_page_break(size):
            self.sheet.add_page()
        self.text(text, size=size, is_strong=True)
        self.sheet.ln(size * 0.12)

    def text(
        self,
        text: str,
        *,
        size: float = 10.5,
        is_muted: bool = False,
        is_strong: bool = False,
        is_centred: bool = False,
    ) -> None:
        """A paragraph over the width of the page. Letters heavier when `is_strong` (the family has one weight)."""
        self._start()
        sheet = self.sheet
        sheet.set_font(FAMILY, size=size)
        sheet.set_text_color(*(MUTED if is_muted else INK))
        with sheet.local_context(**_weight(is_strong=is_strong, size=size)):
            sheet.multi_cell(
                0, size * 0.5, _plain(text), align="C" if is_centred else "L", new_x="LMARGIN", new_y="NEXT"
            )

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        size: float = 9,
        is_framed: bool = False,
    ) -> None:
        """Rows under headings that come again on every page; a row is never cut in two."""
        from fpdf.enums import TableBordersLayout
        from fpdf.fonts import FontFace

        self._start()
        self.sheet.set_font(FAMILY, size=size)
        self.sheet.set_text_color(*INK)
        self.sheet.set_draw_color(*LINE)
        with self.sheet.table(
            col_widths=tuple(column.share for column in columns),
            text_align=tuple("RIGHT" if column.is_number else "LEFT" for column in columns),
            headings_style=FontFace(color=INK, fill_color=SHADE),
            borders_layout=TableBordersLayout.ALL if is_framed else TableBordersLayout.HORIZONTAL_LINES,
            line_height=size * 0.5,
            padding=(0.8, 1.2),
        ) as table:
            for cells in ([column.heading for column in columns], *rows):
                row = table.row()
                for cell in cells:
                    row.cell(_plain(cell))
        self.sheet.ln(3)

    def space(self, height: float = 4) -> None:
        """Leave some room."""
        self.sheet.ln(height)

    def at(self, x: float, y: float) -> None:
        """Go on writing at a place of the page, from the upper left corner."""
        self._start()
        self.sheet.set_xy(x, y)

    def code(self, text: str, *, x: float, y: float, size: float = 26) -> None:
        """A QR code of `text`, its upper left corner at (x, y)."""
        import segno

        picture = io.BytesIO()
        segno.make(text, error="m", micro=False).save(picture, kind="png", scale=6, border=2)
        self._start()
        self.sheet.image(picture, x=x, y=y, w=size, h=size, alt_text=text)

    def made(self) -> bytes:
        """The document, finished."""
        self._start()
        return bytes(self.sheet.output())

    def _start(self) -> None:
        if not self.sheet.page:
            self.sheet.add_page()


def line_of_words(text: str, *, height: float) -> bytes:
    """One line of small words on white as a page of its own, as wide as they are; `height` in points."""
    from fpdf import FPDF

    sheet, words = FPDF(unit="pt", format=(height, height)), " ".join(_plain(text).split())
    if _is_western(words):
        sheet.set_font("Helvetica", size=height * 0.66)
    else:
        sheet.add_font(FAMILY, fname=FONT)
        sheet.set_font(FAMILY, size=height * 0.66)
    width = sheet.get_string_width(words) + height
    sheet.set_margin(0)
    sheet.set_auto_page_break(auto=False)
    sheet.add_page(format=(width, height))
    sheet.set_fill_color(255, 255, 255)
    sheet.rect(0, 0, width, height, style="F")
    sheet.set_text_color(*INK)
    sheet.set_xy(0, 0)
    sheet.cell(width, height, words, align="C")
    return bytes(sheet.output())


def _is_western(text: str) -> bool:
    """Whether every reader of PDF has the letters already: our own take a fifth of a second to load."""
    return all(each <= "\xff" for each in text)


def _new_sheet(footer: str, paper: Format, *, is_landscape: bool, is_numbered: bool) -> FPDF:
    from fpdf import FPDF

    class Sheet(FPDF):
        def footer(self) -> None:
            self.set_y(-11)
            self.set_font(FAMILY, size=8)
            self.set_text_color(*MUTED)
            self.cell(self.epw - 20, 5, _plain(footer))
            if is_numbered:
                self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")

    sheet = Sheet(orientation="landscape" if is_landscape else "portrait", unit="mm", format=paper)
    sheet.set_margin(MARGIN)
    sheet.set_auto_page_break(auto=True, margin=MARGIN)
    sheet.add_font(FAMILY, fname=FONT)
    return sheet


def _weight(*, is_strong: bool, size: float) -> dict[str, object]:
    from fpdf.enums import TextMode

    if not is_strong:
        return {}
    return {"text_mode": TextMode.FILL_STROKE, "line_width": size * 0.008, "draw_color": INK}


def _plain(text: str) -> str:
    """`text` without the control characters that a page cannot show; lines and tabs stay as breaks and spaces."""
    return "".join(
        " " if each == "\t" else each for each in text if each == "\n" or each >= " " or each == "\t"
    )
