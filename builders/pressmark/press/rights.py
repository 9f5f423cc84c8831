"""What a release says about rights: files below `rights/`, the licence of the card, and the card's sections."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pyarrow.parquet as pq

from pressmark.article.policy import policy
from pressmark.findings import CATALOGUE
from pressmark.press.manifest import Shard
from pressmark.recipe import Line, Recipe
from pressmark.workshop import write_durably

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

_COLUMNS = ("id", "url", "source", "rights_status", "license", "attribution", "characters", "rights")

Terms = Counter[tuple[str, str]]
"""How many articles are here with their text, by rights status and licence."""

Cells = Mapping[tuple[str, str], int]
"""How many articles there are, by rights status and by what becomes of them: `published`, or a code."""


def write_rights(folder: Path, manifest: Mapping[str, Any], shards: Iterable[Shard], cells: Cells) -> None:
    """Write the files below `rights/`.

    They are worked out from the shards, so that they cannot say more than those show.

    Args:
        folder: The folder that the release is written in, its shards already there.
        manifest: The manifest but for its files.
        shards: The files of rows.
        cells: What becomes of the articles.
    """
    licenses: dict[tuple[str, str], dict[str, Any]] = {}
    domains: dict[str, Counter[str]] = defaultdict(Counter)
    credited = []
    notices: Counter[str] = Counter()
    for config, row in _rows(folder, shards):
        _count_domain(domains, config, row)
        notices.update(filter(None, [row["rights"]["notice"]]))
        if config == "articles":
            _count_license(licenses, row)
            if row["attribution"]:
                credit = {key: row[key] for key in ("id", "attribution", "license", "source", "url") if row[key]}
                credited.append(credit)
    files = {
        "licenses.jsonl": _lines(licenses[key] for key in sorted(licenses)),
        "attribution.jsonl": _lines(sorted(credited, key=lambda credit: str(credit["id"]))),
        "notices.jsonl": _lines({"notice": notice, "articles": notices[notice]} for notice in sorted(notices)),
        "domains.jsonl": _lines(_domain(name, domains[name]) for name in sorted(domains)),
        "report.json": _pretty(_report(manifest, cells)),
    }
    for name, data in files.items():
        write_durably(folder / "rights" / name, data)


def _rows(folder: Path, shards: Iterable[Shard]) -> Iterator[tuple[str, dict[str, Any]]]:
    for shard in shards:
        file = pq.ParquetFile(folder / shard.path)
        for batch in file.iter_batches(columns=list(_COLUMNS)):
            for row in batch.to_pylist():
                yield shard.config, row


def _count_license(licenses: dict[tuple[str, str], dict[str, Any]], row: dict[str, Any]) -> None:
    status, license_ = row["rights_status"], row["license"] or ""
    entry = licenses.setdefault(
        (status, license_),
        {"rights_status": status, "license": license_ or None, "texts": 0, "sources": [], "holders": []},
    )
    entry["texts"] += 1
    entry["sources"] = sorted({*entry["sources"], row["source"]})
    entry["holders"] = sorted({*entry["holders"], *(row["rights"]["holders"] or ())})


def _count_domain(domains: dict[str, Counter[str]], config: str, row: dict[str, Any]) -> None:
    host = urlsplit(row["url"]).hostname if row["url"] else None
    counted = {"articles": 1, "withheld": int(config == "withheld"), "characters": row["characters"]}
    domains[host or ""].update(counted)


def _domain(name: str, found: Counter[str]) -> dict[str, Any]:
    return {
        "domain": name or None,
        "articles": found["articles"],
        "with_text": found["articles"] - found["withheld"],
        "withheld": found["withheld"],
        "characters": found["characters"],
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


def hub_license(terms: Terms) -> dict[str, str]:
    """Return the card's licence, derived from the rows: one licence only where every text has it."""
    licenses = {license_ for _, license_ in terms}
    only = next(iter(licenses)) if len(licenses) == 1 else ""
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


def card_sections(recipe: Recipe, line: Line, manifest: Mapping[str, Any], contact: str) -> list[str]:
    """Return the card's sections on rights, on what is withheld, and on withdrawal.

    Args:
        recipe: What the corpus is.
        line: The audience.
        manifest: The manifest but for its files.
        contact: Where withdrawals are asked for, as Markdown.
    """
    told = {"noncommercial": "not for commercial use", "noderivatives": "not to be changed"}
    restricted = [f"Some texts here are {told[term]}: look at `license`." for term in line.accepts]
    return [
        "## Rights",
        "",
        "Each row says what its rights are and on what evidence that was decided (`rights_status`, `license`,",
        "`attribution`, `rights`). A text is here only where a recorded decision allows it at this destination",
        f"({manifest['destination']}), as of {manifest['as_of']}; what is unknown is withheld. `LICENSE.md` counts the",
        "licences, `rights/attribution.jsonl` says whom to credit, `rights/report.json` what became of what, and",
        "`schema/rights-policy.json` is the table that decided. Licence of the metadata:",
        f"{recipe.metadata_license or 'none stated'}.",
        *restricted,
        "",
        *_withheld(manifest),
        "## Withdrawal",
        "",
        "Holders of rights, and people whom a text is about, can ask for its withdrawal. Name the `id` or the address",
        f"of the article and what the claim rests on. Withdrawals are asked for at: {contact}",
        "",
        "`rights/tombstones.jsonl` lists what was taken back, where anything was. Versions that hold some of it are",
        "`withdrawn` in `versions.json`: use a newer one, and delete those texts from copies of yours.",
        "",
    ]


def _withheld(manifest: Mapping[str, Any]) -> list[str]:
    if not manifest["counts"]["withheld"]:
        return []
    codes = [
        f"| `{code}` | {count} | {CATALOGUE[code].meaning} |"
        for code, count in manifest["counts"]["by_code"].items()
        if CATALOGUE[code].kind.value == "withheld" and code != "embargoed"
    ]
    return [
        "## What is withheld",
        "",
        f"{manifest['counts']['withheld']} articles are here without their text, in the configuration `withheld`:",
        "metadata, digests, rights, and the reason. Whoever holds a lawful copy of such a text can fill it in on their",
        "own machine and have it checked by digest, with `pressmark hydrate`.",
        "",
        "| reason | articles | meaning |",
        "|---|---|---|",
        *codes,
        "",
    ]
