"""How a release is cited: CITATION.cff and the card's section, against the manifest, the rows and croissant.json."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pressmark import wording
from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.copies import lacks_rows, plain_bytes
from pressmark.release.stated import HUB, ORCID, Words, bibtex, license_of, repo_in
from pressmark.release.tally import Tally

CITATION = "CITATION.cff"
_AS_IT_IS = ((0x20, 0x7E), (0xA0, 0x2027), (0x202F, 0x2065), (0x206A, 0xD7FF), (0xE000, 0xFEFE), (0xFF00, 0xFFFD))
_ASTRAL = 0x10000


def verify_citation(
    folder: Path, manifest: Mapping[str, Any], tally: Tally, lacking: Collection[str], words: Words | None
) -> Iterator[Finding]:
    """Yield what CITATION.cff says otherwise than the release.

    Args:
        folder: The release.
        manifest: Its manifest.
        tally: What its rows add up to.
        lacking: Files that a copy lacks.
        words: What croissant.json says in its publisher's words; None where the copy lacks it or it cannot be read.
    """
    if CITATION in lacking or all(entry["path"] != CITATION for entry in manifest["files"]):
        return
    try:
        data = plain_bytes(folder, CITATION)
        stated = yaml.safe_load(data)
        claimed = str(stated.get("license", ""))
        license_ = claimed if lacks_rows(manifest, lacking, ("articles",)) else license_of(tally)
        expected = _citation(words or _words(stated), manifest, license_)
        if data != expected.encode():
            true = yaml.safe_load(expected)
            keys = [key for key in {**true, **stated} if true.get(key) != stated.get(key)]
            yield Finding("citation-differs", CITATION, _shown(keys), "is not what the release says of itself")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, yaml.YAMLError) as error:
        refuse_used_up(error)
        yield Finding("citation-differs", CITATION, "", f"cannot be read: {type(error).__name__}")


def _shown(keys: list[str]) -> str:
    return ", ".join(key if re.fullmatch("[a-z-]{1,20}", str(key)) else "a key of another name" for key in keys[:5])


def _words(stated: Mapping[str, Any]) -> Words:
    """Return the publisher's words in CITATION.cff."""
    authors = []
    for author in stated["authors"]:
        told = {"family_names": author.get("family-names"), "given_names": author.get("given-names")}
        told |= {"name": author.get("name"), "orcid": str(author.get("orcid", "")).removeprefix(ORCID)}
        authors.append({key: value for key, value in told.items() if value})
    repo, doi = repo_in(str(stated.get("repository", ""))), str(stated.get("doi", ""))
    return Words(stated["title"], str(stated.get("abstract", "")), tuple(authors), doi, repo)


def _citation(words: Words, manifest: Mapping[str, Any], license_: str) -> str:
    """Return CITATION.cff as it has to be."""
    version = manifest["version"]
    lines = [
        _line("cff-version", "1.2.0"),
        _line("message", "If you use this corpus, please cite this version of it."),
        _line("type", "dataset"),
        _line("title", words.title),
        _line("abstract", words.description if words.description != words.title else ""),
        "authors:\n",
    ]
    for author in words.authors:
        named = [("name", author.get("name", ""))]
        if "family_names" in author:
            named = [("family-names", author["family_names"]), ("given-names", author.get("given_names", ""))]
        named.append(("orcid", f"{ORCID}{author['orcid']}" if author.get("orcid") else ""))
        told = [_line(key, value) for key, value in named]
        lines += [f"  {'-' if not number else ' '} {each}" for number, each in enumerate(filter(None, told))]
    there = words.address(version, "LICENSE.md") if words.repo else ""
    lines += [
        _line("version", version),
        _line("date-released", manifest["as_of"]),
        _line("license", license_),
        _line("license-url", "" if license_ else there),
        _line("repository", f"{HUB}{words.repo}" if words.repo else ""),
        _line("url", words.page(version)),
        _line("doi", words.doi),
    ]
    return "".join(lines)


def _line(key: str, value: str) -> str:
    """Return a line of CITATION.cff, or nothing where there is nothing to say."""
    return f'{key}: "{"".join(map(_quoted, value))}"\n' if value else ""


def _quoted(character: str) -> str:
    point = ord(character)
    if character in ('"', "\\"):
        return f"\\{character}"
    if point >= _ASTRAL or any(first <= point <= last for first, last in _AS_IT_IS):
        return character
    return f"\\u{point:04X}"


def citation_section(stated: Words, manifest: Mapping[str, Any]) -> list[str]:
    """Return the lines below the heading of the card's section on citing, as they have to be."""
    return ["", wording.words("citation.about"), "", "```bibtex", *bibtex(stated, manifest), "```", ""]
