"""Words that identify nobody, or that say something else than a name.

Placeholders and titles name nobody anywhere. Common words are hidden in technical texts
and in sheets, where the same word stands for all patients, and never in what a draft
takes from a folder.
"""

from .folding import folded, without_transcriptions

_PLACEHOLDERS = (
    "anon anonym anonymous anonymized anonymised anonymize deidentified deident "
    "pseudonym removed withheld none null unknown unbekannt patient subject phantom "
    "test id name noname nobody not given provided default unassigned self referral "
    "outside external ct mr mri pt pet rt nm us petct tech technician operator user "
    "admin system service physician doctor"
)
_TITLES = "dr prof doc med herr frau hr fr mr mrs ms miss mme mlle sr sra dott drs"
_BEFORE_NAMES = "dr prof herr frau mrs mme mlle dott"
_AFTER_NAMES = "jr phd md ii iii"
_PARTICLES = (
    "de la le du di da del della der den dem des do dos das van von vom zu zum zur ten "
    "ter el al bin ibn abu ben bint y e und of the san st"
)
_TECHNICAL = (
    "abdomen advanced and anon anonymous anonymized axial body bone brain canon care "
    "cardiac center centre chest clinic clinical der des department diagnostic die "
    "electric elscint fast for general head health healthcare healthineers helical "
    "hitachi hospital image images imaging institut institute lung medical medicine "
    "mediso mri neuro neusoft none nuclear oncology original patient pet petct "
    "philips picker primary radiology radiotherapy recon research samsung scan "
    "scanner sharp shimadzu siemens soft spiral standard system systems technologies "
    "the toshiba und united universitaet university unknown varian von whole "
    "agfa analogic angio array arterial atten attenuation auto automatic base boneplus "
    "bolus circle coil contrast coronal decay default delayed derived detail diff "
    "diffusion dose dual dynamic early edge elekta enhanced example fat filter fine "
    "flair force full gain gauss gradient hann head high insight iso late linear "
    "main map max mean medium multi native oblique optima osem other pass perfusion "
    "phase pilot plus portal post pre precision ramp random randoms rapid recovery "
    "sagittal scatter series service single slice smooth spin step stroke suite sum "
    "surface swift table tissue tracer trans tube venous version volume water wide "
    "ge ct mr pt us nm no to in by on or an as at vs ms ma"
)
_STUDY = (
    "baseline retest rescan repeat session visit follow followup before after week "
    "weeks day days month months year years time point stage phase arm group study "
    "region roi mask masks reader observer expert manual gtv ctv ptv itv oar tumor "
    "tumour tumors lesion lesions mass masses nodule nodules node nodes nodal lymph "
    "primary metastasis metastases edema oedema necrosis core cancer target organ "
    "left right upper lower anterior posterior external contour segmentation label "
    "breast cervix colon esophagus eye heart kidney larynx liver neck nose oral ovary "
    "pancreas parotid pelvis pharynx prostate rectum sarcoma skin spine spleen stomach "
    "thorax thyroid tongue uterus bladder bowel artery aorta vein muscle nerve cord "
    "stem chiasm femur hip leg arm rib ribs sternum"
)


def _listed(words: str) -> frozenset[str]:
    listed = folded(words)
    return frozenset([*listed.split(), *without_transcriptions(listed).split()])


#: Titles that have no other meaning: a word that follows one is a name.
BEFORE_NAMES = _listed(_BEFORE_NAMES)
#: Parts of a name that are no name where another word stands beside them.
PARTICLES = _listed(_PARTICLES)
#: Never words of a name.
NO_NAMES = _listed(_PLACEHOLDERS) | _listed(_TITLES) | _listed(_AFTER_NAMES)
#: Words of institutions, vendors, kernels, sessions and structures.
COMMON_WORDS = _listed(_TECHNICAL) | _listed(_STUDY)
