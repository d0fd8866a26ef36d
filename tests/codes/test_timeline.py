"""A code's life: which wordings it has had, and that all has its place on the line in order."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from codes.timeline import LENGTH, MOST_YEARS, timeline, wordings

DAYS = st.dates(date(1980, 1, 1), date(2099, 12, 31))


def version(starts_on, long="One vial", short="Vial"):
    return {"starts_on": starts_on, "short": short, "long": long}


@st.composite
def lives(draw):
    """Periods of use one after another, and the days on which the text changed."""
    days = sorted(draw(st.sets(DAYS, min_size=2, max_size=8)))
    ends = [*days[1::2], None][: len(days[0::2])]
    periods = [
        {"added": added.isoformat(), "terminated": ended and ended.isoformat()}
        for added, ended in zip(days[0::2], ends, strict=True)
    ]
    changes = sorted(draw(st.sets(DAYS, max_size=4)) | {days[0]})
    return periods, [version(day.isoformat(), f"Text of {day}") for day in changes]


@given(lives(), DAYS)
def test_all_that_happened_lies_on_the_line_in_order(life, on):
    periods, versions = life

    line = timeline(periods, versions, on)

    begins = [begin for begin, _ in line.bars]
    assert begins == sorted(begins)
    assert all(begin >= 0 and begin + width <= LENGTH for begin, width in line.bars)
    assert line.marks == sorted(line.marks)
    assert all(0 <= place <= LENGTH for place in [*line.marks, line.at])
    assert line.first <= on <= line.last
    assert len(line.years) <= MOST_YEARS
    assert [year for _, year in line.years] == sorted({year for _, year in line.years})
    assert all(0 <= place <= LENGTH for place, _ in line.years)


def test_a_period_without_an_end_runs_to_the_end_of_the_line():
    on = date(2025, 1, 1)
    periods = [{"added": "1986-01-01", "terminated": None}]

    line = timeline(periods, [version("1986-01-01")], on)

    assert line.bars == [(0.0, LENGTH)]
    assert line.marks == []
    assert 95 < line.at < LENGTH


def test_a_later_date_stands_further_right():
    periods = [{"added": "2000-01-01", "terminated": "2010-12-31"}]
    on = date(2005, 1, 1)

    earlier, later = (
        timeline(periods, [version("2000-01-01")], on + timedelta(days=days)) for days in (0, 400)
    )

    assert earlier.at < later.at


def test_only_a_changed_text_is_another_wording():
    periods = [{"added": "2000-01-01", "terminated": None}]
    first = version("2000-01-01", "One vial")
    priced_anew = version("2010-01-01", "ONE  vial")
    reworded = version("2020-01-01", "One dose")

    found = wordings(periods, [first, priced_anew, reworded])

    assert [(one.starts_on, one.before) for one in found] == [
        ("2000-01-01", None),
        ("2020-01-01", priced_anew),
    ]
    assert len(timeline(periods, [first, priced_anew, reworded], date(2025, 1, 1)).marks) == 1


def test_a_code_used_anew_begins_with_a_wording_of_its_own():
    periods = [
        {"added": "2000-01-01", "terminated": "2005-12-31"},
        {"added": "2020-01-01", "terminated": None},
    ]
    versions = [version("2000-01-01", "Old drug"), version("2020-01-01", "New drug")]

    assert [one.before for one in wordings(periods, versions)] == [None, None]
    assert timeline(periods, versions, date(2025, 1, 1)).marks == []
