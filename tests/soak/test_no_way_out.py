"""What an input names outside of itself is neither opened nor connected to, by any process of a build: strace looks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soak_cases import OLD, WAYS, Place, Press, command
from soak_strace import watched, why_not
from support import small_corpus

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

_HTML = '[[input]]\nfiles = "{}"\nformat = "html"\nsource = "journal"\n\n[splits]'
_BODY = "<p>The harbour was closed on Monday, said the council, and will be open again on Friday at noon.</p>" * 3
# What stands for an address below: of a server on this machine, and of a file outside of the corpus.
HEADS = {
    "base": '<base href="{}/">',
    "stylesheet": '<link rel="stylesheet" href="{}/a.css">',
    "import": "<style>@import url({}/a.css);</style>",
    "refresh": '<meta http-equiv="refresh" content="0; url={}/a">',
    "canonical": '<link rel="canonical" href="{}/a">',
    "amp": '<link rel="amphtml" href="{}/a">',
    "license": '<link rel="license" href="{}/a">',
    "manifest": '<link rel="manifest" href="{}/a">',
    "image": '<meta property="og:image" content="{}/a.png">',
    "context": '<script type="application/ld+json">{{"@context": "{}/a", "@type": "NewsArticle"}}</script>',
    "script": '<script src="{}/a.js"></script>',
    "profile": '<meta name="tdm-policy" content="{}/a">',
}
BODIES = {
    "picture": '<img src="{}/a.png" srcset="{}/b.png 2x">',
    "frame": '<iframe src="{}/a"></iframe><object data="{}/a"></object><embed src="{}/a">',
    "vector": '<svg><image href="{}/a"/><use href="{}/a#b"/></svg>',
    "form": '<form action="{}/a"><input type="image" src="{}/a"></form>',
    "include": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}/a" parse="text"/>',
    "media": '<video src="{}/a" poster="{}/b"></video><audio src="{}/a"></audio>',
    "quotation": '<blockquote cite="{}/a">A word.</blockquote><a href="{}/a" ping="{}/b">there</a>',
}
DOCTYPES = {
    "external subset": '<!DOCTYPE html SYSTEM "{}/a.dtd">',
    "entity": '<!DOCTYPE html [<!ENTITY x SYSTEM "{}/a">]>',
    "parameter entity": '<!DOCTYPE html [<!ENTITY % x SYSTEM "{}/a"> %x;]>',
    "stylesheet instruction": '<?xml version="1.0"?><?xml-stylesheet href="{}/a.xsl" type="text/xsl"?>',
}


def pages(address: str) -> Iterator[tuple[str, str]]:
    """Yield a page for each way in which one may name something else."""
    for kinds, form in ((DOCTYPES, "{}<html><head></head><body>{}&x;"), (HEADS, "<html><head>{}</head><body>{}")):
        for name, words in kinds.items():
            yield name, form.format(words.replace("{}", address).replace("{{", "{").replace("}}", "}"), _BODY)
    for name, words in BODIES.items():
        yield name, f"<html><head></head><body>{words.replace('{}', address)}{_BODY}"


def test_strace_sees_a_connection(tmp_path: Path) -> None:
    program = "import contextlib, socket\nwith contextlib.suppress(OSError): socket.create_connection(('127.0.0.1', 9))"
    traced = ["strace", "-f", "-e", "trace=connect", sys.executable, "-c", program]
    assert "AF_INET" in subprocess.run(traced, capture_output=True, text=True, check=False).stderr


@pytest.mark.counted
def test_nothing_that_an_input_names_is_opened_or_connected_to(press: Press, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    addresses = ("http://127.0.0.1:9", f"file://{secret}", str(secret), f"../../../../../../..{secret}")
    made = small_corpus(tmp_path)
    recipe = (made.folder / "corpus.toml").read_text(encoding="utf-8")
    made.write("corpus.toml", recipe.replace("[splits]", _HTML.format("html/*.html")))
    vectors = [(name, page, number) for number, address in enumerate(addresses) for name, page in pages(address)]
    for name, page, number in vectors:
        made.write(f"html/{name.replace(' ', '-')}-{number}.html", page)
    made.records(*({"id": f"r{n}", "url": f"{address}/a"} for n, address in enumerate(addresses)))
    place = Place.below(tmp_path / "here")
    place.tmp.mkdir(parents=True)
    arguments = command(made.folder, place, WAYS["html"], OLD)
    seen = watched(press, arguments, place, ["-e", "trace=connect,openat,open,execve"], at_once=False)
    assert (seen.faults, seen.ended.code) == ([], 0), seen.ended.err
    ledger = (place.work / "small" / OLD / "ledger.jsonl").read_text(encoding="utf-8")
    read = {json.loads(line)["file"] for line in ledger.splitlines()}
    assert len(vectors) == 92
    assert len([name for name in read if name.startswith("html/")]) == len(vectors)
    assert "html/base-0.html" in seen.log
    assert [line for line in seen.log.splitlines() if str(secret) in line or "AF_INET" in line] == []
