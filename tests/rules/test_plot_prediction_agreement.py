"""Rule plot_prediction_agreement: the script on small tables, without Snakemake."""

from plot_prediction_agreement import main

from concord import tables

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_headline()


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = {}
    for kind, table in (
        ("reader_predictions", synthetic.reader_predictions("metastasis")),
        ("prediction_agreement", synthetic.prediction_agreement("metastasis")),
    ):
        inputs[kind] = str(tmp_path / f"{kind}.tsv")
        tables.write(table, inputs[kind], kind)

    assert_three_formats_with_equal_bytes(
        main,
        tmp_path,
        SPEC,
        predictions=[inputs["reader_predictions"]],
        agreement=inputs["prediction_agreement"],
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"predictions": [""], "agreement": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "reader_predictions", inputs)
