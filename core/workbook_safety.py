"""Opens a stranger's .xlsx safely: unpacks it under a cap and looks at every cell before anything else does.

Declared sizes are not believed. Each part that is needed is parsed once by expat (no DTD, UTF-8 only, bounded
cells and texts); what was checked, and nothing else, goes on in a fresh plain archive.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from core.errors import Invalid, TooLarge
from core.localised import N_

MEGABYTE = 1024 * 1024
SHOWN_CELLS = 50
SPREAD = 5
EMPTY = 3
"""Cells with nothing but a format are looked at too: so many times the cells that may hold something."""
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TEXTS, STYLES = "xl/sharedstrings.xml", "xl/styles.xml"
ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument"/></Relationships>'
)
REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,8})")
TRUTHS = frozenset({"TRUE()", "FALSE()"})
ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

DAMAGED = N_("This workbook is damaged. Open it, save it again as .xlsx and send that.")
WITH_PASSWORD = N_("This is an old .xls file or one with a password. Save it as .xlsx without a password.")
WITH_DTD = N_("This workbook holds a document type declaration, which no spreadsheet program writes.")
WITHOUT_SHEETS = N_("This workbook has no sheet that can be read.")
TOO_MANY_PARTS = N_("This workbook has too many parts inside.")
TOO_MANY_SHEETS = N_("This workbook has more than %(limit)s sheets.")
TOO_MANY_CELLS = N_("This workbook has more than %(limit)s cells.")
TOO_SPREAD = N_("The cells of this workbook lie too far apart. Delete stray cells at the edges.")
TOO_WORDY = N_("The texts of this workbook are too long altogether. Shorten or remove some.")
TOO_MANY_ROWS = N_("Sheet “%(sheet)s” goes down to row %(row)s; up to %(limit)s rows are read.")
TOO_MANY_COLUMNS = N_("Sheet “%(sheet)s” goes out to column %(column)s; up to %(limit)s columns are read.")
TOO_BIG = N_("This file has %(size)s MB; workbooks of up to %(limit)s MB are read.")
TOO_BIG_UNPACKED = N_(
    "This workbook grows too much when it is unpacked (to more than %(limit)s MB, or beyond belief). "
    "Delete sheets, empty rows and formatting that are not needed."
)


class NotAWorkbook(Invalid):
    """The file is no .xlsx workbook, or a damaged one."""

    word = "not_a_workbook"
    default = N_("This file is not an Excel workbook (.xlsx). Save it as .xlsx and send it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a workbook is taken in: sizes in bytes; `ratio` is unpacked to packed of a large part."""

    packed: int = 12 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    ratio: int = 250
    members: int = 2_000
    sheets: int = 200
    rows: int = 200_000
    columns: int = 200
    cells: int = 4_000_000
    characters: int = 100_000_000


def column_letters(number: int) -> str:
    """The letters over a column: 1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Archive:
    """The parts of a packed workbook, by lower-case name, unpacked one at a time out of one budget."""

    def __init__(self, packed: bytes, limits: Limits) -> None:
        if len(packed) > limits.packed:
            raise too_big(len(packed), limits)
        if packed.startswith(b"\xd0\xcf\x11\xe0"):
            raise NotAWorkbook(WITH_PASSWORD)
        self._packed = packed
        self._limits = limits
        self._budget = limits.unpacked
        self._parts: dict[str, bytes] = {}
        self._members = self._listed()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def part(self, name: str) -> bytes:
        """The unpacked part; empty when there is none. Raises NotAWorkbook or TooLarge."""
        if name not in self._members:
            return b""
        if name not in self._parts:
            try:
                self._parts[name] = self._inflated(self._members[name])
            except (zlib.error, ValueError):
                raise NotAWorkbook(DAMAGED) from None
            self._budget -= len(self._parts[name])
        return self._parts[name]

    def repacked(self, names: Iterable[str]) -> io.BytesIO:
        """A plain archive of exactly these parts."""
        clean = io.BytesIO()
        with zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("_rels/.rels", ROOT_RELATIONS)
            for name in names:
                archive.writestr(name, self.part(name))
        clean.seek(0)
        return clean

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(io.BytesIO(self._packed)) as archive:
                listed = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OverflowError):
            raise NotAWorkbook from None
        if len(listed) > self._limits.members:
            raise TooLarge(TOO_MANY_PARTS)
        if sum(info.file_size for info in listed) > self._limits.unpacked:
            raise self._too_big_unpacked()
        members = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in listed}
        if len(members) < len(listed) or WORKBOOK not in members:
            raise NotAWorkbook
        return members

    def _inflated(self, info: zipfile.ZipInfo) -> bytes:
        """One part, unpacked until it ends or its cap is reached, whatever the archive declares."""
        if info.flag_bits & 0x1:
            raise NotAWorkbook(WITH_PASSWORD)
        data = self._raw(info)
        cap = min(self._budget, max(MEGABYTE, self._limits.ratio * len(data)))
        if info.compress_type == zipfile.ZIP_STORED:
            part, is_whole = data, True
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            part = inflater.decompress(data, cap + 1)
            is_whole = inflater.eof
        else:
            raise NotAWorkbook
        if len(part) > cap:
            raise self._too_big_unpacked()
        if not is_whole or zlib.crc32(part) != info.CRC:
            raise NotAWorkbook(DAMAGED)
        return part

    def _raw(self, info: zipfile.ZipInfo) -> bytes:
        begin = info.header_offset
        header = self._packed[begin : begin + 30]
        if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
            raise NotAWorkbook(DAMAGED)
        begin += 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        return self._packed[begin : begin + info.compress_size]

    def _too_big_unpacked(self) -> TooLarge:
        return TooLarge(TOO_BIG_UNPACKED, limit=self._limits.unpacked // MEGABYTE)


def too_big(size: int, limits: Limits) -> TooLarge:
    """The refusal of a file of `size` bytes."""
    return TooLarge(TOO_BIG, size=round(size / MEGABYTE, 1), limit=limits.packed // MEGABYTE)


class FoundCells:
    """Where cells of some kind are: of each column the first fifty places, and how many there are."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int]] = []
        self.counts: Counter[int] = Counter()

    def add(self, row: int, column: int) -> None:
        """Take note of one cell."""
        self.counts[column] += 1
        if self.counts[column] <= SHOWN_CELLS:
            self.places.append((row, column))


class SheetScan:
    """What one worksheet holds: its cells, its size, and where formulas and error values are.

    A cell counts when there is something in it: people and programs format whole columns of empty ones.
    """

    def __init__(self, name: str, limits: Limits, cells_before: int = 0, formatted_before: int = 0) -> None:
        self.name = name
        self.cells = cells_before
        self.formatted = formatted_before
        self.last_row = self.last_column = 0
        self.shared_texts = 0
        self.formulas, self.errors = FoundCells(), FoundCells()
        self._limits = limits
        self._row = self._column = 0
        self._kind: str | None = None
        self._truth: str | None = None
        self.parser = _parser(self.start)

    @property
    def area(self) -> int:
        return self.last_row * self.last_column

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note of one element of the worksheet (expat calls this)."""
        if ":" in tag:
            tag = _local(tag)
        if self._truth is not None:
            self._end_truth()
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or tag == "is":
            self._note_content()
            if self._kind == "s":
                self.shared_texts += 1
            elif self._kind == "e":
                self.errors.add(self._row, self._column)
        elif tag == "f":
            self._note_content()
            if self._kind == "b":
                self._truth, self.parser.CharacterDataHandler = "", self._read_truth
            else:
                self.formulas.add(self._row, self._column)
        elif tag == "row":
            self._row = _whole(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0

    def end(self) -> None:
        """The worksheet was read to its end."""
        if self._truth is not None:
            self._end_truth()

    def _read_truth(self, text: str) -> None:
        self._truth = (self._truth or "") + text

    def _end_truth(self) -> None:
        """LibreOffice writes a plain yes or no as the formula TRUE() or FALSE()."""
        if (self._truth or "").strip().upper() not in TRUTHS:
            self.formulas.add(self._row, self._column)
        self._truth = self.parser.CharacterDataHandler = None

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self.formatted += 1
        if self.formatted > EMPTY * self._limits.cells:
            raise TooLarge(TOO_MANY_CELLS, limit=self._limits.cells)
        if reference := attributes.get("r"):
            self._row, self._column = _place(reference)
        else:
            self._column += 1
        self._kind = attributes.get("t")

    def _note_content(self) -> None:
        self.cells += 1
        if self.cells > self._limits.cells:
            raise TooLarge(TOO_MANY_CELLS, limit=self._limits.cells)
        if self._row > self.last_row:
            self.last_row = self._row
            if self._row > self._limits.rows:
                values = {"sheet": self.name, "row": self._row, "limit": self._limits.rows}
                raise TooLarge(TOO_MANY_ROWS, **values)
        if self._column > self.last_column:
            self.last_column = self._column
            if self._column > self._limits.columns:
                letters = column_letters(self._column)
                raise TooLarge(TOO_MANY_COLUMNS, sheet=self.name, column=letters, limit=self._limits.columns)


def _place(reference: str) -> tuple[int, int]:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise NotAWorkbook(DAMAGED)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotAWorkbook(DAMAGED)
    return int(text)


def checked_workbook(packed: bytes, limits: Limits) -> tuple[io.BytesIO, list[SheetScan]]:
    """A fresh archive of the checked parts, and what each worksheet holds, in the workbook's order.

    Raises NotAWorkbook for anything that is not a sound workbook, TooLarge for one beyond `limits`.
    """
    archive = Archive(packed, limits)
    sheets = _listed_sheets(archive)
    if len(sheets) > limits.sheets:
        raise TooLarge(TOO_MANY_SHEETS, limit=limits.sheets)
    scans: dict[str, SheetScan] = {}
    cells = formatted = 0
    for name, part in sheets:
        scan = scans[part] = SheetScan(name, limits, cells, formatted)
        _parse(archive.part(part), scan.parser)
        scan.end()
        cells, formatted = scan.cells, scan.formatted
    if sum(scan.area for scan in scans.values()) > SPREAD * limits.cells:
        raise TooLarge(TOO_SPREAD)
    _check_texts(archive, scans, limits)
    extra = [name for name in (TEXTS, STYLES) if name in archive]
    if STYLES in archive:
        _parse(archive.part(STYLES), _parser())
    return archive.repacked([WORKBOOK, RELATIONS, *extra, *scans]), list(scans.values())


def _listed_sheets(archive: Archive) -> list[tuple[str, str]]:
    """(sheet name, its part) for every worksheet, in the workbook's order."""
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = _resolved(attributes.get("Target", ""))

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if _local(tag) == "sheet" and "name" in attributes:
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            named.append((attributes["name"], targets.get(key, "")))

    _parse(archive.part(RELATIONS), _parser(relation))
    _parse(archive.part(WORKBOOK), _parser(sheet))
    sheets = [(name, part) for name, part in named if part]
    parts = {part for _name, part in sheets}
    if not sheets or len(parts) < len(sheets) or any(part not in archive for part in parts):
        raise NotAWorkbook(WITHOUT_SHEETS)
    return sheets


def _resolved(target: str) -> str:
    path = target.replace("\\", "/")
    return (path.lstrip("/") if path.startswith("/") else "xl/" + path.removeprefix("./")).lower()


def _check_texts(archive: Archive, scans: Mapping[str, SheetScan], limits: Limits) -> None:
    """Refuse a workbook in which long shared texts, each used often, would fill the memory."""
    lengths = _text_lengths(archive.part(TEXTS))
    uses = sum(scan.shared_texts for scan in scans.values())
    if uses * max(lengths, default=0) <= limits.characters:
        return
    if sum(_used_characters(archive.part(part), lengths) for part in scans) > limits.characters:
        raise TooLarge(TOO_WORDY)


def _text_lengths(part: bytes) -> list[int]:
    lengths: list[int] = []

    def start(tag: str, _attributes: object) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    if part:
        _parse(part, _parser(start, text))
    return lengths


def _used_characters(part: bytes, lengths: Sequence[int]) -> int:
    used = 0
    is_shared = is_value = False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_shared, is_value
        if _local(tag) == "c":
            is_shared = attributes.get("t") == "s"
        is_value = _local(tag) == "v"

    def text(data: str) -> None:
        nonlocal used
        index = data.strip()
        if is_shared and is_value and index.isascii() and index.isdigit() and len(index) <= 9:
            used += lengths[int(index)] if int(index) < len(lengths) else 0

    _parse(part, _parser(start, text))
    return used


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parser(start: Any = None, text: Any = None) -> expat.XMLParserType:
    """A parser that refuses document type declarations (entity bombs) and every encoding but UTF-8."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.XmlDeclHandler = _check_encoding
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    return parser


def _refuse_dtd(*_arguments: object) -> None:
    raise NotAWorkbook(WITH_DTD)


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ENCODINGS:
        raise NotAWorkbook(DAMAGED)


def _parse(part: bytes, parser: expat.XMLParserType) -> None:
    if part.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")) or part[1:2] == b"\x00":
        raise NotAWorkbook(DAMAGED)
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise NotAWorkbook(DAMAGED) from None
