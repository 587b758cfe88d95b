"""Full names of features."""

import pytest

from concord.features import feature_name
from concord.features.feature_name import FeatureName

NAMES = [
    "CT.tumour.original.glcm.contrast",
    "T2.rim.wavelet-HHL@coarse.glszm.zone_entropy",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_as_it_is_read(name):
    assert str(FeatureName.parse(name)) == name


def test_a_name_has_its_parts():
    found = FeatureName.parse(NAMES[1])
    assert (found.image, found.region) == ("T2", "rim")
    assert (found.source, found.recipe) == ("wavelet-HHL", "coarse")
    assert (found.family, found.feature) == ("glszm", "zone_entropy")
    assert found.column == "wavelet-HHL@coarse.glszm.zone_entropy"
    assert FeatureName.of("T2", "rim", found.column) == NAMES[1]


@pytest.mark.parametrize("text", ["site", "glcm.contrast", "a.b.c.d.e.f"])
def test_other_texts_are_refused(text):
    assert not FeatureName.names(text)
    with pytest.raises(ValueError, match="is no full name of a feature"):
        FeatureName.parse(text)


def test_features_of_an_image_are_not_those_of_one_that_begins_alike():
    names = ["T1.a.original.glcm.x", "T1c.a.original.glcm.x"]
    assert feature_name.of_image(names, "T1") == names[:1]
    assert feature_name.image_of(names[1]) == "T1c"


def test_only_the_main_recipe_has_no_sign():
    assert [feature_name.of_main_recipe(name) for name in NAMES] == [True, False]
