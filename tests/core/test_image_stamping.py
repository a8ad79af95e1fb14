"""Words under a picture, whatever the picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core import image_stamping
from core.errors import Invalid
from core.image_stamping import BROKEN, HUGE, PAPER, SMALLEST, stamped_image

WORDS = "Opened by 王小明 on 30 Nov 2026 08:15. For your delegation only."
RED = (200, 30, 30)


def a_picture(kind: str, size: tuple[int, int] = (800, 300), mode: str = "RGB", **options: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, RED if mode == "RGB" else 128).save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def dark_pixels(picture: Image.Image) -> int:
    """How many pixels of letters there are."""
    return sum(picture.convert("L").histogram()[:100])


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_whole_picture_stays_and_the_words_stand_under_it(kind: str) -> None:
    found = opened(stamped_image(a_picture(kind), WORDS))
    assert (found.format, found.width) == (kind, 800)
    shown, strip = found.crop((0, 0, 800, 300)), found.crop((0, 302, 800, found.height))
    red, green, blue = shown.convert("RGB").getpixel((400, 150))
    assert (abs(red - RED[0]) < 4, abs(green - RED[1]) < 4, abs(blue - RED[2]) < 4) == (True, True, True)
    assert dark_pixels(strip) > 200
    assert dark_pixels(opened(stamped_image(a_picture(kind), "")).crop((0, 302, 800, found.height))) == 0


def test_a_narrow_picture_gets_a_sheet_as_wide_as_the_words_and_stands_in_its_middle() -> None:
    found = opened(stamped_image(a_picture("PNG", (40, 60)), WORDS)).convert("RGB")
    assert found.width > len(WORDS) * SMALLEST / 3
    assert [found.getpixel((x, 30)) for x in (1, found.width // 2, found.width - 2)] == [PAPER, RED, PAPER]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_every_kind_of_colours_can_be_stamped(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(stamped_image(a_picture(kind, mode=mode), WORDS)).size[0] == 800


def test_what_is_transparent_stays_so() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (700, 100), (0, 0, 0, 0)).save(made, "PNG")
    found = opened(stamped_image(made.getvalue(), WORDS))
    assert (found.getpixel((350, 50))[3], found.getpixel((1, found.height - 1))[3]) == (0, 255)


def test_a_photograph_stands_upright_and_tells_no_place() -> None:
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, "SECRET PLACE"
    photo = a_picture("JPEG", (300, 800), exif=notes)
    found = opened(stamped_image(photo, WORDS))
    assert (found.width, dict(found.getexif())) == (800, {})
    assert b"SECRET PLACE" not in stamped_image(photo, WORDS)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0 no", a_picture("PNG")[:200], a_picture("GIF"), b"<svg/>"],
)
def test_what_is_no_sound_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid) as fault:
        stamped_image(data, WORDS)
    assert fault.value.message == BROKEN


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = a_picture("PNG", (10_000, 10_000), mode="1")
    assert len(bomb) < 200_000
    for _ in range(2):
        with pytest.raises(Invalid) as fault:
            stamped_image(bomb, WORDS)
        assert fault.value.message == HUGE
        bomb = a_picture("PNG", (50, 50))
        monkeypatch.setattr(image_stamping, "MOST_PIXELS", 2_499)
