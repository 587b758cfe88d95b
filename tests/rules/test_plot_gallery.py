"""Rule plot_gallery: the script on a small file, without Snakemake."""

from plot_gallery import main

from concord import files
from concord.figures.settings import FigureSettings

from .. import synthetic_results as synthetic
from ..plotting import assert_three_formats_with_equal_bytes

SPEC = FigureSettings(style=synthetic.STYLE)


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    tiles = tmp_path / "tiles.json"
    files.write_json(synthetic.tiles(), tiles)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, tiles=str(tiles))
