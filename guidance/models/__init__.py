from guidance.models.audit import AuditEvent
from guidance.models.desk import Batch, BatchItem, PreviewLink, Typing
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
    NAMED_BY,
    CallToAction,
    CptReference,
    DenialCategory,
    PayerClass,
    Remedy,
    Source,
    Specialty,
    by_name,
    names_in,
)

__all__ = [
    "NAMED_BY",
    "AuditEvent",
    "Batch",
    "BatchItem",
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
    "PreviewLink",
    "PublishedGuidance",
    "Remedy",
    "Revision",
    "Source",
    "Specialty",
    "Typing",
    "by_name",
    "names_in",
]
