"""What stands between the values of a table, told from its first rows."""

import csv
import io

MARKS = (",", ";", "\t", "|")
"""What can; the likelier first."""

_ROWS = 20
_COLUMNS = 3
"""Columns that a table has at least that its name does not call one; lines of prose have a comma in common as well."""


def mark_of(text: str, *, is_named: bool) -> str | None:
    """Return the mark that parts the first rows into the most columns that all of them have.

    Args:
        text: The beginning of a file, which may end within a quoted value.
        is_named: Whether the file's name says that it is a table; then two columns do, and one, read with commas.

    Returns:
        The mark; None where it is no table.
    """
    found = [(columns, -position) for position, mark in enumerate(MARKS) if (columns := _columns(text, mark)) > 1]
    columns, position = max(found, default=(1, 0))
    if columns >= _COLUMNS or is_named:
        return MARKS[-position]
    return None


def _columns(text: str, mark: str) -> int:
    """Return how many columns the first row names where the next ones have as many; else 0."""
    widths = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            widths += [len(row)] if row else []
            if len(widths) > _ROWS:
                break
    except csv.Error:
        pass  # what comes after an odd place says nothing; what came before it does
    first, *others = widths or [0]
    # The last row may be cut, and some of the others may be damaged.
    same = sum(width == first for width in others)
    return first if same and 2 * same >= len(others) else 0
