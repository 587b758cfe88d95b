"""Flags of patients: each is raised where it is planted, and nowhere else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.errors import StudyError
from concord.frozen.applying import application, patients
from concord.frozen.applying.acquired import protocol_items
from concord.frozen.applying.distance import Distances
from concord.frozen.applying.flags import FLAGS, Raised, verdict
from concord.frozen.applying.settings import RED, ModelsSection
from concord.frozen.development import Applicability

from ....applied_study import (
    Meeting,
    acquisition,
    exclusion,
    exclusions,
    frozen,
    masks,
    meeting,
    some,
    world,
)

F0 = "original.glcm.f000"
KEYS = ["subject_id", "flag", "item"]


@pytest.fixture(scope="module")
def found():
    """A model and a study of four subjects without any flag, by a wide margin."""
    every = world(94)
    later = meeting(frozen(some(every, slice(0, 90))), some(every, slice(90, None)))
    return later.with_model(range_margin=1.0)


def flags(changed: Meeting) -> pd.DataFrame:
    """Rows of kind "patient_flags"."""
    outcomes = application.apply(changed.applied, changed.measured, changed.settings)
    table = patients.flags(outcomes)
    return table if len(table) else pd.DataFrame(columns=[*KEYS, "severity"])


def raised(changed: Meeting) -> list[tuple[str, str, str]]:
    """Subject, flag and item of each flag."""
    return list(flags(changed)[KEYS].itertuples(index=False, name=None))


def with_value(found: Meeting, subject: str, column: str, value: float) -> Meeting:
    """The study with another value of a feature of one subject."""
    features = found.measured.features.copy()
    features.loc[features["subject_id"] == subject, column] = value
    return found.but(features=features)


def first_of(found: Meeting) -> str:
    """The first subject of the study."""
    return found.measured.subjects[0]


def test_subjects_like_those_of_development_have_no_flag(found):
    assert raised(found) == []


def test_an_image_that_was_left_out_is_told_with_the_code(found):
    victim = first_of(found)
    features = found.measured.features
    changed = found.but(
        features=features[features["subject_id"] != victim],
        exclusions=exclusions(
            exclusion(victim, "IMAGE_EXCLUDED", "tumour"),
            exclusion(victim, "MISSING_SLICE"),
        ),
    )

    (row,) = flags(changed).to_dict("records")
    assert (row["subject_id"], row["flag"]) == (victim, "missing_image")
    assert row["seen"] == "missing: left out by convert_image as MISSING_SLICE"
    assert row["expected"] == "features of tumour"
    assert (row["item"], row["severity"], row["voids"]) == ("CT", "red", True)


def test_an_image_that_no_sheet_lists_is_told(found):
    victim = first_of(found)
    features = found.measured.features

    changed = found.but(features=features[features["subject_id"] != victim])

    assert flags(changed)["seen"].tolist() == ["missing: no sheet lists it"]


def test_a_subject_whom_the_table_lacks_is_told_so(found):
    victim = first_of(found)
    features = found.measured.features
    lost = exclusion(victim, "NOT_IN_TABLE") | {"session": None, "image": None}
    changed = found.but(
        features=features[features["subject_id"] != victim],
        exclusions=exclusions(lost),
    )

    (seen,) = flags(changed)["seen"]
    assert seen == "missing: left out by convert_image as NOT_IN_TABLE"


def test_a_region_of_fewer_voxels_than_any_in_development_is_tiny(found):
    victim = first_of(found)
    table = masks(found.measured.subjects, ["A"] * 4)
    table.loc[table["subject_id"] == victim, "voxels"] = 99

    (row,) = flags(found.but(masks=table)).to_dict("records")
    assert (row["flag"], row["item"]) == ("tiny_region", "CT.tumour")
    assert row["seen"] == "99 voxels"
    assert row["expected"] == "at least 100 voxels, as in development"


@pytest.mark.parametrize("voxels", [100, 5000])
def test_a_region_as_large_as_the_smallest_of_development_is_not_tiny(found, voxels):
    assert raised(found.but(masks=masks(found.measured.subjects, "ABCA", voxels))) == []


def test_a_region_that_the_recipe_left_out_as_too_small_is_tiny(found):
    victim = first_of(found)
    features = found.measured.features
    changed = found.but(
        features=features[features["subject_id"] != victim],
        exclusions=exclusions(exclusion(victim, "too_small", "tumour")),
    )

    assert raised(changed) == [
        (victim, "missing_image", "CT"),
        (victim, "tiny_region", "CT.tumour"),
    ]


def test_masks_of_other_readers_and_sessions_are_not_judged(found):
    table = masks(found.measured.subjects, "ABCA", 5)
    other = pd.concat([table.assign(reader="B"), table.assign(session="retest")])

    assert raised(found.but(masks=other)) == []


def test_a_value_beyond_the_margin_is_red_and_within_it_amber(found):
    victim = first_of(found)
    known = found.applied[0].document.applicability.ranges[f"CT.tumour.{F0}"]
    width = known.highest - known.lowest
    near = with_value(found, victim, F0, known.highest + 0.09 * width)
    far = with_value(found, victim, F0, known.lowest - 0.11 * width)

    for changed, severity in ((near, "amber"), (far, "red")):
        table = flags(changed.with_model(range_margin=0.1))
        mine = table[(table["subject_id"] == victim) & (table["flag"] != "distance")]
        assert mine["item"].tolist() == [f"CT.tumour.{F0}"]
        assert mine["severity"].tolist() == [severity]
        assert mine["seen"].str.endswith(" mm").all()
        assert mine["expected"].str.contains("as in development \\(n = 90\\)").all()


def test_a_value_at_the_end_of_the_range_is_inside(found):
    known = found.applied[0].document.applicability.ranges[f"CT.tumour.{F0}"]
    changed = with_value(found, first_of(found), F0, known.highest)

    table = flags(changed.with_model(range_margin=0.0))

    mine = table[table["subject_id"] == first_of(found)]
    assert f"CT.tumour.{F0}" not in set(mine["item"])


def test_values_that_do_not_go_together_are_distant_though_each_is_possible():
    generator = np.random.default_rng(1)
    latent = generator.normal(size=300)
    values = np.column_stack([latent, latent + 0.1 * generator.normal(size=300)])
    distances = of_values(values)

    assert not [*distances.flags({"a": 1.5, "b": 1.5})]
    (flag,) = distances.flags({"a": 1.5, "b": -1.5})
    assert flag.flag == "distance"
    assert "99th percentile of development (n = 300)" in flag.expected


def of_values(values: np.ndarray, limit: float = 3.0) -> Distances:
    """Distances from the mean of some rows."""
    columns = [chr(97 + place) for place in range(values.shape[1])]
    return Distances.of(
        Applicability(
            columns=columns,
            mean=values.mean(axis=0).tolist(),
            covariance=np.cov(values.T).tolist(),
            distance_limit=limit,
            n=len(values),
        )
    )


def test_the_distance_is_the_textbook_one_in_any_unit():
    generator = np.random.default_rng(2)
    values = generator.normal(size=(50, 3)) @ generator.normal(size=(3, 3))
    row = np.array([1.0, 2.0, -1.0])
    apart = row - values.mean(axis=0)
    wanted = np.sqrt(apart @ np.linalg.inv(np.cov(values.T)) @ apart)
    units = np.array([1e-6, 1.0, 1e9])

    assert of_values(values).distance(row) == pytest.approx(wanted)
    assert of_values(values * units).distance(row * units) == pytest.approx(wanted)


def test_the_distance_of_a_row_with_a_gap_is_that_of_the_others():
    generator = np.random.default_rng(3)
    values = generator.normal(size=(60, 3))
    row = np.array([1.0, np.nan, -1.0])

    found = of_values(values).distance(row)

    assert found == pytest.approx(of_values(values[:, [0, 2]]).distance(row[[0, 2]]))
    assert np.isnan(of_values(values).distance(np.full(3, np.nan)))


def test_columns_that_determine_each_other_have_no_distance():
    column = np.arange(20.0)
    assert np.isnan(of_values(np.column_stack([column, column])).distance(np.ones(2)))
    constant = np.column_stack([column, np.ones(20)])
    assert np.isnan(of_values(constant).distance(np.ones(2)))


def test_a_model_that_tells_no_limit_judges_no_distance():
    assert Distances.of(Applicability()) is None


def test_a_batch_that_the_model_does_not_know_is_told_with_the_policy(found):
    cohort = found.measured.cohort.copy()
    cohort.loc[0, "batch.CT.site"] = "Elsewhere"

    (row,) = flags(found.but(cohort=cohort)).to_dict("records")
    assert (row["flag"], row["item"]) == ("unknown_batch", "batch.CT.site")
    assert row["seen"] == "Elsewhere"
    assert row["expected"].startswith("A or B or C; ")
    assert "the policy" in row["expected"]
    assert row["severity"] == "amber"


@pytest.mark.parametrize(
    ("fact", "value", "flag"),
    [
        ("ManufacturersModelName", "Phantom Z", "unknown_scanner"),
        ("ConvolutionKernel", "H70", "unknown_kernel"),
    ],
)
def test_a_fact_that_development_had_not_is_told(found, fact, value, flag):
    table = acquisition(found.measured.subjects, "ABCA")
    table.loc[1, fact] = value

    (row,) = flags(found.but(acquisition=table)).to_dict("records")
    assert row["subject_id"] == found.measured.subjects[1]
    assert (row["flag"], row["item"]) == (flag, f"CT.{fact}")
    assert row["seen"] == value
    assert row["severity"] == "amber"


def test_a_fact_that_the_header_does_not_state_is_not_judged(found):
    table = acquisition(found.measured.subjects, "ABCA")

    assert raised(found.but(acquisition=table.assign(ConvolutionKernel=None))) == []


def test_another_spelling_of_a_fact_is_known(found):
    table = acquisition(found.measured.subjects, "ABCA")
    changed = found.but(acquisition=table.assign(ManufacturersModelName="PHANTOM  A"))

    assert raised(changed) == []


@pytest.mark.parametrize(
    ("known", "value", "is_known"),
    [
        (["100", "120"], 120.0, True),
        (["100", "120"], 140.0, False),
        (["80 to 120"], 100.0, True),
        (["80 to 120"], 140.0, False),
        (["a text"], 140.0, False),
    ],
)
def test_numbers_are_compared_as_numbers_and_with_ranges(found, known, value, is_known):
    facts = {"CT": {"KVP": known}}
    own = found.applied[0].document.applicability
    changed = found.with_document(
        applicability=own.model_copy(update={"acquisition": facts})
    )
    table = acquisition(found.measured.subjects, "ABCA").assign(KVP=value)

    flagged = {flag for _, flag, _ in raised(changed.but(acquisition=table))}

    assert flagged == (set() if is_known else {"unknown_kernel"})


def test_images_of_no_use_to_the_model_raise_nothing(found):
    table = acquisition(found.measured.subjects, "ABCA").assign(image="PT")

    assert raised(found.but(acquisition=table.assign(ConvolutionKernel="X"))) == []


def test_an_image_that_departs_from_the_protocol_of_the_model_is_told(found):
    protocol = {"CT": {"KVP": [120], "ConvolutionKernel": ["B", "C"]}}
    model = found.with_document(configuration={"protocol": protocol})
    table = acquisition(found.measured.subjects, "ABCA")
    table.loc[2, "KVP"] = 100.0

    assert raised(model) == []
    (row,) = flags(model.but(acquisition=table)).to_dict("records")
    assert (row["flag"], row["item"]) == ("protocol_departure", "CT.KVP")
    assert (row["seen"], row["expected"]) == ("100", "120 kV")


def test_a_protocol_that_is_none_is_refused():
    with pytest.raises(StudyError, match="protocol of the model is not valid"):
        protocol_items({"protocol": {"CT": {"KVP": 3}}})


def test_another_kind_of_reader_than_in_development_is_told_of_everybody(found):
    settings = found.settings.model_copy(update={"algorithms": ["A"]})

    table = flags(replace(found, settings=settings))

    assert table["subject_id"].tolist() == found.measured.subjects
    assert set(table["flag"]) == {"reader_kind"}
    assert set(table["seen"]) == {"algorithm (A)"}
    assert set(table["expected"]) == {"human"}


def test_a_study_without_images_has_no_flags_of_images(found):
    assert raised(found.but(acquisition=None, masks=None)) == []


RAISED = [Raised(flag, "item", "seen", "expected") for flag in FLAGS]


@pytest.mark.parametrize("one", RAISED, ids=FLAGS)
def test_every_flag_has_its_severity_and_may_be_accepted_or_refused(one):
    plain, accepting = (
        ModelsSection(path="m", accept_flags=flags) for flags in ([], [one.flag])
    )
    refusing = ModelsSection(path="m", refuse_flags=[one.flag])

    assert (one.severity == "red") == (one.flag in RED)
    assert verdict(None, [one], plain).status == (
        "not applicable" if one.flag in RED else "scored"
    )
    assert verdict(None, [one], accepting).status == "scored"
    assert verdict(None, [one], refusing).status == "not applicable"
    assert one.flag in str(verdict(None, [one], refusing).reason)


def test_a_mild_red_flag_voids_nothing_unless_it_is_refused():
    mild = Raised("out_of_range", "x", "3", "1 to 2", mild=True)

    assert verdict(None, [mild], ModelsSection(path="m")).status == "scored"
    refusing = ModelsSection(path="m", refuse_flags=["out_of_range"])
    assert verdict(None, [mild], refusing).status == "not applicable"


def test_accepting_one_flag_accepts_no_other():
    section = ModelsSection(path="m", accept_flags=["distance"])

    assert verdict(None, RAISED, section).status == "not applicable"
    assert "distance" not in str(verdict(None, RAISED, section).reason)


def test_reasons_of_many_flags_are_counted():
    many = [Raised("out_of_range", f"x{n}", "3", "1 to 2") for n in range(9)]

    assert verdict(None, many, ModelsSection(path="m")).reason.endswith("; and 6 more")


def test_no_score_is_no_score_whatever_the_flags_say():
    told = verdict("no features", RAISED[:1], ModelsSection(path="m"))

    assert told.status == "not scored"
    assert told.reason.startswith("no features; missing_image: ")
