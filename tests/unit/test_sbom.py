"""The bill of materials: every package of the lock, with licence and hashes."""

import json
import uuid

from ..locks import pinned, sbom, text_of

LOCK = text_of("requirements.lock")
#: Packages of the lock for another system, whose licence cannot be asked for here.
ELSEWHERE = {"colorama", "pyreadline3"}


def test_the_bill_has_the_fields_that_cyclonedx_requires():
    bill = sbom.bill(LOCK)

    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == (
        "CycloneDX",
        "1.5",
        1,
    )
    assert uuid.UUID(bill["serialNumber"])
    own = bill["metadata"]["component"]
    assert (own["type"], own["name"]) == ("application", "concord-imaging")
    for component in bill["components"]:
        assert component["type"] == "library"
        name, version = component["name"], component["version"]
        assert component["purl"] == f"pkg:pypi/{name}@{version}"
    references = [component["bom-ref"] for component in bill["components"]]
    assert len(set(references)) == len(references)
    assert bill["dependencies"] == [{"ref": own["bom-ref"], "dependsOn": references}]


def test_the_bill_lists_the_lock_with_hashes_and_licences():
    components = sbom.bill(LOCK)["components"]

    assert [(c["name"], c["version"]) for c in components] == [
        (name, version) for name, version, _ in pinned(LOCK)
    ]
    for component in components:
        assert component["properties"], component["name"]
        assert component["licenses"] or component["name"] in ELSEWHERE
        for one in component["licenses"]:
            assert one.get("expression") or one["license"]["name"]
    none = [{"license": {"name": sbom.UNDECLARED}}]
    undeclared = {c["name"] for c in components if c["licenses"] == none}
    assert undeclared == {"conda-inject", "dcm2niix"}


def test_equal_locks_give_equal_bytes(tmp_path):
    lock = tmp_path / "a.lock"
    lock.write_text(LOCK)
    for name in ("a.json", "b.json"):
        sbom.main(str(lock), str(tmp_path / name))

    written = (tmp_path / "a.json").read_bytes()
    assert written == (tmp_path / "b.json").read_bytes()
    assert json.loads(written)["components"]


def test_a_licence_is_an_expression_a_class_or_a_short_name():
    assert sbom.licences("numpy")
    assert sbom.licences("no-such-package-anywhere") == []
