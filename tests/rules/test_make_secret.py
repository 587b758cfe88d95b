"""Rule make_secret: one command, one secret."""

from pathlib import Path
from types import SimpleNamespace

from make_secret import main

from concord.privacy.secret_file import read_secret
from concord.privacy.settings import MakeSecret


def test_a_secret_is_made_and_told_and_then_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "site" / "secret"
    spec = MakeSecret(secret_file=str(place), asked="1")
    job = SimpleNamespace(
        output=SimpleNamespace(told="private/secret_told.txt"),
        params=SimpleNamespace(spec=spec.model_dump_json()),
    )
    main(job)
    first = read_secret(place)
    assert f"A secret was made: {place}" in Path(job.output.told).read_text()

    main(job)
    assert read_secret(place) == first
    told = Path(job.output.told).read_text()
    assert "was left as it is" in told
    assert first.decode() not in told
