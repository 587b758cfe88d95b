"""Rule review_list: the script on small tables, without Snakemake."""

from types import SimpleNamespace

from review_list import main

from concord import tables
from concord.agreement.settings import ReviewList

from .. import synthetic_results as synthetic


def test_the_worst_cases_of_each_site_are_written_the_worst_first(tmp_path):
    tables.write(synthetic.agreement_of_three(), tmp_path / "a.tsv", "agreement")
    surface = synthetic.surface_dice(synthetic.agreement_of_three())
    tables.write(surface, tmp_path / "s.tsv", "surface_dice")
    masks = []
    for modality, part in synthetic.masks().groupby("image"):
        masks.append(str(tmp_path / f"{modality}.tsv"))
        tables.write(part, masks[-1], "masks")
    review = synthetic.REVIEW.model_copy(update={"n_cases": 2})
    spec = ReviewList(headline="mesh", review=review)

    main(
        SimpleNamespace(
            input=SimpleNamespace(
                agreement=str(tmp_path / "a.tsv"),
                surface_dice=str(tmp_path / "s.tsv"),
                masks=masks,
            ),
            output=SimpleNamespace(review=str(tmp_path / "review.tsv")),
            params=SimpleNamespace(spec=spec.model_dump_json()),
        )
    )

    found = tables.read(tmp_path / "review.tsv", "review_list")
    assert len(found) == 2 * 2 * 3
    assert set(found["subject_id"].head(4)) == set(synthetic.FAILED)
    assert (found["tolerance_mm"] == 1).all()
    assert found["surface_dice"].notna().all()
    assert found["rank"].is_monotonic_increasing
