"""Privacy: keyed hashes of identifiers, and jobs that withhold foreign texts.

- `identifiers`: identifiers of a patient in a header, and texts that must not hold them
- `own_folder`: folders of what is executed: nobody but this user can have put anything
  there
- `private_job`: runner of scripts that read patients' files: keyed, and discreet about
  failures
- `secret`: keyed hashes: identifiers that only the holder of a secret can recompute
- `settings`: settings of privacy: the secret, and how subjects are called
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "identifiers": [
            "identifying_words",
            "path_names_patient",
            "without_identifiers",
        ],
        "secret": ["keyed_bytes", "keyed_hash", "read_secret"],
        "settings": ["Privacy", "PrivacySection", "PrivateSettings"],
    },
)
