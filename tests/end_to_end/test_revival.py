"""Withdrawn articles that try to come again through the real intake, and what the files of a withdrawal give away.

The command, its releases and purging are tested in test_withdrawals.py; here many articles of three scripts are drawn.
"""

import hashlib
import json
import random
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.article.identity import canonical_address, loose_address
from pressmark.article.letters import letters_digest
from pressmark.curate.withdrawals import CODE, SECRET_REASONS
from pressmark.roll import CODES
from pressmark.survey import surveyed
from pressmark.withdraw import plan_withdrawal, record_withdrawal
from strategies import checked
from support import AS_OF, JOURNAL, PAGE, PAPER, RECIPE, Corpus

DAY = date(2026, 2, 1)
ARTICLES = 12
OTHER_INPUT = '[[input]]\nfiles = "others/*.jsonl"\nformat = "jsonl"\nsource = "other"\n\n[splits]'
BODY = "\n\n".join(PAGE.split("\n\n")[4:6])
Change = Callable[[str, random.Random], str]


def corpus_at(folder: Path) -> Corpus:
    """Return a corpus of two sources of records and one of pages, the last with a page that stays."""
    made = Corpus(folder / "corpus", folder / "dist", folder / "work")
    made.write("corpus.toml", RECIPE.replace("[splits]", OTHER_INPUT))
    made.write("sources/paper.toml", PAPER)
    made.write("sources/journal.toml", JOURNAL)
    made.write("sources/other.toml", JOURNAL.replace("The Journal", "The Other"))
    made.write("pages/stays.txt", PAGE.replace(BODY, "A paragraph that nobody asks to have taken back, ever."))
    made.records({"id": "stays", "text": "A record that nobody asks to have taken back."}, path="others/stays.jsonl")
    return made


def word(script: int, rng: random.Random) -> str:
    if script == 0:
        return "".join(rng.choices("abcdefghijklmnopqrstuvwxyzéüß", k=rng.randint(3, 9)))
    first, count = ((0xAC00, 11172), (0x4E00, 20000))[script - 1]
    return "".join(chr(first + rng.randrange(count)) for _ in range(rng.randint(2, 4)))


def drawn(number: int, rng: random.Random) -> dict[str, Any]:
    """Return an article of five paragraphs, in Latin letters, Hangul or Han characters, with figures in each."""

    def sentence() -> str:
        words = [word(number % 3, rng) for _ in range(rng.randint(6, 12))]
        return f"{' '.join(words[:4])}, {rng.randint(10, 99)} Km {' '.join(words[4:])}.".capitalize()

    text = "\n\n".join(" ".join(sentence() for _ in range(4)) for _ in range(5))
    address = f"https://www.journal.example/{word(1, rng)}/{number}/index.html?id={number}&page=1"
    return {"id": f"a{number}", "url": address, "title": f"Headline {number}", "text": text}


def _other_spaces(text: str, rng: random.Random) -> str:
    spaces = (" ", "  ", "\t", "\u00a0", "\u3000", "\u2003", "\n")
    return "".join(rng.choice(spaces) if character == " " else character for character in text)


def _other_punctuation(text: str, rng: random.Random) -> str:
    return "".join(rng.choice("。、，；…!?·\u201c-") if character in ".," else character for character in text)


def _zero_width(text: str, rng: random.Random) -> str:
    marks = ("\u200b", "\u200c", "\u200d", "\u2060", "\u00ad")
    return "".join(character + (rng.choice(marks) if rng.random() < 0.2 else "") for character in text)


def _full_width(text: str, rng: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and rng.random() < 0.7 else c for c in text)


def _percent_encoded(url: str, rng: random.Random) -> str:
    signs = ("".join(f"%{byte:02{rng.choice('xX')}}" for byte in each.encode()) for each in url if each > "~")
    return "".join(next(signs) if each > "~" else each for each in url)


TEXTS: dict[str, Change] = {
    "text as it was": lambda text, _: text,
    "NFD": lambda text, _: unicodedata.normalize("NFD", text),
    "NFKD": lambda text, _: unicodedata.normalize("NFKD", text),
    "full-width forms": _full_width,
    "other white space": _other_spaces,
    "no white space": lambda text, _: "".join(text.split()),
    "other punctuation": _other_punctuation,
    "no punctuation": lambda text, _: text.translate({ord(each): None for each in ".,"}),
    "upper case": lambda text, _: text.upper(),
    "lower case": lambda text, _: text.lower(),
    "CRLF": lambda text, _: text.replace("\n", "\r\n"),
    "byte order mark": lambda text, _: f"\ufeff{text}",
    "zero-width characters": _zero_width,
}
ADDRESSES: dict[str, Change] = {
    "address as it was": lambda url, _: url,
    "http": lambda url, _: url.replace("https:", "http:"),
    "no www.": lambda url, _: url.replace("www.", ""),
    "m.": lambda url, rng: url.replace("www.", rng.choice(["m.", "mobile."])),
    "upper-case host": lambda url, _: url.replace("www.journal.example", "WWW.Journal.EXAMPLE"),
    "default port": lambda url, _: url.replace(".example/", ".example:443/"),
    "slash for index page": lambda url, _: url.replace("/index.html", "/"),
    "no index page": lambda url, _: url.replace("/index.html", ""),
    "tracking parameters": lambda url, rng: f"{url}&{rng.choice(['utm_source', 'fbclid', 'gclid'])}={rng.random()}",
    "parameters in another order": lambda url, _: "?page=1&".join(url.removesuffix("&page=1").split("?")),
    "fragment": lambda url, rng: f"{url}#part-{rng.randrange(9)}",
    "percent-encoded": _percent_encoded,
    "decomposed": lambda url, _: unicodedata.normalize("NFD", url),
    "decomposed and percent-encoded": lambda url, rng: _percent_encoded(unicodedata.normalize("NFD", url), rng),
}


def _one_word(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    words[rng.randrange(len(words))] = "otherwise"
    return " ".join(words)


def _one_sentence_less(text: str, rng: random.Random) -> str:
    sentences = text.split(". ")
    del sentences[rng.randrange(len(sentences))]
    return ". ".join(sentences)


def _one_sentence_more(text: str, rng: random.Random) -> str:
    sentences = text.split(". ")
    sentences.insert(rng.randrange(len(sentences)), f"Somebody else said so {rng.randrange(10**6)} times")
    return ". ".join(sentences)


def _reordered(text: str, rng: random.Random) -> str:
    paragraphs = text.split("\n\n")
    turn = rng.randrange(1, len(paragraphs))
    return "\n\n".join(paragraphs[turn:] + paragraphs[:turn])


EDITS: dict[str, Change] = {
    "a word changed": _one_word,
    "a sentence dropped": _one_sentence_less,
    "a sentence added": _one_sentence_more,
    "paragraphs reordered": _reordered,
}


@dataclass
class Attempts:
    """Revivals of withdrawn articles; by their own id, what each tries."""

    corpus: Corpus
    rng: random.Random
    withdrawn: list[dict[str, Any]]
    kinds: dict[str, str] = field(default_factory=dict)
    same_id: int = 0

    def add(self, number: int) -> None:
        """Add an attempt: in one of two sources as a record, or as a page."""
        article = self.rng.choice(self.withdrawn)
        kind = self.rng.choice(["id", *["address"] * 3, *["text"] * 5, "page"])
        if kind == "id":
            self._record("journal", {"id": article["id"], "text": f"Wholly other words, {number}."}, number)
            self.same_id += 1
            return
        table = {"address": ADDRESSES, "text": TEXTS, "page": {"as a page": TEXTS["text as it was"]}}[kind]
        name = self.rng.choice(list(table))
        source = self.rng.choice(["journal", "other"])
        changed = table[name](article["url" if kind == "address" else "text"], self.rng)
        if kind == "page":
            self.corpus.write(f"pages/n{number}.txt", PAGE.replace(BODY, changed))
            self.kinds[f"paper:n{number}"] = name
            return
        words = {"url": changed, "text": f"Wholly other words, {number}."} if kind == "address" else {"text": changed}
        self._record(source, {"id": f"n{number}", **words}, number)
        self.kinds[f"{source}:n{number}"] = f"{name}, {'the same' if source == 'journal' else 'another'} source"

    def edit(self, number: int) -> None:
        """Add an edited copy, under another id and without an address."""
        article, name = self.rng.choice(self.withdrawn), self.rng.choice(list(EDITS))
        text = EDITS[name](article["text"], self.rng)
        assert letters_digest(text) != letters_digest(article["text"])
        self._record("other", {"id": f"e{number}", "text": text}, number)
        self.kinds[f"other:e{number}"] = name

    def _record(self, source: str, record: dict[str, Any], number: int) -> None:
        folder = {"journal": "records", "other": "others"}[source]
        self.corpus.records(record, path=f"{folder}/{record['id']}-{number}.jsonl")


def codes(corpus: Corpus) -> tuple[dict[str, str], Counter[str]]:
    """Return the code of each article that intake let in, and how many have each id."""
    with surveyed(corpus.folder, as_of=AS_OF) as survey:
        ids = survey.curation.roll.ids.to_pylist()
        given = [CODES[code] for code in survey.curation.roll.codes.tolist()]
        return dict(zip(ids, given, strict=True)), Counter(ids)


@pytest.mark.parametrize(
    ("seed", "count"), [(7, 60), *(pytest.param(seed, 1000, marks=pytest.mark.soak) for seed in (8, 9, 10))]
)
def test_no_withdrawn_article_comes_again_in_another_form(tmp_path: Path, seed: int, count: int) -> None:
    corpus, rng = corpus_at(tmp_path), random.Random(seed)  # noqa: S311 - a seed repeats the run
    articles = [drawn(number, rng) for number in range(ARTICLES)]
    corpus.records(*articles)
    names = [article["id"] for article in articles]
    record_withdrawal(plan_withdrawal(corpus.folder, names, reason="rights_claim", ref="1", on=DAY, out=corpus.out))
    # The inputs are gone; only the digests tell the articles now.
    corpus.records({"id": "remains", "text": "Another record that nobody asks to have taken back."})
    attempts = Attempts(corpus, rng, articles)
    for number in range(count):
        attempts.add(number)
    edits = count // 4
    for number in range(edits):
        attempts.edit(number)

    found, read = codes(corpus)
    # None is stopped for another reason: intake lets in all of them.
    assert set(attempts.kinds) <= set(found)
    assert sum(read[f"journal:{name}"] for name in names) == attempts.same_id
    edited = {name for name in attempts.kinds if name.startswith("other:e")}
    came = sorted((kind, name) for name, kind in attempts.kinds.items() if name not in edited and found[name] != CODE)
    came += [("the same id", name) for name in names if found.get(f"journal:{name}", CODE) != CODE]
    assert came == [], f"seed {seed}"
    assert {name for name in found if name not in attempts.kinds and found[name] != CODE} == {
        *("paper:stays", "other:stays", "journal:remains")
    }
    caught = Counter(attempts.kinds[name] for name in edited if found[name] == CODE)
    print(
        f"seed {seed}: {count} revivals, 0 came; of {edits} edited copies {caught.total()} were caught before the "
        f"search ({dict(caught) or 'near-duplicates are not recognised'})"
    )


letters = st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0xD7A3)
own_ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._~-]{7,40}", fullmatch=True)
words = st.text(letters, min_size=8, max_size=60).filter(lambda value: unicodedata.normalize("NFC", value) == value)
addresses = st.builds("https://{}journal.example/{}".format, st.sampled_from(["", "www.", "m."]), words)


@checked(25)
@given(own_ids, addresses, words, words, st.sampled_from(sorted(SECRET_REASONS)))
def test_no_file_of_a_withdrawal_for_privacy_tells_what_it_is_of(
    own: str, url: str, title: str, text: str, reason: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = corpus_at(Path(folder))
        corpus.records({"id": own, "url": url, "title": title, "text": text})
        before = {path for path in corpus.folder.rglob("*") if path.is_file()}
        planned = plan_withdrawal(
            corpus.folder, [own], reason=reason, ref="case 17", by="the person", on=DAY, out=corpus.out
        )
        assert [told.id for told in planned.articles] == [f"journal:{own}"]
        assert {path for path in corpus.folder.rglob("*") if path.is_file()} == before
        [name] = record_withdrawal(planned)
        written = {path for path in corpus.folder.rglob("*") if path.is_file()} - before
        assert codes(corpus)[0][f"journal:{own}"] == CODE
        values = {own, f"journal:{own}", url, canonical_address(url), loose_address(url), title, text}
        tried = {found for value in values for found in forms(value)} | {letters_digest(text).encode()}
        # What stands there anyway can be drawn too.
        fixed = f"tombstone withdrawn_on withdraw the person {reason}".encode()
        tried = {form for form in tried if form not in fixed}
        for path in written:
            data = path.read_bytes()
            assert [form for form in tried if form in data] == [], path.name
        public = json.loads((corpus.folder / "tombstones.jsonl").read_bytes())
        assert public == {"tombstone": name, "reason": reason, "withdrawn_on": DAY.isoformat()}


def forms(value: str) -> set[bytes]:
    """Return a value as a file could have it: in UTF-8, as JSON escapes it, and its plain digests."""
    plain = value.encode()
    digests = {hashlib.new(name, plain).hexdigest() for name in ("sha256", "sha1", "md5")}
    return {plain, json.dumps(value)[1:-1].encode(), *(found[:16].encode() for found in digests)}
