"""Privacy: keyed hashes of identifiers, and jobs that withhold foreign texts.

- `common_words`: words that identify nobody, or that say something else than a name
- `dates_in_texts`: dates in the forms in which people write them, within names and
  other texts
- `discretion`: jobs whose log holds no text of a library
- `folding`: texts in forms in which spellings of one name are equal, and their words
- `identifiers`: identifiers of a patient in a header, and texts that must not hold them
- `matching`: search of a text for words of a person, in whatever spelling
- `own_folder`: folders of what is executed: nobody but this user can have put anything
  there
- `private_job`: runner of scripts that read patients' files: keyed, and discreet about
  failures
- `randomness`: estimate of whether a secret was drawn at random or thought up
- `secret`: keyed hashes: identifiers that only the holder of a secret can recompute
- `secret_faults`: faults of the configuration about the secret of a study
- `secret_file`: file of a secret: made once per site, checked whenever it is read
- `settings`: settings of privacy: the secret, and how subjects are called
- `subject_id`: subject ids that tell who somebody is, by what the header of a file says
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "identifiers": [
            "identifying_words",
            "naming_words",
            "without_identifiers",
        ],
        "matching": ["holds"],
        "secret": ["keyed_bytes", "keyed_hash"],
        "secret_faults": ["secret_faults"],
        "secret_file": ["make_secret", "read_secret"],
        "settings": ["Privacy", "PrivacySection", "PrivateSettings"],
    },
)
