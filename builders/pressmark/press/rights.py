"""What a release says about rights: files below `rights/` and the licence of the card."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from pressmark.article.policy import policy
from pressmark.press.manifest import Shard
from pressmark.press.shown import Shown
from pressmark.recipe import Recipe
from pressmark.workshop import write_durably, written_durably

HUB_LICENSES = {
    "CC0-1.0": "cc0-1.0",
    "CC-BY-2.0": "cc-by-2.0",
    "CC-BY-2.5": "cc-by-2.5",
    "CC-BY-3.0": "cc-by-3.0",
    "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-SA-3.0": "cc-by-sa-3.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "CC-BY-NC-2.0": "cc-by-nc-2.0",
    "CC-BY-NC-3.0": "cc-by-nc-3.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0",
    "CC-BY-ND-4.0": "cc-by-nd-4.0",
    "CC-BY-NC-ND-3.0": "cc-by-nc-nd-3.0",
    "CC-BY-NC-ND-4.0": "cc-by-nc-nd-4.0",
    "CC-BY-NC-SA-2.0": "cc-by-nc-sa-2.0",
    "CC-BY-NC-SA-3.0": "cc-by-nc-sa-3.0",
    "CC-BY-NC-SA-4.0": "cc-by-nc-sa-4.0",
    "ODC-By-1.0": "odc-by",
    "PDDL-1.0": "pddl",
}
"""The Hub's names of the licences in the decision table that it has names for. Source: its list of licences."""

LICENSE_FILE = "LICENSE.md"

Terms = Counter[tuple[str, str]]
"""How many articles are here with their text, by rights status and licence."""

Cells = Mapping[tuple[str, str], int]
"""How many articles there are, by rights status and by what becomes of them: `published`, or a code."""


def write_rights(
    folder: Path, manifest: Mapping[str, Any], shards: Iterable[Shard], cells: Cells, credits_: Iterable[bytes]
) -> None:
    """Write the files below `rights/`.

    They are worked out from what the shards show, so that they cannot say more.

    Args:
        folder: The folder that the release is written in.
        manifest: The manifest but for its files.
        shards: The files of rows.
        cells: What becomes of the articles.
        credits_: The lines of `attribution.jsonl`, as the shards give them.
    """
    told = [(shard.config, shard.shown) for shard in shards]
    notices = sum((shown.notices for _, shown in told), Counter[str]())
    files = {
        "licenses.jsonl": _lines(_licenses(shown for _, shown in told)),
        "notices.jsonl": _lines({"notice": notice, "articles": notices[notice]} for notice in sorted(notices)),
        "domains.jsonl": _lines(_domains(told)),
        "report.json": _pretty(_report(manifest, cells)),
    }
    for name, data in files.items():
        write_durably(folder / "rights" / name, data)
    with written_durably(folder / "rights" / "attribution.jsonl") as stream:
        stream.writelines(credits_)


def _licenses(told: Iterable[Shown]) -> Iterator[dict[str, Any]]:
    """Yield how many texts have each rights status and licence, and whose they are."""
    licenses: dict[tuple[str, str], dict[str, Any]] = {}
    for shown in told:
        for (status, license_, source, holders), count in shown.licenses.items():
            entry = licenses.setdefault((status, license_), {"texts": 0, "sources": set(), "holders": set()})
            entry["texts"] += count
            entry["sources"].add(source)
            entry["holders"].update(holders)
    for (status, license_), entry in sorted(licenses.items()):
        whose = {name: sorted(entry[name]) for name in ("sources", "holders")}
        yield {"rights_status": status, "license": license_ or None, "texts": entry["texts"], **whose}


def _domains(told: Sequence[tuple[str, Shown]]) -> Iterator[dict[str, Any]]:
    """Yield how many articles come from each host."""
    articles, withheld, characters = Counter[str](), Counter[str](), Counter[str]()
    for config, shown in told:
        articles.update(shown.domains)
        withheld.update(shown.domains if config == "withheld" else {})
        characters.update(shown.characters)
    for name in sorted(articles):
        yield {
            "domain": name or None,
            "articles": articles[name],
            "with_text": articles[name] - withheld[name],
            "withheld": withheld[name],
            "characters": characters[name],
        }


def _report(manifest: Mapping[str, Any], cells: Cells) -> dict[str, Any]:
    kept = ("corpus", "line", "version", "as_of", "destination", "profile", "accepts")
    return {
        **{key: manifest[key] for key in kept},
        "policy": {"version": policy()["version"], "sha256": manifest["policy_sha256"]},
        "cells": [
            {"rights_status": status, "outcome": code, "articles": count}
            for (status, code), count in sorted(cells.items())
        ],
    }


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def only_license(terms: Terms) -> str:
    """Return the licence that every text has, or nothing."""
    licenses = {license_ for _, license_ in terms}
    return next(iter(licenses)) if len(licenses) == 1 else ""


def hub_license(terms: Terms) -> dict[str, str]:
    """Return the card's licence, derived from the rows: one licence only where every text has it."""
    only = only_license(terms)
    if only in HUB_LICENSES:
        return {"license": HUB_LICENSES[only]}
    statuses = {status for status, _ in terms}
    name = "metadata-only" if not terms else "mixed-per-record"
    if only:
        name = only.lower()
    elif len(statuses) == 1:
        name = next(iter(statuses)).replace("_", "-")
    return {"license": "other", "license_name": name, "license_link": LICENSE_FILE}


def license_text(recipe: Recipe, terms: Terms) -> str:
    """Return LICENSE.md."""
    rows = [f"| {status} | {license_ or 'none'} | {count} |" for (status, license_), count in sorted(terms.items())]
    lines = [
        "# Licences",
        "",
        f"The metadata of this corpus: {recipe.metadata_license or 'no licence stated'}.",
        "",
        "The texts, each by its own row (`rights_status`, `license`, `attribution`, `rights`):",
        "",
        "| rights status | licence | texts |",
        "|---|---|---|",
        *(rows or ["| no text is here | | 0 |"]),
        "",
        "`rights/licenses.jsonl` names sources and holders, `rights/attribution.jsonl` whom each text is credited to.",
        "",
    ]
    return "\n".join(lines)
