"""Imprints: by which near copies of a withdrawn text are told once the text itself is among the inputs no more.

An imprint is the smallest hashes of a text's grams, a bottom-k sketch (A. Broder, On the resemblance and containment of
documents, 1997). Of another text those hashes are looked at that are no greater: the share of common ones among them is
the Jaccard index of the two texts, give or take 0.025 (one standard deviation, at an index of 0.8). It is kept
enciphered: who has the list and not the key sees bytes that say nothing, not even whether two of them are alike.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pressmark.article.letters import letters
from pressmark.curate.grams import SHORT, gram_hashes

SIZE = 256
"""Hashes of an imprint; of a text with fewer grams all of them."""

SLACK = Fraction(1, 10)
"""How much less alike than near copies what is told by an imprint may seem: four standard deviations."""

Imprint = npt.NDArray[np.uint32]
"""At most `SIZE` different hashes, in ascending order; none of a short text."""

_HIGH = np.uint64(32)
_NONCE_BYTES = 16
_MEETINGS_AT_ONCE = 4 * 10**6


def imprint(text: str) -> Imprint:
    """Return the imprint of a text."""
    only = letters(text)
    if len(only) < SHORT:
        return np.empty(0, np.uint32)
    found: Imprint = np.unique((gram_hashes([only])[0] >> _HIGH).astype(np.uint32))[:SIZE]
    return found


def enciphered(key: bytes, found: Imprint) -> str:
    """Return an imprint as only the key opens it; twice the same one is never twice the same.

    Args:
        key: The key of the corpus.
        found: An imprint that is not empty.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    # Of one length for all, so that it does not tell how long the text is.
    plain = np.resize(found, SIZE).astype("<u4").tobytes()
    return b64encode(nonce + _masked(key, nonce, plain)).decode()


def deciphered(key: bytes, kept: str) -> Imprint:
    """Return what `enciphered` was given."""
    data = b64decode(kept)
    nonce, masked = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
    return np.unique(np.frombuffer(_masked(key, nonce, masked), "<u4")).astype(np.uint32)


def _masked(key: bytes, nonce: bytes, data: bytes) -> bytes:
    # A key of its own for this purpose, and SHAKE-256 as the stream that it and the nonce give.
    own = hmac.digest(key, b"imprint", hashlib.sha256)
    stream = hashlib.shake_256(own + nonce).digest(len(data))
    return np.bitwise_xor(np.frombuffer(data, np.uint8), np.frombuffer(stream, np.uint8)).tobytes()


@dataclass(frozen=True, slots=True)
class Imprints:
    """Several imprints, by the number that each has among them."""

    values: Imprint
    """All hashes in ascending order."""

    owners: npt.NDArray[np.int64]
    """For each of them, the number of its imprint."""

    sizes: npt.NDArray[np.int64]
    limits: npt.NDArray[np.uint64]
    """For each imprint, how many hashes it has and up to which it knows all of its text."""


def imprints(found: Sequence[Imprint]) -> Imprints:
    """Return some imprints, none of them empty, as they are looked at together."""
    values = np.concatenate([np.empty(0, np.uint32), *found])
    sizes = np.array([each.size for each in found], np.int64)
    order = np.argsort(values, kind="stable")
    # One that is not full has every gram of its text.
    limits = [int(each[-1]) if each.size == SIZE else 2**32 - 1 for each in found]
    return Imprints(values[order], np.repeat(np.arange(len(found)), sizes)[order], sizes, np.array(limits, np.uint64))


def resembling(texts: Sequence[str], known: Imprints, threshold: Fraction) -> dict[int, int]:
    """Return which texts seem to be near copies of those that imprints are of.

    Args:
        texts: Letters and digits alone, none of them short.
        known: The imprints.
        threshold: The share of their grams from which on two texts are near copies; `SLACK` is taken off.

    Returns:
        By number of a text, the smallest number of an imprint.
    """
    hashes, owners = gram_hashes(texts)
    both = np.unique(owners.astype(np.uint64) << _HIGH | hashes >> _HIGH)
    values = both.astype(np.uint32)  # the lower half
    begins, ends = (np.searchsorted(known.values, values, side) for side in ("left", "right"))
    counts = ends - begins
    if counts.sum() > _MEETINGS_AT_ONCE and len(texts) > 1:
        # Texts of which thousands were withdrawn, all of one template, would meet each of them with every hash.
        half = len(texts) // 2
        later = resembling(texts[half:], known, threshold)
        return {**resembling(texts[:half], known, threshold), **{half + text: which for text, which in later.items()}}
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    met = known.owners[np.repeat(begins, counts) + steps]
    number = np.int64(known.sizes.size)
    pairs, common = _counted(np.repeat(both >> _HIGH, counts).astype(np.int64) * number + met, len(texts) * int(number))
    text, which = pairs // number, pairs % number
    first = text.astype(np.uint64) << _HIGH
    # Hashes of the text as far as the imprint knows its own.
    within = np.searchsorted(both, first | known.limits[which], "right") - np.searchsorted(both, first, "left")
    least = threshold - SLACK
    near = common * least.denominator >= (known.sizes[which] + within - common) * least.numerator
    return dict(zip(text[near][::-1].tolist(), which[near][::-1].tolist(), strict=True))


def _counted(found: npt.NDArray[np.int64], most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the different ones of some numbers below a limit, in order, and how often each is there."""
    if found.size < most:
        return np.unique(found, return_counts=True)
    counts = np.bincount(found)  # sooner than sorting, where there are more numbers than different ones can be
    different = np.flatnonzero(counts)
    return different, counts[different]
