from gather_multiverse import main

from concord import tables
from concord.evaluation.multiverse.settings import Declared, GatherMultiverse

from .. import synthetic_results as synthetic
from ..modelling_study import job

KINDS = ("specifications", "specification_choices", "choice_effects", "multiverse")


def test_chunks_become_one_curve_with_its_summary(tmp_path):
    every = synthetic.multiverse("metastasis")["specifications"]
    tested = ["null_median", "null_lower", "null_upper", "p_value", "p_adjusted"]
    rows = every[every["status"] == "ok"].drop(
        columns=[*tested, "above_null", "is_headline"]
    )
    parts = {"1": rows[:7], "2": rows[7:]}
    inputs = {"specifications": [], "specification_null": []}
    for name, part in parts.items():
        null = [
            {
                "endpoint": "metastasis",
                "scheme": "cv",
                "specification": number,
                "permutation": place,
                "estimate": 0.4 + 0.01 * ((place + number) % 20),
            }
            for number in part["specification"]
            for place in range(1, 20)
        ]
        for kind, table in (("specifications", part), ("specification_null", null)):
            path = tmp_path / f"{name}_{kind}.tsv"
            tables.write(table, path, kind)
            inputs[kind].append(str(path))
    declared = [
        Declared(number=number, choices={"key": str(number % 3)})
        for number in range(1, 13)
    ]
    declared.append(Declared(number=13, choices={"key": "x"}, impossible="never"))
    declared.append(Declared(number=14, choices={"key": "1"}, same_as=4))
    settings = GatherMultiverse(
        endpoint="metastasis", scheme="cv", combinations=declared, n_all=14
    )
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(tmp_path, settings, outputs, inputs, endpoint="metastasis"))

    found = {kind: tables.read(tmp_path / f"{kind}.tsv", kind) for kind in KINDS}
    specifications = found["specifications"]
    assert specifications["specification"].tolist() == list(range(1, 15))
    assert specifications["status"].tolist()[-2:] == ["impossible", "same"]
    assert specifications["reason"].tolist()[-2:] == ["never", "is specification 4"]
    assert specifications["is_headline"].tolist() == [True] + [False] * 13
    assert len(found["specification_choices"]) == 14
    summary = found["multiverse"].iloc[0]
    assert (summary["n_specifications"], summary["n_impossible"]) == (12, 1)
    assert (summary["n_same"], summary["n_permutations"]) == (1, 19)
    values = specifications["estimate"].dropna()
    assert summary["rank"] == (values > values.iloc[0]).sum() + 1
    assert summary["share_above_null"] == specifications["above_null"].sum() / 12
    assert found["choice_effects"]["key"].tolist() == ["key"]


def test_without_any_value_the_summary_says_so(tmp_path):
    inputs = {}
    for kind in ("specifications", "specification_null"):
        tables.write([], tmp_path / f"{kind}.tsv", kind)
        inputs[kind] = [str(tmp_path / f"{kind}.tsv")]
    declared = [Declared(number=1, choices={"key": "x"}, impossible="never")]
    settings = GatherMultiverse(
        endpoint="metastasis", scheme="cv", combinations=declared, n_all=1
    )
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(tmp_path, settings, outputs, inputs, endpoint="metastasis"))

    summary = tables.read(tmp_path / "multiverse.tsv", "multiverse").iloc[0]
    assert summary["n_specifications"] == 0
    assert summary["reason"] == "no analysis has a value"
    effects = tables.read(tmp_path / "choice_effects.tsv", "choice_effects")
    assert effects.empty
