"""Rule make_secret: make the secret that keys all hashes of identifiers.

Reads   the secret, if it is there already.
Writes  the secret, where the configuration wants it, and what the terminal shows.
"""

from concord import files, jobs
from concord.privacy import secret_file
from concord.privacy.settings import MakeSecret


def main(job) -> None:
    settings = jobs.settings(job, MakeSecret)
    files.write_text(secret_file.make_secret(settings.secret_file), job.output.told)


if __name__ == "__main__":
    jobs.run(main, snakemake)
