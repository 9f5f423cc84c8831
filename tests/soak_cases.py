"""What soaks share: a small corpus of two versions, builds of it that something happens to, and what must hold after.

A soak builds version 1.1.0 beside a release 1.0.0 that is there already, while a fault happens; then it builds again.
The checks look from outside, at bytes and names: `wrong_now` after the fault, `wrong_after` once a build went through.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from support import AS_OF, PAGE, ROOT, small_corpus

OLD, NEW = "1.0.0", "1.1.0"
LOCK = ".lock"

HTML = """<html lang="en"><head><title>A page {number}</title><meta name="date" content="2021-03-0{number}"></head>
<body><article><h1>A page of markup, number {number}</h1>
<p>The page number {number} says what happened at the harbour, who was there, and what came of it in the end.</p>
<p>Another paragraph of the page {number} is here so that there is enough of a text to be one at all.</p>
</article></body></html>
"""
HTML_INPUT = '\n[[input]]\nfiles = "html/**/*.html"\nformat = "html"\nsource = "journal"\n\n[splits]'


def _records(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": f"r{n}", "text": f"The text of the record with the number {n}, as it was."} for n in numbers]


@dataclass(frozen=True)
class Way:
    """A way to build the corpus: which processes there are besides the leading one."""

    name: str
    html: bool = False
    """Whether there is markup, which a process at arm's length parses."""
    workers: int = 1


WAYS = {way.name: way for way in (Way("alone"), Way("html", html=True), Way("pool", workers=2))}


@dataclass(frozen=True)
class Ended:
    """What a command said, and how it ended; a negative code is the signal that ended it."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Place:
    """Where a build of a soak happens: releases, workshop, and temporary files of its own."""

    folder: Path
    out: Path
    work: Path
    tmp: Path

    @classmethod
    def below(cls, folder: Path) -> Self:
        return cls(folder, folder / "dist", folder / "work", folder / "tmp")

    def roots(self) -> tuple[Path, ...]:
        return self.out, self.work, self.tmp


def command(corpus: Path, place: Place, way: Way, version: str = NEW, *more: str) -> list[str]:
    """Return the arguments of a build."""
    return [
        *("build", str(corpus), "--version", version, "--as-of", AS_OF.isoformat()),
        *("--out", str(place.out), "--work", str(place.work), "--workers", str(way.workers), *more),
    ]


PROGRAM = (sys.executable, "-m", "pressmark")


def environment(place: Place, more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(place.tmp), "NO_COLOR": "1", "COLUMNS": "160", **(more or {})}


def ended(arguments: Sequence[str], place: Place, *, env: Mapping[str, str] | None = None, **options: Any) -> Ended:
    """Run a program as a user would, and return how it ended."""
    chosen = {"timeout": 300, "cwd": place.folder, **options}
    done = subprocess.run(
        arguments, env=environment(place, env), capture_output=True, text=True, encoding="utf-8", check=False, **chosen
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def bytes_below(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file below a folder but locks, and `folder` for folders."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"link {path.readlink()}"
        elif path.name != LOCK:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found


def release_faults(out: Path) -> list[str]:
    """Return what is not whole below `dist`: a folder with a version's name has all files of its sums, and no other."""
    faults = []
    for folder in sorted(path for path in out.glob("*/*/*") if path.is_dir() and path.name[0] != "."):
        sums = folder / "SHA256SUMS"
        if not sums.is_file():
            faults.append(f"{folder} has no SHA256SUMS")
            continue
        told = {name: digest for digest, name in (line.split("  ", 1) for line in sums.read_text().splitlines())}
        there = {name: each for name, each in bytes_below(folder).items() if each != "folder" and name != sums.name}
        faults += [
            f"{folder}: {name}" for name in sorted(told.keys() | there.keys()) if told.get(name) != there.get(name)
        ]
    return faults


@dataclass
class Start:
    """A corpus, its release 1.0.0, and what an uninterrupted build of 1.1.0 makes of it; nobody may change it."""

    corpus: Path
    way: Way
    before: Place
    after: Place
    old: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    ledger: bytes = b""

    @classmethod
    def made(cls, folder: Path, way: Way) -> Self:
        """Write the corpus and build both versions, by the real command line."""
        made = small_corpus(folder)
        made.records(*_records(0, 1, 2, 3))
        if way.html:
            recipe = (made.folder / "corpus.toml").read_text(encoding="utf-8")
            made.write("corpus.toml", recipe.replace("\n[splits]", HTML_INPUT))
            made.write("html/1.html", HTML.format(number=1))
        start = cls(made.folder, way, Place.below(folder / "before"), Place.below(folder / "after"))
        start.before.tmp.mkdir(parents=True)
        _built(start, start.before, OLD)
        made.records(*_records(0, 1, 2, 3, 4, 5), path="records/a.jsonl")
        made.records({"id": "twice", "text": _records(1)[0]["text"]}, {"id": "r1", "text": ""}, path="records/b.jsonl")
        made.write("pages/2.txt", PAGE.replace("what happened", "who left the town").replace("05-21", "05-23"))
        if way.html:
            made.write("html/2.html", HTML.format(number=2))
        shutil.copytree(start.before.folder, start.after.folder)
        _built(start, start.after, NEW)
        start.old, start.new = bytes_below(start.before.out), bytes_below(start.after.out)
        start.kept = bytes_below(start.after.work)
        start.ledger = ledger_of(start.after).read_bytes()
        assert release_faults(start.after.out) == []
        assert start.unaccounted() == []
        assert not any(start.after.tmp.iterdir())
        return start

    def unaccounted(self) -> list[str]:
        """Return what does not close: each input stands once in the ledger, and in one class of each line's counts."""
        rows = [json.loads(line) for line in self.ledger.splitlines()]
        inputs = [path for path in self.corpus.rglob("*") if path.suffix in (".txt", ".jsonl", ".html")]
        expected = sum(len(p.read_bytes().splitlines()) if p.suffix == ".jsonl" else 1 for p in inputs)
        faults = [] if len(rows) == expected == len({(r["file"], r["line"]) for r in rows}) else ["not each input once"]
        for path in sorted(self.after.out.glob(f"*/*/{NEW}/manifest.json")):
            counts = json.loads(path.read_bytes())["counts"]
            became = Counter(row["became"][path.parts[-3]]["class"] for row in rows)
            told = {name: count for name, count in counts.items() if name not in ("inputs", "by_code") and count}
            if told != became or counts["inputs"] != expected:
                faults.append(f"{path}: {counts}")
        return faults

    def fresh(self, folder: Path) -> Place:
        """Return a copy of what was there before the new version."""
        place = Place.below(folder)
        shutil.copytree(self.before.folder, folder, dirs_exist_ok=True)
        return place


def _built(start: Start, place: Place, version: str) -> None:
    done = ended([*PROGRAM, *command(start.corpus, place, start.way, version)], place)
    assert done.code == 0, done.said


def ledger_of(place: Place) -> Path:
    return place.work / "small" / NEW / "ledger.jsonl"


def wrong_now(start: Start, place: Place) -> list[str]:
    """Return what must not be, whatever happened: the old release is as it was, what has a version's name is whole."""
    now = bytes_below(place.out)
    faults = [f"old release: {name}" for name, digest in start.old.items() if now.get(name) != digest]
    return faults + release_faults(place.out)


def wrong_after(start: Start, place: Place) -> list[str]:
    """Return what differs from an uninterrupted build: bytes, ledger, and any name left over."""
    faults = _differences(start.new, bytes_below(place.out), "dist")
    found = bytes_below(place.work)
    faults += _differences(dict.fromkeys(start.kept), dict.fromkeys(found), "work")
    if not ledger_of(place).is_file() or ledger_of(place).read_bytes() != start.ledger:
        faults.append("the ledger differs")
    return faults + [f"left over: {path}" for path in place.tmp.rglob("*")]


def _differences(expected: Mapping[str, Any], found: Mapping[str, Any], what: str) -> list[str]:
    names = sorted(expected.keys() | found.keys())
    lost = object()
    return [f"{what}: {name}" for name in names if expected.get(name, lost) != found.get(name, lost)]


class Press:
    """The command line with its imports done; see `soak_press`. Use it in a `with`."""

    def __enter__(self) -> Self:
        paths = os.pathsep.join([str(ROOT / "builders"), str(ROOT / "tests")])
        self._server = subprocess.Popen(
            [sys.executable, "-m", "soak_press"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait(timeout=60)
        self._server.stdout.close()

    @contextmanager
    def started(
        self, arguments: Sequence[str], place: Place, *, gate: Path | None = None, **more: Any
    ) -> Iterator[int]:
        """Start a command, and give its process's id; `finish` waits for its end."""
        place.tmp.mkdir(parents=True, exist_ok=True)
        said = place.folder / "said"
        said.mkdir(exist_ok=True)
        order = {
            "arguments": list(arguments),
            "cwd": str(place.folder),
            "env": {"TMPDIR": str(place.tmp), "NO_COLOR": "1", "COLUMNS": "160", **more.get("env", {})},
            "in": "/dev/null",
            **{name: str(said / name) for name in ("out", "err")},
            "gate": str(gate) if gate else None,
            "at_once": more.get("at_once", False),
            "memory": more.get("memory"),
        }
        assert self._server.stdin
        print(json.dumps(order), file=self._server.stdin, flush=True)
        yield self._answer()

    def _answer(self) -> int:
        assert self._server.stdout
        return int(self._server.stdout.readline())

    def finished(self, place: Place) -> Ended:
        """Wait for the end of what was started, and return it."""
        code = self._answer()
        out, err = ((place.folder / "said" / name).read_text(errors="replace") for name in ("out", "err"))
        return Ended(code, out, err)

    def run(self, arguments: Sequence[str], place: Place, **more: Any) -> Ended:
        """Carry out a command from its start to its end."""
        with self.started(arguments, place, **more):
            return self.finished(place)
