"""Results that one job makes together, and what is known of them."""

import pytest

from concord.result_cache import Result, complete, hash_of


class Job:
    """A job that writes the content of each result, and notes which it made."""

    def __init__(self, folder, contents):
        self.folder, self.contents, self.made = folder, contents, []

    def results(self):
        return [
            Result(content, {"one": self.path(n, "one"), "two": self.path(n, "two")})
            for n, content in enumerate(self.contents)
        ]

    def path(self, number, name):
        return self.folder / f"{number}.{name}"

    def make(self, numbers):
        for number in numbers:
            self.made.append(number)
            if self.contents[number] == "faulty":
                raise ValueError("faulty")
            for name in ("one", "two"):
                self.path(number, name).write_text(f"{name} {self.contents[number]}")

    def run(self):
        return complete(self.results(), self.make, self.folder / "cache")


def test_only_what_is_unknown_is_made(tmp_path):
    first = Job(tmp_path, ["a", "b"])
    assert first.run() == [0, 1]

    second = Job(tmp_path, ["new", "a", "b", "changed"])
    assert second.run() == [0, 3]
    assert second.made == [0, 3]
    for number, content in enumerate(second.contents):
        for name in ("one", "two"):
            assert second.path(number, name).read_text() == f"{name} {content}"


def test_files_of_an_earlier_job_are_never_taken_for_results(tmp_path):
    job = Job(tmp_path, ["a", "faulty"])
    job.path(1, "one").write_text("old")
    job.path(1, "two").write_text("old")

    with pytest.raises(ValueError, match="faulty"):
        job.run()

    assert not job.path(1, "one").exists()
    assert Job(tmp_path, ["a"]).run() == []
    with pytest.raises(ValueError, match="faulty"):
        Job(tmp_path, ["faulty"]).run()


def test_a_result_of_which_a_file_is_lost_is_made_again(tmp_path):
    Job(tmp_path, ["a"]).run()
    for stored in (tmp_path / "cache").rglob("two"):
        stored.unlink()

    assert Job(tmp_path, ["a"]).run() == [0]
    assert Job(tmp_path, ["a"]).run() == []


def test_the_hash_of_a_folder_tells_names_and_contents_apart(tmp_path):
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "a").write_text("1")
    hashes = [hash_of(folder)]
    (folder / "below" / "a").write_text("2")
    hashes.append(hash_of(folder))
    (folder / "below" / "a").rename(folder / "below" / "b")
    hashes.append(hash_of(folder))
    (folder / "below" / "b").rename(folder / "b")
    hashes.append(hash_of(folder))
    (folder / "c").write_text("")
    hashes.append(hash_of(folder))

    assert len(set(hashes)) == 5
    assert hash_of(folder) == hashes[-1]
    assert hash_of(folder, folder / "c") != hash_of(folder / "c", folder)
