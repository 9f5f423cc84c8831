"""What a person should know about the data: findings, and the catalogue of their codes.

A finding names its code, the file, the place in it and what was found there. Its detail never quotes the text of
an article: findings reach terminals, logs and reports.
"""

import tomllib
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.resources import files


class Kind(StrEnum):
    """What a code is about, which is also who looks at it."""

    RECIPE = "recipe"
    """A fault of corpus.toml or a source file. Stops the command."""

    REJECTED = "rejected"
    """An input that is no valid article. It is left out; the build goes on."""

    SET_ASIDE = "set aside"
    """A valid article that another one stands for."""

    WITHHELD = "withheld"
    """Why the text of a valid article is not in a release."""

    NOTE = "note"
    """Something odd about an article that is kept."""

    RELEASE = "release"
    """A release folder that does not add up. Raised by `pressmark verify`."""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the catalogue."""

    name: str
    kind: Kind
    meaning: str
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know."""

    code: str
    """A name in `CATALOGUE`."""

    file: str
    """The file that it is about, as the user knows it."""

    place: str = ""
    """Where in the file: a line, a key, a JSON pointer, a column."""

    detail: str = ""
    """What was found and what was expected. Never words of an article's text."""

    def as_dict(self) -> dict[str, str]:
        """Return the finding as JSON-able fields, with the kind of its code."""
        return {"kind": CATALOGUE[self.code].kind.value, **asdict(self)}

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.code}: {self.detail}" if self.detail else f"{where}: {self.code}"


SHOWN_CHARACTERS = 20
"""How much of a value a detail shows at most: fewer than the run of a text that counts as a leak."""


class RefusedInputError(Exception):
    """An input is no valid article. Raised and caught inside intake; never leaves it."""

    def __init__(self, code: str, detail: str = "", place: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.place = place


def _catalogue() -> dict[str, Code]:
    entries = tomllib.loads((files("pressmark") / "findings.toml").read_text(encoding="utf-8"))
    return {name: Code(name, Kind(entry["kind"]), entry["meaning"], entry["advice"]) for name, entry in entries.items()}


CATALOGUE = _catalogue()
"""Every code that a finding can have, by name, in the order of the documentation."""


def explain(code: str) -> Code:
    """Return what a code means and what to do about it.

    Raises:
        KeyError: there is no such code.
    """
    return CATALOGUE[code]
