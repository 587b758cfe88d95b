"""More than a hundred names that broke some program, by what is odd about them."""

# ruff: noqa: RUF001

CONTROLS = ["\0", "a\0b", "a\x07b", "a\x1b[31mb", "a\nb", "a\r\nb", "a\tb", "a\x7fb"]
CONTROLS += ["a\x85b", "a\u2028b", "a\u2029b"]
UNSEEN = ["a\u202eb", "\u202dab", "a\u2066b\u2069", "a\u200fb", "\u200bab", "a\u00adb"]
UNSEEN += ["\ufeffab", "a\u2060b", "a\U000e0041b", "a\u061cb", "\u200d", "a\ufffbb"]
UNSEEN += ["\ue000", "a\u0378", "\ufffd", "\ud800", "\ufdd0", "\u3164", "\u2800"]
PATHS = [
    "a/b",
    "../a",
    "..",
    ".",
    "/a",
    "a\\b",
    "C:a",
    "C:\\a",
    "\\\\h\\a",
    "a//b",
    "./a",
]
PATHS += ["a/../../../etc/passwd", "~", "~/a", "file:///a", "http://a/b", "a/", "/"]
SIGNS = [
    "a:b",
    "a*b",
    "a?b",
    'a"b',
    "a<b",
    "a>b",
    "a|b",
    "*",
    "?",
    ":",
    "a::b",
    "a%2fb",
]
PATTERNS = [
    "{a}",
    "a{b}c",
    "{{a}}",
    "{wildcards.x}",
    "{0}",
    "{",
    "}",
    "a[0]",
    "{data_root}",
]
LEADING = ["-a", "--help", "-rf", "=1+1", "=cmd|' /C calc'!A0", "+1", "@a", "'a", "_a"]
LEADING += [".a", ";a", ",a", "!a", "#a", "&a", "(a)", "[a]", "^a", "`id`", "$(id)"]
TRAILING = ["a.", "a ", " a", "a..", "a\u00a0", "a\u3000", ". .", "", " "]
DEVICES = [
    "CON",
    "con",
    "NUL",
    "aux.txt",
    "PRN",
    "COM1",
    "LPT9.log",
    "COM\u00b9",
    "CONIN$",
]
DEVICES += ["nul.", "Aux"]
SCRIPTS = [
    "病院",
    "Zürich",
    "Ελλάδα",
    "القاهرة",
    "हिन्दी",
    "ไทย",
    "İstanbul",
    "ﬁ",
    "Ａ",
    "①",
]
SCRIPTS += [
    "½",
    "é",
    "e\u0301",
    "🏥",
    "👩\u200d⚕️",
    "ß",
    "𝒜",
    "٣",
    "Москва",
    "שלום",
    "서울",
]
MARKUP = ["<script>alert(1)</script>", "a&b", "a&amp;b", "$a$", "a$b$c", "a_b^c", "%s"]
MARKUP += ["\\frac{a}{b}", "a%(b)s", "a;b", "a'b", "a,b", "a=b", "a+b", "a@b", "a#b"]
MARKUP += ["'; DROP TABLE a; --", "${HOME}", "%PATH%", "{{7*7}}", "![a](b)", "a`b`"]
WORDS = [
    "null",
    "true",
    "1e5",
    "0x1F",
    "NaN",
    "NA",
    "n/a",
    "unknown",
    "None",
    "inf",
    "1",
]
WORDS += ["results", "all", "final", "cv", "loso", "consensus", "site", "group", "01"]
WORDS += ["__proto__", "__class__", "class", "!!python/name:os.system", "__use_yte__"]
LONG = ["a" * 33, "a" * 41, "a" * 101, "a" * 300, "a" * 5000, "病" * 60, "a-" * 30]

NAMES = [
    *CONTROLS,
    *UNSEEN,
    *PATHS,
    *SIGNS,
    *PATTERNS,
    *LEADING,
    *TRAILING,
    *DEVICES,
    *SCRIPTS,
    *MARKUP,
    *WORDS,
    *LONG,
]
