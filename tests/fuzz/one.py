"""Fuzzes one target for a while: `python tests/fuzz/one.py TARGET FOLDER FINDS [options of libFuzzer]`.

Started by `run.py`, in a process of its own, since libFuzzer ends the process that it runs in.
"""

import sys
from pathlib import Path

import atheris

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

with atheris.instrument_imports(include=["pressmark", "fuzz_targets"]):
    import fuzz_targets as targets
    import pressmark.intake.html  # noqa: F401 - it is imported late otherwise, and without being watched


def main() -> None:
    """Fuzz; what is found is written to the folder of finds."""
    name, folder, finds, *options = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(finds).mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(targets.seeds(name)):
        (Path(folder) / f"seed-{number}").write_bytes(seed)
    most = "-max_len=16384" if name in ("html", "page", "warc", "recipe") else "-max_len=2048"
    atheris.Setup([sys.argv[0], folder, f"-artifact_prefix={finds}/", most, *options], targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
