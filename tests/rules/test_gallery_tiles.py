"""Rule gallery_tiles: the script on small files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from gallery_tiles import main

from concord import files, images, tables
from concord.agreement.settings import GalleryTiles
from concord.tables.kinds import KINDS

from ..listed import digest_of
from ..unit.agreement.test_agreement_review import pair

KEYS = {"subject_id": "S1", "site": "S", "session": "baseline", "image": "CT"}


def make_job(folder):
    """One image of noise; the algorithm misses half of the region."""
    array = np.random.default_rng(1).normal(size=(6, 40, 40))
    grid = (3.0, 2.0, 2.0), (0.0, 0.0, 0.0), np.eye(3)
    images.write(images.Volume(array, *grid), folder / "image.nii.gz")
    image = KEYS | {"modality": "CT"}
    path = str(folder / "image.nii.gz")
    image |= {"path": path, "sidecar": "s", "digest": digest_of(path)}
    tables.write([image], folder / "images.tsv", "images")
    rows = []
    for reader, first in (("A", 10), ("AI", 15)):
        mask = np.zeros(array.shape, bool)
        mask[3, first:20, 10:20] = True
        path = str(folder / f"{reader}.nii.gz")
        images.write(images.Volume(mask, *grid), path)
        rows.append(
            KEYS
            | {"region": "tumour", "reader": reader}
            | {"path": path, "digest": digest_of(path)}
            | {"voxels": 1, "volume_mm3": 1, "n_components": 1}
            | {"touches_border": False, "notes": None}
        )
    tables.write(rows, folder / "masks.tsv", "masks")
    pairs = pd.DataFrame([pair("S1", 0.5, 9.0)], columns=list(KINDS["agreement"]))
    tables.write(pairs, folder / "agreement.tsv", "agreement")
    inputs = {
        "agreement": str(folder / "agreement.tsv"),
        "images": [str(folder / "images.tsv")],
        "masks": [str(folder / "masks.tsv")],
    }
    return SimpleNamespace(
        input=SimpleNamespace(**inputs),
        output=SimpleNamespace(tiles=str(folder / "tiles.json")),
        params=SimpleNamespace(spec=GalleryTiles(headline="mesh").model_dump_json()),
    )


def test_a_tile_holds_the_slice_and_the_segmentations_of_all_readers(tmp_path):
    main(make_job(tmp_path))

    (tile,) = files.read_json(tmp_path / "tiles.json")
    assert (tile["subject_id"], tile["slice"], tile["n_slices"]) == ("S1", 4, 6)
    counts = {r: "".join(rows).count("1") for r, rows in tile["segmentations"].items()}
    assert counts == {"A": 100, "AI": 50}


def test_a_second_run_gives_equal_bytes(tmp_path):
    job = make_job(tmp_path)
    main(job)
    first = (tmp_path / "tiles.json").read_bytes()
    main(job)

    assert (tmp_path / "tiles.json").read_bytes() == first
