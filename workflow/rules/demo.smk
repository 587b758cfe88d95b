"""The demo study: simulated DICOM with known truth (absent from other studies)."""


rule simulate_site:
    """Write the DICOM of one site of the demo study, with known truth."""
    output:
        dicom=directory("results/demo/dicom/{site}"),
        truth="results/demo/truth/{site}.tsv",
    log:
        "logs/simulate_site/{site}.log",
    benchmark:
        "results/benchmarks/simulate_site/{site}.tsv"
    conda:
        "../../envs/imaging.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=lambda wildcards: STUDY.spec("simulation", "study.seed", site=wildcards.site),
        code=code_fingerprint("simulate_site.py"),
    script:
        "../../scripts/simulate_site.py"
