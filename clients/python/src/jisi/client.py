"""The client: queries, paging, and the questions that are asked most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from . import documents
from .errors import Error
from .transport import send

PAGE = 100
"""Records a page: the most that a server returns."""


@dataclass(frozen=True)
class Hit:
    """One hit of a search: the record, its score, and where it matched as
    (field, fragment) pairs."""

    node: Mapping[str, Any]
    score: float
    highlights: Sequence[Tuple[str, str]]


@dataclass(frozen=True)
class Matrix:
    """Counts of cases by one or two dimensions (交叉统计).

    ``rows`` and ``columns`` are buckets with key, label and count;
    ``counts[i][j]`` is how many cases are in row i and column j; ``total`` how
    many different cases there are; where ``multiple``, a case may stand in
    several buckets, and sums are larger than the total.
    """

    rows: List[Mapping[str, Any]]
    columns: List[Mapping[str, Any]]
    counts: List[List[int]]
    total: int
    multiple: bool

    def records(self) -> Iterator[Dict[str, Any]]:
        """Gives one record a row, with a value a column, by their labels."""
        for row, counts in zip(self.rows, self.counts):
            record: Dict[str, Any] = {"label": row["label"]}
            if self.columns:
                record.update({column["label"]: n for column, n in zip(self.columns, counts)})
            record["count"] = row["count"]
            yield record


class Client:
    """Asks one server.

    ``url`` is the server's, without ``/graphql``; ``token`` is sent as a
    bearer's, none asks as an anonymous reader; ``timeout`` bounds each request,
    in seconds; ``tries`` is how often a busy server is asked in all. A client
    holds no state, and may be used by several threads.
    """

    def __init__(self, url: str = "http://127.0.0.1:8080", token: Optional[str] = None, timeout: float = 60.0, tries: int = 4):
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is not an address such as https://example.cn")
        if tries < 1:
            raise ValueError("tries must be at least 1")
        self.url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._tries = tries

    def __repr__(self) -> str:  # without the token
        return f"Client({self.url!r})"

    def query(self, document: str, variables: Optional[Mapping[str, Any]] = None, operation: Optional[str] = None) -> Dict[str, Any]:
        """Runs a GraphQL document and returns its data.

        Raises :class:`~jisi.AnswerError` with the server's code where it says
        that something is wrong, :class:`~jisi.TransportError` where it does not
        answer.
        """
        payload: Dict[str, Any] = {"query": document, "variables": dict(variables or {})}
        if operation:
            payload["operationName"] = operation
        return send(self.url + "/graphql", payload, self._token, self._timeout, self._tries)

    def pages(self, document: str, variables: Optional[Mapping[str, Any]] = None) -> Iterator[Dict[str, Any]]:
        """Gives the pages of a document's one connection, each as the connection
        object, until there are no more.

        The document declares ``$after: String``, passes it to the connection, and
        selects ``pageInfo { hasNextPage endCursor }``.
        """
        if "$after" not in document:
            raise ValueError("the document must take $after: String and pass it to its connection")
        given: Dict[str, Any] = dict(variables or {})
        while True:
            connection = _connection(self.query(document, given))
            if connection is None:
                return
            yield connection
            page = connection["pageInfo"]
            if not page["hasNextPage"] or page["endCursor"] == given.get("after"):
                return
            given["after"] = page["endCursor"]

    def records(self, document: str, variables: Optional[Mapping[str, Any]] = None) -> Iterator[Dict[str, Any]]:
        """Gives the records of all pages, one by one; see :meth:`pages`. They are
        what the connection's ``nodes`` hold, its ``edges`` where it has none."""
        for page in self.pages(document, variables):
            yield from page["nodes"] if "nodes" in page else page["edges"]

    def cases(
        self,
        filter: Optional[Mapping[str, Any]] = None,
        fields: str = documents.CASE,
        order_by: Optional[Mapping[str, str]] = None,
    ) -> Iterator[Dict[str, Any]]:
        """Gives all cases (典型案例) of a ``CaseFilter``; ``fields`` is what of
        them, as a selection of GraphQL."""
        return self.records(documents.CASES % fields, {"filter": filter, "orderBy": order_by, "first": PAGE})

    def search(
        self,
        query: str,
        kinds: Optional[Sequence[str]] = None,
        filter: Optional[Mapping[str, Any]] = None,
        order_by: Optional[str] = None,
        page_size: int = 20,
    ) -> Iterator[Hit]:
        """Gives the hits of a full-text search, best first, fetching the next
        page when it is come to."""
        variables = {"query": query, "kinds": kinds, "filter": filter, "orderBy": order_by, "first": page_size}
        for edge in self.records(documents.SEARCH, variables):
            yield Hit(edge["node"], edge["score"], [(h["field"], h["fragment"]) for h in edge["highlights"]])

    def learn(
        self,
        problem: str,
        committee: Optional[str] = None,
        scope: Optional[str] = None,
        first: int = 10,
        fields: str = documents.CASE,
    ) -> List[Dict[str, Any]]:
        """Gives the peers' cases nearest to a problem told in one's own words,
        each with its score and reasons (互学互鉴)."""
        variables = {"problem": problem, "committee": committee, "scope": scope, "first": first}
        found: List[Dict[str, Any]] = self.query(documents.LEARN % fields, variables)["learn"]
        return found

    def matrix(self, rows: str, columns: Optional[str] = None, filter: Optional[Mapping[str, Any]] = None) -> Matrix:
        """Counts cases by one or two dimensions, such as ``TOPIC`` and ``REGION``."""
        return Matrix(**self.query(documents.MATRIX, {"rows": rows, "columns": columns, "filter": filter})["caseMatrix"])

    def ledger(self, fields: str = "indicator { slug subject name unit asOf } claimed held gap") -> List[Dict[str, Any]]:
        """Gives what the sources claim beside what is held (台账)."""
        lines: List[Dict[str, Any]] = self.query(documents.LEDGER % fields)["ledger"]
        return lines


def _connection(data: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    """Finds the one connection of an answer, None where a null stands above it."""
    found = list(_connections(data))
    if len(found) > 1:
        raise Error(f"the document has {len(found)} connections with pageInfo; one can be paged through at once")
    if not found and not _has_null(data):
        raise Error("the document selects no pageInfo { hasNextPage endCursor } beside nodes or edges")
    return found[0] if found else None


def _connections(value: Mapping[str, Any]) -> Iterator[Dict[str, Any]]:
    for below in value.values():
        if not isinstance(below, dict):
            continue
        if {"hasNextPage", "endCursor"} <= set(below.get("pageInfo") or ()) and ("nodes" in below or "edges" in below):
            yield below
        else:
            yield from _connections(below)


def _has_null(value: Mapping[str, Any]) -> bool:
    return any(v is None or isinstance(v, dict) and _has_null(v) for v in value.values())
