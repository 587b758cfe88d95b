"""Tables as spreadsheets, exports and people leave them, made at random.

Each is a table of ten subjects, written as one of the kinds of files there are, with
what happens to tables done to it. `ORIGINAL` is what it must be read as, or it must be
refused.
"""

import gzip
import random
from collections.abc import Callable
from pathlib import Path

from tests.workbooks import write_workbook

NAMES = ["patient", "site", "age", "stage", "dead", "days"]
ORIGINAL = [
    [
        f"P{n:02d}",
        ["North", "Süd"][n % 2],
        f"{40 + 1.5 * n:g}",
        ["I", "II"][n % 3 == 0],
        str(n % 2),
        str(100 + 37 * n),
    ]
    for n in range(1, 11)
]
ORIGINAL[6][2] = ""

_ODD_NUMBERS = [
    *("27,3", "1.234,5", "1_000", "<5", "27.3 kg", "1e999", "inf", "5-Mar", "50%"),
    *("2024-01-31", "31.01.2024", "12:30", "-\u2009", "\u22125", "#DIV/0!", "####"),
    *("0x1F", "TRUE", "1 000", "1'000", "--", "?", "unknown", "27.3.1", "twelve"),
]

Grid = list[list[str]]
Change = Callable[[Grid, random.Random], None]


def _row(grid: Grid, draw: random.Random) -> list[str]:
    return grid[draw.randrange(1, len(grid))]


def cell_lost(grid: Grid, draw: random.Random) -> None:
    row = _row(grid, draw)
    del row[draw.randrange(len(row))]


def cells_lost_at_the_end(grid: Grid, draw: random.Random) -> None:
    del _row(grid, draw)[draw.randrange(1, 5) :]


def cell_doubled(grid: Grid, draw: random.Random) -> None:
    row = _row(grid, draw)
    row.insert(2, row[2] or "1")


def odd_number(grid: Grid, draw: random.Random) -> None:
    row = _row(grid, draw)
    row[draw.choice([2, 5])] = draw.choice(_ODD_NUMBERS)


def decimal_commas(grid: Grid, _: random.Random) -> None:
    for row in grid[1:]:
        row[2] = row[2].replace(".", ",")


def column_repeated(grid: Grid, draw: random.Random) -> None:
    twin = draw.choice(["age", "age ", " dead", "site\u200b", "patient"])
    for row, cell in zip(grid, [twin, *map(str, range(10))], strict=True):
        row.append(cell)


def name_lost(grid: Grid, draw: random.Random) -> None:
    grid[0][draw.randrange(len(NAMES))] = ""


def name_misspelt(grid: Grid, draw: random.Random) -> None:
    place = draw.randrange(len(NAMES))
    grid[0][place] = grid[0][place].title()


def header_of_two_lines(grid: Grid, _: random.Random) -> None:
    grid.insert(0, ["Clinic", "", "At baseline", "", "Outcome", ""])


def title_above(grid: Grid, draw: random.Random) -> None:
    grid.insert(0, ["Export of 2024"] + [""] * draw.choice([0, 5]))


def units_below(grid: Grid, _: random.Random) -> None:
    grid.insert(1, ["", "", "years", "", "0/1", "days"])


def header_repeated(grid: Grid, draw: random.Random) -> None:
    grid.insert(draw.randrange(1, len(grid)), list(grid[0]))


def blank_rows(grid: Grid, draw: random.Random) -> None:
    for _ in range(draw.randrange(1, 4)):
        row = [draw.choice(["", " "])] * len(grid[0])
        grid.insert(draw.choice([len(grid), draw.randrange(1, len(grid))]), row)


def blank_columns(grid: Grid, draw: random.Random) -> None:
    place = draw.choice([0, 3, len(grid[0])])
    for row in grid:
        row.insert(place, "")


def ends_blank_but_for_the_names(grid: Grid, _: random.Random) -> None:
    for row in grid[1:]:
        row += ["", ""]


def row_numbers(grid: Grid, _: random.Random) -> None:
    for number, row in enumerate(grid):
        row.insert(0, str(number - 1) if number else "")


def row_names(grid: Grid, _: random.Random) -> None:
    for number, row in enumerate(grid[1:]):
        row.insert(0, str(number + 1))


def sum_below(grid: Grid, _: random.Random) -> None:
    grid.append(["Mean", "", "47", "", "0.5", "300"])


def note_below(grid: Grid, draw: random.Random) -> None:
    grid.append(["* as of May"] + [""] * draw.choice([0, 5]))


def row_doubled(grid: Grid, draw: random.Random) -> None:
    grid.append(list(_row(grid, draw)))


def blanks_around(grid: Grid, draw: random.Random) -> None:
    for _ in range(8):
        row, place = _row(grid, draw), draw.randrange(len(NAMES))
        row[place] = draw.choice(
            [" {}", "{}  ", "\u00a0{}", "{}\u200b", "\ufeff{}"]
        ).format(row[place])


def forms_of_characters(grid: Grid, draw: random.Random) -> None:
    for row in grid[1:]:
        if row[1] == "Süd":
            row[1] = draw.choice(["Su\u0308d", "Süd", "SÜD"])


def character_lost(grid: Grid, draw: random.Random) -> None:
    grid[1][1] = draw.choice(["S\ufffdd", "S\u00c3\u00bcd"])


def id_lost(grid: Grid, draw: random.Random) -> None:
    _row(grid, draw)[0] = draw.choice(["", "NA", "#REF!"])


def id_as_number(grid: Grid, draw: random.Random) -> None:
    _row(grid, draw)[0] = draw.choice(["7.5", "P 7", "P7/2", "P\u00a07"])


def level_misspelt(grid: Grid, draw: random.Random) -> None:
    _row(grid, draw)[3] = draw.choice(["i", "III", "Ⅱ", "1", "I?"])


def quotes_lost(grid: Grid, draw: random.Random) -> None:
    row = _row(grid, draw)
    row[draw.choice([0, 1, 5])] = '\0"' + row[1]


def nothing(_: Grid, __: random.Random) -> None:
    pass


CHANGES: list[Change] = [
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__
    if not name.startswith("_")
]
ABOUT_TEXT = (cell_lost, cells_lost_at_the_end, quotes_lost)
FORMS = ["tsv", "csv", "semicolons", "bars", "wrong_ending", "sep", "excel", "renamed"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le", "mac-roman"]
PACKED = ["", "", "", ".gz", "cut.gz"]


def write_table(folder: Path, seed: int) -> tuple[Path, list[str]]:
    """A table and the names of what was done to it."""
    draw = random.Random(seed)
    grid = [list(NAMES), *map(list, ORIGINAL)]
    change = CHANGES[seed % len(CHANGES)]
    done = [change.__name__]
    change(grid, draw)
    # A workbook knows where each cell stands; what is deleted there is deleted.
    form = draw.choice(FORMS[:-2] if change in ABOUT_TEXT else FORMS)
    done.append(form)
    if form in ("excel", "renamed"):
        ending = "xlsx" if form == "excel" else "tsv"
        rows: list[list] = [[_typed(cell) for cell in row] for row in grid]
        return write_workbook(folder / f"{seed}.{ending}", {"Data": rows}), done
    encoding = draw.choice(ENCODINGS) if draw.random() < 0.5 else "utf-8"
    packed = draw.choice(PACKED)
    done += [encoding, packed]
    content = _text(grid, form, draw).encode(encoding, "replace")
    ending = "tsv" if form in ("tsv", "wrong_ending") else "csv"
    path = folder / f"{seed}.{ending}{'.gz' if packed else ''}"
    if packed:
        content = gzip.compress(content, mtime=0)
        content = content[: -len(content) // 3] if packed == "cut.gz" else content
    path.write_bytes(content)
    return path, done


def _typed(cell: str):
    """A cell as a spreadsheet keeps it: numbers as numbers, nothing for nothing."""
    if not cell:
        return None
    try:
        number = float(cell)
    except ValueError:
        return cell.replace("\0", "")
    plain = cell.isascii() and "_" not in cell and abs(number) < 1e99
    return number if plain and cell == cell.strip() else cell


def _text(grid: Grid, form: str, draw: random.Random) -> str:
    sign = {"tsv": "\t", "semicolons": ";", "bars": "|", "sep": ";"}.get(form, ",")
    end = draw.choice(["\n", "\r\n", "\r"])
    lines = [sign.join(_quoted(cell, sign) for cell in row) for row in grid]
    said = [f"sep={sign}"] if form == "sep" else []
    return end.join([*said, *lines]) + draw.choice(["", end])


def _quoted(cell: str, sign: str) -> str:
    if cell.startswith("\0"):
        return cell.removeprefix("\0")
    escaped = cell.replace('"', '""')
    return f'"{escaped}"' if sign in cell or '"' in cell else cell
