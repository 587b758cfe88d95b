"""The secret of a study: its file is checked, and it keys every hash."""

import hashlib
import hmac

import pytest

from concord.errors import MachineFault
from concord.ingest.dicom.header import hashed
from concord.privacy import secret
from concord.privacy.settings import Privacy

from ...site_secret import write_secret


def test_a_hash_is_the_hmac_of_purpose_and_identifier():
    with secret.keyed(b"k" * 32):
        found = hashed("1.2.3")
    expected = hmac.new(b"k" * 32, b"uid\x001.2.3", hashlib.sha256).hexdigest()[:16]
    assert found == expected


def test_other_keys_and_purposes_give_other_hashes():
    with secret.keyed(b"a"):
        first = secret.keyed_hash("1", "uid"), secret.keyed_hash("1", "patient")
    with secret.keyed(b"b"):
        second = secret.keyed_hash("1", "uid")
    assert len({*first, second}) == 3


def test_the_key_is_that_of_the_file_or_else_of_the_seed(tmp_path):
    path = tmp_path / "secret"
    key = write_secret(path)
    with secret.keyed(Privacy(secret_file=str(path)).key()):
        from_file = hashed("1")
    with secret.keyed(key):
        assert hashed("1") == from_file
    seeded = []
    for seed in (1, 1, 2):
        with secret.keyed(Privacy(data="public", seed=seed).key()):
            seeded.append(hashed("1"))
    assert seeded[0] == seeded[1]
    assert len({*seeded, from_file}) == 3


@pytest.mark.parametrize("data", ["patients", "pseudonymized"])
def test_no_identifier_of_patients_is_hashed_by_the_seed(data):
    with (
        secret.keyed(Privacy(data=data, seed=1).key()),
        pytest.raises(MachineFault, match=r"secret_file is null.*`snakemake secret`"),
    ):
        hashed("1")


def test_the_fingerprint_tells_secrets_apart_and_does_not_hold_them():
    first, second = secret.fingerprint(b"a" * 32), secret.fingerprint(b"b" * 32)
    assert first != second
    assert len(first) == 8
