"""Rule plot_feature_maps: the script on a small file, without Snakemake."""

from plot_feature_maps import main

from concord import files
from concord.figures.settings import PlotFeatureMaps

from .. import synthetic_results as synthetic
from ..plotting import assert_three_formats_with_equal_bytes

SPEC = PlotFeatureMaps(style=synthetic.STYLE, radius_mm=6.0)


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    pictures = tmp_path / "pictures.json"
    files.write_json(synthetic.feature_maps(), pictures)

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, pictures=[str(pictures)]
    )
