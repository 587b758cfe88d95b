"""The small demo, as a user runs it."""

import hashlib
import re
from pathlib import Path

from concord import tables


def digests(folder: Path) -> dict[str, str]:
    """Hash of every result but benchmarks; the report without its time stamp."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(content(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not {"benchmarks", "numba"} & set(path.relative_to(folder).parts)
        and path.name != ".snakemake_timestamp"
    }


#: Pages that tell when they were made.
STAMPED = ("report.html",)


def content(path: Path) -> bytes:
    whole = path.read_bytes()
    if path.name == "MANIFEST.tsv":
        # The hash of a page that tells its time is another one each time.
        stamped = tuple(f"report/{name}".encode() for name in STAMPED)
        lines = whole.splitlines(keepends=True)
        return b"".join(one for one in lines if not any(s in one for s in stamped))
    page, n_stamps = re.subn(rb"<time .*?</time>", b"", whole)
    assert path.suffix != ".html" or n_stamps == (path.name in STAMPED), path
    return page if path.suffix == ".html" else whole


def test_one_core_and_two_cores_give_the_same_bytes(finished_study, new_study):
    run = new_study.snakemake(cores=1)
    assert run.returncode == 0, run.stdout

    one, two = (digests(s.folder / "results") for s in (new_study, finished_study))
    assert len(one) > 100
    assert one == two


def test_the_report_is_one_file_without_outside_links(finished_study):
    page = (finished_study.folder / "results/report/report.html").read_text()

    assert "Concord demo study" in page
    assert 'src="http' not in page
    assert "<link" not in page
    assert "<script" not in page


def test_the_drafted_sheets_list_what_the_study_lists(finished_study):
    index, config = (finished_study.folder / p for p in ("private/index", "config"))
    for sheet in ("images", "masks"):
        drafted = tables.read(index / f"{sheet}.tsv", f"{sheet}_sheet")
        listed = tables.read_sheet(config / f"{sheet}.tsv")
        key = ["subject_id", "session", "image", "source"]
        assert set(map(tuple, drafted[key].values)) == set(
            map(tuple, listed[key].values)
        )
    assert not len(tables.read(index / "unlisted.tsv", "unlisted"))


def test_every_figure_comes_in_three_formats(finished_study):
    figures = finished_study.folder / "results/figures"
    names = {path.stem for path in figures.iterdir()}

    assert len(names) >= 7
    for name in names:
        assert {p.suffix for p in figures.glob(f"{name}.*")} == {".svg", ".pdf", ".png"}


def test_snakemake_makes_its_own_report(finished_study, tmp_path):
    archive = tmp_path / "report.zip"
    run = finished_study.snakemake("--report", str(archive))

    assert run.returncode == 0, run.stdout
    assert archive.stat().st_size > 10_000


def test_one_bad_series_is_excluded_and_the_others_go_on(study):
    path = study.folder / "results/ingest/exclusions.tsv"
    before = set(tables.read(path, "exclusions")["subject_id"])
    series = study.folder / "results/demo/dicom/B/B001/baseline/CT"
    sorted(series.iterdir())[5].unlink()
    run = study.snakemake("--forcerun", "convert_image", "--until", "gather_ingest")
    assert run.returncode == 0, run.stdout

    excluded = tables.read(path, "exclusions")
    assert set(excluded["subject_id"]) - before == {"B001"}
    mine = excluded["subject_id"] == "B001"
    assert "MISSING_SLICE" in set(excluded.loc[mine, "code"])
