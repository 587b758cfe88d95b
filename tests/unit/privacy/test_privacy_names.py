"""The detector of names: a header, a text, and what is right."""

# Letters of other scripts are what is tested.
# ruff: noqa: RUF001

import pytest
from pydicom import Dataset
from pydicom.config import disable_value_validation
from pydicom.datadict import dictionary_VR

from concord.privacy.dates_in_texts import dates_in, full_dates_in
from concord.privacy.identifiers import holds, identifying_words, naming_words
from concord.privacy.matching import LEAST_IN_DRAFTS, names_by_title


def header(**values) -> Dataset:
    made = Dataset()
    with disable_value_validation():
        for keyword, value in values.items():
            made.add_new(keyword, dictionary_VR(keyword), value)
    return made


def patient(name: str, number: str = "0", **more) -> Dataset:
    return header(PatientName=name, PatientID=number, **more)


BORN = patient("Abel^Bert", "66666666", PatientBirthDate="19470213")

#: Header, and texts that hold and that do not hold a name, date or number of it.
NAMES = {
    "two letters": (
        patient("Li^Na"),
        ["Li_Na", "LI", "na", "LiNa", "NALI", "Li2019", "Li2", "scan of Li", "LiCT"],
        ["liver", "nasal", "final", "baseline", "Al"],
    ),
    "two letters and an initial": (
        patient("Ng^Y"),
        ["Ng", "NgY", "NGY", "yng", "Ng-Y-1960"],
        ["ring", "angio", "y", "gny"],
    ),
    "three letters": (
        patient("Kim^Yu"),
        ["Kim", "KIM1960", "kimyu", "yukim", "Kim.CT"],
        ["kimono", "akim", "Skimmed"],
    ),
    "umlauts": (
        patient("Müller^Jürgen"),
        ["MUELLER_Udo", "Muller", "müller", "MU\u0308LLER", "x-Juergen", "M_ller"],
        ["mulch", "miller", "Moeller"],
    ),
    "umlauts written out": (
        patient("Mueller^Joerg"),
        ["Müller", "Muller", "Jörg", "MUELLER", "jorg"],
        ["mule", "Mahler"],
    ),
    "umlauts that were lost": (
        patient("Muller^Jorg"),
        ["Müller", "Mueller", "Joerg", "Jörg"],
        ["Möller"],
    ),
    "a short name with an umlaut": (
        patient("Röh^Ö"),
        ["Röh", "Roeh", "Roh"],
        ["rohr", "Rah"],
    ),
    "accents": (
        patient("André^Renée"),
        ["ANDRE_Guy", "Andre", "andré", "RENEE", "Andre\u0301"],
        ["andr", "Ren"],
    ),
    "sharp s and foreign letters": (
        patient("Groß^Søren=Łukasz^Æsa"),
        ["Gross", "GROSS", "groß", "Soren", "Soeren", "LUKASZ", "Aesa"],
        ["grade", "Sore"],
    ),
    "Chinese": (
        patient("Wang^XiaoDong=王^小东"),
        ["王小东", "王", "小东_CT", "XiaoDong", "wangxiaodong", "Wang"],
        ["小", "东京", "wan"],
    ),
    "Japanese": (
        patient("Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ["山田太郎", "山田", "やまだ", "yamada", "Tarou", "Taro_Yamada"],
        ["山", "太"],
    ),
    "Korean": (
        patient("Hong^Gildong=洪^吉洞=홍^길동"),
        ["홍길동", "홍", "길동"],
        ["길"],
    ),
    "Cyrillic": (
        patient("Иванов^Пётр"),
        ["ИВАНОВ", "иванов_2", "Петр", "ИвановПетр"],
        ["Иван", "Пет"],
    ),
    "Greek": (patient("Παπάς^Άννα"), ["ΠΑΠΑΣ", "παπας", "Αννα"], ["Παπ"]),
    "Arabic": (patient("حسن^علي"), ["حسن", "علي حسن"], ["ح"]),
    "Hindi": (patient("शर्मा^राम"), ["शर्मा", "राम"], ["श"]),
    "full width letters": (patient("Smith^Anna"), ["ＳＭＩＴＨ"], ["ＣＴ"]),
    "run together": (
        patient("Smith^John"),
        ["JSmith", "SmithJ1947", "smithjohn", "JOHN.SMITH", "xxsmithxx", "SMITH_Anna"],
        ["smit", "JS", "joh", "CT"],
    ),
    "particles and hyphens": (
        patient("van der Berg-Lopez^Ana Sofía"),
        ["Berg", "LOPEZ", "Sofia", "vandenBerg", "berg_lopez"],
        ["van", "der", "van der Waals"],
    ),
    "a particle that is the whole name": (
        patient("Le^Van"),
        ["Le", "LeVan", "lev", "le_van_ct"],
        ["lex", "sleeve"],
    ),
    "a title is no name": (
        patient("Smith^Anna^^Mr^MD"),
        ["Smith"],
        ["MR", "MD", "MR_T1"],
    ),
    "placeholders are no names": (
        patient("Anonymous^Patient", "ANON"),
        [],
        ["anonymous", "patient 3", "anon", "test"],
    ),
    "those who treated": (
        header(
            OperatorsName=["Roe^R", "Low^Kim"],
            ReferringPhysicianName="Hausarzt^Jo",
            PerformingPhysicianName="Tek^A",
        ),
        ["reader-Roe", "LOW", "dr_Hausarzt", "Tek"],
        ["Rowe", "slow", "technical"],
    ),
    "those who treated are no persons": (
        header(OperatorsName=["CT", "MR TECH"], ReferringPhysicianName="Self^Referral"),
        [],
        ["CT", "GTV_MR", "tech", "self"],
    ),
    "all names of the patient": (
        header(
            OtherPatientNames=["Neu^Eva"],
            PatientBirthName="Alt^Eva",
            PatientMotherBirthName="Vorher^Ute",
        ),
        ["Neu", "alt", "VORHER"],
        ["neural", "alter"],
    ),
    "UTF-8 that the header does not tell": (
        patient("MÃ¼ller^Udo"),
        ["Müller", "Mueller", "MÃ¼ller"],
        ["Miller"],
    ),
}
NUMBERS = {
    "eight digits": (
        patient("Roe^Ann", "48151623"),
        ["48151623", "S48151623x", "0048151623", "4815-1623", "4815 16 23"],
        ["48151624", "4815162", "1623"],
    ),
    "leading zeros": (
        patient("Roe^Ann", "0012345"),
        ["12345", "0012345", "00012345", "P12345"],
        ["1234", "2345"],
    ),
    "four digits": (
        patient("Roe^Ann", "1010"),
        ["1010", "x1010", "1010_CT"],
        ["10100"],
    ),
    "letters and digits": (
        patient("Roe^Ann", "MRN-48151623"),
        ["mrn48151623", "MRN_48151623", "48151623"],
        ["mrn", "MRN-1"],
    ),
    "a pseudonym": (
        patient("STS_001", "STS_001"),
        ["STS_001", "sts001", "STS-001_pre"],
        ["sts", "001", "1"],
    ),
    "a number without digits is a name": (
        patient("", "SMITH-ANNA"),
        ["smith", "Anna"],
        ["sm"],
    ),
    "other numbers": (
        patient("Roe^Ann", "7", OtherPatientIDs="90210", AccessionNumber="A-77881"),
        ["90210", "A77881", "77881"],
        ["7", "902", "7788"],
    ),
}
DATES = {
    "birth date": (
        BORN,
        [
            "19470213",
            "19470213_AB",
            "1947-02-13",
            "13.02.1947",
            "13.2.47",
            "02/13/1947",
            "130247",
            "470213",
            "021347",
            "13021947",
            "x13-02-1947y",
            "1302471234",
            "13Feb1947",
            "13. Februar 1947",
            "Feb 13 1947",
            "1947_02_13",
        ],
        ["1947", "19470214", "14.02.1947", "1302", "20200101", "13.03.1947", "47"],
    ),
    "a birth date with dots": (
        patient("Roe^Ann", PatientBirthDate="1947.02.13"),
        ["19470213"],
        ["19470214"],
    ),
}
CASES = [
    pytest.param(who, text, right, id=f"{kind}: {text} {right}")
    for group in (NAMES, NUMBERS, DATES)
    for kind, (who, held, others) in group.items()
    for right, texts in ((True, held), (False, others))
    for text in texts
]


@pytest.mark.parametrize(("who", "text", "right"), CASES)
def test_a_label_holds_a_name_a_number_or_a_birth_date(who, text, right):
    assert holds(text, naming_words([who]), has_codes=False) is right


#: Header, and technical texts from which it removes and from which it does not.
TECHNICAL = [
    (patient("Ge^Li"), "GE MEDICAL SYSTEMS", False),
    (patient("Ge^Li"), "made for Li", True),
    (patient("Brain^Chest"), "BRAIN", False),
    (patient("Standard^Bo"), "STANDARD", False),
    (patient("Jones^Mary"), "ORIGINAL PRIMARY AXIAL", False),
    (patient("Ann^Anne"), "Scanner", False),
    (patient("Br^Va"), "Br40d", False),
    (patient("Br^Va"), "VA34A", False),
    (patient("Roe^Ann", "30"), "B30f", False),
    (patient("Roe^Ann", "2019"), "syngo 2019", True),
    (patient("Müller^Udo"), "Filter Mueller", True),
    (header(InstitutionName="St. Mary Medical Center"), "MARY-CT1", True),
    (header(InstitutionName="St. Mary Medical Center"), "MEDICAL", False),
    (header(DeviceSerialNumber="00551"), "sn 551", False),
    (header(DeviceSerialNumber="100551"), "sn 100551", True),
    (header(StudyID="1"), "1", False),
    (BORN, "calibrated 13.02.1947", True),
]


@pytest.mark.parametrize(("who", "text", "right"), TECHNICAL)
def test_a_technical_text_is_kept_unless_it_identifies(who, text, right):
    assert holds(text, identifying_words([who])) is right


@pytest.mark.parametrize(
    ("who", "text", "right"),
    [
        (patient("Brain^Bo"), "brain", True),
        (patient("Chest^Bo"), "CHEST_pre", True),
        (patient("Base^Bo"), "baseline", False),
        (patient("Post^Bo"), "post", True),
        (patient("Roe^Ann", "12"), "12", True),
        (patient("Roe^Ann", "12"), "week 12", True),
        (patient("Roe^Ann", "12"), "112", False),
        (patient("Roe^Ann", "5"), "5", True),
        (patient("Roe^Ann", "5"), "week 5", False),
        (header(InstitutionName="Charite Berlin"), "charite", False),
    ],
)
def test_a_draft_takes_no_common_word_and_no_short_number_of_a_patient(
    who, text, right
):
    assert holds(text, naming_words([who]), LEAST_IN_DRAFTS, has_codes=False) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("dr_Hausarzt", True),
        ("Prof. Klein", True),
        ("DrSmith", True),
        ("MR_T1", False),
        ("dr", False),
        ("drawn", False),
    ],
)
def test_a_title_names_somebody_whom_no_header_does(text, right):
    assert names_by_title(text) is right


def test_dates_of_any_form_are_told_and_other_numbers_are_none():
    assert dates_in("01.02.2003") == {"20030201", "20030102"}
    assert dates_in("gtv 12 of 34") == set()
    assert dates_in("20201350") == dates_in("31.02.2003") == set()
    assert full_dates_in("123456") == full_dates_in("week 12") == set()
    assert full_dates_in("gtv 20200131") == {"20200131"}
