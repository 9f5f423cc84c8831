"""A release is looked at where readers have it: in the client's cache, in a folder, cloned, or in part."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mutants import put, retell, rows_of, seal, thinned, with_values
from pressmark import BuildResult, UsageError, verify
from pressmark.release import verify as verify_module
from pressmark.release.verify import absent_files

MANIFEST, SUMS, CARD, LICENSE = "manifest.json", "SHA256SUMS", "README.md", "LICENSE.md"
CONTRACT, POLICY = "schema/article.schema.json", "schema/rights-policy.json"
SHARD, WITHHELD = "data/train/2024.parquet", "withheld/train/2024.parquet"
KEPT = ("data/train/1921.parquet", SHARD, "data/validation/2024.parquet", "data/test/2024.parquet", WITHHELD)
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def good(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small release that adds up; nobody may change it."""
    return thinned(example.lines["open"].folder, tmp_path_factory.mktemp("good") / "release", KEPT)


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    """Return a copy of the release that a test may change."""
    return Path(shutil.copytree(good, tmp_path / "copy"))


def found(folder: Path, *, partial: bool = False) -> list[tuple[str, str]]:
    return [(each.code, each.file) for each in verify(folder, partial=partial)]


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# In the client's cache


def cached(release: Path, hub: Path, *, shared: bool = False) -> Path:
    """Lay a release out as the client's cache does; return the folder that `snapshot_download` names."""
    repository = hub / "datasets--org--name"
    snapshot, blobs = repository / "snapshots" / SHA, repository / "blobs"
    blobs.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(SHA, encoding="utf-8")
    for path in files_of(release):
        data = (release / path).read_bytes()
        blob, link = blobs / hashlib.sha1(data).hexdigest(), snapshot / path  # noqa: S324 - a name, as git has it
        if shared and path.endswith(".parquet"):
            shared_blob(hub, blob, data)
        else:
            blob.write_bytes(data)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    return snapshot


def shared_blob(hub: Path, blob: Path, data: bytes) -> None:
    """Keep a blob once for all repositories of the cache, and link the repository's own to it."""
    name = hashlib.sha256(b"xet" + data).hexdigest()
    store = hub / "blobs"
    (store / name[:2]).mkdir(parents=True, exist_ok=True)
    (store / ".huggingface-shared-blobs").write_text("1\n", encoding="utf-8")
    (store / name[:2] / name).write_bytes(data)
    blob.symlink_to(f"../../blobs/{name[:2]}/{name}")


@pytest.fixture
def snapshot(good: Path, tmp_path: Path) -> Path:
    """Return a snapshot of the client's cache that a test may change."""
    return cached(good, tmp_path / "home" / "hub")


def test_a_snapshot_of_the_cache_adds_up(snapshot: Path, tmp_path: Path) -> None:
    assert (snapshot / SHARD).is_symlink()
    assert verify(snapshot) == []
    (tmp_path / "disk").symlink_to(tmp_path / "home")
    assert verify(tmp_path / "disk" / snapshot.relative_to(tmp_path / "home")) == []
    (tmp_path / "release").symlink_to(snapshot)
    assert verify(tmp_path / "release") == []


def test_a_snapshot_whose_blobs_are_shared_adds_up(good: Path, tmp_path: Path) -> None:
    snapshot = cached(good, tmp_path / "hub", shared=True)
    assert (snapshot / SHARD).readlink().name
    assert Path(os.path.realpath(snapshot / SHARD)).parent.parent == (tmp_path / "hub" / "blobs").resolve()
    assert verify(snapshot) == []


def test_a_snapshot_where_links_are_not_known_adds_up(good: Path, tmp_path: Path) -> None:
    # As on Windows: the files themselves lie in the snapshot.
    snapshot = tmp_path / "hub" / "datasets--org--name" / "snapshots" / SHA
    shutil.copytree(good, snapshot)
    assert verify(snapshot) == []


@pytest.mark.parametrize("shared", [False, True])
def test_a_byte_changed_in_a_blob_is_found(shared: bool, good: Path, tmp_path: Path) -> None:  # noqa: FBT001
    snapshot = cached(good, tmp_path / "hub", shared=shared)
    blob = Path(os.path.realpath(snapshot / SHARD))
    data = bytearray(blob.read_bytes())
    data[1000] ^= 1
    blob.write_bytes(data)
    assert found(snapshot) == [("file-differs", SHARD)]


def relinked(snapshot: Path, path: str, target: Path | str) -> None:
    (snapshot / path).unlink()
    (snapshot / path).symlink_to(target)


def leads_out(snapshot: Path) -> None:
    outside = snapshot.parents[2] / "outside.parquet"
    shutil.copy(snapshot / SHARD, outside)
    relinked(snapshot, SHARD, outside)


def leads_to_another_repository(snapshot: Path) -> None:
    other = snapshot.parents[2] / "datasets--org--other"
    shutil.copytree(snapshot.parents[1] / "blobs", other / "blobs")
    relinked(snapshot, SHARD, other / "blobs" / (snapshot / SHARD).readlink().name)


def leads_to_another_snapshot(snapshot: Path) -> None:
    other = snapshot.parent / SHA[::-1]
    other.mkdir()
    shutil.copy(snapshot / SHARD, other / "2024.parquet")
    relinked(snapshot, SHARD, other / "2024.parquet")


def leads_to_a_file_below_the_blobs(snapshot: Path) -> None:
    below = snapshot.parents[1] / "blobs" / "more"
    below.mkdir()
    shutil.copy(snapshot / SHARD, below / "blob")
    relinked(snapshot, SHARD, below / "blob")


def leads_to_the_blobs(snapshot: Path) -> None:
    relinked(snapshot, SHARD, snapshot.parents[1] / "blobs")


def leads_to_a_folder(snapshot: Path) -> None:
    (snapshot.parents[1] / "blobs" / "folder").mkdir()
    relinked(snapshot, SHARD, snapshot.parents[1] / "blobs" / "folder")


def leads_to_nothing(snapshot: Path) -> None:
    relinked(snapshot, SHARD, snapshot.parents[1] / "blobs" / "gone")


def leads_to_itself(snapshot: Path) -> None:
    relinked(snapshot, SHARD, "2024.parquet")


def leads_into_a_loop(snapshot: Path) -> None:
    (snapshot.parents[1] / "loop").symlink_to("loop")
    relinked(snapshot, SHARD, snapshot.parents[1] / "loop" / "blobs" / "blob")


def leads_to_a_pipe(snapshot: Path) -> None:
    os.mkfifo(snapshot.parents[1] / "blobs" / "pipe")
    relinked(snapshot, SHARD, snapshot.parents[1] / "blobs" / "pipe")


def has_a_blob_that_leads_out(snapshot: Path) -> None:
    blob = snapshot.parents[1] / "blobs" / (snapshot / SHARD).readlink().name
    blob.rename(snapshot.parents[2] / "outside.parquet")
    blob.symlink_to(snapshot.parents[2] / "outside.parquet")


def has_a_blob_in_a_store_without_its_mark(snapshot: Path) -> None:
    blob = snapshot.parents[1] / "blobs" / (snapshot / SHARD).readlink().name
    data = blob.read_bytes()
    blob.unlink()
    shared_blob(snapshot.parents[2], blob, data)
    (snapshot.parents[2] / "blobs" / ".huggingface-shared-blobs").unlink()


def has_a_blob_of_another_name_in_the_store(snapshot: Path) -> None:
    blob = snapshot.parents[1] / "blobs" / (snapshot / SHARD).readlink().name
    data = blob.read_bytes()
    blob.unlink()
    shared_blob(snapshot.parents[2], blob, data)
    place = Path(os.path.realpath(blob))
    place.rename(place.with_name("text"))
    blob.unlink()
    blob.symlink_to(place.with_name("text"))


@pytest.mark.parametrize(
    "change",
    [
        leads_out,
        leads_to_another_repository,
        leads_to_another_snapshot,
        leads_to_a_file_below_the_blobs,
        leads_to_the_blobs,
        leads_to_a_folder,
        leads_to_nothing,
        leads_to_itself,
        leads_into_a_loop,
        leads_to_a_pipe,
        has_a_blob_that_leads_out,
        has_a_blob_in_a_store_without_its_mark,
        has_a_blob_of_another_name_in_the_store,
    ],
)
@pytest.mark.parametrize("partial", [False, True])
def test_a_link_that_leads_elsewhere_is_found(
    change: Callable[[Path], None],
    partial: bool,  # noqa: FBT001 - a parameter of the test
    snapshot: Path,
) -> None:
    change(snapshot)
    assert found(snapshot, partial=partial) == [("file-differs", SHARD)]


@pytest.mark.parametrize("name", [MANIFEST, SUMS])
def test_manifest_and_sums_of_a_snapshot_may_not_lead_elsewhere(name: str, snapshot: Path, tmp_path: Path) -> None:
    shutil.copy(snapshot / name, tmp_path / name)
    relinked(snapshot, name, tmp_path / name)
    assert found(snapshot) == [("not-a-release" if name == MANIFEST else "sums-differ", name)]


def test_links_of_a_cache_are_taken_in_a_cache_alone(snapshot: Path, tmp_path: Path) -> None:
    for place in (
        tmp_path / "hub" / "datasets--org--name" / SHA,
        tmp_path / "hub" / "mine" / "snapshots" / SHA,
    ):
        shutil.copytree(snapshot.parents[1] / "blobs", place.parent / "blobs")
        shutil.copytree(snapshot.parents[1] / "blobs", place.parents[1] / "blobs", dirs_exist_ok=True)
        shutil.copytree(snapshot, place, symlinks=True)
        assert found(place) == [("not-a-release", MANIFEST)]


def test_a_folder_of_a_snapshot_that_is_a_link_is_found(snapshot: Path) -> None:
    (snapshot / "data").rename(snapshot.parents[1] / "blobs" / "data")
    (snapshot / "data").symlink_to("../../blobs/data")
    assert {code for code, _ in found(snapshot)} == {"file-extra", "file-missing"}


def test_a_file_more_or_less_in_a_snapshot_is_found(snapshot: Path) -> None:
    (snapshot / "more.txt").symlink_to((snapshot / CARD).readlink())
    assert found(snapshot) == [("file-extra", "more.txt")]
    (snapshot / "more.txt").unlink()
    (snapshot / CARD).unlink()
    assert found(snapshot) == [("file-missing", CARD)]


# What clients leave in a folder


def downloaded(folder: Path) -> None:
    """Leave what `snapshot_download(local_dir=...)` leaves."""
    left = folder / ".cache" / "huggingface"
    for path in (".gitignore", "CACHEDIR.TAG", f"download/{CARD}.metadata", f"download/{SHARD}.lock"):
        (left / path).parent.mkdir(parents=True, exist_ok=True)
        (left / path).write_text("*", encoding="utf-8")


def cloned(folder: Path) -> None:
    """Leave what `git clone` leaves."""
    for path in ("HEAD", "objects/ab/cdef", "refs/heads/main"):
        (folder / ".git" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / ".git" / path).write_text("x", encoding="utf-8")
    (folder / ".git" / "objects" / "pack").mkdir()


@pytest.mark.parametrize("leave", [downloaded, cloned])
def test_what_a_client_leaves_is_no_part_of_a_release(leave: Callable[[Path], None], copy: Path) -> None:
    leave(copy)
    assert verify(copy) == []
    with (copy / CARD).open("a", encoding="utf-8") as stream:
        stream.write("More words.\n")
    assert found(copy) == [("file-differs", CARD)]


@pytest.mark.parametrize(
    ("path", "code", "file"),
    [
        (".cache/other/x", "file-extra", ".cache/other/x"),
        (".cache/x", "file-extra", ".cache/x"),
        (".cache/huggingface", "file-extra", ".cache/huggingface"),
        (".git", "file-extra", ".git"),
        (".gitmodules", "file-extra", ".gitmodules"),
        ("data/.git/x", "file-extra", "data/.git/x"),
        ("data/.cache/huggingface/x", "file-extra", "data/.cache/huggingface/x"),
        ("huggingface/x", "file-extra", "huggingface/x"),
        (".cache/", "folder-extra", ".cache"),
        ("data/.git/", "folder-extra", "data/.git"),
    ],
)
def test_what_no_client_leaves_is_found(path: str, code: str, file: str, copy: Path) -> None:
    place = copy / path
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.endswith("/"):
        place.mkdir()
    else:
        place.write_text("x", encoding="utf-8")
    assert found(copy) == [(code, file)]


def test_an_empty_folder_beside_what_a_client_leaves_is_found(copy: Path) -> None:
    downloaded(copy)
    (copy / ".cache" / "other").mkdir()
    assert found(copy) == [("folder-extra", ".cache/other")]


@pytest.mark.parametrize("path", [".git", ".cache/huggingface"])
def test_a_link_in_the_place_of_what_a_client_leaves_is_found(path: str, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (copy / path).parent.mkdir(exist_ok=True)
    (copy / path).symlink_to(tmp_path / "elsewhere")
    assert found(copy) == [("file-extra", path)]


def test_a_clone_without_its_large_files_says_so(copy: Path) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    (copy / SHARD).write_text(pointer, encoding="utf-8")
    details = [each.detail for each in verify(copy)]
    assert len(details) == 1
    assert "a pointer of Git LFS" in details[0]


# In part


def part(good: Path, folder: Path, *paths: str) -> Path:
    """Copy the manifest of a release and these files of it, or folders."""
    for path in files_of(good):
        if path == MANIFEST or any(path == each or path.startswith(f"{each}/") for each in paths):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(good / path, folder / path)
    return folder


RULES = (CONTRACT, POLICY)
HISTORY = ("versions.json", "CHANGELOG.md", "rights", "departures.jsonl")


@pytest.mark.parametrize(
    "paths",
    [
        ("data/train",),
        ("data",),
        ("withheld",),
        ("data", "withheld"),
        (SHARD,),
        (CARD,),
        (CARD, LICENSE),
        ("data", CARD),
        ("data", LICENSE, CARD, "rights"),
        ("data", "withheld", LICENSE, CARD, "rights", "sources/lanhe-zaobao-zh.json"),
        ("data/test", *RULES, SUMS),
        ("data/test", CONTRACT),
        ("data/test", *HISTORY),
        ("withheld", *HISTORY, CARD),
        HISTORY,
        ("versions.json",),
        ("CHANGELOG.md", ".gitattributes"),
        ("sources", "rights"),
        RULES,
    ],
    ids=str,
)
def test_a_part_of_a_release_adds_up(paths: tuple[str, ...], good: Path, tmp_path: Path) -> None:
    folder = part(good, tmp_path / "part", *paths)
    assert verify(folder, partial=True) == []
    assert absent_files(folder) == sorted(set(files_of(good)) - set(files_of(folder)))
    assert {code for code, _ in found(folder)} >= {"file-missing"}


def test_each_file_of_a_release_may_be_missing_from_a_part_but_the_manifest(good: Path, tmp_path: Path) -> None:
    for missing in files_of(good):
        folder = tmp_path / missing.replace("/", " ")
        shutil.copytree(good, folder)
        (folder / missing).unlink()
        expected = [("not-a-release", MANIFEST)] if missing == MANIFEST else []
        assert found(folder, partial=True) == expected, missing


def test_a_whole_release_passes_as_a_part(copy: Path) -> None:
    assert verify(copy, partial=True) == []
    assert absent_files(copy) == []


def test_a_part_in_the_cache_and_in_a_folder_adds_up(good: Path, tmp_path: Path) -> None:
    folder = part(good, tmp_path / "part", "data/train", CARD)
    assert verify(cached(folder, tmp_path / "hub"), partial=True) == []
    downloaded(folder)
    assert verify(folder, partial=True) == []


@pytest.mark.parametrize("more", [(), (SUMS,)])
def test_a_part_without_any_file_is_no_question(more: tuple[str, ...], good: Path, tmp_path: Path) -> None:
    folder = part(good, tmp_path / "part", *more)
    with pytest.raises(UsageError, match="nothing to check"):
        verify(folder, partial=True)


def test_a_folder_without_a_manifest_is_no_part(good: Path, tmp_path: Path) -> None:
    folder = part(good, tmp_path / "part", "data")
    (folder / MANIFEST).unlink()
    assert found(folder, partial=True) == [("not-a-release", MANIFEST)]
    assert absent_files(folder) == []


def grown(folder: Path) -> list[tuple[str, str]]:
    with (folder / SHARD).open("ab") as stream:
        stream.write(b"\0")
    return [("file-differs", SHARD)]


def of_another_split(folder: Path) -> list[tuple[str, str]]:
    shutil.copy(folder / "data/train/1921.parquet", folder / SHARD)
    return [("file-differs", SHARD)]


def a_file_more(folder: Path) -> list[tuple[str, str]]:
    (folder / "data" / "notes.txt").write_text("hello", encoding="utf-8")
    return [("file-extra", "data/notes.txt")]


def a_folder_more(folder: Path) -> list[tuple[str, str]]:
    (folder / "more").mkdir()
    return [("folder-extra", "more")]


def a_link_to_nothing(folder: Path) -> list[tuple[str, str]]:
    (folder / "data/test").mkdir()
    (folder / "data/test/2024.parquet").symlink_to("nowhere")
    return [("file-differs", "data/test/2024.parquet")]


def other_sums(folder: Path) -> list[tuple[str, str]]:
    (folder / SUMS).write_text("", encoding="utf-8")
    return [("sums-differ", SUMS)]


def a_laxer_table(folder: Path) -> list[tuple[str, str]]:
    (folder / "schema").mkdir()
    (folder / POLICY).write_text("{}", encoding="utf-8")
    return [("file-differs", POLICY), ("schema-differs", POLICY)]


@pytest.mark.parametrize(
    "change", [grown, of_another_split, a_file_more, a_folder_more, a_link_to_nothing, other_sums, a_laxer_table]
)
def test_what_is_wrong_in_a_part_is_found(
    change: Callable[[Path], list[tuple[str, str]]], good: Path, tmp_path: Path
) -> None:
    folder = part(good, tmp_path / "part", "data/train")
    assert found(folder, partial=True) == []
    expected = change(folder)
    assert found(folder, partial=True) == expected


def forged(good: Path, tmp_path: Path, change: Callable[[Path], None]) -> Path:
    """Return a release that was changed, with sizes and digests of files that agree."""
    folder = Path(shutil.copytree(good, tmp_path / "forged"))
    change(folder)
    seal(folder)
    return folder


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new), encoding="utf-8")

    return change


def row_less(path: str) -> Callable[[Path], None]:
    return lambda folder: put(folder, path, rows_of(folder, path).slice(1))


FORGED: dict[str, tuple[Callable[[Path], None], tuple[str, ...], set[str]]] = {
    "a row less": (row_less(SHARD), (SHARD,), {"rows-differ"}),
    "licences": (edited("rights/licenses.jsonl", '"texts":', '"texts":1'), ("data", "rights"), {"described-differs"}),
    "a table": (edited(CARD, " | rows |", " | lines |"), (CARD, LICENSE), {"card-differs"}),
    "a split": (edited(CARD, "split: test", "split: tset"), (CARD,), {"card-differs"}),
    "a licence": (edited(CARD, "license_name: ", "license_name: no-"), (CARD, "data"), {"rights-differ"}),
    "a version": (edited("versions.json", '"1.0.0"', '"1.0.1"'), ("versions.json",), {"history-differs"}),
    "changes": (edited("CHANGELOG.md", "- added: ", "- added: 1"), HISTORY, {"history-differs"}),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_was_forged_is_found_in_a_part(name: str, good: Path, tmp_path: Path) -> None:
    change, paths, expected = FORGED[name]
    folder = part(forged(good, tmp_path, change), tmp_path / "part", *paths)
    assert {code for code, _ in found(folder, partial=True)} == expected


def test_a_text_that_its_rights_close_is_found_in_a_part(good: Path, tmp_path: Path) -> None:
    def closed(folder: Path) -> None:
        put(folder, SHARD, with_values(rows_of(folder, SHARD), 0, rights_status="all_rights_reserved"))
        retell(folder)

    folder = part(forged(good, tmp_path, closed), tmp_path / "part", SHARD)
    assert found(folder, partial=True) == [("rights-differ", SHARD)]


def test_a_withdrawn_text_is_found_in_a_part(good: Path, tmp_path: Path) -> None:
    def buried(folder: Path) -> None:
        identity = rows_of(folder, SHARD)["id"][0].as_py()
        tombstone = {"id": identity, "reason": "other", "withdrawn_on": "2026-01-31"}
        (folder / "rights/tombstones.jsonl").write_text(json.dumps(tombstone) + "\n", encoding="utf-8")
        manifest = json.loads((folder / MANIFEST).read_bytes())
        entry = {"path": "rights/tombstones.jsonl", "bytes": 0, "sha256": "0" * 64}
        manifest["files"] = sorted([*manifest["files"], entry], key=lambda each: str(each["path"]))
        seal(folder, manifest)

    whole = forged(good, tmp_path, buried)
    assert found(part(whole, tmp_path / "one", SHARD, *HISTORY), partial=True) == [
        ("withdrawn-here", "rights/tombstones.jsonl")
    ]
    assert found(part(whole, tmp_path / "other", "data/test", *HISTORY), partial=True) == []


def test_a_part_of_a_release_with_other_rules_needs_them(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def older(folder: Path) -> None:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        manifest["written_by"]["pressmark"] = "0.0.1"
        seal(folder, manifest)

    whole = forged(good, tmp_path, older)
    stated = {path: hashlib.sha256((whole / path).read_bytes()).hexdigest() for path in RULES}
    monkeypatch.setattr(verify_module, "EARLIER", {"0.0.1": stated})
    folder = part(whole, tmp_path / "part", SHARD)
    assert found(folder, partial=True) == []
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for entry in manifest["files"]:
        if entry["path"] == POLICY:
            entry["sha256"] = "0" * 64
    manifest["policy_sha256"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert found(folder, partial=True) == [("schema-differs", POLICY)]
    monkeypatch.setattr(verify_module, "EARLIER", {"0.0.1": {**stated, POLICY: "0" * 64}})
    assert found(folder, partial=True) == [("file-missing", POLICY)]


# The command


def test_the_command_says_what_is_not_there(good: Path, tmp_path: Path, pressmark: Callable[..., Any]) -> None:
    folder = part(good, tmp_path / "part", "data/train", "README.md")
    shown = pressmark("verify", folder, "--partial")
    assert shown.returncode == 0, shown.stderr
    words = " ".join(shown.stdout.split())
    missing = absent_files(folder)
    assert f"not checked: what is not here, {len(missing)} files: {', '.join(missing[:3])} and" in words
    told = json.loads(pressmark("verify", folder, "--partial", "--json").stdout)
    assert (told["fine"], told["absent"]) == (True, missing)
    whole = json.loads(pressmark("verify", good, "--json").stdout)
    assert (whole["fine"], whole["absent"]) == (True, [])
    assert pressmark("verify", folder).returncode == 1


def test_the_command_tells_a_part_from_other_questions(
    good: Path, tmp_path: Path, pressmark: Callable[..., Any]
) -> None:
    for others in (["--load"], ["--rights", tmp_path], ["--rebuild", tmp_path]):
        refused = pressmark("verify", good, "--partial", *others)
        assert refused.returncode == 2
        assert "need the whole release" in refused.stderr
    refused = pressmark("verify", part(good, tmp_path / "part"), "--partial")
    assert refused.returncode == 2
    assert "nothing to check" in refused.stderr


def test_findings_about_copies_say_what_was_expected(snapshot: Path) -> None:
    leads_out(snapshot)
    assert [each.detail for each in verify(snapshot)] == [
        "cannot be read: found a link that leads elsewhere, expected a regular file or a link of the client's cache"
    ]
