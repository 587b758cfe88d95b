"""Features by this project, from the tables of images and masks to the matrix."""

import os
import sys
from pathlib import Path

import clock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))


def plans_of(job):
    """The recipe of a job; the only place that knows what filters are called here."""
    from concord.features.recipe.columns import of_image
    from concord.features.settings.inheritance import complete
    from concord.features.settings.recipe import RecipeSection

    settings = {
        "discretization": "FBN",
        "n_bins": job["n_bins"],
        "resample_spacing_mm": job["spacing_mm"] and [job["spacing_mm"]] * 3,
    }
    if job["filters"]:
        sigmas = [f["sigma_mm"] for f in job["filters"] if f["kind"] == "log"]
        (family,) = [f["family"] for f in job["filters"] if f["kind"] == "wavelet"]
        settings["filters"] = {
            "wavelet": {"kind": "wavelet", "wavelet": family},
            "log": {"kind": "log", "sigma_mm": sigmas},
        }
    section = RecipeSection(**settings)
    return of_image(complete({job["modality"]: section}), job["modality"])


def extract(job, number: int) -> dict:
    """One row of the matrix; the cache, keyed by the code, is never hit."""
    import pandas as pd

    from concord.features.extraction.chunk import extract

    keys = {"subject_id": "P", "site": "S", "session": "baseline"}
    keys |= {"image": job["modality"], "modality": job["modality"]}
    segmentation = {
        "region": "tumour",
        "reader": "A",
        "path": job["mask"],
        "digest": "m",
    }
    found = extract(
        pd.DataFrame([keys | {"path": job["image"], "digest": "i"}]),
        pd.DataFrame([keys | segmentation]),
        plans_of(job),
        f"{os.getpid()} {number}",
    )
    (row,) = found.matrix().to_dict("records")
    return {name: value for name, value in row.items() if isinstance(value, float)}


if __name__ == "__main__":
    clock.run(extract)
