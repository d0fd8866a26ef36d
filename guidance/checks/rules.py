"""The table of rules: name, severity, function."""

from guidance.checks import (
    choices,
    citations,
    completeness,
    contradictions,
    denials,
    licensed,
    meanings,
    names,
    wording,
)
from guidance.checks.finding import Rule, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

RULES: tuple[tuple[str, Severity, Rule], ...] = (
    ("empty", ERROR, completeness.says_nothing),
    ("incomplete", ERROR, completeness.lacks_a_part),
    ("missing-citation", ERROR, citations.lacks_a_citation),
    ("dead-citation", ERROR, citations.cites_a_dead_source),
    ("retired-citation", WARNING, citations.cites_a_source_retired_since),
    ("overdue-review", WARNING, citations.is_overdue),
    ("too-long", ERROR, wording.is_too_long),
    ("length", WARNING, wording.is_long),
    ("reading-grade", WARNING, wording.is_hard_to_read),
    ("hidden-direction", ERROR, wording.hides_a_direction),
    ("money", ERROR, wording.names_money),
    ("absolute", ERROR, wording.speaks_in_absolutes),
    ("guarantee", ERROR, wording.guarantees),
    ("coding-for-payment", ERROR, choices.codes_to_get_paid),
    ("x12-wording", ERROR, licensed.quotes_x12),
    ("cpt-wording", ERROR, licensed.quotes_cpt),
    ("bare-cpt-number", ERROR, licensed.names_a_bare_cpt_number),
    ("unknown-cpt-number", ERROR, licensed.names_an_unknown_cpt_number),
    ("unknown-code", ERROR, names.names_an_unknown_code),
    ("ended-code", ERROR, names.names_an_ended_code),
    ("end-date", ERROR, names.misdates_an_end),
    ("unknown-modifier", ERROR, names.names_an_unknown_modifier),
    ("ended-modifier", ERROR, names.names_an_ended_modifier),
    ("modifier-meaning", ERROR, meanings.gives_a_modifier_a_wrong_meaning),
    ("cms-contradiction", ERROR, contradictions.contradicts_cms),
    ("cms-mark", ERROR, contradictions.names_a_wrong_mark),
    ("not-payable", WARNING, contradictions.denies_payment),
    ("quality-measure", ERROR, contradictions.treats_a_quality_code_as_paid),
    ("carc-meaning", ERROR, denials.gives_a_reason_a_wrong_meaning),
    ("carc-sense", WARNING, denials.says_nothing_of_its_reason),
    ("group-mix-up", ERROR, denials.mixes_up_the_groups),
    ("appeal-clock", ERROR, denials.misstates_an_appeal_clock),
    ("no-appeal", ERROR, denials.appeals_what_has_no_appeal),
)
