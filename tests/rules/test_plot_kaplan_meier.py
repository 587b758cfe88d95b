"""Rule plot_kaplan_meier: the script on small tables, without Snakemake."""

from plot_kaplan_meier import main

from concord import tables
from concord.evaluation.curves import curves
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_kaplan_meier()
SURVIVAL = OUTCOME_KINDS["survival"]


def test_the_survival_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    predictions = synthetic.predictions("survival", "texture")
    inputs = {}
    for kind, table in curves(predictions, SURVIVAL, SPEC.confidence).items():
        if kind != "roc":
            inputs[kind] = str(tmp_path / f"{kind}.tsv")
            tables.write(table, inputs[kind], kind)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, **inputs)


def test_another_table_is_refused(tmp_path):
    inputs = {"kaplan_meier": "", "risk_groups": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "kaplan_meier", inputs)
