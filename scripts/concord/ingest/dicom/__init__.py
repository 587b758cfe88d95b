"""DICOM files: headers, series, frames and pixels, and their faults.

- `codestreams`: compressed frames: how many pixels they say that they hold, before they
  are decoded
- `decoding`: stored integers of frames, whatever the transfer syntax
- `deflated`: deflated DICOM files, unpacked no further than their headers and pixels
  reach
- `duplicates`: exact copies of a file among the files of a series
- `encapsulated`: items of compressed pixels: how long they are, and how many frames
  they begin
- `file_labels`: labels of the files of hospitals in messages: by number, never by their
  names
- `frames`: frames: the single slices of classic and enhanced multi-frame files, alike
- `header`: DICOM files: found by content, read without their pixels, values checked
- `header_size`: sizes of DICOM headers that are refused before, or while, they are
  parsed
- `modalities`: modalities that DICOM defines; other text of the element may be anything
- `parts`: objects that were divided into several files: whether all of their parts are
  there
- `pixel_checks`: faults that make pixel data unreadable or uncalibrated
- `pixel_sizes`: numbers of pixels: what files hold, what headers tell, and what is
  accepted
- `pixels`: values of a series: what its stored integers stand for
- `raw_elements`: a few raw elements of a DICOM header, read without building a data set
- `reading`: data sets read from open files by pydicom
- `series`: choose the one series of a modality among the files of a folder
- `slice_scale`: slices whose rescale does not fit that of their neighbours
- `sop_classes`: kinds of DICOM files: images that are read, those that are not, and
  asides
- `times`: dates and times of DICOM headers, with their zones: the one parser of all of
  them
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "decoding": ["forget", "in_file_order", "stored"],
        "file_labels": ["numbered"],
        "frames": ["DicomFile", "Frame", "frames_of"],
        "header": [
            "files_of",
            "hashed",
            "is_dicom",
            "or_none",
            "reraise_of_system",
            "starts_like_dicom",
            "tolerant",
        ],
        "pixel_checks": ["pixel_faults", "pixel_notes"],
        "pixels": ["compact", "range_faults", "require_hounsfield", "volume_array"],
        "raw_elements": ["FIRST_READ", "OddHeader"],
        "series": ["Selection"],
        "sop_classes": [
            "is_capture",
            "is_directory",
            "is_mosaic",
            "require_readable",
            "unsupported_reason",
        ],
    },
)
