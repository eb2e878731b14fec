"""Text captures: the plain text of a whole page, as a browser copies it."""

from __future__ import annotations

from khobor.records import Stretch


def text_page(decoded: str) -> tuple[str, tuple[Stretch, ...]]:
    """Turn a decoded text capture into (page text, its stretches).

    The page text is the decoded file with line ends (CRLF, CR) read as a newline, and nothing
    else changed. A stretch is a line with something on it; it `continues` the line right above.
    """
    text = decoded.replace("\r\n", "\n").replace("\r", "\n") if "\r" in decoded else decoded
    stretches = []
    position = 0
    continues = False
    for line in text.split("\n"):
        size = len(line.rstrip())
        if size:
            start = position + len(line) - len(line.lstrip())
            stretches.append(Stretch(start, position + size, "", continues))
        continues = size > 0
        position += len(line) + 1
    return text, tuple(stretches)
