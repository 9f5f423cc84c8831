"""What the nodes of a Ray cluster have to have in common with this process: the same software and the same folders."""

import hashlib
import platform
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from pressmark.errors import PressmarkError

SECONDS = 120.0
"""How long a node may take to answer: it starts a process and imports what that needs."""

_NAME = re.compile("[A-Za-z0-9._-]+")
_SEEN = ".seen-"

Software = dict[str, str]
"""Versions of what decides about bytes, by name."""


def processors() -> int:
    """Return how many processors the cluster has."""
    return int(sum(node["Resources"].get("CPU", 0) for node in _nodes()))


def _nodes() -> list[dict[str, Any]]:
    """Return the nodes that tasks run on."""
    return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]


def names_of_software() -> list[str]:
    """Return the names of what pressmark is made of beside itself and Python."""
    stated = [each for each in requires("pressmark") or () if "extra ==" not in each]
    return ["pyarrow", *sorted({found[0] for found in map(_NAME.match, stated) if found} - {"pyarrow"})]


def looker() -> Callable[[Sequence[str]], Software]:
    """Return a function that tells what a process is made of.

    It is sent as it stands, for it has to run where pressmark is another one, or none.
    """

    def look(names: Sequence[str]) -> Software:
        found = {"Python": platform.python_version()}
        place = find_spec("pressmark")
        if place is None or place.origin is None:
            return {**found, "pressmark": "none"}
        digest, folder = hashlib.sha256(), Path(place.origin).parent
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".toml"):
                digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
        for name in ("pressmark", *names):
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                found[name] = "none"
        found["pressmark"] += f" (sources {digest.hexdigest()[:12]})"
        return found

    return look


@cache
def software() -> Software:
    """Return what this process is made of."""
    return looker()(names_of_software())


def refuse_other(node: str, found: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Refuse a node with other software.

    Raises:
        PressmarkError: it has other software.
    """
    differ = [(name, found.get(name, "none"), wanted) for name, wanted in expected.items() if found.get(name) != wanted]
    if differ:
        told = "; ".join(f"{name}: found {there}, expected {wanted}" for name, there, wanted in differ[:5])
        raise PressmarkError(
            f"the node {node} has other software than this process: {told}",
            advice="the bytes of a release depend on it: install the same on every node, and start the cluster again",
        )


def refuse_other_software(expected: Software) -> None:
    """Refuse a cluster in which a node has other software.

    Raises:
        PressmarkError: a node has, or does not answer.
    """
    for node, found in _asked(looker(), names_of_software()):
        refuse_other(node, found, expected)


def refuse_unseen(home: Path | None, read: Sequence[Path], written: Sequence[Path]) -> None:
    """Refuse a cluster in which a node does not see the folders of a build.

    Args:
        home: The folder from which paths are meant.
        read: Folders from which tasks read: they have to hold the same names.
        written: Folders into which tasks write: each node answers in them.

    Raises:
        PressmarkError: a node does not see one, or does not answer.
    """
    word = secrets.token_hex(16)
    with ExitStack() as left:
        for folder in written:
            path = folder / f"{_SEEN}{word}"
            left.callback(_removed, folder, word)
            path.write_text(word, encoding="ascii")
        expected = [*map(listed, read), *(word for _ in written)]
        for node, found in _asked(_seen, home, list(read), list(written), word):
            answered = [_has_answered(folder, word, answer) for folder, answer in zip(written, found[1], strict=True)]
            for folder, there, wanted in zip([*read, *written], [*found[0], *answered], expected, strict=True):
                if there != wanted:
                    raise PressmarkError(
                        f"the node {node} does not see the same files in {folder} as this process: {there or 'none'}",
                        advice="put corpus, --out, --work and earlier releases into a folder that every node has at "
                        "the same path, and may write to",
                    )


def _removed(folder: Path, word: str) -> None:
    for path in folder.glob(f"{_SEEN}{word}*"):
        path.unlink(missing_ok=True)


def _has_answered(folder: Path, word: str, answer: str) -> str:
    """Return the word where a node both read and wrote it, else what it said."""
    name, _, said = answer.partition(" ")
    is_there = bool(name) and (folder / name).is_file()
    return said if said != word or is_there else "what it writes there is not here"


def listed(folder: Path) -> str:
    """Return a digest of the names in a folder, and of the sizes of its files."""
    held = sorted((path.name, path.stat().st_size if path.is_file() else -1) for path in folder.iterdir())
    return hashlib.sha256(repr(held).encode()).hexdigest()


def _seen(home: Path | None, read: Sequence[Path], written: Sequence[Path], word: str) -> tuple[list[str], list[str]]:
    """Tell, on a node, what is seen there of some folders."""
    base = home or Path()
    return [_told(listed, base / folder) for folder in read], [
        _told(lambda place: _answer(place, word), base / folder) for folder in written
    ]


def _told(function: Callable[[Path], str], folder: Path) -> str:
    try:
        return function(folder)
    except OSError as error:
        return f" {error.strerror}"


def _answer(folder: Path, word: str) -> str:
    said = (folder / f"{_SEEN}{word}").read_text(encoding="ascii")
    name = f"{_SEEN}{word}-{secrets.token_hex(4)}"
    (folder / name).write_text(said, encoding="ascii")
    return f"{name} {said}"


def _asked(function: Callable[..., Any], *given: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a function returns on every node that tasks run on."""
    asked = []
    for node in _nodes():
        there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
        task = ray.remote(function).options(num_cpus=0, scheduling_strategy=there)
        asked.append((f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})", task.remote(*given)))
    for name, ref in asked:
        try:
            yield name, ray.get(ref, timeout=SECONDS)
        except (RayError, GetTimeoutError) as error:
            raise PressmarkError(
                f"the node {name} does not answer: {str(error).strip().splitlines()[-1]}",
                advice="look whether it is alive and has what pressmark needs, and build again",
            ) from error
