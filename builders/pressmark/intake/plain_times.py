"""Times of tables as Python has them."""

import pyarrow as pa
import pyarrow.compute as pc


def with_plain_times(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows with their times in microseconds, and those of a zone in UTC: Python has no others.

    What Arrow gives otherwise depends on whether there is pandas, which has times in nanoseconds.
    """
    for position, kind in enumerate(batch.schema.types):
        if kind != (plain := _with_plain_time(kind)):
            values = pc.cast(batch.column(position), plain, safe=False)
            batch = batch.set_column(position, pa.field(batch.schema.names[position], plain), values)
    return batch


def _with_plain_time(kind: pa.DataType) -> pa.DataType:  # noqa: PLR0911 - a return for each kind of type
    """Return a type with plain times in it, at whatever depth."""
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", "UTC" if kind.tz else None)
    if pa.types.is_time64(kind):
        return pa.time64("us")
    if pa.types.is_duration(kind):
        return pa.duration("us")
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_with_plain_time(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_with_plain_time(kind.key_type), _with_plain_time(kind.item_type))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        of = kind.value_field.with_type(_with_plain_time(kind.value_type))
        if pa.types.is_fixed_size_list(kind):
            return pa.list_(of, kind.list_size)
        return pa.large_list(of) if pa.types.is_large_list(kind) else pa.list_(of)
    return kind
