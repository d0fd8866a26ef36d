from codes.models.classification import Family, Section, Trait, TraitMembership
from codes.models.code import (
    Code,
    CodeChange,
    CodePeriod,
    CodeRelation,
    CodeVersion,
    Modifier,
    ModifierChange,
    ModifierPeriod,
    ModifierVersion,
    WrittenHistory,
)
from codes.models.contact import ContactNote, ContactRequest
from codes.models.entry import (
    ChangeNumber,
    Entry,
    EntryChange,
    EntryFacet,
    EntryFaq,
    EntryGuidance,
    Publication,
)
from codes.models.reader import Correction, MonthlyCount
from codes.models.release import Release
from codes.models.search_term import SearchTerm

__all__ = [
    "ChangeNumber",
    "Code",
    "CodeChange",
    "CodePeriod",
    "CodeRelation",
    "CodeVersion",
    "ContactNote",
    "ContactRequest",
    "Correction",
    "MonthlyCount",
    "Entry",
    "EntryChange",
    "EntryFacet",
    "EntryFaq",
    "EntryGuidance",
    "Family",
    "Modifier",
    "ModifierChange",
    "ModifierPeriod",
    "ModifierVersion",
    "Publication",
    "Release",
    "SearchTerm",
    "Section",
    "Trait",
    "TraitMembership",
    "WrittenHistory",
]
