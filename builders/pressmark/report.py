"""Words and tables of the command line: results to stdout, findings and progress to stderr."""

import difflib
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NoReturn

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pressmark.errors import PressmarkError
from pressmark.findings import CATALOGUE, Code, Finding
from pressmark.recipe import Recipe

_OF_EACH = 10
_PIPED_COLUMNS = 160
_UNREAD = 128 + 13
"""As of a process that SIGPIPE ended."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """End the command."""
        unread()


def unread() -> NoReturn:
    """End a command whose words nobody reads any more, as `head` does not, with the code that shells give for it."""
    # What is still to be written at the end of the process would be refused again.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    sys.exit(_UNREAD)


def out(width: int | None = None) -> Console:
    """Return the console for results."""
    # Rich takes 80 columns where there is no terminal; a table that is cut to them is no use to a log.
    return _Console(width=width or (None if sys.stdout.isatty() else _PIPED_COLUMNS), highlight=False)


def err() -> Console:
    """Return the console for everything else."""
    # A terminal would break lines within words; a log keeps them whole.
    return _Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)


def new_table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def as_json(value: Any) -> None:
    """Print a result as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def error(found: PressmarkError) -> None:
    """Print what stopped a command, every fault of a recipe, and what to do."""
    console = err()
    findings(found.faults)
    console.print(f"[bold red]error:[/] {plain_cell(str(found))}")
    if found.advice:
        console.print(f"  {plain_cell(found.advice)}")


def findings(found: Iterable[Finding]) -> None:
    """Print findings, one a line and some of each code, and where their codes are explained."""
    console, listed = err(), list(found)
    codes, shown = Counter(finding.code for finding in listed), Counter[str]()
    for finding in listed:
        if shown[finding.code] < _OF_EACH or codes[finding.code] == _OF_EACH + 1:
            console.print(_plain(finding), markup=False)
        elif shown[finding.code] == _OF_EACH:
            console.print(f"... and {codes[finding.code] - _OF_EACH} more with {finding.code}; --json lists all")
        shown[finding.code] += 1
    if listed:
        console.print(f"[dim]pressmark explain {listed[0].code}  says what to do[/]")


def _plain(finding: Finding) -> str:
    """Return a finding without control characters: file names and details come from inputs."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(finding))


def plain_cell(value: str) -> str:
    """Return a value from inputs for a table: no markup, no control characters."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value))


def too_many_refused(recipe: Recipe, refused: int, inputs: int) -> None:
    """Print that more inputs were refused than a recipe allows: what it allows, where that is said, and what to do.

    Args:
        recipe: The recipe.
        refused: How many inputs were.
        inputs: How many there are.
    """
    where = f"[limits] rejected in {recipe.folder / 'corpus.toml'}"
    allows = f"{where} allows" if recipe.rejected_stated else f"without {where} the default allows"
    enough = math.ceil(Fraction(100 * refused, inputs))
    err().print(
        f"{refused} of {inputs} inputs were refused, {_percent(Fraction(refused, inputs))}; "
        f"{allows} {_percent(recipe.rejected)}: above it a build writes its releases, and exits 1\n"
        f'  mend what was refused; where that is how it has to be, allow it: [limits] rejected = "{enough} %"',
        markup=False,
    )


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.4g} %"


def explained(code: Code) -> None:
    """Print one entry of the catalogue."""
    console = out()
    console.print(
        f"[bold]{code.name}[/] ({code.kind.value})\n{escape(code.meaning)}\nWhat to do: {escape(code.advice)}"
    )


def listed(codes: list[Code]) -> None:
    """Print the catalogue."""
    table = new_table("code", "kind", "meaning")
    for code in codes:
        table.add_row(code.name, code.kind.value, escape(code.meaning))
    out().print(table)


def code_data(code: Code) -> dict[str, str]:
    """Return an entry of the catalogue, for JSON."""
    return {"code": code.name, "kind": code.kind.value, "meaning": code.meaning, "advice": code.advice}


def nearest_code(word: str) -> str:
    """Return a did-you-mean for a code that is not in the catalogue."""
    close = difflib.get_close_matches(word, CATALOGUE, n=1)
    return f"; did you mean {close[0]}?" if close else "; `pressmark explain` lists them"
