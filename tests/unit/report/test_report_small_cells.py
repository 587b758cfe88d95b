"""Small counts of people: hidden, not to be told by a sum, and said to be hidden."""

import itertools
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from concord.report import page
from concord.report.blocks import Banner, Picture, section, table
from concord.report.small_cells import Hiding
from concord.report.small_cells.matrix import CountTable
from concord.report.small_cells.words import HIDDEN, told

from ... import synthetic_results as synthetic

SMALLEST = 6


def shown(columns, *rows):
    return [list(row) for row in CountTable(columns, rows, SMALLEST).safe_rows()]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2 of 60 (3 %) subjects", "fewer than 6 subjects"),
        ("58 of 60 (97 %) subjects", "hidden subjects"),  # it would tell the two others
        ("0 of 60 (0 %) subjects", "0 of 60 (0 %) subjects"),
        ("60 of 60 (100 %) subjects", "60 of 60 (100 %) subjects"),
        ("2 of 90 (2 %) fits failed", "2 of 90 (2 %) fits failed"),
        ("an AUC of 0.68 (0.62 to 0.74) (n = 4)", None),
        ("Of 60 subjects, 57 had all and 3 subjects not", None),
        ("up to 5 cases per image", "up to 5 cases per image"),
        ("mean of 2 repeats, 95 % interval", "mean of 2 repeats, 95 % interval"),
        ("2 no feature row, 30 no outcome", "fewer than 6 no feature row, hidden no "
         "outcome"),
    ],
)  # fmt: skip
def test_a_sentence_tells_no_small_count(before, after):
    found = told(before, SMALLEST)

    if after is None:
        assert not re.search(r"(?<![\d.])[1-5](?![\d.])", found)
        assert "6" in found
    else:
        assert found == after


def test_the_count_of_a_site_is_hidden_with_the_one_that_a_sum_would_tell_it_by():
    columns = ["", "A", "B", "C", "All"]
    rows = shown(
        columns,
        ["Subjects", "20", "30", "40", "90"],
        ["Death: events", "3 of 20 (15 %)", "9 of 30 (30 %)", "20 of 40 (50 %)", "32"],
        ["Age (years)", "60.1 (55.2 to 70.1)", "61.0", "62.0; 7 missing", "61.2"],
    )

    assert rows[0] == ["Subjects", "20", "30", "40", "90"]
    assert rows[1] == ["Death: events", "< 6", HIDDEN, "20", "32"]
    assert rows[2][3] == "62.0; 7 missing"


def test_values_of_so_few_people_are_hidden_with_their_number():
    by_column = shown(
        ["", "A", "B", "C", "All"],
        ["Subjects", "3", "30", "40", "73"],
        ["Age (years)", "60.1 (55.2 to 70.1)", "61.0", "62.0", "61.2"],
    )
    by_row = shown(
        ["Batch", "Kernel", "Subjects", "Sites", "Shift"],
        ["A", "07MW.4", "4", "STS (4)", "0.51 (0.42)"],
        ["B", "B30f", "30", "STS (30)", "0.1"],
    )

    assert by_column == [
        ["Subjects", "< 6", HIDDEN, "40", "73"],
        ["Age (years)", HIDDEN, "61.0", "62.0", "61.2"],
    ]
    assert by_row == [
        ["A", "07MW.4", "< 6", "STS (fewer than 6)", HIDDEN],
        ["B", "B30f", "30", "STS (30)", "0.1"],
    ]


def test_missing_values_of_few_tell_nothing():
    rows = shown(
        ["", "A", "B", "All"],
        ["Age", "60.1; 2 missing", "61.0; 9 missing", "60.2; 11 missing"],
        ["Sex: female", "9 of 18 (50 %); 2 missing", "20 of 40 (50 %)", "29 of 58"],
        ["Sex: male", "9 of 18 (50 %); 2 missing", "20 of 40 (50 %)", "29 of 58"],
    )

    values = ["60.1", "61.0", "60.2"]
    assert rows[0][1:] == [f"{value}; some missing" for value in values]
    assert rows[1][1] == rows[2][1] == HIDDEN


def determined(hidden):
    """Cells (row, column) that the equations of all rows and columns tell exactly."""
    cells = sorted(hidden)
    lines = [[float(i == row) for i, _ in cells] for row in {i for i, _ in cells}]
    lines += [[float(j == at) for _, j in cells] for at in {j for _, j in cells}]
    rank = np.linalg.matrix_rank(np.array(lines)) if cells else 0
    units = np.eye(len(cells))
    return [
        cell
        for cell, unit in zip(cells, units, strict=True)
        if np.linalg.matrix_rank(np.array([*lines, unit])) == rank
    ]


def test_no_hidden_cell_of_a_table_with_totals_can_be_computed():
    random, n_hidden = np.random.default_rng(2), 0
    for _ in range(200):
        counts = random.integers(0, 30, (3, 4)) * (random.random((3, 4)) < 0.8)
        counts = np.column_stack([counts, counts.sum(1)])
        if np.any((counts.sum(0) < SMALLEST) & (counts.sum(0) > 0)):
            continue
        rows = [[f"Stage: {i}", *map(str, row)] for i, row in enumerate(counts)]
        subjects = ["Subjects", *map(str, counts.sum(0))]
        _, *found = shown(["", *"ABCD", "All"], subjects, *rows)
        places = list(itertools.product(range(3), range(5)))
        hidden = [(i, j) for i, j in places if not found[i][j + 1].isdigit()]

        small = [p for p in places if 0 < counts[p] < SMALLEST]
        assert set(small) <= set(hidden)
        assert determined(hidden) == []
        n_hidden += len(hidden)
    assert n_hidden > 300


class Words(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.parts = []
        self.feed(html)
        self.text = re.sub(r"\s+", " ", " ".join(self.parts))

    def handle_data(self, data):
        self.parts.append(data)


def built(folder, smallest):
    values = dict(synthetic.SETTINGS.report) | {"smallest_cell": smallest}
    report = type(synthetic.SETTINGS.report)(**values)
    settings = synthetic.SETTINGS.model_copy(update={"report": report})
    inputs = synthetic.write_results(folder) | {"figures": []}
    return Words(page.build(inputs, settings)).text


def test_a_page_that_leaves_says_what_it_hides_and_names_nobody(tmp_path):
    text = built(tmp_path, SMALLEST)

    assert "Small numbers are hidden Counts of fewer than 6 people" in text
    assert "“Every exclusion with its reason” has one row for each person" in text
    for subject in synthetic.subjects()["subject_id"]:
        assert subject not in text
    counted = re.findall(
        r"(?<![\w.<])(?<!than )([1-5])(?: of \d+)? (?:subject|event|exclusion)", text
    )
    assert counted == []


def test_without_a_smallest_cell_the_page_is_as_it_was(tmp_path):
    text = built(tmp_path, 0)

    assert "hidden" not in text.replace("Hidden", "")
    assert "1 exclusion concerning 1 subject" in text
    banners = [Banner("a", "1 subject")]
    one = section("cohort", "Cohort", table("t", ["", "n"], [["Subjects", "1"]]))
    assert Hiding(1).banners(banners) == banners
    assert Hiding(1).section(one) == one


def test_a_figure_of_single_people_is_left_out():
    marks = Picture("data:,", "points of subjects", "caption")
    values = Picture("data:,", "medians", "caption", aggregate=True)

    found = Hiding(5).section(section("cohort", "Cohort", marks, values)).blocks

    assert found[0].paragraphs == (
        "Not shown on this page, as it may show single people: points of subjects",
    )
    assert found[1] == values
