"""The folder of compiled code: whose it is, where it is, and who may write to it."""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from concord.features.engines import cache_locator, compile_cache
from concord.privacy.own_folder import require_own, require_own_content
from concord.provenance import SCRIPTS

#: Sets up the engine and prints where numba keeps the code of one of its kernels.
SET_UP = """
import os, sys
from concord.features.engines import setup
features, _ = setup.require_engine()
import numba
from pictologics.features import texture
print(numba.config.CACHE_DIR)
print(texture._chamfer_distance_taxicab_numba.stats.cache_path)
print(numba.get_num_threads(), os.environ["PICTOLOGICS_DISABLE_WARMUP"])
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user with a home and no other settings."""
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "NUMBA_CPU_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return tmp_path / "home"


def set_up(folder, home, **environment):
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("NUMBA", "PICTOLOGICS", "XDG"))
    }
    kept |= {"PYTHONPATH": str(SCRIPTS), "HOME": str(home), **environment}
    done = subprocess.run(
        [sys.executable, "-c", SET_UP],
        env=kept,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_code_is_kept_for_the_user_whatever_the_study(tmp_path):
    studies = [tmp_path / "first", tmp_path / "second"]
    found = []
    for study in studies:
        study.mkdir()
        found.append(set_up(study, tmp_path / "home"))

    (folder, place, *rest), second = found
    assert second == found[0]
    assert folder.startswith(str(tmp_path / "home/.cache/concord" / "numba-0.9.0-"))
    assert place == f"{folder}/pictologics/features"
    assert rest == ["1", "1"]
    assert not any(any(study.iterdir()) for study in studies)


def test_the_environment_names_another_folder(tmp_path):
    given = tmp_path / "given"

    folder, place, *_ = set_up(tmp_path, tmp_path / "home", NUMBA_CACHE_DIR=str(given))

    assert folder == str(given)
    assert Path(place).parent == given
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_used_leaves_a_folder_outside_of_the_study(tmp_path):
    (tmp_path / "home").write_text("a file")
    study, temporary = tmp_path / "study", tmp_path / "temporary"
    study.mkdir()
    temporary.mkdir()

    found = [set_up(study, tmp_path / "home", TMPDIR=str(temporary)) for _ in "ab"]

    assert Path(found[0][0]).parent == temporary / f"concord-{os.getuid()}"
    assert found[0][1] == f"{found[0][0]}/pictologics/features"
    assert found[1] == found[0]  # as the jobs of one run share it
    assert not any(study.iterdir())


def test_the_folder_is_private(home):
    folder = compile_cache.user_folder()
    require_own(folder)

    assert folder.is_relative_to(home / ".cache" / "concord")
    assert {one.stat().st_mode & 0o777 for one in (folder, folder.parent)} == {0o700}
    require_own(folder)  # a second study finds it so


@pytest.mark.parametrize("level", [0, 1])
def test_a_folder_that_others_may_write_to_is_not_used(home, tmp_path, level, caplog):
    folder = compile_cache.user_folder()
    require_own(folder)
    [folder, folder.parent][level].chmod(0o770)

    with pytest.raises(PermissionError, match="mode 770: others may write to it"):
        require_own(folder)
    with caplog.at_level(logging.WARNING):
        chosen = compile_cache._chosen()
    assert chosen.is_relative_to(tmp_path / "temporary")
    assert "has the mode 770: others may write to it. Remove it" in caplog.text
    assert "XDG_CACHE_HOME" in caplog.text


@pytest.mark.parametrize("place", ["results/engine/numba", ".snakemake/numba"])
def test_compiled_code_within_a_study_is_never_used(home, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", place)

    assert compile_cache._chosen().is_relative_to(tmp_path / "temporary")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    assert compile_cache._chosen() == tmp_path / "elsewhere"


def test_without_any_place_of_its_own_a_process_has_a_new_folder(home, tmp_path):
    (tmp_path / "home").write_text("a file")
    (tmp_path / "temporary" / f"concord-{os.getuid()}").symlink_to(tmp_path)

    first, second = compile_cache._chosen(), compile_cache._chosen()

    assert first != second
    assert {one.parent for one in (first, second)} == {tmp_path / "temporary"}
    assert not any(first.iterdir())


def hostile_link(path: Path) -> None:
    path.symlink_to(path.parent)


def hostile_mode(path: Path) -> None:
    path.parent.chmod(0o755)
    path.write_bytes(b"")
    path.chmod(0o666)


@pytest.mark.parametrize(
    ("made", "told"),
    [(hostile_link, "is a link"), (hostile_mode, "mode 666: others may write")],
)
def test_a_folder_with_a_file_of_others_is_not_used(home, tmp_path, made, told, caplog):
    folder = compile_cache.user_folder()
    require_own(folder)
    (folder / "pictologics").mkdir(mode=0o700)
    made(folder / "kernel.nbi")

    with pytest.raises(PermissionError, match=told):
        require_own_content(folder)
    with caplog.at_level(logging.WARNING):
        assert compile_cache._chosen().is_relative_to(tmp_path / "temporary")
    assert told in caplog.text


def test_a_file_of_another_user_is_not_used(home, monkeypatch):
    folder = compile_cache.user_folder()
    require_own(folder)
    (folder / "kernel.nbi").write_bytes(b"")
    require_own_content(folder)
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)

    with pytest.raises(PermissionError, match=r"kernel\.nbi belongs to user"):
        require_own_content(folder)


@pytest.fixture
def open_folder():
    """A folder that all users may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_above_that_others_may_write_to_counts(open_folder):
    shared = open_folder / "shared"
    shared.mkdir()
    folder = shared / "cache" / "concord" / "numba"
    shared.chmod(0o777)
    with pytest.raises(PermissionError, match="shared has the mode 777"):
        require_own(folder)
    shared.chmod(0o1777)  # nobody can rename what is another user's there
    require_own(folder)
    shared.chmod(0o777)
    open_folder.chmod(0o700)  # nobody comes so far
    require_own(folder)


def test_links_on_the_way_to_the_folder_are_followed(open_folder):
    (open_folder / "scratch").mkdir()
    (open_folder / "cache").symlink_to("scratch")
    require_own(open_folder / "cache" / "concord" / "numba")
    (open_folder / "scratch").chmod(0o777)
    with pytest.raises(PermissionError, match="scratch has the mode 777"):
        require_own(open_folder / "cache" / "concord" / "numba")


def test_what_numba_writes_is_for_this_user_alone(tmp_path):
    from numba.core.caching import IndexDataCacheFile

    before = os.umask(0o002)
    try:
        IndexDataCacheFile(str(tmp_path), "kernel-1.py312", "stamp").save(1, b"code")
    finally:
        os.umask(before)
    assert {one.stat().st_mode & 0o777 for one in tmp_path.iterdir()} == {0o600}


def test_a_folder_of_another_user_is_not_used(home, monkeypatch):
    folder = compile_cache.user_folder()
    require_own(folder)
    owner = folder.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)

    with pytest.raises(PermissionError, match=f"belongs to user {owner}, expected"):
        require_own(folder)


def test_a_link_to_another_folder_is_not_used(home, tmp_path):
    folder = compile_cache.user_folder()
    folder.parent.mkdir(parents=True, mode=0o700)
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PermissionError, match="is a link, expected a folder"):
        require_own(folder)


def test_the_base_directory_specification_is_followed(home, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/caches")
    assert compile_cache.user_folder().is_relative_to("/var/caches/concord")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/invalid")
    assert compile_cache.user_folder().is_relative_to(home / ".cache/concord")


@pytest.mark.parametrize(
    ("name", "value"), [("NUMBA_CPU_NAME", "generic"), ("NUMBA_CPU_FEATURES", "+avx")]
)
def test_each_machine_type_has_a_folder(home, monkeypatch, name, value):
    before = compile_cache.user_folder()
    monkeypatch.setenv(name, value)
    assert compile_cache.user_folder() != before


@pytest.mark.parametrize("package", ["pictologics", "numba", "llvmlite", "numpy"])
def test_each_release_of_the_software_has_a_folder(home, monkeypatch, package):
    before = compile_cache.user_folder()
    known = compile_cache.version
    monkeypatch.setattr(
        compile_cache, "version", lambda name: "9" if name == package else known(name)
    )
    assert compile_cache.user_folder() != before


def test_code_of_an_engine_that_was_changed_is_not_executed(tmp_path, monkeypatch):
    for name in ("a.py", "part/b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    monkeypatch.setattr(cache_locator, "engine_folder", lambda: tmp_path)
    digest = cache_locator.engine_digest.__wrapped__

    before = digest()
    (tmp_path / "part" / "b.py").write_text("x = 2\n")
    assert digest() != before


def test_no_two_processes_give_one_name_to_different_code():
    from numba.core.caching import IndexDataCacheFile

    file = IndexDataCacheFile("folder", "kernel-1.py312", "stamp")
    names = {file._data_name(1) for _ in range(20)}
    assert len(names) == 20
    assert all(name.startswith("kernel-1.py312.") for name in names)
