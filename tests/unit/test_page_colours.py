"""Colours of the page: enough contrast in light and in dark, by the rule of WCAG 2.2."""

import re

import pytest

from support import ROOT

CSS = (ROOT / "builders" / "pressmark" / "page" / "report.css").read_text(encoding="utf-8")
COLOURS = {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", CSS)}
WORDS = [
    *(("ink", "ground"), ("ink", "raised"), ("quiet", "ground"), ("quiet", "raised"), ("link", "ground")),
    *(("on-warn", "warn"), ("ink", "added"), ("ink", "removed"), ("ground", "ink")),
]
MARKS = [*((name, "ground") for name in ("edge", "bar", "s0", "s1", "s2", "s4"))]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_and_marks_stand_out(scheme: int) -> None:
    for pairs, least in ((WORDS, 4.5), (MARKS, 3.0)):
        for one, other in pairs:
            assert contrast(COLOURS[one][scheme], COLOURS[other][scheme]) >= least, (one, other)
