"""Near copies of withdrawn texts that are among the inputs no more, told by imprints."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa

from pressmark.article.letters import letters
from pressmark.curate.grams import SHORT
from pressmark.curate.groups import At
from pressmark.curate.imprints import SIZE, imprints, resembling
from pressmark.curate.withdrawals import Suppression
from pressmark.plan import Engine
from pressmark.reading import Staged
from pressmark.staging import staged_at

_TEXTS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class ResembleJob:
    """Hold the texts of one reading task against imprints."""

    staged: Path
    imprints: Path
    threshold: Fraction


def near_withdrawn(engine: Engine, staged: Staged, threshold: Fraction, suppression: Suppression) -> Mapping[At, str]:
    """Return the articles that seem to be near copies of withdrawn texts, and the tombstones of these."""
    names = [name for name, _ in suppression.imprints]
    if not names:
        return {}
    path = staged.folder / "imprints.npy"
    # Repeated to one length, as they are kept.
    np.save(path, np.stack([np.resize(found, SIZE) for _, found in suppression.imprints]))
    try:
        jobs = [ResembleJob(staged_at(staged.folder, task), path, threshold) for task in range(len(staged.read))]
        return {
            (task, row): names[which]
            for task, found in enumerate(engine.run(resemble_stage, jobs))
            for row, which in found
        }
    finally:
        path.unlink()


def resemble_stage(job: ResembleJob) -> list[tuple[int, int]]:
    """Return the rows of texts that seem to be near copies, each with the number of an imprint."""
    known = imprints([np.unique(each) for each in np.load(job.imprints)])
    found: list[tuple[int, int]] = []
    begin = 0
    with pa.memory_map(str(job.staged)) as source:
        reader = pa.ipc.open_file(source)
        for number in range(reader.num_record_batches):
            texts = reader.get_batch(number)["text"]
            for start in range(0, len(texts), _TEXTS_AT_ONCE):
                only = [letters(text) for text in texts.slice(start, _TEXTS_AT_ONCE).to_pylist()]
                rows = [row for row, text in enumerate(only) if len(text) >= SHORT]
                near = resembling([only[row] for row in rows], known, job.threshold) if rows else {}
                found += [(begin + start + rows[text], which) for text, which in sorted(near.items())]
            begin += len(texts)
    return found
