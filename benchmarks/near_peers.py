"""What people find near copies with today, on the texts of a file: datasketch, datatrove. Prints what it took as JSON.

Run by `near_duplicates.py` with a Python that has them: `python near_peers.py datasketch TEXTS.jsonl FOLDER`. Only what
finds the copies is timed, not the imports.
"""

import json
import resource
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path

GRAM, SLOTS, THRESHOLD = 5, 128, 0.8


def with_datasketch(texts: Sequence[str], _: Path) -> list[int]:
    """MinHash of 128 permutations over runs of five letters, and MinHashLSH for the same threshold."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=SLOTS)
    above = list(range(len(texts)))
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=SLOTS)
        sketch.update_batch([text[at : at + GRAM].encode() for at in range(max(1, len(text) - GRAM + 1))])
        for other in index.query(sketch):
            above[_top(above, number)] = _top(above, other)
        index.insert(number, sketch)
    return [_top(above, number) for number in range(len(texts))]


def with_datatrove(texts: Sequence[str], folder: Path) -> list[int]:
    """Its four steps with two workers and its own settings (14 buckets of 8, words of English); the texts are words."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader

    config = MinhashConfig()
    source = folder / "source"
    source.mkdir()
    half = -(-len(texts) // 2)
    for part in range(2):
        rows = (json.dumps({"text": text, "id": str(at)}) for at, text in enumerate(texts[part * half :][:half]))
        (source / f"{part:05d}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    steps = (
        ([JsonlReader(str(source)), MinhashDedupSignature(str(folder / "a"), config=config)], 2),
        ([MinhashDedupBuckets(str(folder / "a"), str(folder / "b"), config=config)], config.num_buckets),
        ([MinhashDedupCluster(str(folder / "b"), str(folder / "c"), config=config, save_cluster_id=True)], 1),
    )
    for number, (pipeline, tasks) in enumerate(steps):
        log = str(folder / f"log{number}")
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=2, logging_dir=log).run()
    return _clusters(folder / "c", len(texts), half)


def _clusters(folder: Path, count: int, half: int) -> list[int]:
    labels = [-1 - number for number in range(count)]
    for path in sorted(folder.rglob("*.clusters")):
        part = int(path.stem.split(".")[0])
        for number, cluster in struct.iter_unpack("<II", path.read_bytes()):
            labels[part * half + number] = cluster
    return labels


def _top(above: list[int], number: int) -> int:
    while above[number] != number:
        above[number] = above[above[number]]
        number = above[number]
    return number


def main() -> None:
    """Find near copies in one way, and print seconds, megabytes and what belongs together."""
    way, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    start = time.perf_counter()
    labels = {"datasketch": with_datasketch, "datatrove": with_datatrove}[way](texts, folder)
    seconds = time.perf_counter() - start
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "megabytes": memory / 1024}))


if __name__ == "__main__":
    main()
