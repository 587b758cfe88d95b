"""The secret that keys all hashes of identifiers."""

import time

from concord.privacy.settings import MakeSecret


rule secret:
    """Make a secret where the configuration wants it, or keep the one that is there."""
    input:
        "private/secret_told.txt",


rule make_secret:
    """Make the secret that keys all hashes of identifiers."""
    output:
        told="private/secret_told.txt",
    log:
        "logs/make_secret.log",
    benchmark:
        "results/benchmarks/make_secret/all.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        spec=STUDY.settings(MakeSecret, asked=str(time.time_ns())),
        code=code_fingerprint("make_secret.py"),
    script:
        "../../scripts/make_secret.py"


onsuccess:
    if workflow.is_main_process:
        sys.stderr.write(
            Path("private/secret_told.txt").read_text(encoding="utf-8")
        )
