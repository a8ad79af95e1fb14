"""A line of words under somebody else's picture: who opened it, and when. What the picture shows is not covered."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from core.errors import Invalid
from core.localised import N_
from core.pdf import FONT

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

MOST_PIXELS = 40_000_000
SMALLEST, LARGEST = 12, 64
"""Height of the letters in pixels; between them it is the part PART of the picture's width."""
PART = 1 / 70
QUALITY = 92
INK, PAPER = (31, 41, 55), (255, 255, 255)
DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What reading a damaged picture ends in."""
BROKEN = N_("This picture is damaged. Open it, save it anew, and attach that.")
HUGE = N_("This picture has more than %(most)s million pixels. Attach a smaller one.")


def stamped_image(data: bytes, words: str) -> bytes:
    """The PNG or JPEG with `words` on a strip under it, upright and without what the camera wrote into the file.

    Raises Invalid for one that is damaged or very large.
    """
    from PIL import Image, ImageOps

    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise Invalid(HUGE, most=MOST_PIXELS // 1_000_000)
        kind = picture.format
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        made = io.BytesIO()
        _with_strip(upright, " ".join(words.split()), has_alpha=kind == "PNG").save(
            made, kind, quality=QUALITY
        )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise Invalid(HUGE, most=MOST_PIXELS // 1_000_000) from fault
    except DAMAGE as fault:
        raise Invalid(BROKEN) from fault
    return made.getvalue()


def _with_strip(picture: Image, words: str, *, has_alpha: bool) -> Image:
    from PIL import Image, ImageDraw

    font = _font(picture.width)
    long = int(font.getlength(words)) + 2 * int(font.size)
    mode = "RGBA" if has_alpha and picture.has_transparency_data else "RGB"
    strip = int(font.size * 1.8)
    sheet = Image.new(mode, (max(picture.width, long), picture.height + strip), PAPER)
    shown = picture.convert(mode)
    sheet.paste(shown, ((sheet.width - picture.width) // 2, 0))
    middle = (sheet.width // 2, picture.height + strip // 2)
    ImageDraw.Draw(sheet).text(middle, words, fill=INK, font=font, anchor="mm")
    return sheet


def _font(width: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT), size=min(max(int(width * PART), SMALLEST), LARGEST))
