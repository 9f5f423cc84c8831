"""Secrets that lie around a corpus, in its files and in the environment: none is said, released or published.

A hundred are planted, five kinds of them at twenty places; each has a number of its own. The same commands, those that
fail among them, are run in five ways of saying much, and all that they say and write in public is searched.
"""

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from raw_parquet import CANARY, canaries
from soak_figures import FIGURES, figures
from support import AS_OF, PAGE, Corpus, small_corpus
from warc_cases import page, record, response

Told = Callable[[str, object], None]

KINDS = (
    "hf_{}aBcDeFgHiJkLmNoPqRsTu",
    "AKIA{}Q7Z2W",
    "eyJhbGciOiJIUzI1NiJ9.{}.c2lnbmF0dXJl",
    "ghp_{}aBcDeFgHiJ",
    "{}pw",
)
PLACES = (
    *("the environment", "a proxy", "the address of a database", "keys of a store", ".netrc", ".git-credentials"),
    *("keys of a store in a file", "evidence", "a comment of the recipe", "a comment of a source", "a hidden file"),
    *("a file that no input means", "an answer's cookie", "a request of an archive", "a field that there is not"),
    *(
        "a record that is none",
        "a page that is refused",
        "a text that stays closed",
        "a script of a page",
        "the Hub's token",
    ),
)
"""Where secrets are; what is planted at the last is a token of the Hub in the client's own file."""

CLIENT = "the Hub's client says all"
CLIENTS_OWN = "with HF_DEBUG the Hub's client itself writes the address in HF_ENDPOINT out, its password too"

WAYS: dict[str, dict[str, str]] = {
    "plain": {},
    "json": {},
    CLIENT: {"HF_DEBUG": "1", "HF_HUB_VERBOSITY": "debug", "HF_HUB_DISABLE_PROGRESS_BARS": "0"},
    "Python says all": {"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "always", "PYTHONVERBOSE": "1"},
    "a terminal": {"FORCE_COLOR": "1", "TERM": "xterm-256color", "HF_HUB_DISABLE_PROGRESS_BARS": "0"},
}
"""Ways of having much said, and their variables."""


def secrets(place: str) -> list[str]:
    """Return the secrets of a place, one of each kind."""
    first = PLACES.index(place) * len(KINDS)
    return [kind.format(f"CNRY{first + number:07}") for number, kind in enumerate(KINDS)]


def all_of(place: str) -> str:
    return " ".join(secrets(place))


@dataclass
class Planted:
    """A corpus and a home with secrets in them."""

    corpus: Corpus
    home: Path
    hub: LocalHub

    @property
    def private(self) -> set[bytes]:
        """What not even the workshop may have: it is of this machine, not of the corpus."""
        around: tuple[str, ...] = (
            "the environment",
            "a proxy",
            "the address of a database",
            "keys of a store",
            ".netrc",
        )
        around += (".git-credentials", "keys of a store in a file", "a hidden file", "a file that no input means")
        return {each for place in (*around, PLACES[-1]) for each in CANARY.findall(all_of(place).encode())}

    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "AWS_"))}
        user = ":".join(secrets("a proxy"))
        return plain | {
            "HOME": str(self.home),
            "HF_HOME": str(self.home / "hub"),
            "HF_ENDPOINT": self.hub.endpoint,
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "COLUMNS": "160",
            "SOME_TOKEN": all_of("the environment"),
            "HTTPS_PROXY": f"http://{user}@127.0.0.1:9",
            "DATABASE_URL": f"postgres://user:{'/'.join(secrets('the address of a database'))}@127.0.0.1/db",
            "AWS_ACCESS_KEY_ID": secrets("keys of a store")[1],
            "AWS_SECRET_ACCESS_KEY": all_of("keys of a store").replace(" ", "/"),
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_MAX_ATTEMPTS": "1",
        }


def planted(base: Path, hub: LocalHub) -> Planted:
    """Write a corpus and a home, with a secret of each kind at each place."""
    corpus, home = small_corpus(base), base / "home"
    put = {
        home / ".netrc": f"machine 127.0.0.1 login me password {'_'.join(secrets('.netrc'))}\n",
        home / ".git-credentials": "".join(f"https://me:{each}@127.0.0.1\n" for each in secrets(".git-credentials")),
        home / ".aws/credentials": f"[other]\naws_secret_access_key = {all_of('keys of a store in a file')}\n",
        home / "hub/token": hub.token(),
        home / "hub/stored_tokens": f"[old]\nhf_token = {all_of(PLACES[-1])}\n",
        corpus.folder / "private/letter.txt": all_of("evidence"),
        corpus.folder / ".env": all_of("a hidden file"),
        corpus.folder / "pages/notes.bak": all_of("a file that no input means"),
        corpus.folder / "pages/none.txt": f"{all_of('a page that is refused')}\n\nNo page at all.\n",
        corpus.folder / "pages/closed.txt": PAGE.replace(
            "at length.", f"at length: {all_of('a text that stays closed')}."
        ),
    }
    for path, words in put.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
        path.chmod(0o600)
    archives = [
        record("request", "https://quill.example/1", _asking(), "application/http;msgtype=request"),
        response("https://quill.example/1", page(1), Set_Cookie=f"a={'&'.join(secrets(PLACES[12]))}; Path=/"),
        response("https://quill.example/2", page(2).replace(b"<article>", _script() + b"<article>")),
    ]
    corpus.write("crawl/a.warc", b"".join(archives))
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    crawl = '[[input]]\nfiles = "crawl/*.warc"\nformat = "warc"\nsource = "journal"\n\n[splits]'
    comment = f"# {all_of('a comment of the recipe')}\n"
    corpus.write("corpus.toml", comment + recipe.replace("[splits]", crawl))
    source = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    letter = 'kind = "contract", scope = "text", where = "private/letter.txt"'
    source = source.replace('kind = "manual", scope = "text", where = "register"', letter)
    corpus.write("sources/journal.toml", f"# {all_of('a comment of a source')}\n{source}")
    wrong = [{"no_such": each} for each in secrets("a field that there is not")]
    records = corpus.records({}, *wrong)
    with records.open("a", encoding="utf-8") as more:
        more.writelines(f'{{"id": "x", "text": {each}\n' for each in secrets("a record that is none"))
    return Planted(corpus, home, hub)


def _asking() -> bytes:
    words = "".join(f"Authorization: Bearer {each}\r\n" for each in secrets("a request of an archive"))
    return f"GET /1 HTTP/1.1\r\nHost: quill.example\r\n{words}\r\n".encode()


def _script() -> bytes:
    held = all_of("a script of a page")
    return f"<!-- {held} --><script>var key = '{held}'</script><input type='hidden' value='{held}'>".encode()


def orders(made: Planted, out: Path, work: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield commands as a publisher gives them, and some that fail, each with variables of its own."""
    corpus, release = str(made.corpus.folder), str(out / "small/open/1.0.0")
    places = ["--line", "open", "--out", str(out), "--work", str(work)]
    at = ["--version", "1.0.0", "--as-of", AS_OF.isoformat()]
    yield ["check", corpus], {}
    yield ["build", corpus, *at, *places], {}
    yield ["verify", release], {}
    yield ["report", release, "--page", str(out / "page.html")], {}
    yield ["publish", release, "org/small", "--work", str(work), "--quick"], {}
    yield ["verify", "org/small@v1.0.0"], {}
    # What fails: a token that is none, a Hub that is not there, a store that does not answer, a folder that may not be.
    false = {"HF_TOKEN": secrets(PLACES[-1])[0]}
    yield ["publish", release, "org/small", "--work", str(work)], false
    yield ["verify", "org/small@v1.0.0"], {**false, "HF_ENDPOINT": "http://127.0.0.1:9"}
    for each in secrets("a proxy"):
        yield ["verify", "org/small@v1.0.0"], {"HF_ENDPOINT": f"http://me:{each}@127.0.0.1:9"}
    yield ["build", corpus, *at, "--out", "s3://bucket/dist", "--work", str(work)], {}
    yield ["build", corpus, *at, "--out", "/proc/none", "--work", str(work)], {}
    yield ["build", corpus, *at, *places], {}
    yield ["build", f"{corpus}/none", *at, *places], {}


def said_by(arguments: list[str], env: dict[str, str], cwd: Path, *, terminal: bool) -> tuple[int, bytes]:
    """Run a command, and return how it ended and all that it said."""
    command = [sys.executable, "-m", "pressmark", *arguments]
    if not terminal:
        done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, check=False, timeout=300)
        return done.returncode, done.stdout + done.stderr
    ours, theirs = pty.openpty()
    held: list[bytes] = []
    reader = threading.Thread(target=_all_from, args=(ours, held))
    reader.start()
    code = subprocess.run(command, env=env, cwd=cwd, stdout=theirs, stderr=theirs, check=False, timeout=300).returncode
    os.close(theirs)
    reader.join()
    os.close(ours)
    return code, b"".join(held)


def _all_from(descriptor: int, held: list[bytes]) -> None:
    # A terminal that nobody writes to any more is an error on Linux.
    try:
        while block := os.read(descriptor, 1 << 16):
            held.append(block)
    except OSError:
        return


def leaked(way: str, folder: Path, *, most: int | None = None) -> list[str]:
    """Run the commands in a way, and return each secret that somebody could have seen, with where."""
    faults = []
    with serving(folder / "hub") as hub:
        made = planted(folder, hub)
        out, work = folder / "out", folder / "work"
        for number, (arguments, more) in enumerate(orders(made, out, work)):
            if number == most:
                break
            env = made.environment() | WAYS[way] | more
            asked = [*arguments, "--json"] if way == "json" else arguments
            code, said = said_by(asked, env, folder, terminal=way == "a terminal")
            print(f"{way}: {' '.join(asked)[:90]} ends with {code}, {len(said)} bytes said")
            # The first commands have to go well, or nothing was tried.
            assert number >= 6 or code in (0, 1), said.decode(errors="replace")[-2000:]
            assert said
            faults += [f"{each.decode()} is said by {' '.join(asked)}" for each in {*CANARY.findall(said)}]
        for place in (out, folder / "hub"):
            faults += [f"{each.decode()} is in {sorted(where)[:2]}" for each, where in canaries(place).items()]
        here = canaries(work)
        faults += [f"{each.decode()} is in the workshop" for each in here.keys() & made.private]
        # The search finds what is there: the workshop keeps the text that stays closed.
        assert here.keys() >= {*CANARY.findall(all_of("a text that stays closed").encode())}
    return faults


def is_the_clients(fault: str) -> bool:
    """Tell whether it is the client of the Hub that writes an address which it was given."""
    secret, _, where = fault.partition(" is said by ")
    return any(secret in each for each in secrets("a proxy")) and where.startswith("verify org/small")


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_no_secret_is_said_or_released_however_much_is_said(way: str, tmp_path: Path, record_property: Told) -> None:
    found = leaked(way, tmp_path)
    theirs = {each.split()[0] for each in found if way == CLIENT and is_the_clients(each)}
    faults = [each for each in found if each.split()[0] not in theirs]
    done, gaps = len(PLACES) * len(KINDS) - len(theirs), {CLIENTS_OWN: len(theirs)} if theirs else {}
    told = figures("secrets", seed=way, done=done, faults=faults, gaps=gaps)
    record_property(FIGURES, told)
    assert faults == []


def test_no_secret_is_said_or_released(tmp_path: Path) -> None:
    assert leaked("json", tmp_path, most=3) == []


def test_a_secret_would_be_seen(tmp_path: Path) -> None:
    words = "import os; print(os.environ['SOME_TOKEN'])"
    env = {**os.environ, "SOME_TOKEN": all_of("the environment")}
    said = subprocess.run([sys.executable, "-c", words], env=env, capture_output=True, check=True).stdout
    assert len({*CANARY.findall(said)}) == len(KINDS)
    (tmp_path / "a.json").write_text(json.dumps(all_of("evidence")), encoding="utf-8")
    assert len(canaries(tmp_path)) == len(KINDS)
    assert len({each for place in PLACES for each in secrets(place)}) == 100
