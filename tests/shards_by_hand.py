"""How shards are divided, said in the plainest way: what the columns of a build are held against."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

BITS = 256

Member = TypeVar("Member")


def divided(members: Iterable[tuple[str, str, int, Member]], target: int) -> dict[str, list[Member]]:
    """Divide shards that outgrow the target in two by the next bit of the ids' digests, until none does.

    Args:
        members: Shard name, id, bytes of text, and the member itself.
        target: Bytes of text.

    Returns:
        The members of each file, by its name: `2024`, or `2024-0` and `2024-1`, or `2024-0`, `2024-10` and `2024-11`.
    """
    shards: dict[str, list[tuple[str, int, Member]]] = defaultdict(list)
    for name, identity, size, member in members:
        bits = bin(int.from_bytes(hashlib.sha256(identity.encode()).digest()) | 1 << BITS)[3:]
        shards[name].append((bits, size, member))
    files: dict[str, list[Member]] = {}
    pending = [(name, "", found) for name, found in shards.items()]
    while pending:
        name, prefix, found = pending.pop()
        if len(found) > 1 and len(prefix) < BITS and sum(size for _, size, _ in found) > target:
            for bit in "01":
                half = [entry for entry in found if entry[0][len(prefix)] == bit]
                pending.append((name, prefix + bit, half))
        elif found:
            files[f"{name}-{prefix}" if prefix else name] = [member for _, _, member in found]
    return files
