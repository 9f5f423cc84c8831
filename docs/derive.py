"""Writes again what the documentation derives from the code: column table, demo, catalogue, reference.

python docs/derive.py           writes
python docs/derive.py --check   exits 1 where something is out of date
"""

import contextlib
import io
import json
import re
import sys
import tempfile
from datetime import date
from pathlib import Path

from measured import (
    RESULTS,
    aims,
    following,
    in_a_sentence,
    intake,
    measured,
    near,
    on_ray,
    ray_slope,
    sizes,
    sizes_measured,
    ways,
)
from plot import sizes_figure
from reference import pages
from scoreboard import board, deep, details, failures, gaps, summary

from pressmark import build, report_build
from pressmark.article.policy import policy
from pressmark.findings import CATALOGUE
from pressmark.press.columns import described

ROOT = Path(__file__).resolve().parents[1]
DEMO_AS_OF = date(2026, 1, 31)
WIDTH = "118"


def columns() -> str:
    """Return the column table of README.md."""
    rows = [f"| `{name}` | {kind} | {meaning} |" for name, kind, meaning in described("articles")]
    return "\n".join(["| column | type | meaning |", "|---|---|---|", *rows])


def demo() -> str:
    """Return what the demo's build prints, with the paths of a checkout."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        result = build(ROOT / "corpus" / "three-papers", "1.0.0", as_of=DEMO_AS_OF)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            report_build.built(result, width=int(WIDTH))
    return "```text\n" + "\n".join(line.rstrip() for line in printed.getvalue().rstrip().splitlines()) + "\n```"


def table() -> str:
    """Return the decision table of docs/rights.md: what a cell opens, and under which conditions."""
    rows = ["| status | destination | opens | where all of these are met |", "|---|---|---|---|"]
    for status, cells in policy()["cells"].items():
        for destination, cell in cells.items():
            if destination != "local":
                rows += [
                    f"| `{status}` | {destination} | {kind} | {', '.join(conditions)} |"
                    for kind, conditions in cell.items()
                ] or [f"| `{status}` | {destination} | nothing more | |"]
    return "\n".join(rows)


def conditions() -> str:
    """Return what the names of conditions mean."""
    return "\n".join(f"- **{name}**: {meaning}" for name, meaning in policy()["conditions"].items())


def derived(path: Path, parts: dict[str, str]) -> str:
    """Return a document with its derived parts written again."""
    text = path.read_text(encoding="utf-8")
    for name, content in parts.items():
        pattern = rf"(<!-- derived: {name} -->\n).*?(<!-- end -->)"
        text = re.sub(pattern, lambda found, content=content: f"{found[1]}{content}\n{found[2]}", text, flags=re.DOTALL)
    return text


def findings() -> str:
    """Return docs/findings.md."""
    lines = [
        "# Findings",
        "",
        "Every finding has a code, a file, a place in it, and what was found there. `pressmark explain CODE` prints an",
        "entry of this page. It is written from `builders/pressmark/findings.toml` by `make docs`.",
        "",
    ]
    kind = None
    for code in CATALOGUE.values():
        if code.kind != kind:
            kind = code.kind
            lines += [f"## {kind.value.capitalize()}", ""]
        lines += [f"### {code.name}", "", code.meaning, "", f"What to do: {code.advice}", ""]
    return "\n".join(lines)


def main() -> int:
    """Write or check, and return the exit code."""
    readme, rights, speed = ROOT / "README.md", ROOT / "docs" / "rights.md", ROOT / "docs" / "performance.md"
    reliability = ROOT / "docs" / "reliability.md"
    built = json.loads((RESULTS / "build.json").read_bytes())
    wanted = {
        readme: derived(readme, {"columns": columns(), "demo": demo(), "speed": in_a_sentence()}),
        speed: derived(
            speed,
            {
                "measured": measured(),
                "ways": ways(),
                "sizes-measured": sizes_measured(),
                "aims": aims(),
                "intake": intake(),
                "following": following(),
                "sizes": sizes(),
                "near": near(),
            },
        ),
        rights: derived(rights, {"table": table(), "conditions": conditions()}),
        ROOT / "docs" / "cluster.md": derived(
            ROOT / "docs" / "cluster.md", {"on-ray": on_ray(), "ray-slope": ray_slope()}
        ),
        reliability: derived(
            reliability,
            {
                "summary": summary(),
                "board": board(),
                "failures": failures(),
                "gaps": gaps(),
                "details": details(),
                "deep": deep(),
            },
        ),
        ROOT / "docs" / "findings.md": findings(),
        **{ROOT / "docs" / "reference" / name: text for name, text in pages().items()},
        ROOT / "docs" / "performance-sizes.svg": sizes_figure(
            [{"articles": row["articles"], **row["full"]} for row in built["sizes"]["rows"]]
        ),
    }
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" not in sys.argv:
        for path in stale:
            path.write_text(wanted[path], encoding="utf-8")
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} {'is out of date' if '--check' in sys.argv else 'written'}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
