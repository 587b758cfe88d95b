"""Rule report: the script on the tables of a small study, without Snakemake."""

import re
from types import SimpleNamespace

from report import main

from .. import synthetic_results as synthetic


def make_job(inputs, path):
    return SimpleNamespace(
        input=inputs,
        output=SimpleNamespace(report=str(path), external=[]),
        params=SimpleNamespace(spec=synthetic.SETTINGS.model_dump_json()),
    )


def test_the_page_is_written_whole_and_equal_but_for_its_time(tmp_path):
    inputs = synthetic.write_results(tmp_path)
    first, second = tmp_path / "a.html", tmp_path / "b.html"

    main(make_job(inputs, first))
    main(make_job(inputs, second))

    stamp = r'<time id="created">[^<]*</time>'
    pages = [re.sub(stamp, "", path.read_text("utf-8")) for path in (first, second)]
    assert pages[0] == pages[1]
    assert pages[0].startswith("<!DOCTYPE html>")
    assert pages[0].endswith("</html>\n")
    assert "CT texture in three hospitals" in pages[0]


def test_optional_inputs_may_be_empty_lists(tmp_path):
    inputs = synthetic.write_results(tmp_path)
    optional = ("recovered", "agreement", "index_summary", "figures")
    inputs |= {name: [] for name in optional}

    main(make_job(synthetic.Inputs(inputs), tmp_path / "report.html"))

    page = (tmp_path / "report.html").read_text("utf-8")
    assert "No region was segmented by two readers." in page
    assert "Recovered truth" not in page
