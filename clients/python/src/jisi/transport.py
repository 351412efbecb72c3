"""One request over HTTP, by the standard library."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any, Dict, Mapping, Optional, Tuple

from .errors import AnswerError, TransportError

MAX_WAIT = 60.0
"""Seconds that a server that is busy may ask to be left alone for; where it asks
for more, the error is raised instead."""

BUSY = (429, 503)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token must not follow a redirect to somebody else."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def send(url: str, payload: Mapping[str, Any], token: Optional[str], timeout: float, tries: int) -> Dict[str, Any]:
    """Sends a GraphQL request and returns the answer's data.

    A server that is busy and says when to come again is asked again, ``tries``
    times in all. Raises :class:`TransportError` or :class:`AnswerError`.
    """
    for attempt in range(1, tries + 1):
        status, retry_after, text = _post(url, payload, token, timeout)
        if status in BUSY and attempt < tries and retry_after is not None and retry_after <= MAX_WAIT:
            time.sleep(max(retry_after, 0.1))
            continue
        return _data(status, text)
    raise AssertionError("tries must be at least 1")


def _post(url: str, payload: Mapping[str, Any], token: Optional[str], timeout: float) -> Tuple[int, Optional[float], bytes]:
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json, application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8")
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with _opener.open(request, timeout=timeout) as response:
            return response.status, None, response.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _seconds(refused.headers.get("Retry-After")), refused.read()
    except (urllib.error.URLError, OSError) as problem:
        raise TransportError(f"{url} cannot be reached: {getattr(problem, 'reason', problem)}") from problem


def _seconds(text: Optional[str]) -> Optional[float]:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _data(status: int, text: bytes) -> Dict[str, Any]:
    try:
        answer = json.loads(text)
        errors, data = answer.get("errors"), answer.get("data")
    except (ValueError, AttributeError) as problem:
        raise TransportError(f"what answered is not jisi (HTTP {status})") from problem
    if errors:
        raise AnswerError(errors, data)
    if data is None:
        raise TransportError(f"what answered is not jisi (HTTP {status})")
    return data
