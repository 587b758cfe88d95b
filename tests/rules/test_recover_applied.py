"""Rule recover_applied: the script on small tables, without Snakemake."""

from types import SimpleNamespace

from recover_applied import main

from concord import tables
from concord.simulate.settings import RecoverApplied
from concord.tables.kinds import KINDS

SETTINGS = RecoverApplied(
    headline_arm="radiomics",
    reference_arm="radiomics",
    planted={"small": {"radius_mm": 4.0}},
)
KEYS = {"subject_id": "C001", "site": "C", "endpoint": "recurrence"}
KEYS |= {"arm": "radiomics", "model_hash": "0" * 64}
FLAG = {"flag": "tiny_region", "severity": "red", "voids": True, "item": "CT.tumour"}
FLAG |= {"seen": "9 voxels", "expected": "at least 90 voxels"}


def test_planted_facts_are_written_with_what_was_found(tmp_path):
    written = {
        "truth": [{"subject_id": "C001", "site": "C", "unusual": "small"}],
        "patient_scores": [KEYS | {"status": "not applicable", "score": 1.0}],
        "patient_flags": [KEYS | FLAG],
    }
    paths = {kind: str(tmp_path / f"{kind}.tsv") for kind in written}
    for kind, rows in written.items():
        whole = [dict.fromkeys(KINDS[kind]) | row for row in rows]
        tables.write(whole, paths[kind], kind)
    main(
        SimpleNamespace(
            input=SimpleNamespace(
                truth=[paths["truth"]],
                scores=paths["patient_scores"],
                flags=paths["patient_flags"],
                expected=[],
                updates=[],
            ),
            output=SimpleNamespace(recovered=str(tmp_path / "found.tsv")),
            params=SimpleNamespace(spec=SETTINGS.model_dump_json()),
        )
    )

    (row,) = tables.read(tmp_path / "found.tsv", "recovered").to_dict("records")
    assert row["claim"] == "C001: the tiny lesion is flagged"
    assert row["found"] == "tiny_region: 9 voxels"
    assert row["recovered"]
