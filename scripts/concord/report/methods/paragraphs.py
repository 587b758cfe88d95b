"""The methods paragraphs, from configuration and tables; no number is typed."""

from collections.abc import Iterator

from .. import numbers as n
from ..blocks import Section, section, text
from ..results import Results
from ..sections.evaluation.course import course_paragraph
from ..sections.evaluation.discrimination import discrimination_paragraph
from ..sections.evaluation.given import foreign_paragraph
from ..sections.evaluation.multiverse import multiverse_paragraphs
from ..sections.imported import imported_sentence
from ..sections.ingest import n_excluded
from ..sections.models.competing import competing_paragraph
from ..sections.transfer.applied import applied_paragraph
from .endpoints import endpoint_paragraph
from .measurement import recipe_sentence, regions_paragraph, stability_paragraph
from .models import (
    design_paragraph,
    harmonization_paragraph,
    models_paragraph,
    treatment_paragraphs,
    validation_paragraph,
)
from .probabilities import probabilities_sentence


def methods_section(results: Results) -> Section:
    """Methods to paste into a paper; the authors check and sign them."""
    given = results.judges_given or results.applies_models
    told = _of_given(results) if given else _paragraphs(results)
    return section("methods", "Methods, drafted", text(*told))


def _paragraphs(results: Results) -> Iterator[str]:
    yield _subjects(results)
    yield from _on_features(results)
    yield design_paragraph(results)
    if any(arm.harmonizes for arm in results.settings.arms.values()):
        yield harmonization_paragraph(results)
    if options := endpoint_paragraph(results):
        yield options
    yield models_paragraph(results)
    yield from _on_evaluation(results)
    yield from multiverse_paragraphs(results)
    if len(results["prediction_agreement"]):
        yield _readers(results)


def _on_features(results: Results) -> Iterator[str]:
    """Paragraphs on segmentations, features and their stability."""
    if results.starts_from_table:
        yield imported_sentence(results)
    if len(results["agreement"]):
        yield _agreement(results)
    yield from (
        f"Features of {recipe_sentence(name, recipe)}"
        for name, recipe in sorted(results.settings.recipes.items())
    )
    if results.settings.regions:
        yield regions_paragraph(results.settings.regions)
    if len(results["stability"]):
        yield stability_paragraph(results)


def _on_evaluation(results: Results) -> Iterator[str]:
    """Paragraphs on how predictions are judged."""
    yield discrimination_paragraph(results)
    yield competing_paragraph(results)
    yield validation_paragraph(results)
    yield course_paragraph(results)
    yield from treatment_paragraphs(results)
    yield _evaluation(results)


def _of_given(results: Results) -> Iterator[str]:
    """Methods of a study whose predictions another tool made."""
    yield _subjects(results)
    if results.applies_models:
        yield from _on_features(results)
        yield applied_paragraph(results)
    else:
        yield foreign_paragraph(results)
    yield design_paragraph(results)
    if options := endpoint_paragraph(results):
        yield options
    yield from _on_evaluation(results)


def _subjects(results: Results) -> str:
    images = results["acquisition"]
    outcomes = n.listed(
        f"{results.endpoint_label(name)} ({events} events among {known} subjects)"
        for name in results.endpoints
        for events, known in [results.events(name)]
    )
    sentence = (
        f"The study holds {n.plural(len(results.cohort), 'subject')} of "
        f"{n.plural(len(results.sites), 'site')}. Endpoints: {outcomes}."
    )
    if len(images):
        counts = images["image"].value_counts().sort_index()
        kinds = n.listed(f"{count} {name}" for name, count in counts.items())
        sentence += (
            f" {kinds} images were converted from DICOM; "
            f"{n.plural(n_excluded(results), 'exclusion')} are listed with "
            "their reasons."
        )
    return sentence


def _agreement(results: Results) -> str:
    headline = results.settings.agreement.headline
    definitions = {
        "mesh": "between triangulated surfaces (marching cubes, weighted by area)",
        "voxel": "between the centres of boundary voxels",
    }
    return (
        "Readers were compared by the Dice coefficient and by surface distances "
        f"{definitions[headline]}; HD95 is the larger of the two directed 95th "
        f"percentiles.{_review(results)}"
    )


def _review(results: Results) -> str:
    """Choice of the cases of the review list."""
    review = results.settings.agreement.review
    if review is None:
        return ""
    return (
        f" Of each site, the {review.n_cases} cases per image and region in "
        f"which {n.listed(review.readers)} and reader {review.against} agreed "
        "worst, by the mean of the ranks of Dice coefficient and HD95, were listed for "
        "review."
    )


def _evaluation(results: Results) -> str:
    metrics = sorted(results["performance"]["metric"].unique())
    words = {
        "auc": "the area under the ROC curve",
        "c_index": "the concordance index",
    }
    measured = n.listed(words.get(name, name) for name in metrics)
    how = n.listed_methods(results["performance"])
    sentence = f"Discrimination was measured by {measured}"
    sentence += f" ({how})." if how else "."
    sentence += probabilities_sentence(results)
    sentence += _permuted(results)
    if len(results["leakage"]):
        sentence += (
            " For every fold of the headline arm, the evaluation rows were perturbed "
            f"in {n.plural(results['leakage']['perturbation'].nunique(), 'way')} and "
            "the fold split and fitted again; hashes of all fitted parameters were "
            "compared."
        )
    return sentence


def _permuted(results: Results) -> str:
    """Permutations of the outcome, and whether models were fitted to them."""
    permutations = results["null"].groupby(["endpoint", "arm", "scheme"]).size()
    if permutations.empty:
        return ""
    fitted = " The analysis of each arm was repeated"
    done = " The scores were judged again" if results.judges_given else fitted
    return (
        f"{done} with the outcome permuted within groups "
        f"({n.spread(permutations, 0)} permutations, first repeat of each scheme)."
    )


def _readers(results: Results) -> str:
    """Comparison of predictions from the segmentations of several readers."""
    reference = results.settings.study.reference_reader
    others = sorted(set(results["prediction_agreement"]["reader_b"]))
    return (
        f"To see what segmentations do to predictions, the models of every fold, "
        f"fitted to segmentations of reader {reference}, scored its evaluation "
        f"subjects by the segmentations of {n.listed(others)} too, with all "
        "that was learnt unchanged. "
        "Differences of the linear predictor were summarized within each repeat by "
        "bias, 95 % limits of agreement (Bland and Altman 1986, "
        "doi:10.1016/S0140-6736(86)90837-8) and the share of subjects of another risk "
        "group (Wilson interval), scores in standard deviations of the development "
        "scores by ICC(A,1), and averaged over repeats."
    )
