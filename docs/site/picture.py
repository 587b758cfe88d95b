"""Draw docs/pictures/architecture.svg: packages and the data that flow between them."""

from pathlib import Path

PICTURE = Path(__file__).resolve().parents[1] / "pictures" / "architecture.svg"
WIDTH, HEIGHT = 870, 476
BOX_WIDTH, BOX_HEIGHT = 122, 50
COLUMNS = [14, 158, 302, 446, 590, 734]
ROWS = [52, 142, 232, 322, 412]
TITLE = "Packages of Concord and the data that flow between them, from left to right"

#: Data that come from outside, and each package: text, second line, column, row.
DATA = {
    "dicom": ("DICOM folders", "NIfTI, BIDS", 0, 0),
    "clinical": ("clinical table", "subjects.tsv", 0, 2),
    "foreign": ("feature table", "of another tool", 0, 3),
}
PACKAGES = {
    "ingest": ("ingest", "images, masks", 1, 0),
    "deidentify": ("deidentify", "DICOM to share", 1, 1),
    "agreement": ("agreement", "readers compared", 2, 0),
    "features": ("features", "matrix, dictionary", 2, 1),
    "feature_import": ("feature_import", "the same, imported", 1, 3),
    "stability": ("stability", "ICC", 3, 1),
    "folds": ("folds", "cohort, splits", 2, 2),
    "harmonization": ("harmonization", "inside each fold", 3, 2),
    "models": ("models", "fitted models", 4, 2),
    "frozen": ("frozen", "models elsewhere", 4, 1),
    "evaluation": ("evaluation", "performance", 5, 2),
    "figures": ("figures", "SVG, PDF, PNG", 5, 1),
    "report": ("report", "one page", 5, 0),
}
#: From, to; each leaves at the nearest side of its box.
EDGES = [
    ("dicom", "ingest"),
    ("ingest", "agreement"),
    ("ingest", "deidentify"),
    ("ingest", "features"),
    ("features", "stability"),
    ("clinical", "folds"),
    ("foreign", "feature_import"),
    ("feature_import", "folds"),
    ("features", "folds"),
    ("folds", "harmonization"),
    ("stability", "models"),
    ("harmonization", "models"),
    ("models", "evaluation"),
    ("models", "frozen"),
    ("frozen", "evaluation"),
    ("evaluation", "figures"),
    ("figures", "report"),
]
BASE = "tables · privacy · statistics · simulate · fields, files, images, provenance"

STYLE = """\
text{font:13px Helvetica,Arial,DejaVu Sans,sans-serif;fill:#1f2933}
.small{font-size:11px;fill:#52606d}
.title{font-weight:bold}
.package{fill:#e3eef9;stroke:#3572a5}
.data{fill:#fff;stroke:#7b8794;stroke-dasharray:4 3}
.bar{fill:#f0f2f4;stroke:#9aa5b1}
path{stroke:#52606d;stroke-width:1.3;fill:none;marker-end:url(#arrow)}"""


def svg() -> str:
    """The whole picture."""
    boxes = {**DATA, **PACKAGES}
    parts = [_edge(boxes[start], boxes[end]) for start, end in EDGES]
    parts += [_box("data", *box) for box in DATA.values()]
    parts += [_box("package", *box) for box in PACKAGES.values()]
    parts += [_bar(302, 322, 554, "study and draft, above all: configuration, sheets")]
    parts += [_bar(14, 412, 842, f"below all: {BASE}")]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{TITLE}">\n<title>{TITLE}</title>\n'
        f"<style>{STYLE}</style>\n"
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><polyline points="0,0 8,4 0,8" fill="#52606d"/>'
        "</marker></defs>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
        '<text x="14" y="26" class="title">Data flow from the folders to the report; '
        "no package imports a later one</text>"
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _corner(column: int, row: int) -> tuple[int, int]:
    return COLUMNS[column], ROWS[row]


def _box(kind: str, title: str, below: str, column: int, row: int) -> str:
    x, y = _corner(column, row)
    middle = x + BOX_WIDTH // 2
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="6"/>\n'
        f'<text x="{middle}" y="{y + 21}" text-anchor="middle">{title}</text>\n'
        f'<text class="small" x="{middle}" y="{y + 38}" text-anchor="middle">{below}'
        "</text>"
    )


def _bar(x: int, y: int, width: int, text: str) -> str:
    return (
        f'<rect class="bar" x="{x}" y="{y}" width="{width}" height="{BOX_HEIGHT}" '
        f'rx="6"/>\n<text x="{x + width // 2}" y="{y + 30}" text-anchor="middle">{text}'
        "</text>"
    )


def _edge(start: tuple, end: tuple) -> str:
    """A line between the sides of two boxes that face each other."""
    (x0, y0), (x1, y1) = _corner(*start[2:]), _corner(*end[2:])
    half = BOX_WIDTH // 2, BOX_HEIGHT // 2
    if start[2] == end[2]:
        down = y1 > y0
        ends = (x0 + half[0], y0 + (BOX_HEIGHT if down else 0))
        ends += (x1 + half[0], y1 - 2 if down else y1 + BOX_HEIGHT + 2)
    else:
        ends = (x0 + BOX_WIDTH, y0 + half[1], x1 - 2, y1 + half[1])
    return f'<path d="M{ends[0]} {ends[1]} L{ends[2]} {ends[3]}"/>'


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
