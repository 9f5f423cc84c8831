"""How a release is cited: CITATION.cff for programs, BibTeX for papers, and where on the Hub all of it is."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pressmark.hub_address import HOME
from pressmark.press.markdown import spaced
from pressmark.press.rights import HUB_LICENSES, LICENSE_FILE, Terms, only_license
from pressmark.recipe import Line, Recipe
from pressmark.wording import words
from pressmark.workshop import write_durably

CITATION = "CITATION.cff"
_MESSAGE = "If you use this corpus, please cite this version of it."
_ORCID, _DOI = "https://orcid.org/", "https://doi.org/"
_SPDX = "https://spdx.org/licenses/"

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&#_%"},
    # Nothing to TeX, but words of a card stay words however somebody shows it.
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",
    "]": "{]}",
}
_NOT_PLAIN = re.compile(
    r"""["\\]|[^\x20-\x7E\xA0-\u2027\u202F-\u2065\u206A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\U00010000-\U0010FFFF]"""
)
"""What cannot stand in quotes in YAML as it is, and what would turn letters around. Ranges, for what counts as
printable differs from one version of Python to the next."""

_LAST_SHORT = 0xFFFF


def repository(line: Line) -> str | None:
    """Return the address of a line's repository on the Hub, where it has one that can be known."""
    if line.repo is None or line.destination == "local":
        return None
    return f"{HOME}datasets/{line.repo}"


def page_of(line: Line, version: str) -> str | None:
    """Return the address of a version's page on the Hub."""
    home = repository(line)
    return home and f"{home}/tree/v{version}"


def address_of(line: Line, version: str, path: str) -> str:
    """Return where a file of a version is: on the Hub, by its tag, or else beside what names it."""
    home = repository(line)
    return f"{home}/resolve/v{version}/{quote(path)}" if home else path


def license_of(line: Line, version: str, terms: Terms) -> str:
    """Return the address of the licence that all texts have, or else of the file that counts their licences."""
    only = only_license(terms)
    return f"{_SPDX}{only}" if only in HUB_LICENSES else address_of(line, version, LICENSE_FILE)


def spdx(name: str) -> str:
    """Return the address of a licence by its SPDX identifier."""
    return _SPDX + name


def authors_of(recipe: Recipe) -> tuple[Mapping[str, str], ...]:
    """Return who made a corpus; where the recipe does not say it, that nobody is named."""
    return recipe.authors or ({"name": recipe.publisher or f"The makers of {recipe.title}"},)


def doi_address(line: Line) -> str | None:
    """Return the address that a DOI stands for."""
    return line.doi and _DOI + line.doi


def orcid_address(author: Mapping[str, str]) -> str | None:
    """Return the address of an author's ORCID."""
    return _ORCID + author["orcid"] if "orcid" in author else None


def write_citation(folder: Path, recipe: Recipe, line: Line, manifest: Mapping[str, Any], terms: Terms) -> None:
    """Write CITATION.cff into a release folder: CFF 1.2.0, which is YAML; every value is a string in quotes."""
    version, only = manifest["version"], only_license(terms)
    home = repository(line)
    terms_there = home and address_of(line, version, LICENSE_FILE)
    head = {"cff-version": "1.2.0", "message": _MESSAGE, "type": "dataset", "title": recipe.title}
    tail = {
        "version": version,
        "date-released": manifest["as_of"],
        **({"license": only} if only in HUB_LICENSES else {"license-url": terms_there}),
        "repository": home,
        "url": page_of(line, version),
        "doi": line.doi,
    }
    lines = [*_pairs(head | {"abstract": _abstract(recipe)}), "authors:"]
    for author in authors_of(recipe):
        (first, *others) = _pairs(_author(author))
        lines += [f"  - {first}", *(f"    {each}" for each in others)]
    write_durably(folder / CITATION, "".join(f"{each}\n" for each in [*lines, *_pairs(tail)]).encode())


def _abstract(recipe: Recipe) -> str | None:
    return recipe.description if recipe.description != recipe.title else None


def _author(author: Mapping[str, str]) -> dict[str, str | None]:
    if "family_names" not in author:
        return {"name": author["name"], "orcid": orcid_address(author)}
    names = {"family-names": author["family_names"], "given-names": author.get("given_names")}
    return {**names, "orcid": orcid_address(author)}


def _pairs(values: Mapping[str, str | None]) -> list[str]:
    return [f"{key}: {quoted(value)}" for key, value in values.items() if value]


def quoted(text: str) -> str:
    """Return text as a YAML scalar in quotes, on one line, of which every reader of YAML makes the same text again."""
    return f'"{_NOT_PLAIN.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    if found[0] in '"\\':
        return f"\\{found[0]}"
    point = ord(found[0])
    return f"\\u{point:04X}" if point <= _LAST_SHORT else f"\\U{point:08X}"


def bibtex(recipe: Recipe, line: Line, version: str, day: str) -> list[str]:
    """Return the lines of a BibTeX entry for a version.

    Args:
        recipe: What the corpus is.
        line: The audience.
        version: The version.
        day: The day that it is as of, YYYY-MM-DD.
    """
    fields = {
        "author": " and ".join(map(_name, authors_of(recipe))),
        "title": f"{{{_tex(recipe.title)}}}",
        "year": day[:4],
        "note": f"Version {version}",
        "publisher": recipe.publisher and _tex(recipe.publisher),
        "doi": line.doi and _tex(line.doi),
        "url": page_of(line, version),
    }
    told = [f"  {key} = {{{value}}}," for key, value in fields.items() if value]
    return [f"@misc{{{recipe.name}-{version},", *told, "}"]


def _name(author: Mapping[str, str]) -> str:
    """Return a name that BibTeX does not cut: in braces, family names first where they are told apart."""
    names = [author["name"]]
    if "family_names" in author:
        names = [author[key] for key in ("family_names", "given_names") if key in author]
    return ", ".join(f"{{{_tex(name)}}}" for name in names)


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))


def citation_section(recipe: Recipe, line: Line, manifest: Mapping[str, Any]) -> list[str]:
    """Return the card's section on how a version is cited."""
    return [
        *("## Citation", ""),
        *spaced([words("citation.about")]),
        *("```bibtex", *bibtex(recipe, line, manifest["version"], manifest["as_of"]), "```", ""),
    ]
