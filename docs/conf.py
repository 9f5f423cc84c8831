"""How the documents become a site: `make docs`. The tree of pages is the lists of links in index.md."""

import re
from pathlib import Path

from sphinx.application import Sphinx

project = "pressmark"
html_title = "pressmark"
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["__pycache__", "*.py"]
nitpicky = True

html_theme = "furo"
html_copy_source = False
html_use_index = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]

# Anchors as they are made where the documents are read as plain Markdown.
myst_heading_anchors = 4

_DECISIONS = "decisions/"
_SECTION = re.compile(r"^## (?P<caption>.+)\n(?P<body>(?:(?!^## ).*\n)*)", re.MULTILINE)
_PAGE = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<page>[a-z0-9/-]+)\.md\)")
_OUTSIDE = re.compile(r"\[(?P<words>[^\]]*)\]\((?P<path>(?:\.\./)+[^)#]*)[^)]*\)")


def _prepare(app: Sphinx, name: str, content: list[str]) -> None:
    """Put trees of pages beside the lists that people read, and take away links to files that the site has not."""
    if name == root_doc:
        content[0] += "".join(_tree(found["caption"], found["body"]) for found in _SECTION.finditer(content[0]))
    elif name == f"{_DECISIONS}index":
        pages = sorted(path.stem for path in Path(app.srcdir, _DECISIONS).glob("0*.md"))
        content[0] += "\n".join(["", "```{toctree}", ":maxdepth: 1", "", *pages, "```", ""])
    here = Path(app.srcdir, name).parent
    content[0] = _OUTSIDE.sub(lambda found: _inside(found, here, Path(app.srcdir)), content[0])


def _tree(caption: str, body: str) -> str:
    pages = [f"{found['words']} <{found['page']}>" for found in _PAGE.finditer(body)]
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```", ""])


def _inside(found: re.Match[str], here: Path, docs: Path) -> str:
    return found[0] if (here / found["path"]).resolve().is_relative_to(docs.resolve()) else found["words"]


def setup(app: Sphinx) -> None:
    """Take part in the reading of documents."""
    app.connect("source-read", _prepare)
