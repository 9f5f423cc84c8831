"""What a release says of itself in its publisher's words, which no row and no number can tell, and what follows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pressmark.release.tally import Tally

HUB = "https://huggingface.co/datasets/"
ORCID, DOI, SPDX = "https://orcid.org/", "https://doi.org/", "https://spdx.org/licenses/"

_REPO = re.compile(re.escape(HUB) + r"([A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95})")
_KNOWN = re.compile(
    r"CC0-1\.0|CC-BY-(2\.0|2\.5|3\.0|4\.0)|CC-BY-SA-(3\.0|4\.0)|CC-BY-NC-(2\.0|3\.0|4\.0)|CC-BY-ND-4\.0"
    r"|CC-BY-NC-ND-(3\.0|4\.0)|CC-BY-NC-SA-(2\.0|3\.0|4\.0)|ODC-By-1\.0|PDDL-1\.0"
)
"""Licences of the table of rights that the Hub and the Citation File Format have names for."""

_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "%": r"\%",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "`": r"\textasciigrave{}",
        "[": "{[}",
        "]": "{]}",
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a release says of itself that no row and no number can tell: its publisher's words."""

    title: str
    description: str
    authors: tuple[Mapping[str, str], ...]
    doi: str
    repo: str
    """Its repository on the Hub, ORG/NAME, or nothing."""

    publisher: str = ""
    tags: tuple[str, ...] = ()
    tasks: tuple[tuple[str, str], ...] = ()
    """In the Hub's words: `task_categories` or `task_ids`, and one of them."""

    def page(self, version: str) -> str:
        """Return the address of a version's page on the Hub, or nothing."""
        return f"{HUB}{self.repo}/tree/v{version}" if self.repo else ""

    def address(self, version: str, path: str) -> str:
        """Return the address of a file at the tag of a version, or its path."""
        return f"{HUB}{self.repo}/resolve/v{version}/{path}" if self.repo else path


def repo_in(address: str) -> str:
    """Return the repository that an address begins with, or nothing."""
    found = _REPO.match(address)
    return found[1] if found else ""


def license_of(tally: Tally) -> str:
    """Return the licence that all texts have, if it has a name that everybody knows; or nothing."""
    licenses = {license_ for _, license_ in tally.terms}
    (only,) = licenses if len(licenses) == 1 else ("",)
    return only if _KNOWN.fullmatch(only) else ""


def bibtex(words: Words, manifest: Mapping[str, Any]) -> list[str]:
    """Return the lines of a BibTeX entry as it has to be."""
    version = manifest["version"]
    fields = (
        ("author", " and ".join(_in_braces(author) for author in words.authors)),
        ("title", f"{{{_tex(words.title)}}}"),
        ("year", manifest["as_of"].partition("-")[0]),
        ("note", f"Version {version}"),
        ("publisher", _tex(words.publisher)),
        ("doi", _tex(words.doi)),
        ("url", words.page(version)),
    )
    told = [f"  {key} = {{{value}}}," for key, value in fields if value]
    return [f"@misc{{{manifest['corpus']}-{version},", *told, "}"]


def _in_braces(author: Mapping[str, str]) -> str:
    keys = ("family_names", "given_names") if "family_names" in author else ("name",)
    return ", ".join(f"{{{_tex(author[key])}}}" for key in keys if key in author)


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)
