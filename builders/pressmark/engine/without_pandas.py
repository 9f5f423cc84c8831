"""Arrow without pandas, in processes of our own.

Arrow imports pandas when it first makes an array of something, wherever pandas is installed, to see whether it was
given one of its kinds. That takes a third of a second in each process, and nothing here makes any.
"""

import sys
from importlib.abc import MetaPathFinder


class _Absent(MetaPathFinder):
    """Finds that pandas is not there."""

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def without_pandas() -> None:
    """Let Arrow find that there is no pandas, which it asks once in a process.

    For processes that are ours alone: where pandas is used, arrays of its kinds would be made as those of any sequence.
    What asks Arrow for a table of pandas still gets one, and pandas itself can be imported afterwards. Nothing that is
    read depends on it: of what Arrow reads through pandas, times to the nanosecond, none gets as far as Python.
    """
    import pyarrow as pa  # noqa: PLC0415 - which most commands do not need, and the engine is a part of each

    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array(())
    finally:
        sys.meta_path.remove(absent)
