"""The errors of khobor: each says where, what was found, and what to do."""

from __future__ import annotations


class KhoborError(Exception):
    """Anything that khobor refuses, as one sentence.

    `where` is a file, a file and line, or a document; `fix` is what the reader can do about it.
    """

    def __init__(self, message: str, *, where: str = "", fix: str = "") -> None:
        self.message = message
        self.where = where
        self.fix = fix
        located = f"{where}: {message}" if where else message
        super().__init__(f"{located}; {fix}" if fix else located)

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword arguments would be lost on the way back from a worker process.
        return (_rebuild, (type(self), self.message, self.where, self.fix))


def _rebuild(kind: type[KhoborError], message: str, where: str, fix: str) -> KhoborError:
    return kind(message, where=where, fix=fix)


class UsageError(KhoborError):
    """The call is wrong or names a path that cannot be read (exit code 2)."""


class RecordError(KhoborError):
    """A line of a JSON Lines file is not the record that belongs there."""


class SpanError(KhoborError):
    """A span lies outside its text, or crosses a border that it may not cross."""


class AnnotationError(KhoborError):
    """An annotation does not belong to the text that it is put on."""


class ReleaseError(KhoborError):
    """A release cannot be written as asked."""


class HostError(KhoborError):
    """A host refuses, cannot be reached, or has not what was sent to it."""


class PageError(KhoborError):
    """A page that cannot become a document; it is rejected for `reason` (see records.Reject)."""

    def __init__(self, message: str, *, where: str = "", fix: str = "", reason: str = "") -> None:
        self.reason = reason
        super().__init__(message, where=where, fix=fix)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_page, (self.message, self.where, self.fix, self.reason))


def _rebuild_page(message: str, where: str, fix: str, reason: str) -> PageError:
    return PageError(message, where=where, fix=fix, reason=reason)
