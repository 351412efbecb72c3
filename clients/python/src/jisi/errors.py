"""What can go wrong in asking a server."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence


class Error(Exception):
    """The base of all errors of this package."""


class TransportError(Error):
    """The server could not be reached, or what answered is not jisi."""


class AnswerError(Error):
    """The server said that something is wrong with the request.

    ``code`` is the first error's, as in ``INVALID``, ``NOT_FOUND``, ``LIMIT`` or
    ``UNAVAILABLE``; ``chinese`` its sentence in Chinese; ``errors`` are all of
    them as they came; ``data`` is what was answered beside them, mostly None.
    """

    def __init__(self, errors: Sequence[Mapping[str, Any]], data: Optional[Mapping[str, Any]] = None):
        self.errors = list(errors)
        self.data = data
        first = self.errors[0]
        extensions = first.get("extensions") or {}
        sentences = extensions.get("message") or {}
        self.code: str = extensions.get("code", "")
        self.path: Sequence[Any] = first.get("path") or ()
        self.chinese: str = sentences.get("zh") or first.get("message", "")
        self.english: str = sentences.get("en") or first.get("message", "")
        super().__init__(f"{self.code}: {self.english}" if self.code else self.english)
