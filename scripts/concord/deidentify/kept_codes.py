"""Code strings, and texts used like them, that are kept by their defined terms.

The terms are those of the standard for CT, MR, PET, RTSTRUCT and SEG (PS3.3), and a few
words of ImageType that vendors use for kinds of images. Another value goes: a code
string may hold sixteen letters of anything.
"""

from functools import cache

#: What stands for another word in ImageType, so that later ones keep their place.
OTHER = "OTHER"
#: Attributes whose values mean something by their place.
PLACED = frozenset({"ImageType", "FrameType"})

_IMAGE_TYPE = """
ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER OTHER NONE MIXED VOLUME MPR MOSAIC
ADD AVERAGE SUBTRACTION MAXIMUM MINIMUM MEAN MULTIPLICATION DIVISION RESAMPLED FILTERED
PERFUSION DIFFUSION RCBF RCBV MTT TTP TMAX T1 T2 PROTON_DENSITY FLUID_ATTENUATED ANGIO
ANGIO_TIME CARDIAC CARDIAC_GATED DYNAMIC FLUOROSCOPY FLOW FLOW_ENCODED MASKED
METABOLITE_MAP SPECTROSCOPY STATIC WHOLE_BODY GATED ATTENUATION REPROJECTION STRESS REST
REFERENCE NM PET CINE M M_FFE M_SE M_IR R R_FFE I I_FFE P PHASE PHASE_MAP MAGNITUDE REAL
IMAGINARY IN_PHASE IP OPP_PHASE OUT_PHASE OP WATER W FAT F FFE SE IR ADC TRACEW FA EADC
T1_MAP T2_MAP T2_STAR NORM DIS2D DIS3D FM3_2 ND MFSPLIT SH FIL COMPRESSED ENHANCED
UNSPECIFIED ISOTROPIC M~FFE M~SE M~IR PHASE~MAP IN~PHASE OPP~PHASE OUT~PHASE T1~MAP
T2~MAP
"""
#: Terms are separated by blanks; a blank within a term is written ~.
_YES_NO = "YES NO"
_BODY = """
ABDOMEN ABDOMENPELVIS ADRENAL ANKLE AORTA ARM AXILLA BACK BLADDER BRAIN BREAST BRONCHUS
BUTTOCK CALF CALCANEUS CAROTID CEREBELLUM CERVIX CHEEK CHEST CHESTABDOMEN CHESTABDPELVIS
CLAVICLE COCCYX COLON CSPINE CTSPINE DUODENUM EAR ELBOW ESOPHAGUS EXTREMITY EYE FEMUR
FINGER FOOT FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS ILEUM ILIUM IAC JAW
JEJUNUM KIDNEY KNEE LARYNX LEG LIVER LSPINE LSSPINE LUNG MANDIBLE MAXILLA MEDIASTINUM
MOUTH NECK NECKCHEST NECKCHESTABDOMEN NECKCHESTABDPELV NOSE ORBIT OVARY PANCREAS PAROTID
PATELLA PELVIS PENIS PHARYNX PROSTATE RADIUS RECTUM RIB SCAPULA SCROTUM SHOULDER SINUS
SKULL SPINE SPLEEN SSPINE STERNUM STOMACH TESTIS THIGH THUMB THYMUS THYROID TIBIA
TLSPINE TOE TONGUE TRACHEA TSPINE UTERUS VAGINA VULVA WHOLEBODY WRIST ZYGOMA
"""
_TERMS = {
    "Modality": "CT MR PT RTSTRUCT SEG",
    "ImageType": _IMAGE_TYPE,
    "FrameType": _IMAGE_TYPE,
    "BodyPartExamined": _BODY,
    "Laterality": "L R",
    "ImageLaterality": "L R U B",
    "FrameLaterality": "L R U B",
    "PatientSex": "F M O",
    "PatientPosition": (
        "HFS HFP HFDR HFDL FFS FFP FFDR FFDL LFP LFS RFP RFS AFDR AFDL PFDR PFDL"
    ),
    "PatientOrientation": "A P R L H F AR AL AH AF PR PL PH PF HR HL FR FL LA LP RA RP",
    "AnatomicalOrientationType": "BIPED QUADRUPED",
    "PhotometricInterpretation": "MONOCHROME1 MONOCHROME2",
    "PixelPresentation": "MONOCHROME",
    "PresentationLUTShape": "IDENTITY INVERSE",
    "VolumetricProperties": "VOLUME SAMPLED DISTORTED MIXED",
    "VolumeBasedCalculationTechnique": "NONE MPR MAX_IP MIN_IP CURVED_MPR "
    "VOLUME_RENDER SURFACE_RENDER MIXED",
    "LossyImageCompression": "00 01",
    "LossyImageCompressionMethod": "ISO_10918_1 ISO_14495_1 ISO_15444_1 ISO_15444_15",
    "BurnedInAnnotation": "NO",
    "RecognizableVisualFeatures": "NO",
    "ContentQualification": "PRODUCT RESEARCH SERVICE",
    "ScanOptions": "PER RG CG PPG FC PFF PFP SP FS HELICAL AXIAL HELICAL_CT",
    "RotationDirection": "CW CC",
    "ExposureModulationType": "NONE ANGULAR FIXED_DOSE XYZ_EC Z_EC XY_EC ORGAN_BASED",
    "AcquisitionType": "SEQUENCED SPIRAL CONSTANT_ANGLE STATIONARY FREE",
    "ReconstructionAlgorithm": "FILTER_BACK_PROJ ITERATIVE",
    "SpatialLocationsPreserved": "YES NO REORIENTED_ONLY",
    "ContrastBolusAgentPhase": "PRE_CONTRAST POST_CONTRAST IMMEDIATE DYNAMIC "
    "STEADY_STATE DELAYED ARTERIAL CAPILLARY VENOUS PORTAL_VENOUS",
    "ContrastBolusAgentAdministered": _YES_NO,
    "ContrastBolusAgentDetected": _YES_NO,
    "ContrastBolusIngredient": "IODINE GADOLINIUM BARIUM XENON",
    # MR
    "ScanningSequence": "SE IR GR EP RM",
    "SequenceVariant": "SK MTC SS TRSS SP MP OSP TOF NONE",
    "MRAcquisitionType": "2D 3D",
    "AngioFlag": "Y N",
    "VariableFlipAngleFlag": "Y N",
    "InPlanePhaseEncodingDirection": "ROW COL COLUMN OTHER",
    "ComplexImageComponent": "MAGNITUDE PHASE REAL IMAGINARY MIXED",
    "AcquisitionContrast": "DIFFUSION FLOW_ENCODED FLUID_ATTENUATED PERFUSION "
    "PROTON_DENSITY STIR TAGGING T1 T2 T2_STAR TOF UNKNOWN MIXED",
    "EchoPulseSequence": "SPIN GRADIENT BOTH",
    "MultipleSpinEcho": _YES_NO,
    "MultiPlanarExcitation": _YES_NO,
    "PhaseContrast": _YES_NO,
    "TimeOfFlightContrast": _YES_NO,
    "EchoPlanarPulseSequence": _YES_NO,
    "SaturationRecovery": _YES_NO,
    "InversionRecovery": _YES_NO,
    "SteadyStatePulseSequence": "FREE_PRECESSION TRANSVERSE TIME_REVERSED LONGITUDINAL "
    "NONE",
    "Spoiling": "RF GRADIENT RF_AND_GRADIENT NONE",
    "SpectrallySelectedSuppression": "FAT WATER FAT_AND_WATER SILICON_GEL NONE",
    "SpectrallySelectedExcitation": "WATER FAT NONE",
    "MagnetizationTransfer": "ON_RESONANCE OFF_RESONANCE NONE",
    "T2Preparation": _YES_NO,
    "FlowCompensation": "ACCELERATION VELOCITY OTHER NONE",
    "ParallelAcquisition": _YES_NO,
    "ParallelAcquisitionTechnique": "PILS SENSE SMASH OTHER",
    "PartialFourier": _YES_NO,
    "RectilinearPhaseEncodeReordering": "LINEAR CENTRIC SEGMENTED REVERSE_LINEAR "
    "REVERSE_CENTRIC UNKNOWN",
    "SegmentedKSpaceTraversal": "SINGLE PARTIAL FULL",
    "GeometryOfKSpaceTraversal": "RECTILINEAR RADIAL SPIRAL",
    "CoverageOfKSpace": "FULL CYLINDRICAL ELLIPSOIDAL WEIGHTED",
    "ResonantNucleus": "1H 3HE 7LI 13C 19F 23NA 31P 129XE",
    "DiffusionDirectionality": "DIRECTIONAL BMATRIX ISOTROPIC NONE",
    "TransmitCoilType": "BODY VOLUME SURFACE",
    "ReceiveCoilType": "BODY VOLUME SURFACE MULTICOIL",
    "CardiacSynchronizationTechnique": "NONE REALTIME PROSPECTIVE RETROSPECTIVE PACED",
    "RespiratoryMotionCompensationTechnique": "NONE BREATH_HOLD REALTIME GATING "
    "TRACKING PHASE_ORDERING PHASE_SCANNING RETROSPECTIVE CORRECTION UNKNOWN",
    "RescaleType": "HU US OD MGML Z_EFF ED EDW HU_MOD PCT",
    "ModalityLUTType": "HU US OD MGML Z_EFF ED EDW HU_MOD PCT",
    # PET
    "Units": "BQML CNTS PROPCNTS PROPCPS NONE PCNT CPS GML CM2 CM2ML MLMING MLG 1CM "
    "MLMINML UMOLMIN UMOLMING MGMINML",
    "SUVType": "BSA BW LBM LBMJAMES128 LBMJANMA IBW",
    "SeriesType": "STATIC DYNAMIC GATED WHOLE~BODY IMAGE REPROJECTION",
    "CorrectedImage": "DECY ATTN SCAT DTIM MOTN PMOT CLN RAN RADL DCAL NORM SLSENS",
    "DecayCorrection": "NONE START ADMIN",
    "RandomsCorrectionMethod": "NONE DLYD SING",
    "CountsSource": "EMISSION TRANSMISSION",
    "ReprojectionMethod": "SUM MAX~PIXEL",
    "CollimatorType": "NONE RING",
    "TypeOfDetectorMotion": "NONE STEP~AND~SHOOT CONTINUOUS WOBBLE CLAMSHELL",
    "FieldOfViewShape": "CYLINDRICAL~RING HEXAGONAL MULTIPLE~PLANAR",
    "DecayCorrected": _YES_NO,
    "AttenuationCorrected": _YES_NO,
    "ScatterCorrected": _YES_NO,
    "RandomsCorrected": _YES_NO,
    "DeadTimeCorrected": _YES_NO,
    "NonUniformRadialSamplingCorrected": _YES_NO,
    "SensitivityCalibrated": _YES_NO,
    "DetectorNormalizationCorrection": _YES_NO,
    # segmentations
    "ContourGeometricType": "POINT OPEN_PLANAR OPEN_NONPLANAR CLOSED_PLANAR "
    "CLOSEDPLANAR_XOR",
    "ROIGenerationAlgorithm": "AUTOMATIC SEMIAUTOMATIC MANUAL",
    "RTROIInterpretedType": "EXTERNAL PTV CTV GTV TREATED_VOLUME IRRAD_VOLUME BOLUS "
    "AVOIDANCE ORGAN MARKER REGISTRATION ISOCENTER CONTRAST_AGENT CAVITY CONTROL "
    "SUPPORT FIXATION DOSE_REGION DOSE_MEASUREMENT",
    "ApprovalStatus": "APPROVED UNAPPROVED REJECTED",
    "SegmentationType": "BINARY FRACTIONAL LABELMAP",
    "SegmentationFractionalType": "PROBABILITY OCCUPANCY",
    "SegmentAlgorithmType": "AUTOMATIC SEMIAUTOMATIC MANUAL",
    "SegmentsOverlap": "YES NO UNDEFINED",
    "DimensionOrganizationType": "3D TILED_FULL TILED_SPARSE 3D_TEMPORAL",
}


@cache
def terms() -> dict[str, frozenset[str]]:
    """Defined terms of every code string that is kept."""
    return {
        keyword: frozenset(term.replace("~", " ") for term in text.split())
        for keyword, text in _TERMS.items()
    }
