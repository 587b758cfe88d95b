"""Groups of the development study in the configuration of a frozen model."""

import pytest

from concord.frozen.freezing.configuration import restricted

FEATURE = {"image": "PT", "region": "GTV", "recipe": "PT"}
NAME = "PT.GTV.original.statistics.maximum"


def whole(group: str) -> dict:
    """Sections of a study whose groups are sites or a batch of an image."""
    return {
        "validation": {"group": group},
        "harmonization": {"batch": {"CT": ["SoftwareVersions"], "PT": ["site"]}},
        "images": {"CT": {"modality": "CT"}, "PT": {"modality": "PT"}},
        "recipes": {"PT": {}},
        "regions": {},
        "protocol": {},
    }


@pytest.mark.parametrize(
    ("group", "batches", "kept"),
    [
        ("site", [], True),
        ("PT.site", [NAME], True),
        ("PT.site", [], False),
        ("CT.SoftwareVersions", [NAME], False),
    ],
)
def test_groups_by_a_batch_that_the_model_does_not_know_stay_at_home(
    group, batches, kept
):
    found = restricted(whole(group), [FEATURE], batches)

    assert found.get("validation") == ({"group": group} if kept else None)
