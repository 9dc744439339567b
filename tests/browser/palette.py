"""Small pictures: PNG with a palette. The browser decodes and counts colors; zlib is all that is needed to write."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode, b64encode
from pathlib import Path

from playwright.sync_api import Page

MOST_BYTES = 120_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
COUNT_COLORS = Path(__file__).with_name("palette.js").read_text()


def small(page: Page, png: bytes) -> bytes:
    """`png` with as many colors as fit into `MOST_BYTES`. `page` is any page; it does the counting."""
    for colors in (128, 64, 32, 16, 8):
        found = page.evaluate(COUNT_COLORS, [b64encode(png).decode(), colors])
        written = _write(found["width"], found["height"], found["palette"], b64decode(found["indices"]))
        if len(written) <= MOST_BYTES:
            return written
    raise AssertionError(f"{found['width']} x {found['height']} pixels do not fit into {MOST_BYTES} bytes.")


def _write(width: int, height: int, palette: list[list[int]], indices: bytes) -> bytes:
    """One byte a pixel, or half of one where 16 colors do. Rows are not filtered: flat areas compress best so."""
    depth = 8 if len(palette) > 16 else 4
    rows = (indices[at : at + width] for at in range(0, width * height, width))
    packed = b"".join(b"\0" + (row if depth == 8 else _halves(row)) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)
    colors = bytes(part for color in palette for part in color)
    chunks = ((b"IHDR", header), (b"PLTE", colors), (b"IDAT", zlib.compress(packed, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(map(_chunk, chunks))


def _halves(row: bytes) -> bytes:
    even = row + b"\0" * (len(row) % 2)
    return bytes(high << 4 | low for high, low in zip(even[::2], even[1::2], strict=True))


def _chunk(named: tuple[bytes, bytes]) -> bytes:
    name, data = named
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
