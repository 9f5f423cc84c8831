"""A figure of builds by size, from what benchmarks measured: lines in two panels, as SVG."""

import math
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 380, 220, 64, 44, 34
INK, LINE = "#333333", "#0072b2"


def sizes_figure(rows: Sequence[dict[str, Any]]) -> str:
    """Return how much processor time an article takes, and how much memory a build, by the number of articles.

    Args:
        rows: What builds took, by size.
    """
    counts = [row["articles"] for row in rows]
    each = [row["processor_seconds"] / row["articles"] * 1e6 for row in rows]
    memory = [row["megabytes"] for row in rows]
    panels = [
        _panel(0, "processor time an article, microseconds", counts, each),
        _panel(WIDTH, "private memory of all processes, MB", counts, memory),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" role="img">',
            f'<g font-family="sans-serif" font-size="12" fill="{INK}">',
            "<title>Builds by size: processor time an article, and memory</title>",
            f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="white"/>',
            *panels,
            "</g></svg>",
            "",
        ]
    )


def _panel(left: int, title: str, counts: Sequence[int], values: Sequence[float]) -> str:
    top = _round_up(max(values))
    first, last = math.log10(min(counts)), math.log10(max(counts))

    def across(count: int) -> float:
        return left + LEFT + (math.log10(count) - first) / (last - first or 1) * (WIDTH - LEFT - 40)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP)

    parts = [f'<text x="{left + LEFT}" y="18" font-weight="bold">{title}</text>']
    for share in (0, 0.5, 1):
        y, label = up(top * share), f"{top * share:,.0f}"
        parts.append(f'<line x1="{left + LEFT}" x2="{left + WIDTH - 40}" y1="{y:.1f}" y2="{y:.1f}" stroke="#cccccc"/>')
        parts.append(f'<text x="{left + LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    points = " ".join(f"{across(count):.1f},{up(value):.1f}" for count, value in zip(counts, values, strict=True))
    parts.append(f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for count, value in zip(counts, values, strict=True):
        x, y = across(count), up(value)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{LINE}"/>')
        parts.append(f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{value:,.0f}</text>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{count:,}</text>')
    middle = left + LEFT + (WIDTH - LEFT - 40) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">articles</text>')
    return "\n".join(parts)


def _round_up(value: float) -> float:
    """Return a round number above a value, so that a point's figure has room above it."""
    step = 10.0 ** math.floor(math.log10(value)) / 2
    return step * math.ceil(1.15 * value / step)
