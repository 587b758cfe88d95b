"""A hostile name, wherever it stands, is refused with its place or carried safely."""

import copy
import csv
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from concord import file_names
from concord.errors import ConfigError
from concord.features.feature_name import FeatureName
from concord.study.study import Study

from ... import mr_study
from ...hostile_names import NAMES

Rows = dict[str, list[dict[str, str]]]
_ROW = {"subject_id": "S1", "session": "baseline", "image": "T1", "modality": "MR"}


def of_images() -> tuple[dict[str, Any], Rows]:
    """Configuration and sheets of a study of two sites."""
    config = copy.deepcopy(mr_study.CONFIG)
    config["images"], config["recipes"] = {}, {"MR": config["recipes"]["MR"]}
    config["arms"]["radiomics"]["features"] = ["T1.*"]
    names = ["S1", "S2", "S3", "S4"]
    rows: Rows = {
        "subjects": [
            {
                "subject_id": n,
                "site": "NS"[k % 2],
                "age": str(60 + k),
                "dead": "01"[k // 2],
            }
            for k, n in enumerate(names)
        ],
        "images": [_ROW | {"subject_id": n, "source": f"{n}/T1"} for n in names],
    }
    segmented = {"region": "tumour", "reader": "A", "roi": "GTV"}
    rows["masks"] = [
        {k: v for k, v in row.items() if k != "modality"}
        | segmented
        | {"source": f"{row['subject_id']}/RT.dcm"}
        for row in rows["images"]
    ]
    return config, rows


def cell(sheet: str, column: str) -> Callable[..., None]:
    """A name in a cell of a row beside the others."""

    def put(config: dict[str, Any], rows: Rows, name: str) -> None:
        if sheet == "subjects":
            rows[sheet][0][column] = name
        else:
            rows[sheet].append(rows[sheet][0] | {column: name})
        if column == "session":
            rows["images"].append(rows["images"][0] | {column: name})
            del rows["images"][-1 if sheet == "images" else len(rows["images"]) :]

    return put


def subject(config: dict[str, Any], rows: Rows, name: str) -> None:
    for sheet in rows.values():
        sheet[0]["subject_id"] = name


def source(sheet: str) -> Callable[..., None]:
    def put(config: dict[str, Any], rows: Rows, name: str) -> None:
        rows[sheet][0]["source"] = name

    return put


def key_of(
    section: str, copied: str | None = None, **entry: Any
) -> Callable[..., None]:
    """A name as a key of a section."""

    def put(config: dict[str, Any], rows: Rows, name: str) -> None:
        place = config.setdefault(section, {})
        place[name] = copy.deepcopy(place[copied]) if copied else entry

    return put


def value_of(section: str, key: str) -> Callable[..., None]:
    def put(config: dict[str, Any], rows: Rows, name: str) -> None:
        config[section][key] = name

    return put


def one_site(config: dict[str, Any], rows: Rows, name: str) -> None:
    config["sheets"] = {"site_column": None, "site": name}


def column(config: dict[str, Any], rows: Rows, name: str) -> None:
    """A name of a column of the subjects sheet that is a covariate."""
    for row in rows["subjects"]:
        row[name] = row.pop("age")
    config["covariates"]["age"]["column"] = name


def declared_image(config: dict[str, Any], rows: Rows, name: str) -> None:
    """An image that the configuration and a row of the sheet name."""
    rows["images"].append(rows["images"][0] | {"image": name})
    config["images"] = {name: {"modality": "MR"}}


def of_all(key: str, column: str) -> Callable[..., None]:
    """A name in the configuration that all rows have."""

    def put(config: dict[str, Any], rows: Rows, name: str) -> None:
        config["study"][key] = name
        for row in [*rows["images"], *rows["masks"]]:
            if column in row:
                row[column] = name

    return put


def label_of(config: dict[str, Any], rows: Rows, name: str) -> None:
    config["arms"]["clinical"]["label"] = name


#: Places of a name in a study of images, with what a fault there must name.
PLACES: dict[str, tuple[Callable[..., None], str]] = {
    "subject_id": (subject, r"subjects\.tsv|images\.tsv"),
    "site": (cell("subjects", "site"), r"subjects\.tsv"),
    "session of an image": (cell("images", "session"), r"images\.tsv"),
    "image": (cell("images", "image"), r"images\.tsv|recipes|batch"),
    "session of a mask": (cell("masks", "session"), r"masks\.tsv"),
    "region": (cell("masks", "region"), r"masks\.tsv"),
    "reader": (cell("masks", "reader"), r"masks\.tsv"),
    "source of an image": (source("images"), r"images\.tsv"),
    "source of a mask": (source("masks"), r"masks\.tsv"),
    "column": (column, r"subjects\.tsv|covariates\.age"),
    "arm": (key_of("arms", "clinical"), "arms"),
    "endpoint": (key_of("endpoints", "death"), "endpoints"),
    "recipe": (key_of("recipes", like="MR", image="T1", n_bins=4), "recipes"),
    "region made of others": (
        key_of("regions", of=["tumour"], kind="grown", outer_mm=3.0),
        "regions",
    ),
    "covariate": (key_of("covariates", copied="age"), "covariates"),
    "factor": (key_of("factors", column="site"), "factors"),
    "declared image": (declared_image, "images"),
    "DICOM root": (key_of("dicom_roots"), "dicom_roots"),
    "the one site": (one_site, r"sheets\.site"),
    "baseline session": (
        of_all("baseline_session", "session"),
        r"baseline_session|images\.tsv",
    ),
    "reference reader": (
        of_all("reference_reader", "reader"),
        r"reference_reader|masks\.tsv",
    ),
    "name of the study": (value_of("study", "name"), r"study\.name"),
    "label of an arm": (label_of, r"arms\.clinical\.label"),
}


def write(folder, rows: Mapping[str, list[dict[str, str]]]) -> None:
    for sheet, cells in rows.items():
        with (folder / f"{sheet}.tsv").open(
            "w", encoding="utf-8", errors="surrogatepass", newline=""
        ) as file:
            writer = csv.DictWriter(file, cells[0], delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(cells)


def told_of(name: str, place: str, folder) -> tuple[str, Study | None]:
    """What a study says of a name at a place; the study, if it takes it."""
    config, rows = of_images()
    put, _ = PLACES[place]
    put(config, rows, name)
    if place == "DICOM root":
        config["dicom_roots"] = {name: "S1"}
    write(folder, rows)
    try:
        return "", Study(config, folder / "config.yaml", check_sources=False)
    except ConfigError as error:
        return str(error), None


def require_safe(study: Study) -> None:
    """Names of files of a study are plain, short and all different."""
    assert all(
        re.fullmatch(r"[A-Za-z0-9]{1,32}-[01]+", c) for c in study.chunks.values()
    )
    images = [file_names.image_name(row) for row in study.images.rows]
    masks = [file_names.mask_name(row) for row in study.masks.rows]
    names = [name.lower() for name in images + masks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,210}", name) for name in names), names
    for section in ("arms", "endpoints", "recipes", "regions", "dicom_roots", "images"):
        for key in getattr(study.config, section):
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", key)
            assert not file_names.is_device(key)
    regions = {row["region"] for row in study.masks.rows}
    full = [FeatureName.of("T1", one, "original.glcm.contrast") for one in regions]
    assert {FeatureName.parse(name).region for name in full} == regions
    for row in [*study.images.rows, *study.masks.rows]:
        for value in (row["session"], row.get("region", "x"), row.get("reader", "x")):
            assert not file_names.name_fault(value)
        assert not re.search(r"(^|/)(-|\.\.(/|$))|^/|[{}\0\n\u202e]", row["source"])


def is_plain(text: str) -> bool:
    """Whether a terminal shows a text as it is."""
    return not file_names.misleading(text) and not re.search(r"[\t\r]|\n(?!  )", text)


@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_name_is_refused_with_its_place_or_carried_safely(place, tmp_path):
    assert len(set(NAMES)) > 100
    refused = 0
    for name in NAMES:
        told, study = told_of(name, place, tmp_path)
        if study is not None:
            require_safe(study)
            continue
        refused += 1
        assert told.startswith("The study cannot start"), (name, told)
        assert re.search(PLACES[place][1], told), (name, told)
        assert is_plain(told), (name, told)
    assert 10 < refused < len(NAMES)
