"""The hand that draws: sizes, colours, patterns, axes, and how wide words are."""

import unicodedata
from collections.abc import Iterator

from pressmark.markup import Markup, tag

WIDTH = 720
SIZE = 13
"""Pixels of the letters."""

LINE = 20

FONTS = (
    "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', "
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif"
)
"""The reader's own: no picture carries letters."""

INK, QUIET, RULE = "#1b1f24", "#57606a", "#c9d1d9"
BAR = "#0072b2"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#5c5c5c")
"""Of the palette of Okabe and Ito, which the colour-blind can tell apart, those that stand out on white. Each has a
pattern of its own as well."""

_PATTERNS = ("", "M0 6L6 0", "M0 3H6", "M0 0L6 6M0 6L6 0", "M3 0V6")


def picture(height: float, told: str, *parts: str) -> Markup:
    """Return a whole picture.

    Args:
        height: In pixels, for a width of `WIDTH`.
        told: What it shows, in words, for those who cannot see it.
        parts: What is drawn.
    """
    return tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        width=str(WIDTH),
        height=number(height),
        role="img",
        aria_label=told,
        font_family=FONTS,
        font_size=str(SIZE),
        fill=INK,
    )


def mark(tip: str, *shapes: str) -> Markup:
    """Return a part of a picture that stands for a count, with the words that tell it."""
    return tag("g", tag("title", tip), *shapes, class_="m")


def box(x: float, y: float, width: float, height: float, *, series: int | None = None, of: str = "") -> Markup:
    """Return a filled rectangle.

    Args:
        x: Its left edge.
        y: Its upper edge.
        width: How wide it is.
        height: How high.
        series: Number of the series that it belongs to, where there are several.
        of: Name of the picture, whose patterns it is filled with.
    """
    place = {"x": number(x), "y": number(y), "width": number(width), "height": number(height)}
    if series is None:
        return tag("rect", **place, class_="bar", fill=BAR)
    return tag("rect", **place, fill=f"url(#{of}-{series})")


def patterns(of: str, count: int) -> Markup:
    """Return what the boxes of a picture's series are filled with."""
    return tag("defs", *(_pattern(of, series) for series in range(count)))


def _pattern(of: str, series: int) -> Markup:
    ground = tag("rect", width="6", height="6", class_=f"s{series}", fill=SERIES[series])
    lines = _PATTERNS[series]
    hatch = tag("path", d=lines, class_="hatch", stroke="#ffffff", stroke_width="1.2") if lines else Markup()
    return tag("pattern", ground, hatch, id=f"{of}-{series}", width="6", height="6", patternUnits="userSpaceOnUse")


def words(x: float, y: float, text: str, *, anchor: str = "start", quiet: bool = False, bold: bool = False) -> Markup:
    """Return a line of words whose middle is at a height."""
    style = {"class_": "quiet" if quiet else None, "fill": QUIET if quiet else None}
    return tag(
        "text",
        text,
        x=number(x),
        y=number(y + SIZE * 0.35),
        text_anchor=None if anchor == "start" else anchor,
        font_weight="600" if bold else None,
        **style,
    )


def rule(x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Return a thin line."""
    ends = {"x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)}
    return tag("line", **ends, class_="rule", stroke=RULE)


def number(value: float) -> str:
    """Return a coordinate, a tenth of a pixel exact."""
    return f"{value:.1f}".removesuffix(".0")


def shown(count: int) -> str:
    """Return a count with its thousands apart."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")


def in_width(count: int, width: float) -> str:
    """Return a count as it fits: whole, else in thousands, millions and so on; nothing where none fits."""
    forms = [shown(count), *(f"{count // 1000**power}{unit}" for power, unit in enumerate("kMGT", 1))]
    return next((form for form in forms if form[0] != "0" and width_of(form) <= width), "")


def width_of(text: str) -> float:
    """Return about how many pixels wide a text is in most fonts, rather too many than too few."""
    return sum(map(_width_of_letter, text)) * SIZE


def _width_of_letter(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "MWmw@%":
        return 0.95
    return 0.72 if letter.isupper() else 0.62 if letter.isdigit() else 0.58


def cut(text: str, width: float) -> str:
    """Return as much of a text as goes into a width."""
    if width_of(text) <= width:
        return text
    fitting = [length for length in range(len(text)) if width_of(text[:length]) <= width - SIZE]
    return text[: fitting[-1]] + "\N{HORIZONTAL ELLIPSIS}"


def ticks(most: int, about: int = 4) -> Iterator[int]:
    """Yield round numbers from 0 to the first that is no less than the most."""
    most = max(1, most)
    raw = max(1, most / about)
    step = next(step for power in range(20) for step in (10**power, 2 * 10**power, 5 * 10**power) if step >= raw)
    yield from range(0, most + step, step)
