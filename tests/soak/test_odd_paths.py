"""Paths of every kind: none leads out of the corpus and the output, and none holds a build up; strace looks."""

import json
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from odd_paths import GLOBS, NAMES, SLUGS, named_so, specials
from soak_cases import OLD, WAYS, Place, Press, command
from soak_figures import FIGURES, figures
from soak_strace import Watched, watched, why_not
from support import PAGE, Corpus, small_corpus

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())
Told = Callable[[str, object], None]

LOOKED_AT: tuple[str, ...] = (
    "openat",
    "open",
    "creat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
)
LOOKED_AT += ("unlink", "unlinkat", "rmdir", "symlink", "symlinkat", "chmod", "truncate")
_PATHS = re.compile(r'(?:(?:AT_FDCWD|[0-9]+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"')
_WRITING = re.compile("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
_HARMLESS = ("/dev/null", "/dev/urandom", "/proc")


def outside(log: str, folder: Path, place: Place, secret: Path) -> list[str]:
    """Return the calls of a log that read the secret, or that write anything outside of where a build may."""
    found = []
    for line in log.splitlines():
        for at, words in _PATHS.findall(line):
            # strace writes what is no ASCII as octal numbers.
            path = words.encode().decode("unicode_escape").encode("latin-1", "replace").decode(errors="replace")
            full = posixpath.normpath(posixpath.join(at or str(place.folder), path))
            within = full.startswith((*map(str, place.roots()), str(place.folder / "said"), *_HARMLESS))
            writes = ("openat" not in line or bool(_WRITING.search(line))) and not within
            if (writes or full.startswith(str(secret))) and " = -1 " not in line:
                found.append(line)
    return [line[:300] for line in found]


@dataclass
class Setting:
    """A corpus, a folder beside it that nobody may look into, and where a build goes."""

    corpus: Corpus
    secret: Path
    place: Place
    seen: list[Watched] = field(default_factory=list)

    @classmethod
    def below(cls, folder: Path) -> "Setting":
        made, secret, place = small_corpus(folder), folder / "secret", Place.below(folder / "here")
        secret.mkdir()
        (secret / "a.txt").write_text(PAGE.replace("A headline", "A secret"), encoding="utf-8")
        place.tmp.mkdir(parents=True)
        return cls(made, secret, place)

    def build(self, press: Press) -> Watched:
        options = ["-y", "-e", f"trace={','.join(LOOKED_AT)}"]
        arguments = command(self.corpus.folder, self.place, WAYS["alone"], OLD)
        seen = watched(press, arguments, self.place, options, at_once=False)
        self.seen.append(seen)
        return seen

    def wrong(self, seen: Watched) -> list[str]:
        faults = [*seen.faults, *outside(seen.log, self.corpus.folder, self.place, self.secret)]
        faults += [f"a traceback: {seen.ended.err[-400:]}"] if "Traceback" in seen.ended.said else []
        faults += ["words of the secret"] if "A secret" in seen.ended.said else []
        there = [path for path in self.place.out.rglob("*") if path.is_file()]
        return faults + [f"{path} has the secret" for path in there if b"A secret" in path.read_bytes()]

    def ledger(self) -> list[dict[str, Any]]:
        path = self.place.work / "small" / OLD / "ledger.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def with_ids(made: Setting, press: Press) -> tuple[int, list[str]]:
    """Build records with odd ids; each is in the ledger, and names of files do not depend on them."""
    made.corpus.records(*({"id": name, "text": f"Text number {n}."} for n, name in enumerate(NAMES)))
    seen = made.build(press)
    faults = made.wrong(seen)
    rows = [row for row in made.ledger() if row["file"] == "records/a.jsonl"] if seen.ended.code == 0 else []
    faults += (
        [f"{len(rows)} of {len(NAMES)} ids are in the ledger: {seen.ended.err[-300:]}"]
        if len(rows) != len(NAMES)
        else []
    )
    odd = [path for path in made.place.out.rglob("*") if not re.fullmatch("[A-Za-z0-9._-]+", path.name)]
    return len(NAMES), faults + [f"a file is named {path.name!r}" for path in odd]


def with_files(made: Setting, press: Press) -> tuple[int, list[str]]:
    """Build pages with odd names of files; each is in the ledger."""
    names = named_so(made.corpus.folder / "pages", PAGE)
    seen = made.build(press)
    faults = made.wrong(seen)
    told = {row["file"] for row in made.ledger()} if seen.ended.code == 0 else set()
    faults += [f"ends with {seen.ended.code}: {seen.ended.err[-300:]}"] if seen.ended.code else []
    found = [name for name in told if str(name).startswith("pages/")]
    return len(names), faults + (
        [f"{len(found)} of {len(names) + 1} files are in the ledger"] if len(found) != len(names) + 1 else []
    )


def with_specials(made: Setting, press: Press) -> tuple[int, list[str]]:
    """Build beside links, pipes and devices; what is no file of the corpus is refused with a code."""
    pages = made.corpus.folder / "pages"
    here = specials(made.secret, pages)
    for name, make in here.items():
        make(pages / f"{name}.txt")
    seen = made.build(press)
    faults = made.wrong(seen)
    faults += [f"ends with {seen.ended.code}: {seen.ended.err[-300:]}"] if seen.ended.code else []
    became = {row["file"]: row["became"]["vault"] for row in made.ledger()} if seen.ended.code == 0 else {}
    for name in here:
        code = became.get(f"pages/{name}.txt", {}).get("code")
        # Who may do everything may read a file that nobody may.
        fine = name in ("link-within", "hard-link") or (name == "unreadable" and os.geteuid() == 0)
        faults += [f"{name} is missing"] if f"pages/{name}.txt" not in became else []
        faults += [f"{name} is read"] if not code and not fine else []
    return len(here), faults


def with_globs(made: Setting, press: Press) -> tuple[int, list[str]]:
    """Build recipes whose input is an odd glob: refused, or it means files of the corpus alone."""
    faults = []
    recipe = (made.corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    for glob in GLOBS:
        made.corpus.write("corpus.toml", recipe.replace('"pages/**/*.txt"', json.dumps(glob)))
        faults += [f"{glob!r}: {each}" for each in _refused_or_within(made, press)]
    return len(GLOBS), faults


def with_slugs(made: Setting, press: Press) -> tuple[int, list[str]]:
    """Build recipes with odd names, and odd versions."""
    faults, tried = [], 0
    recipe = (made.corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    for name in SLUGS:
        for old in ('name = "small"', 'source = "paper"'):
            made.corpus.write("corpus.toml", recipe.replace(old, f"{old.partition('=')[0]}= {json.dumps(name)}"))
            faults += [f"{old.partition(' ')[0]} {name!r}: {each}" for each in _refused_or_within(made, press)]
            tried += 1
        made.corpus.write("corpus.toml", recipe.replace("[releases.open]", f"[releases.{json.dumps(name)}]"))
        faults += [f"line {name!r}: {each}" for each in _refused_or_within(made, press)]
        tried += 1
    return tried, faults


def _refused_or_within(made: Setting, press: Press) -> Iterator[str]:
    seen = made.build(press)
    yield from made.wrong(seen)
    if seen.ended.code not in (0, 1, 2):
        yield f"ends with {seen.ended.code}"
    shutil.rmtree(made.place.out, ignore_errors=True)
    shutil.rmtree(made.place.work, ignore_errors=True)


KINDS = {"ids": with_ids, "files": with_files, "specials": with_specials, "globs": with_globs, "slugs": with_slugs}
PLANNED = {"ids": len(NAMES), "files": 44, "specials": 24, "globs": len(GLOBS), "slugs": 3 * len(SLUGS)}


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_no_path_leads_out_or_holds_up(kind: str, press: Press, tmp_path: Path, record_property: Told) -> None:
    done, faults = KINDS[kind](Setting.below(tmp_path), press)
    missing = PLANNED[kind] - done
    gaps = {"no file can have the name here": missing} if missing > 0 else {}
    record_property(FIGURES, figures("paths", seed=kind, done=done, faults=faults, gaps=gaps))
    print(f"{kind}: {done} cases")
    assert faults == []


def test_links_pipes_and_devices_lead_nowhere(press: Press, tmp_path: Path) -> None:
    assert with_specials(Setting.below(tmp_path), press)[1] == []


def test_what_leads_out_would_be_seen(tmp_path: Path) -> None:
    place, secret = Place.below(tmp_path / "here"), tmp_path / "secret"
    lines = [
        f'1 openat(AT_FDCWD</x>, "{secret}/a.txt", O_RDONLY) = 3',
        f'1 openat(AT_FDCWD</x>, "{place.out}/../../elsewhere", O_WRONLY|O_CREAT, 0666) = 3',
        f'1 mkdir("{tmp_path}/elsewhere", 0777) = 0',
        f'1 openat(AT_FDCWD</x>, "{place.out}/a", O_WRONLY|O_CREAT, 0666) = 3',
        f'1 openat(AT_FDCWD</x>, "{secret}/b.txt", O_RDONLY) = -1 ENOENT',
    ]
    assert outside("\n".join(lines), tmp_path, place, secret) == lines[:3]
