"""Cases of several volumes in one series: times, echoes, b-values, frames."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pydicom.dataset import Dataset

from .case import Case, refused, right
from .lattice import Truth
from .multiframe import E_MR, in_group
from .multiframe import file_header as enhanced_header
from .slices import CT, MR, PET, SERIES, Encoding, Recipe, save_as, write

#: Each volume is brighter than the one before by this much.
STEP = 60.0

#: A PET that holds SUV already, so that no time decides its values.
SUV = replace(
    PET, unit=1.0, scale=0.004, offset=3.0,
    encoding=Encoding(slopes=(0.0005,), intercepts=(0.0,)),
)  # fmt: skip

Mark = Callable[[int, int, Dataset], None]


def brighter(recipe: Recipe, number: int) -> Recipe:
    return replace(recipe, offset=recipe.offset + STEP * recipe.scale * number)


def volumes(
    mark: Mark, wanted: int = 0, recipe: Recipe = MR, count: int = 3,
    without: tuple[tuple[int, int], ...] = (),
) -> Callable[[Path], Truth]:  # fmt: skip
    """Volumes at the same places in one series, marked by `mark(number, k, header)`.

    The truth is that of volume `wanted`; `without` names (number, slice) left out.
    """

    def write_all(folder: Path) -> Truth:
        for number in range(count):

            def change(k: int, header: Dataset, number: int = number) -> None:
                header.SOPInstanceUID = f"{SERIES}.{number + 1}.{k + 1}"
                header.InstanceNumber = number * 8 + k + 1
                mark(number, k, header)

            kept = [k for k in range(8) if (number, k) not in without]
            write(folder, brighter(recipe, number), change, keep=kept,
                  names=f"V{number}" + "_{:03d}.dcm")  # fmt: skip
        return brighter(recipe, wanted).truth()

    return write_all


def time_point(number: int, k: int, header: Dataset) -> None:
    header.TemporalPositionIdentifier, header.NumberOfTemporalPositions = number + 1, 3
    header.AcquisitionTime = f"1000{10 * number:02d}.00"


def acquisition(number: int, k: int, header: Dataset) -> None:
    header.AcquisitionNumber = number + 1


def clock(number: int, k: int, header: Dataset) -> None:
    """Every slice has its own time; the volumes follow each other."""
    header.AcquisitionTime = f"1000{10 * number + k:02d}.50"


def over_midnight(number: int, k: int, header: Dataset) -> None:
    """The first volume lies before the midnight that ends a month."""
    header.AcquisitionDate = "20200131" if number == 0 else "20200201"
    header.AcquisitionTime = f"{'2359' if number == 0 else '0000'}{10 * number + k:02d}"


def undated_midnight(number: int, k: int, header: Dataset) -> None:
    over_midnight(number, k, header)
    del header.AcquisitionDate
    header.AcquisitionTime = str(header.AcquisitionTime)


def overlapping_clock(number: int, k: int, header: Dataset) -> None:
    """The times of the volumes are interleaved and one slice is out of turn."""
    header.AcquisitionTime = f"1000{(number if k != 3 else 2 - number) + 3 * k:02d}.50"


def echo(number: int, k: int, header: Dataset) -> None:
    header.EchoTime, header.EchoNumbers = f"{10 + 20 * number}", number + 1


def b_value(number: int, k: int, header: Dataset) -> None:
    header.DiffusionBValue = (0.0, 400.0, 800.0)[number]


def siemens_b_value(number: int, k: int, header: Dataset) -> None:
    block = header.private_block(0x0019, "SIEMENS MR HEADER", create=True)
    block.add_new(0x0C, "IS", ("0", "400", "800")[number])


def phase_image(number: int, k: int, header: Dataset) -> None:
    header.ImageType = ["ORIGINAL", "PRIMARY", ("M", "P")[number], "ND"]


def pet_frame(number: int, k: int, header: Dataset) -> None:
    header.Units, header.SUVType = "GML", "BW"
    header.FrameReferenceTime = f"{1000 * (30 + 60 * number)}"
    header.AcquisitionTime = f"11{number:02d}00.00"
    header.NumberOfTimeSlices, header.ImageIndex = 3, number * 8 + k + 1


def unmarked(number: int, k: int, header: Dataset) -> None:
    """Nothing but the instance number tells the volumes apart."""


def contradicting(number: int, k: int, header: Dataset) -> None:
    """The time point is wrong in two slices, so that places occur twice in it."""
    swapped = {(0, 2): 2, (1, 2): 2}.get((number, k), number)
    header.TemporalPositionIdentifier = swapped + 1


def kernel(number: int, k: int, header: Dataset) -> None:
    header.ConvolutionKernel = ("B30f", "B70f")[number]


def voltage(number: int, k: int, header: Dataset) -> None:
    header.KVP = ("80", "140")[number]


def patient(number: int, k: int, header: Dataset) -> None:
    header.PatientID = ("PHANTOM", "PHANTOM-2")[number]


def other_modality(number: int, k: int, header: Dataset) -> None:
    header.Modality = ("CT", "MR")[number]


def halves(mark: Mark, recipe: Recipe = MR) -> Callable[[Path], Truth]:
    """One regular volume of which the upper half was made otherwise."""
    return lambda folder: write(folder, recipe, lambda k, h: mark(k // 4, k, h))


def interleaved(mark: Mark) -> Callable[[Path], Truth]:
    """Two volumes whose slices lie between each other, on one regular grid."""
    fine = replace(MR.lattice, shape=(16, 10, 12), spacing_mm=(1.5, 0.9, 0.8))
    recipe = replace(MR, lattice=fine)
    return lambda folder: write(folder, recipe, lambda k, h: mark(k % 2, k, h))


def enhanced(mark: Callable[[int, Dataset], None], wanted: int = 0, count: int = 3):
    """One enhanced file of several volumes, their frames interleaved."""

    def write_file(folder: Path) -> Truth:
        folder.mkdir(parents=True, exist_ok=True)
        headers = [
            enhanced_header(brighter(E_MR, n), range(8),
                            ("PixelMeasures", "PlaneOrientation"))
            for n in range(count)
        ]  # fmt: skip
        merged = headers[0]
        size = merged.Rows * merged.Columns * 2
        frames, pixels = [], []
        for k in range(8):
            for number, header in enumerate(headers):
                item = header.PerFrameFunctionalGroupsSequence[k]
                mark(number, item)
                frames.append(item)
                pixels.append(header.PixelData[k * size : (k + 1) * size])
        merged.PerFrameFunctionalGroupsSequence = frames
        merged.PixelData, merged.NumberOfFrames = b"".join(pixels), len(frames)
        save_as()(merged, folder / "enhanced.dcm")
        return brighter(E_MR, wanted).truth()

    return write_file


def enhanced_echo(number: int, item: Dataset) -> None:
    in_group("MREcho", "EffectiveEchoTime", 10.0 + 20 * number)(0, item)


def enhanced_b_value(number: int, item: Dataset) -> None:
    in_group("MRDiffusion", "DiffusionBValue", (0.0, 400.0, 800.0)[number])(0, item)


def enhanced_time(number: int, item: Dataset) -> None:
    item.FrameContentSequence[0].TemporalPositionIndex = number + 1


def _cases(name: str, write_as: Callable[..., Callable], mark, names, **more):
    """The series is refused without a name, and right with the second one's."""
    count = len(names)
    return [
        refused(f"{name}_no_choice", write_as(mark, count=count), "VOLUME_AMBIGUOUS",
                **more),
        *(right(f"{name}_{label}", write_as(mark, number, count=count),
                row={"volume": label}, **more)
          for number, label in enumerate(names) if number != 0),
        refused(f"{name}_other_name", write_as(mark, count=count), "VOLUME_NOT_FOUND",
                row={"volume": "t99"}, **more),
    ]  # fmt: skip


def suv_volumes(mark, wanted=0, count=3):
    return volumes(mark, wanted, SUV, count)


_MR = {"modality": "MR"}

CASES: list[Case] = [
    *_cases("dce", volumes, time_point, ["t1", "t2", "t3"], **_MR),
    *_cases("dce_by_acquisition", volumes, acquisition,
            ["acquisition1", "acquisition2", "acquisition3"], **_MR),
    *_cases("dce_by_clock", volumes, clock, ["t1", "t2", "t3"], **_MR),
    *_cases("echoes", volumes, echo, ["echo1", "echo2", "echo3"], **_MR),
    *_cases("diffusion", volumes, b_value, ["b0", "b400", "b800"], **_MR),
    *_cases("diffusion_siemens", volumes, siemens_b_value, ["b0", "b400", "b800"],
            **_MR),
    *_cases("magnitude_and_phase", volumes, phase_image, ["magnitude", "phase"], **_MR),
    *_cases("pet_dynamic", suv_volumes, pet_frame, ["frame1", "frame2", "frame3"],
            modality="PT"),
    *_cases("enhanced_echoes", enhanced, enhanced_echo, ["echo1", "echo2", "echo3"],
            **_MR),
    *_cases("enhanced_diffusion", enhanced, enhanced_b_value, ["b0", "b400", "b800"],
            **_MR),
    *_cases("enhanced_times", enhanced, enhanced_time, ["t1", "t2", "t3"], **_MR),
    *_cases("dce_over_the_end_of_a_month", volumes, over_midnight, ["t1", "t2", "t3"],
            **_MR),
    refused("volumes_around_midnight_without_dates", volumes(undated_midnight),
            "DUPLICATE_POSITION", **_MR),
    refused("volumes_without_a_mark", volumes(unmarked), "DUPLICATE_POSITION", **_MR),
    refused("volumes_by_an_interleaved_clock", volumes(overlapping_clock),
            "DUPLICATE_POSITION", **_MR),
    refused("volumes_with_contradicting_marks", volumes(contradicting),
            "DUPLICATE_POSITION", **_MR),
    refused("echoes_at_places_of_their_own", interleaved(echo), "MIXED_PROTOCOL",
            **_MR),
    refused("diffusion_at_places_of_its_own", interleaved(b_value), "MIXED_PROTOCOL",
            **_MR),
    refused("echoes_above_each_other", halves(echo), "MIXED_PROTOCOL", **_MR),
    refused("magnitude_above_phase", halves(phase_image), "MIXED_PROTOCOL", **_MR),
    right("echoes_above_each_other_waived", halves(echo), "MIXED_PROTOCOL_WAIVED",
          settings={"waive": {"MIXED_PROTOCOL": ["P1"]}}, **_MR),
    refused("kernels_above_each_other", halves(kernel, CT), "MIXED_PROTOCOL"),
    refused("voltages_above_each_other", halves(voltage, CT), "MIXED_PROTOCOL"),
    refused("two_patients_above_each_other", halves(patient, CT), "MIXED_PATIENT"),
    refused("two_modalities_above_each_other", halves(other_modality, CT),
            "MIXED_MODALITY"),
    refused("volume_name_for_a_single_volume", volumes(unmarked, count=1),
            "VOLUME_NOT_FOUND", row={"volume": "t1"}, **_MR),
    right("one_volume_with_a_clock", volumes(clock, count=1), **_MR),
    refused("volume_with_a_slice_missing", volumes(time_point, without=((1, 3),)),
            "MISSING_SLICE", row={"volume": "t2"}, **_MR),
    right("volume_beside_one_with_a_slice_missing", volumes(
        time_point, 2, without=((1, 3),)), row={"volume": "t3"}, **_MR),
]  # fmt: skip
