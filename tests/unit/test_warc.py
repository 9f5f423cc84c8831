"""Files of crawlers: every record that was begun is a page, or something that is known to be none, or a refusal."""

import gzip
import hashlib
import io
import random
import re
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from pressmark.findings import RefusedInputError
from pressmark.intake.http_body import decoded
from pressmark.intake.warc import Caught, captures, is_robots
from warc_cases import FILES, page, record, response, warc

LIMIT = 1_000_000
CODES = {"truncated-record", "bad-compression", "bad-record", "bad-digest", "bad-length", "too-large"}


def read(data: bytes, name: str = "a.warc.gz", limit: int = LIMIT) -> list[Caught]:
    return [each for each in captures(io.BytesIO(data), name, limit) if each.kind != "other"]


@pytest.mark.parametrize("name", FILES)
def test_every_page_of_a_file_is_found(name: str) -> None:
    found = read(FILES[name], name)
    assert [(each.url, each.body, each.refusal) for each in found] == [
        (f"https://quill.example/{number}", page(number), None) for number in range(5)
    ]
    assert {each.retrieved_at for each in found} == {"2024-05-21T04:57:16Z"}
    assert [each.number for each in found] == [2, 3, 4, 5, 6]
    assert len({each.sha256 for each in found}) == 5


def cuts(name: str, share: float) -> list[int]:
    chance = random.Random(name)  # noqa: S311 - a seed, no secret
    return [end for end in range(len(FILES[name])) if chance.random() < share]


def check_cut(name: str, end: int) -> None:
    whole = [each.body for each in read(FILES[name], name)]
    found = read(FILES[name][:end], name)
    good = [each.body for each in found if each.refusal is None]
    refused = [each.refusal.code for each in found if each.refusal]
    assert good == whole[: len(good)], end
    assert set(refused) <= CODES
    assert len(refused) <= 1
    if not refused and len(good) < len(whole):
        # Nothing was cut through: the file ends where a record or a member does.
        assert read(FILES[name][: end + 1], name)[-1:] != found[-1:] or end < 700 or name.endswith("c")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_short_says_so(name: str) -> None:
    for end in cuts(name, 60 / len(FILES[name])):
        check_cut(name, end)


@pytest.mark.soak
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_at_any_byte_says_so(name: str) -> None:
    for end in range(len(FILES[name])):
        check_cut(name, end)
    print(f"{name}: {len(FILES[name])} cut points")


def check_flip(name: str, position: int, bit: int) -> None:
    whole = [each.body for each in read(FILES[name], name)]
    data = bytearray(FILES[name])
    data[position] ^= 1 << bit
    found = read(bytes(data), name)
    assert {each.refusal.code for each in found if each.refusal} <= CODES
    if name.startswith("a.warc"):
        # ARC has no digests: there only the address, the length and the packing can show damage.
        assert [each for each in found if each.refusal is None and each.body not in whole] == [], position


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.arc.gz"])
def test_a_changed_byte_is_no_other_page(name: str) -> None:
    for position in cuts(name, 80 / len(FILES[name])):
        check_flip(name, position, position % 8)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_byte_that_is_changed_anywhere_is_no_other_page(name: str) -> None:
    for position in range(len(FILES[name])):
        check_flip(name, position, position % 8)
    print(f"{name}: {len(FILES[name])} changed bytes")


def test_a_damaged_member_costs_its_own_record() -> None:
    data = bytearray(FILES["a.warc.gz"])
    starts = [each.offset for each in read(bytes(data))]
    data[starts[2] + 60] ^= 4
    found = read(bytes(data))
    assert [each.refusal.code if each.refusal else "page" for each in found] == [
        *("page", "page", "bad-compression", "page", "page")
    ]
    assert found[2].refusal is not None
    assert found[2].refusal.place == f"byte {starts[2]}"


def test_garbage_between_records_costs_nothing_else() -> None:
    plain = FILES["a.warc"]
    start = read(plain, "a.warc")[2].offset
    found = read(plain[:start] + b"\x00garbage\r\n" * 50 + plain[start:], "a.warc")
    assert [each.refusal.code if each.refusal else "page" for each in found] == [
        *("page", "page", "bad-record", "page", "page", "page")
    ]


def without_digest(data: bytes) -> bytes:
    return re.sub(rb"WARC-Block-Digest: [^\r]+\r\n", b"", data)


@pytest.mark.parametrize("by", [-400, -20, -4, -1, 1, 3, 5, 40, 600, 100_000])
@pytest.mark.parametrize("name", ["a.warc", "a.arc"])
def test_a_record_with_a_wrong_length_is_no_page_and_hides_none(name: str, by: int) -> None:
    plain = without_digest(FILES[name])
    whole = read(plain, name)
    assert [each.refusal for each in whole] == [None] * 5
    start = whole[2].offset
    stated = re.search(rb"Content-Length: ([0-9]+)|text/html ([0-9]+)", plain[start:])
    assert stated
    digits = stated[1] or stated[2]
    at = start + stated.end()
    wrong = plain[: at - len(digits)] + b"%d" % (int(digits) + by) + plain[at:]
    found = read(wrong, name)
    # A body that takes the line ends behind it is the same page.
    bodies = [each.body.rstrip() for each in found if each.refusal is None]
    assert bodies in [[whole[number].body for number in numbers] for numbers in ((0, 1, 3, 4), range(5))]
    assert len(bodies) == 5 or {each.refusal.code for each in found if each.refusal} <= {
        *("bad-length", "bad-record", "truncated-record")
    }


def test_a_record_that_is_a_part_is_refused() -> None:
    def with_header(header: bytes) -> bytes:
        return response("https://quill.example/1", page(1)).replace(b"WARC-Date", header + b"\r\nWARC-Date")

    for header in (b"WARC-Segment-Number: 1", b"WARC-Truncated: length"):
        (found,) = read(with_header(header), "a.warc")
        assert found.refusal is not None
        assert found.refusal.code == "truncated-record"
    (found,) = read(with_header(b"WARC-Unknown: length"), "a.warc")
    assert found.body == page(1)


def test_a_header_goes_on_with_the_next_line() -> None:
    data = response("https://quill.example/1", page(1)).replace(b"Content-Type: text", b"Content-Type:\r\n text")
    size = len(data.partition(b"\r\n\r\n")[2]) - 4
    data = re.sub(rb"Content-Length: [0-9]+", b"Content-Length:\r\n %d" % size, without_digest(data))
    (found,) = read(data, "a.warc")
    assert (found.body, dict(found.headers)["content-type"]) == (page(1), "text/html; charset=utf-8")


def test_a_body_of_several_members_is_read_whole() -> None:
    body = gzip.compress(page(1)[:300]) + gzip.compress(page(1)[300:]) + b"\0\0"
    assert decoded(body, {"content-encoding": "gzip"}, LIMIT) == page(1)


def test_what_is_no_page_is_not_yielded() -> None:
    data = b"".join(
        (
            response("https://quill.example/a.jpg", b"\xff\xd8", Content_Type="image/jpeg"),
            response("https://quill.example/old", b"", "301 Moved Permanently"),
            response("https://quill.example/gone", b"<p>gone</p>", "404 Not Found"),
            response("https://quill.example/film", b"x" * 2_000_000, Content_Type="video/mp4"),
            record("request", "https://quill.example/1", b"GET /1 HTTP/1.1\r\n\r\n", "application/http"),
            response("https://quill.example/1", page(1)),
        )
    )
    assert [each.url for each in read(data, "a.warc")] == ["https://quill.example/1"]


def test_a_page_above_the_limit_is_refused() -> None:
    (found,) = read(response("https://quill.example/1", b"<p>" + b"x" * 2_000_000), "a.warc")
    assert found.refusal is not None
    assert found.refusal.code == "too-large"


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: pa.compress(data, "brotli", asbytes=True),
    "zstd": lambda data: pa.compress(data, "zstd", asbytes=True),
    "identity": bytes,
    "gzip, br": lambda data: pa.compress(gzip.compress(data), "brotli", asbytes=True),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_bodies_are_read_whatever_their_coding(coding: str) -> None:
    body = CODINGS[coding](page(1))
    (found,) = read(response("https://quill.example/1", body, Content_Encoding=coding), "a.warc")
    assert found.body == page(1)
    if coding != "identity":
        for bad in (body[: len(body) // 2], body[:10]):
            with pytest.raises(RefusedInputError, match="bad-compression"):
                decoded(bad, {"content-encoding": coding}, LIMIT)


def test_a_coding_that_a_crawler_took_off_is_not_missed() -> None:
    assert decoded(page(1), {"content-encoding": "gzip", "transfer-encoding": "chunked"}, LIMIT) == page(1)
    with pytest.raises(RefusedInputError, match="bad-compression"):
        decoded(b"x", {"content-encoding": "compress"}, LIMIT)


def test_chunks_are_joined() -> None:
    chunked = b"4;a=b\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n"
    assert decoded(chunked, {"transfer-encoding": "chunked"}, LIMIT) == b"abcdefg"
    for end in (12, 18, len(chunked) - 6):
        with pytest.raises(RefusedInputError, match="bad-compression"):
            decoded(chunked[:end], {"transfer-encoding": "chunked"}, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_bomb_is_refused_before_it_is_large(coding: str) -> None:
    body = CODINGS[coding](bytes(100_000_000))
    data = response("https://quill.example/1", body, Content_Encoding=coding)
    tracemalloc.start()
    (found,) = read(data, "a.warc")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.refusal is not None
    assert found.refusal.code == "too-large"
    assert peak < 20_000_000


def test_texts_of_wet_files_are_texts() -> None:
    wet = gzip.compress(record("conversion", "https://quill.example/1", b"One line.\nAnother.\n", "text/plain"))
    (found,) = read(wet, "a.warc.wet.gz")
    assert (found.kind, found.body, found.url) == ("text", b"One line.\nAnother.\n", "https://quill.example/1")


@pytest.mark.soak
def test_a_large_file_is_read_in_little_memory(tmp_path: Any) -> None:
    members = warc(200)
    with (tmp_path / "a.warc.gz").open("wb") as sink:
        for _ in range(2000):
            sink.write(members)
    tracemalloc.start()
    with (tmp_path / "a.warc.gz").open("rb") as stream:
        found = sum(each.kind == "page" and each.refusal is None for each in captures(stream, "a.warc.gz", LIMIT))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{found} pages, {(tmp_path / 'a.warc.gz').stat().st_size / 1e6:.0f} MB packed, peak {peak / 1e6:.1f} MB")
    assert found == 400_000
    assert peak < 30_000_000


@pytest.mark.parametrize("damaged", [(0,), (1,), (0, 1), (1, 2), (0, 2)])
def test_each_record_of_a_file_has_a_number_of_its_own(damaged: tuple[int, ...]) -> None:
    data = b""
    for number in range(4):
        member = bytearray(gzip.compress(response(f"https://quill.example/{number}", page(number)), mtime=0))
        if number in damaged:
            member[3] = 0xFF  # flags that there are none of
        data += member
    found = list(captures(io.BytesIO(data), "a.warc.gz", 10**6))
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    assert [each.url for each in found if not each.refusal] == [
        f"https://quill.example/{number}" for number in range(4) if number not in damaged
    ]


@pytest.mark.parametrize("url", ["http://[/robots.txt", "http://[::1/robots.txt", "", None])
def test_an_address_that_cannot_be_taken_apart_is_no_robots_txt(url: str | None) -> None:
    assert not is_robots(url)


@pytest.mark.parametrize("coding", ["deflate", "gzip"])
@pytest.mark.parametrize("body", [b"\x1f\x8b\x08\xff no member", b"\x78\x9c no stream"])
def test_what_does_not_unpack_is_refused_or_was_unpacked_already(coding: str, body: bytes) -> None:
    headers = {"content-encoding": coding}
    if coding == "gzip" and not body.startswith(b"\x1f\x8b"):
        assert decoded(body, headers, 1000) == body
        return
    with pytest.raises(RefusedInputError) as refused:
        decoded(body, headers, 1000)
    assert (refused.value.code, refused.value.detail) == ("bad-compression", f"found what is no {coding}")


def codes(data: bytes, name: str = "a.warc") -> list[str]:
    return [each.refusal.code if each.refusal else each.kind for each in read(data, name)]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512", "md5", "SHA1"])
def test_digests_are_compared_in_hexadecimal_too(algorithm: str) -> None:
    whole = response("https://quill.example/1", page(1))
    block = whole.partition(b"\r\n\r\n")[2][:-4]
    digest = hashlib.new(algorithm.lower(), block).hexdigest()
    stated = re.sub(rb"sha1:[A-Z2-7=]+", f"{algorithm}:{digest}".encode(), whole)
    assert codes(stated) == ["page"]
    assert codes(stated.replace(digest.encode(), digest.upper().encode())) == ["page"]
    for wrong in (digest[::-1], "z" * len(digest), digest[:-1], "!"):
        assert codes(stated.replace(digest.encode(), wrong.encode())) == ["bad-digest"]


def test_a_digest_of_an_algorithm_that_is_not_known_is_passed_over() -> None:
    whole = response("https://quill.example/1", page(1))
    assert codes(re.sub(rb"sha1:[A-Z2-7=]+", b"blake9:ABC", whole)) == ["page"]


@pytest.mark.parametrize("length", [b"", b"-5", b"12a", b"0x10", "\u0665".encode()])
def test_a_record_without_a_length_costs_itself(length: bytes) -> None:
    bad = re.sub(rb"Content-Length: [0-9]+", b"Content-Length: " + length, response("https://quill.example/1", page(1)))
    assert codes(bad + response("https://quill.example/2", page(2))) == ["bad-record", "page"]
    without = bad.replace(b"Content-Length", b"Content-Width")
    assert codes(without + response("https://quill.example/2", page(2))) == ["bad-record", "page"]


def test_a_line_of_arc_without_a_length_costs_its_record() -> None:
    plain = FILES["a.arc"]
    at = plain.index(b"https://quill.example/2 ")
    end = plain.index(b"\n", at)
    assert codes(plain[: end - 2] + b"x12" + plain[end:], "a.arc") == ["page"] * 2 + ["bad-record"] + ["page"] * 2


def test_a_head_of_more_lines_than_crawlers_write_is_no_other_page() -> None:
    more = b"".join(b"X-%d: 1\r\n" % number for number in range(300))
    whole = response("https://quill.example/1", page(1)).replace(b"WARC-Date", more + b"WARC-Date")
    found = codes(whole + response("https://quill.example/2", page(2)))
    assert found[0] in CODES
    assert found[-1] == "page"


def test_a_record_that_no_blocks_of_reading_fit_is_read_whole() -> None:
    chance = random.Random(1)  # noqa: S311 - a seed, no secret
    pages = [page(number) + b"<!-- " + chance.randbytes(100_000).hex().encode() + b" -->" for number in range(4)]
    # One head lies across the end of a block.
    early = [b"x" * ((1 << 16) - 700 + number * 7) for number in range(30)]
    records = [response(f"https://quill.example/{number}", each) for number, each in enumerate(pages)]
    records += [record("metadata", "https://quill.example/m", each, "text/plain") + records[0] for each in early]
    for name, packed in (("a.warc", False), ("a.warc.gz", True)):
        data = b"".join(gzip.compress(each, mtime=0) if packed else each for each in records)
        assert [each.body for each in read(data, name)] == pages + pages[:1] * 30
        if not packed:
            continue
        lone = gzip.compress(b"".join(records), mtime=0)
        assert [each.body for each in read(lone, name)] == pages + pages[:1] * 30


def test_what_looks_like_a_record_within_damage_is_none() -> None:
    decoys = b"garbage\nWARC/1.x\nWARC/1.1 and more\nhttp://no.example/ a line of a text\n"
    whole = response("https://quill.example/1", page(1))
    assert codes(whole + decoys + whole) == ["page", "bad-record", "page"]
    packed = gzip.compress(whole, mtime=0)
    broken = b"\x1f\x8b\x08" + b"\xff" * 60
    assert codes(packed + broken * 2 + packed, "a.warc.gz") == ["page", "bad-compression", "page"]
    # A whole member that holds something else.
    other = gzip.compress(b"no record\n" * 9, mtime=0)
    assert codes(packed + broken + other + packed, "a.warc.gz") == ["page", "bad-compression", "page"]


@pytest.mark.parametrize(
    "answer",
    [
        b"GET /1 HTTP/1.1\r\nHost: quill.example\r\n\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html",
        b"",
        b"<p>No head</p>",
    ],
)
def test_a_response_that_is_no_answer_is_refused(answer: bytes) -> None:
    data = record("response", "https://quill.example/1", answer, "application/http;msgtype=response")
    assert codes(data + response("https://quill.example/2", page(2))) == ["bad-record", "page"]


def test_a_body_of_very_many_codings_is_not_unpacked() -> None:
    body = page(1)
    for _ in range(4):
        body = gzip.compress(body)
    assert decoded(body, {"content-encoding": "gzip, gzip, gzip, gzip"}, LIMIT) == page(1)
    with pytest.raises(RefusedInputError, match="bad-compression") as refused:
        decoded(gzip.compress(body), {"content-encoding": "gzip, gzip, gzip, gzip, gzip"}, LIMIT)
    assert "too many codings" in refused.value.detail
