"""A feature family is declared once; what else it needs is found missing by name."""

from concord.features import families, ibsi
from concord.features.dictionary import foreign_names
from concord.features.engines import pictologics
from concord.features.engines.zrad import engine
from concord.figures import labels
from concord.provenance import SCRIPTS

#: Test of a family that the IBSI's reference values do not test.
TESTS = "tests/unit/features/test_features_<name>.py"


def test_no_file_that_a_declared_family_needs_has_been_forgotten():
    """The list of CONTRIBUTING: which of the files lacks which family."""
    declared, of_ibsi = set(families.FAMILIES), set(families.IBSI_FAMILIES)
    known = {
        "resources/ibsi_features.tsv": {row.family for row in ibsi.features()},
        "scripts/concord/features/engines/pictologics.py": pictologics.families(),
        **{
            f"resources/feature_names_{tool}.tsv": {
                row.family for row in foreign_names.foreign_names(tool) if row.family
            }
            for tool in foreign_names.TABLES
        },
        TESTS: {one for one in declared if one in of_ibsi or has_test(one)},
    }
    missing = {file: declared - found for file, found in known.items()}
    for tool in foreign_names.TABLES:
        missing[f"resources/feature_names_{tool}.tsv"] &= of_ibsi
    assert {file: names for file, names in missing.items() if names} == {}
    undeclared = {file: found - declared for file, found in known.items()}
    assert {file: names for file, names in undeclared.items() if names} == {}, (
        "declare them in scripts/concord/features/families.py"
    )


def has_test(family):
    return (SCRIPTS.parent / TESTS.replace("<name>", family)).exists()


def test_a_family_that_the_second_engine_lacks_is_lacking_and_no_error(monkeypatch):
    monkeypatch.delitem(engine._FAMILIES, "ngtdm")
    assert not engine.offered("original.ngtdm.busyness")
    assert engine.offered("log-sigma-2mm.glcm.contrast")


def test_groups_of_families_follow_from_what_is_declared_of_each():
    assert families.TEXTURE_FAMILIES[0] == "glcm"
    assert set(families.DIRECTIONAL_FAMILIES) == {"glcm", "glrlm"}
    assert ("histogram", *families.TEXTURE_FAMILIES) == families.FAMILIES_OF_BINS
    assert ("ivh", *families.TEXTURE_FAMILIES) == families.FAMILIES_THAT_NEED_CONTRAST
    others = ("morphology", "local_intensity", "ivh")
    assert not {*others} & {*families.RESPONSE_FAMILIES, *families.MAPPED_FAMILIES}
    assert len(families.RESPONSE_FAMILIES) == len(families.FAMILIES) - len(others)


def test_figures_print_the_label_of_every_family():
    assert list(labels.FAMILIES) == list(families.FAMILIES)
    assert labels.FAMILIES["ivh"] == "intensity-volume"
