"""Features by pyradiomics: every family, matrices merged over directions."""

import logging

import clock


def extract(job, number: int) -> dict:
    """Values by pyradiomics' names, settings as near to ours as it has them."""
    import radiomics
    from radiomics.featureextractor import RadiomicsFeatureExtractor

    radiomics.logger.setLevel(logging.ERROR)
    settings = {"binCount": job["n_bins"], "weightingNorm": "no_weighting"}
    if job["spacing_mm"]:
        settings["resampledPixelSpacing"] = [job["spacing_mm"]] * 3
    extractor = RadiomicsFeatureExtractor(**settings)
    if job["filters"]:
        extractor.enableImageTypeByName("Wavelet", customArgs={"wavelet": "coif1"})
        extractor.enableImageTypeByName("LoG", customArgs={"sigma": [1.0, 2, 3, 4]})
    found = extractor.execute(job["image"], job["mask"])
    return {
        name: float(value)
        for name, value in found.items()
        if not name.startswith("diagnostics")
    }


if __name__ == "__main__":
    clock.run(extract)
