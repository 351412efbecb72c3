"""Client of jisi, a knowledge base of consultation cases (典型案例).

>>> from jisi import Client
>>> kb = Client("http://127.0.0.1:8080")
>>> for case in kb.cases(filter={"regions": ["220100"]}):
...     print(case["title"])

It needs the standard library only; :func:`to_frame` needs pandas.
"""

from .client import Client, Hit, Matrix
from .errors import AnswerError, Error, TransportError
from .tables import flatten, to_frame, write_csv, write_jsonl

__all__ = [
    "AnswerError",
    "Client",
    "Error",
    "Hit",
    "Matrix",
    "TransportError",
    "flatten",
    "to_frame",
    "write_csv",
    "write_jsonl",
]
