"""From bytes to text: what a page says of its encoding is believed last.

Of 90 pages of one Bengali site 69 declare iso-8859-1 over UTF-8, so the order is: byte order
mark, then the content itself, then the declaration.
"""

from __future__ import annotations

import codecs
import re

from khobor.errors import PageError

# The largest news pages seen are under 2 MB; parsing stays within a few hundred MB of memory.
MAX_PAGE_BYTES = 10 * 1024 * 1024
# A page cut in the middle of a character, or with a smudged byte or two, is still that page: a
# browser shows U+FFFD there, and so do we. More than one in a thousand is another encoding.
MAX_REPLACED_SHARE = 0.001

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
# Encodings that hold Bengali beside UTF-8; a declaration of a Latin one (iso-8859-1) cannot be
# true of a Bengali page, since it has no Bengali letter.
_DECLARABLE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"})


def decode_page(raw: bytes, *, where: str = "") -> tuple[str, str]:
    """Turn the bytes of a page into (text, charset); a leading byte order mark is dropped.

    Raises PageError: `too-large`, `empty` (no bytes but white space) or `undecodable`.
    """
    if len(raw) > MAX_PAGE_BYTES:
        raise PageError(
            f"the page is longer than {MAX_PAGE_BYTES:,} bytes",
            where=where,
            fix="split it, or leave it out",
            reason="too-large",
        )
    if not raw.strip():
        raise PageError(
            "the page holds no characters", where=where, fix="capture it again", reason="empty"
        )
    for mark, charset in _BOMS:
        if raw.startswith(mark):
            return _decode(raw[len(mark) :], charset, where), charset
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        charset = _charset_of_content(raw) or _declared(raw) or "utf-8"
    return _decode(raw, charset, where).removeprefix("\ufeff"), charset


def as_utf8(raw: bytes, text: str, charset: str) -> bytes:
    """Turn a decoded page into UTF-8: most pages are their own, which spares encoding them."""
    if charset == "utf-8" and "\ufffd" not in text and not raw.startswith(codecs.BOM_UTF8):
        return raw
    return text.encode("utf-8", "replace")


def _charset_of_content(raw: bytes) -> str | None:
    """Tell UTF-16 without a mark by the high byte of the Bengali block (U+0980–U+09FF: 09)."""
    head = raw[:4096]
    for charset, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(high) > 8 and sum(byte in (0x00, 0x09) for byte in high) > 0.9 * len(high):
            return charset
    return None


def _declared(raw: bytes) -> str | None:
    found = _DECLARATION.search(raw[:4096])
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return name if name in _DECLARABLE else None


def _decode(raw: bytes, charset: str, where: str) -> str:
    text = raw.decode(charset, errors="replace")
    replaced = text.count("\ufffd")
    if replaced > max(1, MAX_REPLACED_SHARE * len(text)):
        raise PageError(
            f"read as {charset}, {replaced:,} of {len(text):,} characters cannot be decoded",
            where=where,
            fix="save the page as UTF-8",
            reason="undecodable",
        )
    return text
