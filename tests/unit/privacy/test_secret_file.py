"""The file of a secret: made by one command, refused if it protects nobody."""

import base64
import os
import secrets
import stat

import pytest

from concord.errors import StudyError
from concord.privacy import secret_file
from concord.privacy.randomness import weakness

from ...site_secret import write_secret

GUESSED = {
    "one sign again and again": (b"a" * 40, "it repeats itself"),
    "a block again and again": (b"deadbeef" * 8, "it repeats itself"),
    "counting": (b"abcdefghijklmnopqrstuvwxyz0123456789", "it counts"),
    "digits": (b"31415926535897932384626433832795028841971", "it holds no letter"),
    "dates": (b"2024-01-01 1999-12-31 2025-04-17 1947-02-13", "it holds no letter"),
    "a sentence": (b"the secret of our hospital is never told to anybody", "words"),
    "words run together": (b"CorrectHorseBatteryStapleIsNoGoodSecret", "of words"),
    "capitals": (b"NOBODYWILLEVERGUESSTHISPASSPHRASEOFOURS", "it is made of words"),
}
GENERATORS = {
    "openssl rand -hex 32": lambda: secrets.token_hex(32).encode(),
    "openssl rand -hex 16": lambda: secrets.token_hex(16).encode(),
    "openssl rand -base64 32": lambda: base64.b64encode(secrets.token_bytes(32)),
    "bytes": lambda: secrets.token_bytes(32),
}


@pytest.mark.parametrize("kind", sorted(GUESSED))
def test_a_secret_that_somebody_thought_up_is_refused(tmp_path, kind):
    path = tmp_path / "secret"
    text, reason = GUESSED[kind]
    path.write_bytes(text)
    path.chmod(0o600)

    expected = f"can be guessed: .*{reason}.*32 bytes drawn at random.*snakemake secret"
    with pytest.raises(StudyError, match=expected) as caught:
        secret_file.read_secret(path)
    assert text.decode() not in str(caught.value)


@pytest.mark.parametrize("kind", sorted(GENERATORS))
def test_secrets_of_generators_are_never_taken_for_thought_up(kind):
    assert {weakness(GENERATORS[kind]()) for _ in range(300)} == {""}


def test_too_few_random_signs_are_refused():
    assert weakness(b"3f9c1b7e" + b"a04d") == "it has at most 48 bits, expected " + (
        "128 or more"
    )


def test_a_missing_or_short_secret_is_refused_with_the_command_that_makes_one(
    tmp_path,
):
    path = tmp_path / "secret"
    with pytest.raises(StudyError, match="Make one with `snakemake secret`"):
        secret_file.read_secret(path)
    path.write_text("short\n")
    path.chmod(0o600)
    with pytest.raises(StudyError, match="has 5 bytes, expected 32 or more") as caught:
        secret_file.read_secret(path)
    assert "Make one with `snakemake secret`" in str(caught.value)


def test_a_secret_among_the_results_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    write_secret(tmp_path / "results/secret")
    with pytest.raises(StudyError, match="results/secret lies in a folder that may"):
        secret_file.read_secret("results/secret")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o660])
def test_a_secret_that_others_can_read_or_write_is_refused(tmp_path, mode):
    path = tmp_path / "secret"
    write_secret(path)
    path.chmod(mode)

    expected = rf"others can read or write .*mode {mode:04o}, expected 0600.*chmod 600"
    with pytest.raises(StudyError, match=expected):
        secret_file.read_secret(path)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_secret_in_a_folder_in_which_others_can_write_is_refused(tmp_path, mode):
    folder = tmp_path / "folder"
    folder.mkdir()
    write_secret(folder / "secret")
    folder.chmod(mode)

    with pytest.raises(StudyError, match=f"others can write in {folder}.*chmod go-w"):
        secret_file.read_secret(folder / "secret")


def test_a_secret_below_a_folder_that_anybody_can_move_is_refused(tmp_path):
    folder = tmp_path / "open" / "closed"
    folder.mkdir(parents=True)
    write_secret(folder / "secret")
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(StudyError, match=f"others can write in {tmp_path / 'open'},"):
        secret_file.read_secret(folder / "secret")

    # As in /tmp, the sticky bit keeps others from moving what is not theirs.
    (tmp_path / "open").chmod(0o1777)
    assert secret_file.read_secret(folder / "secret")


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_secret_is_made_for_its_owner_alone_and_never_overwritten(tmp_path, mask):
    path = tmp_path / "site" / "secret"
    before = os.umask(mask)
    try:
        told = secret_file.make_secret(path)
    finally:
        os.umask(before)
    made = secret_file.read_secret(path)

    assert told.startswith(f"A secret was made: {path}. Keep a copy")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(bytes.fromhex(made.decode())) == 32
    assert "is there already" in secret_file.make_secret(path)
    assert secret_file.read_secret(path) == made


def test_without_a_configured_place_it_lies_at_home_and_the_line_is_told(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    told = secret_file.make_secret(None)

    assert secret_file.read_secret("~/.concord_site/secret")
    assert "In config.yaml: `privacy: {secret_file: ~/.concord_site/secret}`" in told


def test_no_secret_is_made_where_it_would_be_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match="a folder that may leave the hospital"):
        secret_file.make_secret("results/secret")
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(StudyError, match="others can write"):
        secret_file.make_secret(folder / "secret")
    assert not (folder / "secret").exists()
    (tmp_path / "mine").write_text("a" * 40)
    (tmp_path / "mine").chmod(0o600)
    with pytest.raises(StudyError, match="can be guessed"):
        secret_file.make_secret(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "a" * 40
