"""The secret of a study: its file is checked, and it keys every hash."""

import hashlib
import hmac

import pytest

from concord.errors import StudyError
from concord.ingest.dicom.header import hashed
from concord.privacy import secret
from concord.privacy.settings import Privacy


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
    path.write_text("s" * 32 + "\n")
    with secret.keyed(Privacy(secret_file=str(path)).key()):
        from_file = hashed("1")
    with secret.keyed(b"s" * 32):
        assert hashed("1") == from_file
    seeded = []
    for seed in (1, 1, 2):
        with secret.keyed(Privacy(seed=seed).key()):
            seeded.append(hashed("1"))
    assert seeded[0] == seeded[1]
    assert len({*seeded, from_file}) == 3


def test_a_missing_or_short_secret_is_refused_with_the_command_that_makes_one(
    tmp_path,
):
    path = tmp_path / "secret"
    command = rf"umask 077; openssl rand -hex 32 > {path}"
    with pytest.raises(StudyError, match=command):
        secret.read_secret(path)
    path.write_text("short\n")
    with pytest.raises(StudyError, match="has 5 bytes, expected 32 or more") as caught:
        secret.read_secret(path)
    assert command in str(caught.value)


def test_a_secret_among_the_results_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results/secret").write_text("s" * 40)
    with pytest.raises(StudyError, match="results/secret lies in a folder that may"):
        secret.read_secret("results/secret")


def test_the_fingerprint_tells_secrets_apart_and_does_not_hold_them():
    first, second = secret.fingerprint(b"a" * 32), secret.fingerprint(b"b" * 32)
    assert first != second
    assert len(first) == 8
