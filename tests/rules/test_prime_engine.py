"""Rule prime_engine on its own."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import prime_engine
import pytest

from concord.errors import StudyError
from concord.features.engines import ibsi_phantom
from concord.features.settings.rules import PrimeEngine
from concord.files import read_json
from concord.provenance import SCRIPTS

SETTINGS = PrimeEngine(families=["statistics"], filters=[], response_families=[])

#: Primes for the recipes of the demonstration, then measures in all of its ways; prints
#: what the engine has compiled or loaded for the second that the first lacked.
PRIMED_THEN_MEASURED = """
import sys
from types import SimpleNamespace
import numpy as np
import yaml
from numba.core.dispatcher import Dispatcher
import prime_engine
from concord.features.engines.warmup import textured_ball
from concord.features.extraction.region_features import region_features
from concord.features.maps.feature_maps import feature_maps
from concord.features.preparation.prepared import original_region
from concord.features.preparation.scan import Scan, Segmentation
from concord.features.recipe.columns import of_study
from concord.features.repeats.variants import variants_of, _measured
from concord.features.settings.rules import PrimeEngine
from concord.images import Volume
from concord.study.study import Study
from pathlib import Path

config = Path(sys.argv[1])
study = Study(yaml.safe_load(config.read_text()), config, check_sources=False)
spec = study.settings(PrimeEngine)
prime_engine.main(
    SimpleNamespace(
        params=SimpleNamespace(spec=spec), output=SimpleNamespace(primed="primed.json")
    )
)

def compiled():
    modules = [m for n, m in sys.modules.items() if n.startswith("pictologics")]
    return {
        (kernel.py_func.__name__, str(types))
        for module in modules
        for kernel in vars(module).values()
        if isinstance(kernel, Dispatcher)
        for types in kernel.overloads
    }

before = compiled()
assert len(before) > 40, before
for radius in (10, 26):
    image, mask = textured_ball(radius)
    image = image + 60
    mask[: mask.shape[0] // 2 - 2] = False
    volume = Volume(image, (1.5, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
    for columns in of_study(study.recipes):
        if not columns.recipe.first_engine:
            continue
        one = Segmentation(Scan(lambda: volume), lambda: mask, names=("p",))
        outcome = region_features(one, columns.recipe)
        assert outcome.values, (columns.name, outcome.exclusion)
        if columns.main and columns.image == "CT" and radius == 10:
            section = study.value("variants").of_image("CT")
            for variant in variants_of(section, columns.recipe):
                _measured(one, variant, 0)
            maps = study.value("feature_maps").features["CT"]
            region = original_region(one, columns.recipe)
            feature_maps(region, maps, 4.0, columns.recipe, step=6)
print(sorted(compiled() - before))
"""


def job(folder, settings=SETTINGS):
    return SimpleNamespace(
        params=SimpleNamespace(spec=settings.model_dump_json()),
        output=SimpleNamespace(primed=folder / "primed.json"),
    )


def test_the_report_counts_the_published_values_that_match(tmp_path):
    prime_engine.main(job(tmp_path))
    report = read_json(tmp_path / "primed.json")
    assert set(report) == {
        "engine",
        "version",
        "numba_version",
        "n_values",
        "n_matching",
        "mismatches",
    }
    assert report["n_matching"] == report["n_values"] == 169


def test_an_engine_that_misses_a_value_stops_the_study(tmp_path, monkeypatch):
    monkeypatch.setattr(ibsi_phantom, "SPACING_MM", (2.0, 2.0, 2.1))
    with pytest.raises(StudyError, match=r"original\.morphology\.volume_mesh"):
        prime_engine.main(job(tmp_path))
    assert not (tmp_path / "primed.json").exists()


def test_nothing_is_left_to_compile_for_the_recipes_of_the_demonstration(tmp_path):
    config = Path(SCRIPTS).parent / "config" / "config.yaml"

    done = subprocess.run(
        [sys.executable, "-c", PRIMED_THEN_MEASURED, str(config)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
    )

    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout + done.stderr
