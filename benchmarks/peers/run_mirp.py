"""Features by MIRP: every family, matrices merged over directions in 3D."""

import warnings

import clock

MODALITIES = {"CT": "ct", "MR": "mr", "PT": "pet"}

WAVELETS_AND_LOG = {
    "filter_kernels": ["separable_wavelet", "laplacian_of_gaussian"],
    "separable_wavelet_families": "coif1",
    "separable_wavelet_set": "all",
    "separable_wavelet_rotation_invariance": False,
    "laplacian_of_gaussian_sigma": [1.0, 2.0, 3.0, 4.0],
    "response_map_feature_families": [
        *("statistics", "ih", "glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")
    ],
    "response_map_discretisation_method": "fixed_bin_number",
}


def extract(job, number: int) -> dict:
    """Values by MIRP's names, settings as near to ours as it has them."""
    from mirp import extract_features

    settings = {"by_slice": False, "image_modality": MODALITIES[job["modality"]]}
    if job["spacing_mm"]:
        settings |= {"new_spacing": job["spacing_mm"], "anti_aliasing": False}
    if job["filters"]:
        settings |= WAVELETS_AND_LOG
        settings["response_map_discretisation_n_bins"] = job["n_bins"]
    (table,) = extract_features(
        image=job["image"],
        mask=job["mask"],
        base_discretisation_method="fixed_bin_number",
        base_discretisation_n_bins=job["n_bins"],
        base_feature_families="all",
        **settings,
    )
    (row,) = table.select_dtypes("number").to_dict("records")
    return {name: float(value) for name, value in row.items() if "image_" not in name}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    clock.run(extract)
