"""Records as tables: rows of plain values, CSV, JSON Lines, pandas."""

from __future__ import annotations

import csv
import json
import os
from typing import Any, Dict, Iterable, List, Mapping, Union

PathLike = Union[str, "os.PathLike[str]"]

BETWEEN = "；"
"""What parts several values within one cell."""


def flatten(record: Mapping[str, Any]) -> Dict[str, Any]:
    """Gives a record as one row: ``{"committee": {"name": x}}`` becomes
    ``{"committee.name": x}``; values of lists stand in one cell, ``；`` between.
    """
    row: Dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            row.update({f"{name}.{below}": v for below, v in flatten(value).items()})
        elif isinstance(value, list):
            row.update(_list(name, value))
        else:
            row[name] = value
    return row


def _list(name: str, items: List[Any]) -> Dict[str, Any]:
    if not any(isinstance(item, Mapping) for item in items):
        return {name: BETWEEN.join(_text(item) for item in items)}
    rows = [flatten(item) if isinstance(item, Mapping) else {} for item in items]
    columns = dict.fromkeys(column for row in rows for column in row)
    return {f"{name}.{column}": BETWEEN.join(_text(row.get(column)) for row in rows) for column in columns}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (bool, list)) else str(value)


def _rows(records: Iterable[Mapping[str, Any]]) -> "tuple[List[str], List[Dict[str, Any]]]":
    """Rows with the union of their columns. A column that is null in one record
    and an object in another is the object's."""
    rows = [flatten(record) for record in records]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    objects = {column.rsplit(".", depth)[0] for column in columns for depth in range(1, column.count(".") + 1)}
    columns = [c for c in columns if c not in objects or any(row.get(c) not in (None, "") for row in rows)]
    return columns, rows


def to_frame(records: Iterable[Mapping[str, Any]]) -> "Any":
    """Gives the records as a ``pandas.DataFrame``, a row each, columns as
    :func:`flatten` names them. Raises ImportError where pandas is not installed."""
    try:
        import pandas
    except ImportError as missing:
        raise ImportError("to_frame needs pandas: apt install python3-pandas, or pip install pandas") from missing
    columns, rows = _rows(records)
    return pandas.DataFrame(rows, columns=columns)


def write_csv(path: PathLike, records: Iterable[Mapping[str, Any]]) -> int:
    """Writes the records as CSV and returns their number.

    As jisi's own exports: in UTF-8 behind a byte order mark, without which Excel
    does not show Chinese; a cell that a spreadsheet would take for a formula has
    an apostrophe before it.
    """
    columns, rows = _rows(records)
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_harmless(row.get(column)) for column in columns])
    return len(rows)


FORMULA = "=+-@＝＋－＠'"


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value and (value[0] in FORMULA or value != value.strip()):
        return "'" + value
    return value


def write_jsonl(path: PathLike, records: Iterable[Mapping[str, Any]]) -> int:
    """Writes the records as JSON Lines, as they are, and returns their number."""
    count = 0
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for count, record in enumerate(records, start=1):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return count
