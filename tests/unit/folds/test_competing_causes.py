"""An outcome with competing causes, from the configuration to the cohort."""

import pandas as pd
import pytest

from concord.errors import ConfigError
from concord.fields import CohortColumns
from concord.folds import cohort as cohorts
from concord.folds.causes import cause_faults, events_of_cells
from concord.folds.settings import AssembleCohort, Endpoint

CAUSES = {1: "relapse", 2: "death without relapse"}
ENDPOINT = {"kind": "competing", "event": "status", "time_days": "days"}


def assembled(codes, days, **options) -> pd.DataFrame:
    names = [f"P{number}" for number in range(len(codes))]
    sheet = pd.DataFrame({"id": names, "status": codes, "days": days}, dtype="string")
    settings = AssembleCohort(
        sheet=CohortColumns(subject_id_column="id", site_column=None, site="North"),
        covariates={},
        factors={},
        endpoints={"relapse": ENDPOINT | {"causes": CAUSES} | options},
        batch={"CT": ["site"]},
        group="site",
        baseline_session="baseline",
        unnamed_subjects="refuse",
        sheet_digest="abc",
    )
    acquisition = pd.DataFrame({"subject_id": names, "session": "baseline"})
    return cohorts.assemble(sheet, acquisition.assign(image="CT"), settings)[0]


def test_other_causes_are_censored_and_every_code_is_kept(tmp_path):
    table = assembled(["1", "2", "0", None], ["5", "6", "7", None])
    cohorts.write(table, tmp_path / "cohort.tsv")
    read = cohorts.read(tmp_path / "cohort.tsv")
    outcome = cohorts.outcome(read, "relapse")
    assert outcome["event"].tolist()[:3] == [1, 0, 0]
    assert outcome["time_days"].tolist()[:3] == [5, 6, 7]
    assert outcome.loc["P3"].isna().all()
    assert cohorts.causes(read, "relapse").tolist()[:3] == [1, 2, 0]


def test_the_cause_of_interest_is_the_event():
    table = assembled(["1", "2", "0"], ["5", "6", "7"], cause=2)
    assert table["event.relapse"].tolist() == [0, 1, 0]


def test_a_code_that_is_not_declared_is_named_with_its_subject():
    with pytest.raises(ConfigError) as error:
        assembled(["1", "3", "x"], ["5", "6", "7"])
    assert "expected one of 0 (no event), 1 (relapse), 2 (death" in str(error.value)
    assert "P1: '3'" in str(error.value) or "P1: 3" in str(error.value)
    assert "endpoints.relapse.causes" in str(error.value)
    assert "expected a number" in str(error.value)


def test_no_event_of_the_cause_of_interest_is_a_fault():
    with pytest.raises(ConfigError, match=r"a subject with 1 \(relapse\), the cause"):
        assembled(["2", "2", "0"], ["5", "6", "7"])


def test_an_endpoint_without_causes_has_none_in_the_cohort():
    table = assembled(["1", "0", "0"], ["5", "6", "7"], causes={})
    with pytest.raises(ConfigError, match="no causes in the cohort"):
        cohorts.causes(table, "relapse")


@pytest.mark.parametrize(
    ("options", "competing", "fault"),
    [
        ({}, False, None),
        ({"causes": CAUSES}, True, None),
        ({"causes": CAUSES}, False, "only a competing endpoint"),
        ({"cause": 2}, False, "only a competing endpoint has one"),
        ({}, True, "declares the code of two causes"),
        ({"causes": {1: "relapse"}}, True, "declares the code of two causes"),
        ({"causes": CAUSES, "cause": 3}, True, r"is 3, expected one of the causes"),
    ],
)
def test_causes_suit_the_kind_of_the_endpoint(options, competing, fault):
    endpoint = Endpoint(**ENDPOINT | options)
    found = [what for _, what in cause_faults(endpoint, competing)]
    assert (not found) if fault is None else (fault in found[0])


def test_cells_of_the_sheet_are_read_by_the_cause_of_interest():
    plain = Endpoint(**ENDPOINT)
    assert events_of_cells(plain) == {"0": 0, "1": 1}
    competing = Endpoint(**ENDPOINT, causes=CAUSES, cause=2)
    assert events_of_cells(competing) == {"0": 0, "1": 0, "2": 1}
