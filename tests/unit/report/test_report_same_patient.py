"""The report tells of clusters, and warns of one image under two subjects."""

import pandas as pd

from concord.ingest.faults.same_images import same_images
from concord.report.sections.same_patient import cluster_sentences, same_image_warnings

COHORT = pd.DataFrame(
    {"subject_id": ["P1", "P2", "P3", "P4"], "cluster": ["Q", "Q", "P3", "P4"]}
)


class Tables(dict):
    """Tables of a study by their kind."""

    def __init__(self, cohort=COHORT, **tables):
        super().__init__(tables)
        self.cohort = cohort


def folds(roles: dict[str, str]) -> pd.DataFrame:
    rows = [
        {"scheme": "loso", "fold": "A", "subject_id": name, "role": role}
        for name, role in roles.items()
    ]
    return pd.DataFrame(rows)


def images(*digests: str) -> pd.DataFrame:
    """The report of the ingest on images of as many subjects."""
    rows = [
        {"subject_id": f"P{number}", "site": "A", "session": "baseline", "image": "CT"}
        | {"digest": digest}
        for number, digest in enumerate(digests, 1)
    ]
    return pd.DataFrame(same_images(rows), columns=["subject_id", "code", "text"])


def test_clusters_are_counted_and_so_is_whom_a_left_out_group_takes_with_it():
    roles = {"P1": "evaluation", "P2": "neither", "P3": "development"}
    first, second = cluster_sentences(Tables(folds=folds(roles)))
    assert first.startswith("The 4 subjects belong to 3 clusters")
    assert "of up to 2; no cluster was in development and evaluation" in first
    assert second.endswith("neither learnt from nor judged: 1 without A.")
    (alone,) = cluster_sentences(Tables(folds=folds({"P1": "development"})))
    assert alone == first


def test_a_study_without_clusters_says_nothing_of_them():
    own = COHORT.assign(cluster=COHORT["subject_id"])
    assert list(cluster_sentences(Tables(own, folds=folds({})))) == []


def test_one_image_under_two_subjects_is_a_banner_with_both():
    found = Tables(ingest_report=images("a", "b", "a"))
    ((title, text),) = same_image_warnings(found)
    assert title == "One image under two subjects"
    assert text.startswith("Images of P1 and P3 are equal to the last voxel")


def test_images_that_differ_give_no_banner():
    assert list(same_image_warnings(Tables(ingest_report=images("a", "b")))) == []
