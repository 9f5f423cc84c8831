"""Hostile words, made by category: what breaks tables, front matter and sentences, and what does something when shown.

All are our own, put together from parts; `STRINGS` are odd, `PAYLOADS` would be active in Markdown or HTML.
"""

from collections.abc import Iterator
from itertools import product

HOST = "evil.example"

_SPACES = [chr(point) for point in (0x20, 0x09, 0x0A, 0x0D, 0x0B, 0x0C, 0x85, 0xA0, 0x2028, 0x2029, 0x3000, 0x1680)]
_ZERO = [chr(point) for point in (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x034F, 0x180E, 0x115F, 0x3164)]
_TURNING = [chr(point) for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)]
_ODD = [0xFFFD, 0xFFFE, 0xFFFF, 0xE000, 0xF8FF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0xE0001, 0xE0041, 0xFFF9, 0xFFFB, 0x1D173]


def _blank() -> Iterator[str]:
    yield from ("", *_SPACES, *_ZERO)
    yield from (one + other for one, other in product(_SPACES[:6], repeat=2))
    yield from (f"before{space}after" for space in (*_SPACES, *_ZERO))
    yield from (f"{space}around{space}" for space in _SPACES)


def _controls() -> Iterator[str]:
    for point in (*range(0x20), *range(0x7F, 0xA0)):
        yield f"a{chr(point)}b"
    yield from ("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b[2J", "x\b\b\by", "a\x00", "\x00b", "\r\rover", "\u2400")


def _unicode() -> Iterator[str]:
    yield from (f"left{mark}right" for mark in _TURNING)
    yield from (f"odd{chr(point)}" for point in _ODD)
    yield from ("שלום עולם", "مرحبا بالعالم", "\u202egnp.exe", "עברית in English עברית", "سلام (۱۲۳)", "אבג | דהו")
    yield from ("e\u0301", "\u00e9", "\u1112\u1161\u11ab", "한", "\uf900", "\u8c48", "ﬁ", "ſ", "K", "Å", "ß", "İ", "ı")
    yield from ("Z" + "".join(chr(0x300 + number) for number in range(count)) for count in (5, 30, 100))
    yield from (
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇰🇷",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "👍🏽",
        "1️⃣",
        "☠",
        "♥️",
    )
    yield from ("𝕿𝖍𝖊 𝖕𝖗𝖊𝖘𝖘", "Ｆｕｌｌ", "ᵗⁱⁿʸ", "ᴛʜᴇ", "Ⅷ", "½", "①", "㍿", "﷽", "ǆ", "ⷠ", "𠮷野家", "辻󠄀")
    yield from (
        "북방 소식",
        "한국어와 漢字",
        "「括弧」",
        "《书名》",
        "―—–‒",
        "…‥",
        "“”‘’«»",
        "。，、；：？！",
        "｜",
        "＜b＞",
        "＆lt；",
    )
    yield from (
        "ΑΒΓ",
        "кириллица",
        "ไทย",
        "हिन्दी",
        "தமிழ்",
        "አማርኛ",
        "ខ្មែរ",
        "བོད་ཡིག",
        "ᠮᠣᠩᠭᠣᠯ",
        "ᓄᓇᕗᑦ",
        "аdmin",
        "раypal",
    )


def _numbers() -> Iterator[str]:
    for base in (
        "0",
        "1",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "1E-400",
        "NaN",
        "Infinity",
        "0x1F",
        "0b11",
        "0o17",
        "1_000",
        "010",
    ):
        yield from (base, f"{base}.", f"{base}) x", f"-{base}")
    yield from (
        "1,000",
        "1 000",
        "１２３",
        "٣",
        "1/0",
        "9" * 60,
        ".5",
        "5.",
        "1..2",
        "12:30",
        "190:20:30",
        "2026-01-31",
    )
    yield from ("2026-01-31T00:00:00Z", "1st", "$5", "$5 and $6", "50 %", "№ 7", "§ 3", "#1", "1.\tx", "1. x", "99) y")


def _programs() -> Iterator[str]:
    quotes = ("'", '"', "`", "''", '""', "\\'", '\\"', "';", '";')
    yield from quotes
    yield from (f"x{quote} OR {quote}1{quote}={quote}1" for quote in quotes)
    yield from (f"{quote}; DROP TABLE articles; --" for quote in quotes)
    yield from (
        "$(id)",
        "`id`",
        "${HOME}",
        "| cat",
        "; ls",
        "&& id",
        "> /tmp/x",
        "%0a",
        "%s%n",
        "%x",
        "{0}",
        "{}",
        "{title}",
    )
    yield from (
        "{{7*7}}",
        "${7*7}",
        "<%= 7*7 %>",
        "#{7*7}",
        "{% raw %}",
        "{{{x}}}",
        "[[${7}]]",
        "@{7}",
        "__import__('os')",
    )
    yield from (
        "../../etc/passwd",
        "..\\..\\x",
        "/dev/null",
        "C:\\x",
        "file:///etc/passwd",
        "con",
        "nul.txt",
        ".",
        "..",
        "~",
    )
    yield from (
        "null",
        "NULL",
        "None",
        "undefined",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "~",
        "y",
        "n",
        "[]",
        "{}",
    )
    yield from (
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\\input{x}",
        "\\write18{id}",
        "\\end{document}",
        "%%x",
    )


def _yaml() -> Iterator[str]:
    for mark in (
        "---",
        "...",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a:",
        "#c",
        " # c",
        "&a",
        "*a",
        "!!x",
        "!x",
        "|",
        ">",
        "|-",
        ">+",
    ):
        yield from (mark, f"x\n{mark}\ny", f"{mark} tail")
    yield from (
        "%YAML 1.2",
        "%TAG ! x",
        "@x",
        "[a, b]",
        "{a: b}",
        "'x",
        '"x',
        "<<: *a",
        "!!python/object:os.system",
        "\ttab",
    )
    yield from (
        "title ---",
        "ends with\n---",
        "---\nlicense: mit\n---",
        "\n---\n",
        "a\n...\n---\nb: c",
        "key: [",
        "a: 'b",
        "=",
    )


def _markdown() -> Iterator[str]:
    marks = (
        "*",
        "**",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "```",
        "~~~",
        "#",
        "##",
        "######",
        ">",
        "|",
        "||",
        "\\",
        "\\\\",
        "![",
        "](",
    )
    for mark in marks:
        yield from (mark, f"{mark}x{mark}", f"{mark} x", f"x {mark}", f"x\n{mark}\ny")
    yield from (
        "|---|",
        "| a | b |",
        "a | b",
        "\\|",
        "a \\| b",
        "`a | b`",
        "|-|-|\n|1|2|",
        ":---:",
        "x\n---",
        "x\n===",
        "===",
    )
    yield from (
        "- [ ] todo",
        "* item",
        "+ item",
        "1. item",
        "    code",
        "\tcode",
        "a  \nb",
        "a\\\nb",
        "***",
        "- - -",
        "___",
    )
    yield from (
        "&amp;",
        "&lt;",
        "&#0;",
        "&#x7C;",
        "&copy;",
        "&NotAThing;",
        "&",
        "&&",
        "<",
        ">",
        "<>",
        "</>",
        "< b>",
        "a < b > c",
    )


STRINGS = tuple(
    dict.fromkeys(
        each for made in (_blank, _controls, _unicode, _numbers, _programs, _yaml, _markdown) for each in made()
    )
)
"""Odd words, each once."""


def _html() -> Iterator[str]:
    tags = (
        "script",
        "img",
        "svg",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "math",
        "form",
        "style",
        "base",
        "link",
    )
    for tag in tags:
        yield from (
            f"<{tag} src=//{HOST}/x onerror=alert(1)>",
            f"</{tag}><{tag} onload=alert(1) href=javascript:alert(1)>x</{tag}>",
            f"<{tag.upper()}/onclick='alert(1)'>",
            f"<{tag}\nsrc=x>",
            f"&lt;{tag}&gt;<{tag}>",
        )
    for event in ("onmouseover", "onfocus autofocus", "ontoggle open", "onanimationstart", "onpointerenter"):
        yield from (f"<b {event}=alert(1)>x</b>", f'"><details {event}="alert(1)">', f"'><input {event}='alert(1)'>")
    yield from ("<!-- -->", "<!--", "-->", "<!-->", "<!-- card/a.md -->", "<!-- end of card/a.md -->", "<![CDATA[x]]>")
    yield from (
        "<?php echo 1 ?>",
        "<!DOCTYPE html>",
        "<plaintext>",
        "<textarea>",
        "<title>",
        "<noscript><p title='</noscript>",
    )
    yield from (
        "<a href=x>x</a>",
        "<a name=top>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<details><summary>x</summary>",
    )
    yield from (
        "<meta http-equiv=refresh content=0>",
        "<div style='position:fixed'>",
        "<marquee>",
        "<xmp>",
        "<br>",
        "<hr>",
    )


def _links() -> Iterator[str]:
    for address in (
        *(
            f"https://{HOST}/",
            f"http://{HOST}",
            f"ftp://{HOST}/x",
            f"www.{HOST}",
            f"HTTPS://{HOST.upper()}",
            f"//{HOST}/x",
        ),
        *(
            f"mail@{HOST}",
            f"mailto:mail@{HOST}",
            f"xmpp:mail@{HOST}/x",
            "javascript:alert(1)",
            "data:text/html,x",
            "x.com",
        ),
        *(
            f"https://{HOST}/a_b_c(d)?e=f&g=h#i",
            f"a.b+c-d_e@{HOST}",
            "JaVaScRiPt:alert(1)",
            "vbscript:x",
            f"ipfs://{HOST}",
        ),
    ):
        yield from (address, f"see {address}.", f"({address})", f"<{address}>", f"[x]({address})", f"![x]({address})")
        yield from (f"[x]: {address}", f"*{address}*", f'[x](<{address}> "t")')
    yield from (
        "[x][y]",
        "[Rights]",
        "[x][]",
        "[Rights][]",
        "[^1]",
        "[^1]: note",
        "x[^1]",
        "![x][y]",
        "[![x](y)](z)",
        "[[wiki]]",
    )
    yield from (
        "@user",
        "@org/team",
        "user@",
        "#123",
        "org/name#123",
        "GH-123",
        ":smile:",
        ":+1:",
        "a@b",
        "!123",
        "&123",
        "~label",
    )


def _blocks() -> Iterator[str]:
    for mark in (
        "```",
        "~~~",
        "````",
        "$$",
        "\\[",
        "<pre>",
        "<script>",
        "<!--",
        "> ",
        "# ",
        "    ",
        "- ",
        "1. ",
        "| x |\n|---|",
    ):
        yield from (f"{mark}\nx", f"x\n{mark}\ny", f"x\n\n{mark}\n\ny")
    yield from (
        "$x$",
        "$$x$$",
        "\\(x\\)",
        "\\\\(x\\\\)",
        "\\[x\\]",
        "$`x`$",
        "\\begin{x}",
        "$\\href{javascript:alert(1)}{x}$",
    )
    yield from (
        "==x==",
        "++x++",
        "^x^",
        "~x~",
        "^^x^^",
        "::: note",
        "!!! note",
        "> [!NOTE]\n> x",
        "{: .x}",
        "[TOC]",
        "%%x%%",
    )


PAYLOADS = tuple(dict.fromkeys(each for made in (_html, _links, _blocks) for each in made()))
"""Words that would do something, each once."""
