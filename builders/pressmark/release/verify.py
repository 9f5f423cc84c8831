"""Does a release folder add up? Asked from outside.

This module and those beside it share no code with what writes releases: they read the files as any reader would, and
work out digests, counts, columns and descriptions again in their own way. They need no workshop, no recipe and no
network.
"""

import hashlib
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pressmark.article.contract import schema_bytes
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.release.assigned import verify_assigned
from pressmark.release.card import CARD, verify_card
from pressmark.release.cited import CITATION, verify_citation
from pressmark.release.columns import CONFIGS, CONTRACT, is_contract
from pressmark.release.copies import MANIFEST, SUMS, absent, lacks_rows
from pressmark.release.counts import verify_counts, verify_reasons
from pressmark.release.croissant import CROISSANT, verify_croissant
from pressmark.release.described import LICENSE, verify_described
from pressmark.release.figures import verify_figures
from pressmark.release.files import verify_files, verify_sums
from pressmark.release.lineage import VERSIONS, verify_history
from pressmark.release.manifest import read_manifest, refuse_shelf
from pressmark.release.moved import verify_moved, verify_unmoved_since
from pressmark.release.remembered import Memory
from pressmark.release.rights import POLICY
from pressmark.release.rows import Run, verify_rows
from pressmark.release.straddling import verify_near
from pressmark.release.tally import Tally
from pressmark.version import __version__

EARLIER: Mapping[str, Mapping[str, str]] = {}
"""By versions of pressmark before this one: SHA-256 of the contract and of the table of rights that each wrote.

An entry is added here whenever a version is published, so that a release cannot bring rules of its own by claiming to
be written by somebody else.
"""

_STATED = {CONTRACT: "schema_sha256", POLICY: "policy_sha256"}
_ALWAYS = (
    *(".gitattributes", "CHANGELOG.md", LICENSE, CARD, CITATION, CONTRACT, CROISSANT, POLICY),
    *(f"rights/{name}" for name in ("attribution.jsonl", "domains.jsonl", "licenses.jsonl", "notices.jsonl")),
    *("rights/report.json", "versions.json"),
)
_KNOWN = re.compile(
    r"(data|withheld)/.*\.parquet|sources/[a-z0-9-]+\.json|figures/[a-z0-9-]+\.svg|rights/tombstones\.jsonl"
    r"|departures\.jsonl"
)


def verify(
    release: Path | str,
    *,
    partial: bool = False,
    previous: Sequence[Path | str] = (),
    run: Run = map,
    memory: Memory | None = None,
    scratch: Path | None = None,
) -> list[Finding]:
    """Return everything that is wrong with a release folder; nothing is where the list is empty.

    Args:
        release: The folder `dist/CORPUS/LINE/VERSION`, or a copy of it: also one in the cache of the Hub's client, one
            that the client downloaded into a folder, and a clone.
        partial: Whether the copy may lack files. What is there has to be right; what cannot be told without the files
            that are not there is left out. `absent_files` names them.
        previous: Folders of earlier releases of the corpus: no article may be in another split than there.
        run: Reads the files of rows, as the `run` of an engine does; in this process if it is not given. What is found
            does not depend on it.
        memory: Of a build: what its readings of files with the same bytes came to. Everything is read where none is
            given.
        scratch: Where a folder for what is noted of rows is made, and removed: the processes in which tasks run write
            there. The system's place for such folders if it is not given.

    Raises:
        UsageError: there is no such folder, it holds releases and is none, a partial copy has nothing but its manifest,
            or what is given as an earlier release is none.
        OSError: the system does not list a folder, or has no more open files, memory or space.
    """
    folder = _folder(release)
    manifest, findings = read_manifest(folder)
    if manifest is None:
        return findings
    sound, lacking, findings = _as_bytes(folder, manifest, partial=partial)
    if rules := _rule_findings(folder, manifest, sound, lacking):
        return [*findings, *rules]
    # Where a task fails, others may still write here: whoever has given `scratch` removes that once they have ended.
    with tempfile.TemporaryDirectory(prefix="pressmark-", dir=scratch, ignore_cleanup_errors=True) as place:
        tally, found = _rows(folder, manifest, sound, lacking, run, memory, Path(place), near=not findings)
        findings += found
        if not findings:
            findings += _told(folder, manifest, tally, lacking, run)
    if not findings:
        sound_manifest = {**manifest, "files": sound}
        beside = [] if VERSIONS in lacking else list(verify_moved(folder, sound_manifest))
        findings += dict.fromkeys([*beside, *verify_unmoved_since(folder, sound_manifest, previous)])
    return findings


def verify_bytes(release: Path | str, *, partial: bool = False) -> list[Finding]:
    """Return what is wrong with the files of a release as bytes: names, sizes, digests, contract, table of rights.

    No row is read, nor what speaks of rows: the card, descriptions, figures, the history.

    Args:
        release: As `verify` takes it.
        partial: Whether the copy may lack files.

    Raises:
        UsageError: as `verify` does.
        OSError: the system does not list a folder, or has no more open files, memory or space.
    """
    folder = _folder(release)
    manifest, findings = read_manifest(folder)
    if manifest is None:
        return findings
    sound, lacking, findings = _as_bytes(folder, manifest, partial=partial)
    return [*findings, *_rule_findings(folder, manifest, sound, lacking)]


def _as_bytes(
    folder: Path, manifest: dict[str, Any], *, partial: bool
) -> tuple[list[dict[str, Any]], Collection[str], list[Finding]]:
    """Return the entries of files that are as the manifest says, which a copy may lack, and what is wrong with them."""
    lacking = absent(folder, manifest) if partial else frozenset()
    sound, findings = verify_files(folder, manifest, lacking)
    if SUMS not in lacking:
        findings = [*verify_sums(folder, manifest), *findings]
    findings += [*_kinds(manifest), *verify_counts(manifest)]
    if not findings and lacking.issuperset(entry["path"] for entry in manifest["files"]):
        # Neither good nor bad can be said of nothing, so this is no verdict.
        raise UsageError(
            f"{folder} has none of the files that its manifest lists: nothing to check",
            advice="look at the patterns of the download, data/** for the texts, say",
        )
    return sound, lacking, findings


def _told(
    folder: Path, manifest: dict[str, Any], tally: Tally, lacking: Collection[str], run: Run
) -> Iterator[Finding]:
    """Hold everything that speaks of the rows against what they add up to."""
    if not lacks_rows(manifest, lacking, ("withheld",)):
        yield from verify_reasons(manifest, tally)
    yield from verify_described(folder, manifest, tally, lacking)
    words, found = verify_croissant(folder, manifest, tally, lacking)
    yield from verify_card(folder, manifest, tally, lacking, words)
    yield from found
    yield from verify_citation(folder, manifest, tally, lacking, words)
    whole = tally if not lacks_rows(manifest, lacking, CONFIGS) else None
    yield from verify_figures(folder, manifest, whole, lacking)
    yield from verify_history(folder, manifest, lacking, run)


def _rows(
    folder: Path,
    manifest: dict[str, Any],
    sound: list[dict[str, Any]],
    lacking: Collection[str],
    run: Run,
    memory: Memory | None,
    scratch: Path,
    *,
    near: bool,
) -> tuple[Tally, list[Finding]]:
    """Return what the rows of the sound files add up to, and what is wrong with them.

    Args:
        folder: The release.
        manifest: Its manifest.
        sound: What that says of the files that are as it says.
        lacking: Files that a partial copy may lack.
        run: Reads the files.
        memory: What earlier readings of the same files came to.
        scratch: An empty folder.
        near: Whether to look for near copies, where nothing else is wrong.
    """
    paths = {entry["path"] for entry in sound}
    shards = [entry for entry in manifest["files"] if "config" in entry]
    broken = {(entry["config"], entry["split"]) for entry in shards if entry["path"] not in paths}
    splits = {entry["split"] for entry in sound if entry.get("config") == "articles"}
    several = len(splits) > 1
    rows = verify_rows(folder, {**manifest, "files": sound}, broken, scratch, run, memory, near=several)
    findings = [*rows.findings]
    findings += verify_assigned(manifest, rows.groups, whole=not lacks_rows(manifest, lacking, CONFIGS))
    if near and several and not findings:
        findings += verify_near(folder, manifest, rows.shards, rows.sample, scratch, run)
    return rows.tally, findings


def absent_files(release: Path | str) -> list[str]:
    """Return the files of a release that a copy lacks, as far as its manifest can be read.

    Raises:
        UsageError: there is no such folder, or it holds releases and is none.
    """
    folder = _folder(release)
    manifest, _ = read_manifest(folder)
    return sorted(absent(folder, manifest)) if manifest else []


def _folder(release: Path | str) -> Path:
    folder = Path(release)
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", advice="give a release folder, dist/CORPUS/LINE/VERSION")
    refuse_shelf(folder)
    return folder


def _kinds(manifest: Mapping[str, Any]) -> list[Finding]:
    """Look for files that every release has and for such as none has."""
    paths = [entry["path"] for entry in manifest["files"]]
    missing = [Finding("file-missing", path, "", "no release is without it") for path in _ALWAYS if path not in paths]
    extra = [path for path in paths if path not in _ALWAYS and not _KNOWN.fullmatch(path)]
    return missing + [Finding("file-extra", path, "", "is listed, and no release has such a file") for path in extra]


def _rule_findings(
    folder: Path, manifest: Mapping[str, Any], sound: list[dict[str, Any]], lacking: Collection[str]
) -> list[Finding]:
    """Look whether the release holds the contract and the table of rights that its version of pressmark wrote."""
    version = manifest["written_by"]["pressmark"]
    if version != __version__ and version not in EARLIER:
        return [Finding("version-unknown", MANIFEST, "$.written_by.pressmark", f"this is pressmark {__version__}")]
    missing = [entry for entry in manifest["files"] if entry["path"] in lacking]
    for path, key in _STATED.items():
        own = hashlib.sha256(schema_bytes(path.removeprefix("schema/"))).hexdigest()
        expected = own if version == __version__ else EARLIER[version][path]
        found = [entry["sha256"] for entry in (*sound, *missing) if entry["path"] == path]
        if [*found, manifest[key]] != [expected, expected]:
            return [Finding("schema-differs", path, "", "is not the one that the manifest's version of pressmark has")]
        if path in lacking and own != expected:
            detail = f"nothing more can be told without it: it is that of pressmark {version}, this is {__version__}"
            return [Finding("file-missing", path, "", detail)]
    if not is_contract(folder):
        return [Finding("schema-differs", CONTRACT, "", "gives no columns")]
    return []
