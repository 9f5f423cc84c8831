"""Looks at the built site: every link and anchor leads somewhere, and no page asks anything of anybody.

python docs/check_site.py site
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {
    "img": "src",
    "script": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "object": "data",
}
_ELSEWHERE = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//[^)\"']*")


class Page(HTMLParser):
    """What a page links to, what it loads, and the anchors that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up an element."""
        told = {name: value or "" for name, value in attrs}
        self.anchors.update(told[name] for name in ("id", "name") if name in told)
        if tag == "a" and "href" in told:
            self.links.add(told["href"])
        if tag in _LOADED and _LOADED[tag] in told:
            self.loaded.add(told[_LOADED[tag]])


def faults(site: Path) -> list[str]:
    """Return what is wrong with a site."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        pages[path] = Page()
        pages[path].feed(path.read_text(encoding="utf-8"))
    found = []
    for path, page in pages.items():
        shown = path.relative_to(site)
        for target in sorted(page.links | page.loaded):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                if target in page.loaded and parts.scheme != "data":
                    found.append(f"{shown} loads {target}")
                continue
            aim = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if not aim.is_file():
                found.append(f"{shown} links to {target}, which is not there")
            elif parts.fragment and aim in pages and unquote(parts.fragment) not in pages[aim].anchors:
                found.append(f"{shown} links to {target}, which has no such anchor")
    for path in sorted(site.rglob("*.css")):
        found += [f"{path.relative_to(site)} loads {each}" for each in _ELSEWHERE.findall(path.read_text("utf-8"))]
    index = site / "searchindex.js"
    if not index.is_file() or "pressmark" not in index.read_text(encoding="utf-8"):
        found.append("searchindex.js holds nothing to search")
    return found


def main() -> int:
    """Look, say what is wrong, and return the exit code."""
    found = faults(Path(sys.argv[1]).resolve())
    sys.stderr.writelines(f"{each}\n" for each in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
