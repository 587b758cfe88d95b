"""Dates and times of DICOM: one parser, zones counted, odd ones none."""

from datetime import date, datetime, timedelta, timezone

import pytest
from pydicom.dataset import Dataset

from concord.ingest.dicom import header as hd
from concord.ingest.dicom import times

HOUR = timezone(timedelta(hours=1))


def header(**values):
    found = Dataset()
    with hd.tolerant():
        for keyword, value in values.items():
            setattr(found, keyword, value)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("101112.5", timedelta(hours=10, minutes=11, seconds=12.5)),
        ("10:11:12", timedelta(hours=10, minutes=11, seconds=12)),
        ("1011", timedelta(hours=10, minutes=11)),
        ("235960", timedelta(days=1)),
        ("10", None),
        ("2460", None),
        ("", None),
        (None, None),
        ("noon", None),
    ],
)
def test_a_time_of_day_has_hours_and_minutes(text, expected):
    assert times.clock(text) == expected


def test_every_day_of_a_month_is_a_date():
    assert times.day("20200229") == date(2020, 2, 29)
    assert times.day("2020.01.31") == date(2020, 1, 31)
    assert times.day("20210229") is None
    assert times.day("2020") is None


def test_a_zone_is_signed_and_within_those_of_the_earth():
    assert times.offset("+0100") == HOUR
    assert times.offset("-03:30") == timezone(-timedelta(hours=3, minutes=30))
    assert times.offset("+2500") is None
    assert times.offset("0100") is None


def test_a_moment_is_aware_if_the_zone_of_the_scanner_is_told():
    told = {"AcquisitionDate": "20200101", "AcquisitionTime": "100000"}
    naive = times.moment(header(**told), "Acquisition")
    assert naive == datetime(2020, 1, 1, 10)
    zoned = header(**told, TimezoneOffsetFromUTC="+0100")
    assert times.moment(zoned, "Acquisition") == datetime(2020, 1, 1, 10, tzinfo=HOUR)
    agreeing = header(**told, AcquisitionDateTime="20200101100000+0100")
    assert times.zone_of(agreeing) == HOUR
    other = header(**told, AcquisitionDateTime="20200101090000+0000")
    assert times.zone_of(other) is None


def test_a_date_with_time_stands_in_for_an_absent_time():
    complete = header(AcquisitionDateTime="20200101100000.5")
    expected = datetime(2020, 1, 1, 10, 0, 0, 500_000)
    assert times.moment(complete, "Acquisition") == expected
    assert times.moment(header(AcquisitionDateTime="20200101"), "Acquisition") is None


def test_moments_across_the_end_of_a_month_keep_their_order():
    slices = [
        header(AcquisitionDate="20200131", AcquisitionTime="235950"),
        header(AcquisitionDate="20200201", AcquisitionTime="000010"),
    ]
    first, second = times.moments(slices, "Acquisition")
    assert (second - first).total_seconds() == 20


@pytest.mark.parametrize(
    "other",
    [
        {"AcquisitionTime": "000010"},
        {"AcquisitionDate": "20200101"},
        {
            "AcquisitionDate": "20200101",
            "AcquisitionTime": "100001",
            "TimezoneOffsetFromUTC": "+0100",
        },
    ],
)
def test_moments_that_do_not_tell_alike_are_not_compared(other):
    dated = header(AcquisitionDate="20200101", AcquisitionTime="235950")
    assert times.moments([dated, header(**other)], "Acquisition") is None


def test_undated_times_around_midnight_are_not_put_in_order():
    slices = [header(AcquisitionTime="235950"), header(AcquisitionTime="000010")]
    assert times.moments(slices, "Acquisition") is None
    slices = [header(AcquisitionTime="100000"), header(AcquisitionTime="100010")]
    assert len(times.moments(slices, "Acquisition")) == 2
