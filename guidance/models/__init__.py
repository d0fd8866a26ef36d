from guidance.models.audit import AuditEvent
from guidance.models.published import PackLoad, PublishedGuidance
from guidance.models.revision import (
    Citation,
    Companion,
    CoverageSignal,
    DenialAdvice,
    Faq,
    Guidance,
    ModifierRule,
    Revision,
)
from guidance.models.vocabulary import (
    CallToAction,
    CptReference,
    DenialCategory,
    PayerClass,
    Remedy,
    Source,
    Specialty,
)

__all__ = [
    "AuditEvent",
    "CallToAction",
    "Citation",
    "Companion",
    "CoverageSignal",
    "CptReference",
    "DenialAdvice",
    "DenialCategory",
    "Faq",
    "Guidance",
    "ModifierRule",
    "PackLoad",
    "PayerClass",
    "PublishedGuidance",
    "Remedy",
    "Revision",
    "Source",
    "Specialty",
]
