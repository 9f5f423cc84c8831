"""Arrow arrays of what is at hand in Python and numpy.

`pa.array`, `pa.scalar` and `to_numpy` import pandas wherever that is installed, for a second or more in each process;
these need only buffers.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def strings(values: Sequence[str]) -> pa.LargeStringArray:
    """Return strings as an Arrow array."""
    encoded = [value.encode() for value in values]
    ends = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=ends[1:])
    return pa.LargeStringArray.from_buffers(len(encoded), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))


def numbers(values: npt.NDArray[Any]) -> pa.Array:
    """Return numbers as an Arrow array of the same type."""
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)])


def of(values: pa.Array) -> npt.NDArray[Any]:
    """Return numbers as numpy has them, whatever there is where they are null."""
    width, start = values.type.bit_width // 8, values.offset
    kind = np.dtype(f"{'u' if pa.types.is_unsigned_integer(values.type) else 'i'}{width}")
    return np.frombuffer(values.buffers()[1], kind)[start : start + len(values)] if len(values) else np.empty(0, kind)


def there(values: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which values are not null."""
    bits = values.buffers()[0]
    if bits is None:
        return np.ones(len(values), np.bool_)
    found = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")
    return found[values.offset : values.offset + len(values)].astype(np.bool_)


def views(values: pa.Array) -> list[memoryview]:
    """Return the bytes of each of some strings, none of which is null, without a copy."""
    kind = np.int64 if pa.types.is_large_string(values.type) else np.int32
    _, offsets, data = values.buffers()
    cuts = np.frombuffer(offsets, kind)[values.offset : values.offset + len(values) + 1].tolist() if offsets else [0]
    whole = memoryview(data) if data else memoryview(b"")
    return [whole[start:end] for start, end in pairwise(cuts)]
