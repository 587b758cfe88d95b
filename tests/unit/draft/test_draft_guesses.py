"""Endpoints, predictors, sites and subjects that a draft guesses from a table."""

import pytest

from concord.draft import matching, outcomes, predictors, sites
from concord.draft.cells import column
from concord.draft.question import Questions

EVENTS = ["1", "0", "1", "0", "1", "0", "1", "0", "1", "0"]
TIMES = ["100", "900", "200", "800", "300", "700", "400", "600", "500", "1000"]


def table(**columns):
    return {name: column(name, cells) for name, cells in columns.items()}


def endpoints(questions=None, **columns):
    return outcomes.guessed(table(**columns), questions or Questions())


def asked(questions: Questions, text: str) -> bool:
    return any(text in one.text for one in questions.of("ask"))


@pytest.mark.parametrize(
    ("event", "time", "name"),
    [
        ("os_event", "os_time", "os"),
        ("OS.Event", "OS.Time", "OS"),
        ("Status", "Time to event", "survival"),
        ("deadstatus.event", "Survival.time", "survival"),
        ("lung_mets", "lung_mets_time", "lung_mets"),
        ("PFS_status", "PFS_days", "PFS"),
    ],
)
def test_an_event_and_its_time_are_a_survival_endpoint(event, time, name):
    found = endpoints(**{event: EVENTS, time: TIMES})
    assert list(found.sections) == [name]
    section = found.sections[name]
    assert (section["kind"], section["event"]) == ("survival", event)
    assert section["time_days"] == time
    assert found.events == {name: 5}


def test_each_event_gets_the_time_of_its_own_words():
    found = endpoints(
        os_event=EVENTS, pfs_event=EVENTS, os_time=TIMES, pfs_time=TIMES[::-1]
    )
    times = {name: one["time_days"] for name, one in found.sections.items()}
    assert times == {"os": "os_time", "pfs": "pfs_time"}


def test_an_event_without_a_time_is_binary():
    found = endpoints(recurrence=EVENTS)
    assert found.sections["recurrence"]["kind"] == "binary"


def test_times_in_months_become_days_in_a_column_of_their_own():
    questions = Questions()
    months = [str(n) for n in range(1, 11)]
    found = endpoints(questions, death=EVENTS, survival_months=months)
    assert found.sections["death"]["time_days"] == "survival_months_in_days"
    assert found.columns["survival_months_in_days"][:2] == ["30.4375", "60.875"]
    assert questions.of("changed")[0].about == "survival_months_in_days"


def test_small_times_without_a_unit_are_asked_about():
    questions = Questions()
    endpoints(questions, death=EVENTS, time=[str(n) for n in range(1, 11)])
    assert asked(questions, "'time' does not tell its unit and was taken as days")


def test_words_of_an_outcome_become_one_and_zero():
    words = ["Dead" if event == "1" else "alive" for event in EVENTS]
    found = endpoints(vital_status=words, time=TIMES)
    assert found.columns["vital_status"] == EVENTS


@pytest.mark.parametrize("name", ["censored", "alive_2yr", "censoring"])
def test_a_one_that_may_mean_no_event_is_asked_about(name):
    questions = Questions()
    assert not endpoints(questions, **{name: EVENTS}).sections
    assert asked(questions, f"does a 1 of '{name}' mean that the event happened")


def test_one_and_two_are_asked_about():
    questions = Questions()
    status = ["2" if event == "1" else "1" for event in EVENTS]
    assert not endpoints(questions, status=status, time=TIMES).sections
    assert asked(questions, "which of 1 and 2 of 'status' is the event?")
    assert asked(questions, "'time' may be a time of follow-up; of which event?")


def test_several_states_are_asked_about():
    questions = Questions()
    states = ["NED", "AWD", "DOD", "NED", "NED", "AWD", "DOD", "NED", "AWD", "DOD"]
    assert not endpoints(questions, status=states).sections
    assert asked(questions, "which of its values (AWD, DOD, NED) is an event?")


def test_few_events_are_left_out_and_told():
    questions = Questions()
    assert not endpoints(questions, death=["1"] * 3 + ["0"] * 7).sections
    assert asked(questions, "'death' has 3 events in 10 subjects")


def test_events_of_a_binary_outcome_are_those_of_its_rarer_class():
    alive = ["1"] * 12 + ["0"] * 5
    assert endpoints(outcome_event=alive).events == {"outcome": 5}
    times = [str(100 + n) for n in range(17)]
    assert endpoints(outcome_event=alive, time=times).events == {"outcome": 12}
    nearly_all = endpoints(death=["1"] * 16 + ["0"], time=times)
    assert nearly_all.events == {"death": 16}


def test_half_an_outcome_is_emptied_and_told():
    questions = Questions()
    death, time = ["", *EVENTS, "1"], ["7", *TIMES, ""]
    found = endpoints(questions, death=death, time=time)
    assert found.columns["time"] == ["", *TIMES, ""]
    assert found.columns["death"] == ["", *EVENTS, ""]
    assert "2 rows have either the event or its time" in str(questions.of("changed"))


def test_dates_are_no_times_and_are_asked_about():
    questions = Questions()
    dates = [f"2020-01-{day:02d}" for day in range(1, 11)]
    endpoints(questions, date_of_surgery=dates)
    assert asked(questions, "of dates (date_of_surgery), give the days between them")


def test_times_below_zero_are_no_follow_up():
    found = endpoints(death=EVENTS, days_to_scan=["-3", *TIMES[1:]])
    assert found.sections["death"]["kind"] == "binary"


def predicted(events=50, questions=None, **columns):
    found = table(**columns).values()
    return predictors.guessed(found, events, questions or Questions())


def test_known_facts_are_covariates_and_treatments_are_factors():
    found = predicted(
        age_years=["61", "70", "58", "66"],
        stage=["I", "II", "I", "II"],
        treatment=["surgery", "none given", "surgery", "none given"],
    )
    assert found.covariates == {
        "age_years": {"column": "age_years", "label": "Age", "unit": "years"},
        "stage": {
            "column": "stage",
            "label": "Stage",
            "kind": "category",
            "levels": ["I", "II"],
        },
    }
    assert list(found.factors) == ["treatment"]
    assert found.chosen == ["age_years", "stage"]


def test_what_no_word_tells_is_asked_about_and_not_used():
    questions = Questions()
    found = predicted(questions=questions, ldh=["1", "2", "3"], x=["a", "b", "a"])
    assert not found.covariates
    assert asked(questions, "which of ldh, x are known before the outcome")


@pytest.mark.parametrize(
    "name", ["lung_mets", "days_to_last_followup", "response", "status", "toxicity"]
)
def test_what_happens_later_is_never_a_predictor(name):
    questions = Questions()
    found = predicted(questions=questions, **{name: ["1", "5", "3"]})
    assert not found.covariates
    assert not found.factors
    assert not questions.of("ask")


def test_levels_stand_in_the_order_of_their_meaning():
    grade = ["High", "Low", "Intermediate", "High", "Low", "Intermediate"]
    found = predicted(grade=grade)
    assert found.covariates["grade"]["levels"] == ["Low", "Intermediate", "High"]


def test_a_level_of_one_subject_is_asked_about():
    questions = Questions()
    predicted(questions=questions, stage=["I", "I", "II", "II", "IV"])
    predicted(questions=questions, stage=["I"] * 4 + ["II"] * 4 + ["IV"])
    assert asked(questions, "IV of 'stage' has one subject only")


def test_few_events_carry_few_covariates():
    columns = {"age": ["1", "2", "3"], "sex": ["F", "M", "M"], "grade": ["1", "2", "3"]}
    assert predicted(50, **columns).chosen == ["age", "grade"]
    assert predicted(4, **columns).chosen == ["age"]


def match(ids, names, ignore=False):
    questions = Questions()
    known = {name: [name] for name in names}
    return matching.matched(
        table(id=ids, age=["1"] * len(ids)), known, ignore, questions
    ), (questions)


def test_ids_match_exactly_with_their_leading_zeros():
    found, questions = match(["007", "012"], ["007", "12"])
    assert found.row_of == {"007": 0}
    assert asked(questions, "1 subjects have images but no row")
    assert asked(questions, "1 rows of the clinical table have no images")
    assert asked(questions, "spelt differently: 12 and 012?")


def test_ids_match_without_regard_to_spelling_if_asked_for():
    found, _ = match(["p-001", "P 2"], ["P001", "p2"], ignore=True)
    assert found.row_of == {"P001": 0, "p2": 1}


def test_the_names_of_the_patient_and_of_its_folder_match_too():
    names = {"P0af3": ["P0af3", "4711", "Smith"]}
    found = matching.matched(table(nr=["4711", "4712"]), names, False, Questions())
    assert (found.id_column, found.row_of) == ("nr", {"P0af3": 0})


def test_a_subject_with_two_rows_is_left_out_and_asked_about():
    found, questions = match(["A", "A", "B"], ["A", "B"])
    assert found.row_of == {"B": 2}
    assert asked(questions, "several rows in the clinical table and were left out: A")


def test_ids_that_no_column_holds_are_asked_about():
    found, questions = match(["x1", "x2"], ["A", "B"])
    assert found.id_column is None
    assert not found.row_of
    assert asked(questions, "no column of the clinical table holds the ids")


def placed(roots_of, **columns):
    questions = Questions()
    subjects = list(roots_of)
    matches = matching.Matches("id", {s: n for n, s in enumerate(subjects)})
    found = sites.guessed(roots_of, table(**columns), matches, "Here", questions)
    return found, questions


def test_several_roots_are_the_sites():
    found, _ = placed({"P1": {"A"}, "P2": {"B"}})
    assert (found.of, found.column, found.site) == (
        {"P1": "A", "P2": "B"},
        "site",
        None,
    )


def test_a_column_of_hospitals_tells_the_sites_of_one_root():
    roots = {name: {"A"} for name in ("P1", "P2", "P3", "P4")}
    found, _ = placed(roots, centre=["X", "Y", "X", "Y"])
    assert found.of == {"P1": "X", "P2": "Y", "P3": "X", "P4": "Y"}


def test_a_site_of_the_tumour_is_no_hospital():
    roots = {name: {"A"} for name in ("P1", "P2", "P3", "P4")}
    found, _ = placed(roots, primary_site=["leg", "arm", "leg", "arm"])
    assert (found.of, found.site) == ({}, "Here")


def test_hospitals_that_differ_from_the_folders_are_asked_about():
    roots = {"P1": {"A"}, "P2": {"A"}, "P3": {"B"}, "P4": {"B"}}
    _, questions = placed(roots, centre=["X", "Y", "Y", "Y"])
    assert asked(questions, "'centre' has several values within the folders A")
