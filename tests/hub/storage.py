"""Where the host keeps large files: by SHA-256, and the uploads that are under way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass
class Storage:
    """Large files by SHA-256; `chunk` is the size from which an upload goes in parts."""

    chunk: int | None = None
    objects: dict[str, bytes] = field(default_factory=dict)
    allowed: dict[str, int] = field(default_factory=dict)  # sha256 → size, by a batch request
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    received: int = 0  # bytes, of all that came whole

    def has(self, sha256: str) -> bool:
        """Say whether it is here."""
        return sha256 in self.objects

    def put(self, sha256: str, body: bytes) -> str | None:
        """Take a file in one go; gives what is wrong with it."""
        if sha256 not in self.allowed:
            return "no upload of that name was asked for"
        if len(body) != self.allowed[sha256]:
            return "the size is not the one that was asked for"
        if hashlib.sha256(body).hexdigest() != sha256:
            return "the bytes have another SHA-256"
        self.objects[sha256] = body
        self.received += len(body)
        return None

    def put_part(self, sha256: str, number: int, body: bytes) -> str:
        """Take a part; gives its etag."""
        self.parts.setdefault(sha256, {})[number] = body
        self.received += len(body)
        return f'"{hashlib.md5(body).hexdigest()}"'

    def complete(self, sha256: str, etags: list[tuple[int, str]]) -> str | None:
        """Put the parts together; gives what is wrong with them."""
        parts = self.parts.get(sha256, {})
        have = [(n, f'"{hashlib.md5(parts[n]).hexdigest()}"') for n in sorted(parts)]
        if have != etags:
            return "these are not the parts that came"
        before = self.received
        fault = self.put(sha256, b"".join(parts[n] for n in sorted(parts)))
        self.received = before  # counted part by part
        return fault
