"""Damaged files are refused by name or read right; no damage goes unnoticed."""

import re
import warnings

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.ingest.faults.codes import CODES

from ...hard_cases import mask_case, mask_corruptions
from ...hard_cases.case import read, require_private
from ...hard_cases.contours import image
from ...hard_cases.corruptions import BASES, damaged, is_as_told, is_right
from ...hard_cases.slices import SUV_PER_BQML

#: A message tells which files or which element, so that somebody can look.
NAMES_SOMETHING = re.compile(
    r"file|slice|frame|series|position|`source`|[A-Z][a-z]+[A-Z]\w+|Rows|Columns|Units|KVP"
)


def outcome(folder, seed):
    """What damage was done and what came of it; fails if that is no good outcome."""
    modality, truth, what = damaged(folder, seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            volume, facts = read(folder, modality)
        except IngestFault as fault:
            require_named(fault, folder)
            return what, fault.code
        finally:
            for warning in caught:
                require_private(str(warning.message), folder)
    unit = SUV_PER_BQML if modality == "PT" else 1.0
    assert is_right(volume, truth) or is_as_told(volume, folder, unit), what
    require_private(str(facts), folder)
    return what, "right"


def mask_outcome(folder, seed):
    """The same for a damaged file of segmentations: the mask is right, or refused."""
    case, path, what = mask_corruptions.damaged(folder, seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            mask, _ = mask_case.read(case, path, image(case.grid))
        except IngestFault as fault:
            require_declared(fault, folder)
            return
        finally:
            for warning in caught:
                require_private(str(warning.message), folder)
    np.testing.assert_array_equal(mask, case.expected, err_msg=what)


def require_declared(fault, folder):
    for found in fault.findings:
        assert CODES[found.code].kind == "fault"
    require_private(str(fault), folder)


def require_named(fault, folder):
    require_declared(fault, folder)
    for found in fault.findings:
        assert NAMES_SOMETHING.search(found.text), found.text
    assert "INTERNAL" not in fault.code


@pytest.mark.parametrize("start", range(0, 300, 25))
def test_damage_is_refused_by_name_or_does_no_harm(tmp_path, start):
    for seed in range(start, start + 25):
        outcome(tmp_path / str(seed), seed)


@pytest.mark.parametrize("start", range(0, 105, 15))
def test_damage_to_segmentations_is_refused_or_does_no_harm(tmp_path, start):
    for seed in range(start, start + 15):
        mask_outcome(tmp_path / str(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(105, 1005, 75))
def test_much_more_damage_to_segmentations_is_refused_or_does_no_harm(tmp_path, start):
    for seed in range(start, start + 75):
        mask_outcome(tmp_path / str(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(300, 3000, 100))
def test_much_more_damage_is_refused_by_name_or_does_no_harm(tmp_path, start):
    for seed in range(start, start + 100):
        outcome(tmp_path / str(seed), seed)


@pytest.mark.parametrize("name", BASES)
def test_the_series_that_are_damaged_are_right_before(tmp_path, name):
    modality, write = BASES[name]
    truth = write(tmp_path)
    volume, _ = read(tmp_path, modality)
    assert is_right(volume, truth)
    assert volume.array.shape == truth.values.shape
