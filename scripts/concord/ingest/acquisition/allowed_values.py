"""Coded facts: words that DICOM or vendors define; any other word is not told.

A header may hold anything in a coded element, even a name.
"""

OTHER = "OTHER"

_CORRECTIONS = (
    "NORM DTIM ATTN SCAT DECY RAN RADL DCAL MOTN CLN PMOT DEAD XYSM ZSM SLSENS SLSM "
    "2SCAT 3SCAT POINT PSF TOF"
)
#: Words of each coded fact of a sidecar; several are separated by a backslash.
TERMS = {
    name: frozenset(words.split())
    for name, words in {
        "PatientPosition": "HFS HFP HFDL HFDR FFS FFP FFDL FFDR LFP LFS RFP RFS AFDL "
        "AFDR PFDL PFDR",
        "ScanningSequence": "SE IR GR EP RM",
        "SequenceVariant": "SK MTC SS TRSS SP MP OSP TOF NONE",
        "MRAcquisitionType": "2D 3D",
        "ParallelAcquisitionTechnique": "PILS SENSE SMASH OTHER GRAPPA ASSET ARC "
        "mSENSE SPEEDER",
        "ExposureModulationType": "NONE X_Y_MODULATION Z_MODULATION XYZ_MODULATION "
        "ANGULAR XYZ_EC XY_MODULATION XYZ Z_EC XY_EC Z-MODULATION DOSERIGHT Z-DOM "
        "D-DOM ACS AUTO SMART",
        "DecayCorrection": "START ADMIN NONE",
        "CorrectedImage": _CORRECTIONS,
        "RandomsCorrectionMethod": "NONE DLYD SING PROC",
    }.items()
}


def coded(name: str, found: str | None) -> str | None:
    """A fact with the words of its kind; others, of coded facts only, are OTHER."""
    if found is None or name not in TERMS:
        return found
    words = [word if word in TERMS[name] else OTHER for word in found.split("\\")]
    return "\\".join(words)
