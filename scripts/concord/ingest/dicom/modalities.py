"""Modalities that DICOM defines; other text of the element may be anything."""

_DEFINED = (
    "ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS "
    "ES FID GM HC HD IO IOL IVOCT IVUS KER KO LEN LP LS M3D MG MR NM OAM OCT OP OPM "
    "OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE "
    "RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF "
    "STAIN TEXTUREMAP TG US VA VIDD XA XAPROTOCOL XC "
    # Retired ones, which old files have.
    "AS CD CF CP CS DD DF DM DS EC FA FS MA MS OPR ST VF"
)
_MODALITIES = frozenset(_DEFINED.split())


def told(modality: str | None) -> str | None:
    """A modality as tables and messages may tell it; None if DICOM has no such one."""
    return modality if modality in _MODALITIES else None
