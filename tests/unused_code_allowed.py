"""Names that no module of the library uses, and why each is there.

The check for unused code (vulture) reads this file as a use of them:
`vulture scripts tests/unused_code_allowed.py`. A name belongs here if a framework, a rule
file or a test reads it; anything else that the check reports is to be deleted.
"""
# ruff: noqa

# Attributes of DICOM headers: pydicom writes them.
_.AccessionNumber
_.AcquisitionDate
_.AcquisitionNumber
_.AcquisitionTime
_.ActualFrameDuration
_.ApprovalStatus
_.CTExposureSequence
_.CodeMeaning
_.CodeValue
_.CodingSchemeDesignator
_.CollimatorType
_.ContentDate
_.ContentTime
_.ContourGeometricType
_.ContourImageSequence
_.ContourSequence
_.ContributionDateTime
_.ConvolutionKernel
_.CorrectedImage
_.CountsSource
_.DecayCorrection
_.DecayFactor
_.DeidentificationMethod
_.DeidentificationMethodCodeSequence
_.DimensionIndexValues
_.DimensionOrganizationUID
_.FrameContentSequence
_.FrameOfReferenceUID
_.FrameReferenceTime
_.ImageIndex
_.ImageOrientationPatient
_.ImplementationClassUID
_.ImplementationVersionName
_.InStackPositionNumber
_.InstanceCreationDate
_.InstanceCreationTime
_.InstanceNumber
_.KVP
_.LongitudinalTemporalInformationModified
_.LossyImageCompression
_.MediaStorageSOPInstanceUID
_.NumberOfContourPoints
_.NumberOfFrames
_.NumberOfSlices
_.ObservationNumber
_.OperatorsName
_.PatientAge
_.PatientBirthDate
_.PatientID
_.PatientIdentityRemoved
_.PatientName
_.PatientPosition
_.PatientSex
_.PatientWeight
_.PositionReferenceIndicator
_.ROIContourSequence
_.ROIDisplayColor
_.ROIGenerationAlgorithm
_.ROIInterpreter
_.ROIName
_.ROINumber
_.RTROIInterpretedType
_.RTROIObservationsSequence
_.RTReferencedSeriesSequence
_.RTReferencedStudySequence
_.RadionuclideCodeSequence
_.RadionuclideHalfLife
_.RadionuclidePositronFraction
_.RadionuclideTotalDose
_.Radiopharmaceutical
_.RadiopharmaceuticalCodeSequence
_.RadiopharmaceuticalInformationSequence
_.RadiopharmaceuticalStartDateTime
_.RadiopharmaceuticalStartTime
_.ReconstructionMethod
_.ReferencedFrameOfReferenceSequence
_.ReferencedFrameOfReferenceUID
_.ReferencedROINumber
_.ReferencedSOPClassUID
_.ReferencedSOPInstanceUID
_.ReferringPhysicianName
_.RescaleIntercept
_.RescaleSlope
_.RescaleType
_.SamplesPerPixel
_.SeriesDate
_.SeriesNumber
_.SeriesTime
_.SeriesType
_.SliceLocation
_.SliceThickness
_.StackID
_.StructureSetDate
_.StructureSetLabel
_.StructureSetROISequence
_.StructureSetTime
_.StudyDate
_.StudyID
_.StudyInstanceUID
_.StudyTime
_.Units
_.XRayTubeCurrent
_.XRayTubeCurrentInmA

# The first bytes of a DICOM file: pydicom writes them too.
_.preamble

# Named in rule files of the workflow.
_.ImportModel
_.developments
_.published_models
_.sample_parts
_.NoSettings
_.Study
_.figure_stems
_.lending_images
_.maps_features
_.predicts_by_readers
_.repeats_measurements
_.require_sheets
_.settings_of
_.varied

# Properties that `figures.declaration.Need` names.
_.pools_groups
_.tunes
_.has_images
_.has_multiverse
_.tells_instability
_.judges_subgroups
# And one that the workflow reads.
_.n_multiverse_chunks

# Read by pydantic.
_.model_config

# Fields of settings and documents: read from, or written to, a file as a whole.
_.smallest_update
_.unit_ucum
_.cumulative_hazard
_.n_judged_
_.null_permutations
_.concord_version
_.kkt_residual
_.n_development
_.ranges
_.schema_version
_.times_days

# Read by templates of the report.
_.alt
_.href

# What scikit-learn asks of an estimator.
_.classes_
_.get_feature_names_out
_.input_features

# Records and errors whose text is removed: read by logging and traceback.
_.__cause__
_.__context__
_.exc_info
_.exc_text
_.msg

# Shipped tables and their words, with which references are compared.
_.COMPARABLE
_.IBSI_FAMILIES
_.RELATIONS
_.by_ibsi_tag
_.relation

# The environment files are checked against it.
_.foreign_imports

# Rule files use them.
_.close_private
_.FoldersStudy
_.as_read
_.config_digest
_.exclusions_told
_.plan_told
_.require_code
_.arms_per_job
_.asked_rules
_.environments
_.make_safe
_.needs_folders_alone

# The locator of compiled code and the annotation of a kernel: numba reads them.
_.CACHE_LOCATOR_CLASSES
_._data_name
_._lineno
_._py_file
_.get_cache_path
_.get_source_stamp
_.type_annotation
EngineCacheLocator

# The loader of a module that is put off: the import system reads it.
_.__loader__

# File meta information: pydicom writes it.
_.FileMetaInformationGroupLength
_.FileMetaInformationVersion

# Elements of DICOM: read by pydicom and highdicom.
_.ReferencedInstanceSequence
_.ReferencedSeriesSequence
_.SpecificCharacterSet
_.TimezoneOffsetFromUTC

# A column of tables, and a key that the settings of a rule take from the study.
_.diagnostic_permutations
_.widening

# The test of areas of two sets of subjects: for calls of the library, held to R's pROC.
unpaired_test

# Columns of tables, read by their names; a column of a given table; part of a test.
_.ici
_.emax
_.risk_group
_.df_denominator

# Keys of the document of a patient, which other systems read.
_.interval_reason
_.notice

# Properties of a crate: the library of crates writes them.
_.license
_.datePublished
