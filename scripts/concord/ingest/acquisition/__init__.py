"""Acquisition facts of images: sidecars, protocol, drift and proposed batches.

- `allowed_values`: coded facts: words that DICOM or vendors define; any other word is
  not told
- `batches`: a proposal of batches: images whose headers say that they were made alike
- `dates`: dates of scans: kept among the private files, told elsewhere only as
  differences
- `derived_facts`: acquisition facts that no single header element states plainly
- `drift`: changes of a site's scanners while the study ran: facts by order of scanning
- `facts`: facts of images that may name a batch or a group
- `plausible`: plausible ranges of the facts of an image; what lies outside is no fact
- `protocol`: conformance of images to the study's protocol
- `settings`: the section `protocol`: the acquisition facts that a study wants
- `sidecar`: acquisition facts of an image: an allow-list, without names, dates and UIDs
- `table`: acquisition facts and exclusions of the whole study
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "dates": ["SCANNED", "scanned", "separated"],
        "derived_facts": ["transfer_syntax"],
        "facts": ["read_facts"],
        "protocol": ["conformance"],
        "settings": ["Protocol", "ProtocolItem", "protocol_faults"],
        "sidecar": ["UNITS", "from_user", "series_facts", "volume_facts"],
        "table": ["acquisition_table", "sorted_by"],
    },
)
