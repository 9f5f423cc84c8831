"""What tests of the page share: hostile words, and the page taken apart as a browser takes it."""

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from support import Corpus

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</ScRiPt ><img src=x onerror=alert(1)>",
    "<!--<script>",
    "--><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></textarea></style></svg><body onload=alert(1)>",
    "&lt;b&gt; &#60;b&#62; &amp;lt;",
    "javascript:alert(1)",
    "]]><![CDATA[<x>",
    "${alert(1)} {{alert(1)}} `${alert(1)}`",
    "__proto__",
    "constructor",
    "\\u003cscript\\u003e \\x3c",
    "<a href='https://evil.example/'>x</a>",
    "a\u202egpj.exe",
    "line\u2028end\u2029end",
    "\U0001f600 emoji, 한글, 汉字",
]
VOID = {"meta", "input", "br", "link", "img", "hr"}


class Outline(HTMLParser):
    """Reads a page strictly: what is open has to be closed, in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        raise AssertionError(f"found <{tag}/>: HTML has no such thing")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]][-1] += data
        else:
            self.words.append(data)

    @property
    def ids(self) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get("id"))]


def read(path: Path) -> tuple[str, Outline]:
    page = path.read_text(encoding="utf-8")
    return page, Outline(page)


def listing(page: str) -> dict[str, Any]:
    """Return the list of a page, as its script unpacks it."""
    found = re.search(r'<script type="application/json" id="rows">([^<]*)</script>', page)
    assert found
    told: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(json.loads(found[1]))))
    return told


def rows(page: str) -> list[dict[str, Any]]:
    """Return the rows of the list by the names of its columns."""
    told = listing(page)
    columns = {
        column["name"]: [column["words"][at] for at in column["values"]] if "words" in column else column["values"]
        for column in told["columns"]
    }
    found = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    assert len(found) == told["count"]
    return found


def everything(page: str) -> bytes:
    """Return all bytes of a page, what is packed in it too."""
    return page.encode() + json.dumps(listing(page), ensure_ascii=False).encode()


def sha256(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def hostile(corpus: Corpus) -> None:
    """Fill a corpus with records whose every field holds a payload, and with inputs that are refused for one."""
    corpus.records(
        *(
            {
                "id": f"{number}-{payload}",
                "title": payload,
                "text": f"{payload}\n\nText number {number} of what somebody might try. {payload}",
                "section": [payload],
                "contributors": [{"role": "aut", "name": payload, "label": payload}],
                "attribution": payload,
            }
            for number, payload in enumerate(PAYLOADS)
        ),
        path="records/hostile.jsonl",
    )
    refused = [json.dumps({"id": f"x{number}", payload: "1", "text": "a"}) for number, payload in enumerate(PAYLOADS)]
    corpus.write("records/refused.jsonl", "\n".join(refused) + "\n")
    corpus.write("pages/<img src=x onerror=alert(1)>.txt", "no page at all")
