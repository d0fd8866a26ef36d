"""Random records, for what must hold for any release."""

from datetime import date

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from codes.importer.records import Record

# Promises about content, not about time: a busy machine may take longer.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = st.text("abcXYZ0189 ,;(%-/)'é’½", min_size=0, max_size=30)
SENTENCES = st.lists(WORDS, max_size=12).map(lambda words: " ".join(words).strip())
DAYS = st.dates(date(1982, 1, 1), date(2030, 12, 31))
CODES = st.from_regex(r"[ABCEGHJKLMPQRSTUV][0-9]{4}", fullmatch=True)
MODIFIERS = st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True)


def short_text(width: int) -> st.SearchStrategy[str]:
    """A field of at most this many characters."""
    return st.text("ABCxyz019.()-", max_size=width)


def repeated(times: int, alphabet: str, width: int) -> st.SearchStrategy[tuple[str, ...]]:
    """A repeated field: values of exactly this width."""
    value = st.text(alphabet, min_size=width, max_size=width)
    return st.lists(value, max_size=times).map(tuple)


def records(codes: st.SearchStrategy[str] = CODES, *, is_modifier: bool = False):
    """Records of any content that CMS's columns can hold."""
    return st.builds(
        Record,
        code=codes,
        is_modifier=st.just(is_modifier),
        long=SENTENCES,
        short=short_text(28),
        price=repeated(4, "0123456789", 2),
        multiple_pricing=st.sampled_from(["", "9", "A"]),
        cim=repeated(3, "0123456789-", 4),
        mcm=repeated(3, "0123456789.", 6),
        statute=short_text(10),
        lab_certification=repeated(8, "0123456789", 3),
        xref=repeated(5, "ABC012345", 5),
        coverage=st.sampled_from("CDIMS"),
        asc_group=st.sampled_from(["", "YY"]),
        asc_date=st.none() | DAYS,
        opps_date=st.none() | DAYS,
        processing_note=st.sampled_from(["", "0088"]),
        betos=st.sampled_from(["", "O1E", "Z2"]),
        type_of_service=repeated(5, "19AP", 1),
        anesthesia_units=st.sampled_from(["", "0"]),
        added=DAYS,
        action_date=st.none() | DAYS,
        terminated=st.none() | DAYS,
        action=st.sampled_from("ABCDFNPRST"),
    )


def releases_of_records() -> st.SearchStrategy[list[Record]]:
    """The records of one release: each code and modifier once, at least one code."""
    return st.tuples(
        st.lists(records(), min_size=1, max_size=4, unique_by=lambda record: record.code),
        st.lists(
            records(MODIFIERS, is_modifier=True),
            max_size=2,
            unique_by=lambda record: record.code,
        ),
    ).map(lambda both: both[1] + both[0])
