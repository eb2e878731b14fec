"""From an HTTP response, as crawlers store it, to the page that was served."""

from __future__ import annotations

import re
import zlib
from http.client import HTTPException, HTTPMessage, parse_headers
from io import BytesIO

from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.errors import PageError

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# What a server says that does not know.
_UNKNOWN_TYPES = frozenset(
    {"", "application/octet-stream", "application/unknown", "unknown/unknown", "*/*"}
)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE
)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_MAX_STATUS_LINE = 8 * 1024
_STEP = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_MAX_ENCODINGS = 4  # more is an attack, as are more gzip members than these
_MAX_MEMBERS = 100
_NO_ENCODINGS = frozenset({"", "identity", "none", "utf-8"})


def page_of_response(response: bytes) -> bytes | None:
    """Turn an HTTP response (status line, headers, body) into the HTML page that it delivers.

    Transfer and content encodings are undone, characters are not decoded. None where it delivers
    none: another status than 200, or another content type. Raises PageError (`undecodable`,
    `too-large`) where it does and the page cannot be had.
    """
    reader = BytesIO(response)
    status = _STATUS.match(reader.readline(_MAX_STATUS_LINE))
    try:
        headers = parse_headers(reader)
    except HTTPException:
        headers = None
    if status is None or headers is None:
        raise _undecodable("its HTTP header cannot be read")
    if status[1] != b"200":
        return None
    kind = media_type(headers.get("Content-Type", ""))
    if kind not in _HTML_TYPES | _UNKNOWN_TYPES:
        return None
    body = _decoded(reader.read(), headers)
    return body if is_html(kind, body) else None


def media_type(content_type: str) -> str:
    """Turn the value of a Content-Type header into the type alone: text/html."""
    return re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()


def is_html(kind: str, body: bytes) -> bool:
    """Tell an HTML page by its media type, or by its first tag where the type says nothing."""
    return kind in _HTML_TYPES or (kind in _UNKNOWN_TYPES and bool(_HTML_START.match(body)))


def _decoded(body: bytes, headers: HTTPMessage) -> bytes:
    """Undo the encodings; one that a crawler has undone, and left in the header, is passed over."""
    if "chunked" in _listed(headers, "Transfer-Encoding"):
        body = _dechunked(body)
    encodings = _listed(headers, "Content-Encoding")
    if len(encodings) > _MAX_ENCODINGS:
        raise _undecodable(f"it has {len(encodings):,} content encodings, one upon the other")
    for encoding in reversed(encodings):
        if encoding in _NO_ENCODINGS or _HTML_START.match(body):
            continue
        body = _decompressed(body, encoding)
    if len(body) > MAX_PAGE_BYTES:
        raise PageError(
            f"the page is longer than {MAX_PAGE_BYTES:,} bytes",
            fix="leave it out",
            reason="too-large",
        )
    return body


def _listed(headers: HTTPMessage, name: str) -> list[str]:
    values = ",".join(headers.get_all(name) or ())
    return [value.strip().lower() for value in values.split(",")]


def _dechunked(body: bytes) -> bytes:
    """Join the chunks of a body; what a cut body has is taken, as a browser shows it."""
    chunks = []
    position = 0
    while position < len(body):
        found = _CHUNK.match(body, position)
        if found is None:
            if position == 0:
                return body
            if body.find(b"\n", position) < 0:
                break  # cut in the line of a size
            raise _undecodable(f"its chunks cannot be read from byte {position:,} on")
        size = int(found[1], 16)
        if size == 0:
            break
        chunks.append(body[found.end() : found.end() + size])
        position = found.end() + size
        position += 2 if body.startswith(b"\r\n", position) else body.startswith(b"\n", position)
    return b"".join(chunks)


def _decompressed(body: bytes, encoding: str) -> bytes:
    """Undo a content encoding, up to one byte more than MAX_PAGE_BYTES."""
    try:
        if encoding in ("gzip", "x-gzip"):
            return _inflated(body, 16 + zlib.MAX_WBITS) if body[:2] == _GZIP_MAGIC else body
        if encoding == "deflate":
            # Meant is zlib (78 …), sent is often the bare stream.
            zipped = body[:1] == b"\x78" and int.from_bytes(body[:2]) % 31 == 0
            return _inflated(body, zlib.MAX_WBITS if zipped else -zlib.MAX_WBITS)
        if encoding in ("br", "zstd"):
            return _read(body, encoding)
    except (zlib.error, OSError) as error:
        raise _undecodable(f"its content encoding {encoding} cannot be undone") from error
    raise _undecodable(f"its content encoding {encoding[:40]!r} is not known")


def _inflated(body: bytes, window: int) -> bytes:
    pages = []
    missing = MAX_PAGE_BYTES + 1
    for _ in range(_MAX_MEMBERS):
        inflater = zlib.decompressobj(window)
        pages.append(inflater.decompress(body, missing))
        missing -= len(pages[-1])
        body = inflater.unused_data
        if not missing or body[:2] != _GZIP_MAGIC:
            return b"".join(pages)
    raise zlib.error(f"more than {_MAX_MEMBERS} members")


def _read(body: bytes, encoding: str) -> bytes:
    from fastwarc import stream_io

    reader = {"br": stream_io.BrotliReader, "zstd": stream_io.ZstdReader}[encoding](BytesIO(body))
    pieces = []
    size = 0
    while size <= MAX_PAGE_BYTES and (piece := reader.read(_STEP)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _undecodable(message: str) -> PageError:
    return PageError(message, fix="capture the page again, or leave it out", reason="undecodable")
