"""Sizes that a packed table may unpack to: a small file can claim gigabytes."""

from ..errors import TableError

#: Bytes that any packed table may unpack to, and how many times its own size: tables of
#: numbers shrink to a third or a tenth.
_ALWAYS, _TIMES = 32 << 20, 40

#: Cells of a sheet, with those that fill its rows up to the widest, and the columns and
#: characters of a number format that a workbook can have.
MOST_CELLS, MOST_COLUMNS, LONGEST_FORMAT = 30_000_000, 16_384, 255


def largest(packed: int) -> int:
    """Most bytes that a file of so many bytes may unpack to."""
    return max(_ALWAYS, _TIMES * packed)


def require_small(size: int, most: int) -> None:
    """Raise TableError if a part of a file unpacks to more than that."""
    if size > most:
        raise TableError(
            f"the packed file unpacks to more than {most} bytes, which is {_TIMES} "
            "times its own size and more than a table does; if it is one, save it as "
            "CSV that is not packed"
        )


def require_few_cells(n_rows: int, width: int) -> None:
    """Raise TableError if the rows of a sheet, filled up to the widest, are too many.

    A cell far to the right makes every row as wide.
    """
    if n_rows * width > MOST_CELLS:
        raise TableError(
            f"the sheet has {n_rows} rows, the widest of {width} cells, which makes "
            f"{n_rows * width}, expected at most {MOST_CELLS}; delete cells beside the "
            "table, or save it as CSV"
        )
