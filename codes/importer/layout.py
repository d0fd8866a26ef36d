"""The columns of CMS's alpha-numeric file, and the values CMS has documented for them."""

from typing import NamedTuple


class Column(NamedTuple):
    """One of the 48 columns: its spreadsheet heading, its place in the text, its record field."""

    heading: str
    begin: int
    end: int
    field: str


# Positions count from 1, both ends included, as in CMS's own description. What is left out
# (260 and 294-320) is filler.
COLUMNS = (
    Column("HCPC", 1, 5, "code"),
    Column("SEQNUM", 6, 10, ""),
    Column("RECID", 11, 11, ""),
    Column("LONG DESCRIPTION", 12, 91, "long"),
    Column("SHORT DESCRIPTION", 92, 119, "short"),
    Column("PRICE1", 120, 121, "price"),
    Column("PRICE2", 122, 123, "price"),
    Column("PRICE3", 124, 125, "price"),
    Column("PRICE4", 126, 127, "price"),
    Column("MULT_PI", 128, 128, "multiple_pricing"),
    Column("CIM1", 129, 134, "cim"),
    Column("CIM2", 135, 140, "cim"),
    Column("CIM3", 141, 146, "cim"),
    Column("MCM1", 147, 154, "mcm"),
    Column("MCM2", 155, 162, "mcm"),
    Column("MCM3", 163, 170, "mcm"),
    Column("STATUTE", 171, 180, "statute"),
    Column("LABCERT1", 181, 183, "lab_certification"),
    Column("LABCERT2", 184, 186, "lab_certification"),
    Column("LABCERT3", 187, 189, "lab_certification"),
    Column("LABCERT4", 190, 192, "lab_certification"),
    Column("LABCERT5", 193, 195, "lab_certification"),
    Column("LABCERT6", 196, 198, "lab_certification"),
    Column("LABCERT7", 199, 201, "lab_certification"),
    Column("LABCERT8", 202, 204, "lab_certification"),
    Column("XREF1", 205, 209, "xref"),
    Column("XREF2", 210, 214, "xref"),
    Column("XREF3", 215, 219, "xref"),
    Column("XREF4", 220, 224, "xref"),
    Column("XREF5", 225, 229, "xref"),
    Column("COV", 230, 230, "coverage"),
    Column("ASC_GRP", 231, 232, "asc_group"),
    Column("ASC_DT", 233, 240, "asc_date"),
    Column("OPPS", 241, 243, "opps_group"),
    Column("OPPS_PI", 244, 244, "opps_indicator"),
    Column("OPPS_DT", 245, 252, "opps_date"),
    Column("PROCNOTE", 253, 256, "processing_note"),
    Column("BETOS", 257, 259, "betos"),
    Column("TOS1", 261, 261, "type_of_service"),
    Column("TOS2", 262, 262, "type_of_service"),
    Column("TOS3", 263, 263, "type_of_service"),
    Column("TOS4", 264, 264, "type_of_service"),
    Column("TOS5", 265, 265, "type_of_service"),
    Column("ANEST_BU", 266, 268, "anesthesia_units"),
    Column("ADD DT", 269, 276, "added"),
    Column("ACT EFF DT", 277, 284, "action_date"),
    Column("TERM DT", 285, 292, "terminated"),
    Column("ACTION CD", 293, 293, "action"),
)

CODE_FIRST, CODE_MORE, MODIFIER_FIRST, MODIFIER_MORE = "3", "4", "7", "8"

# Spreadsheets keep some of these as numbers, which costs them their leading zeros.
DIGITS = {"price": 2, "lab_certification": 3, "processing_note": 4}

# CMS's sections: A to V without D (dental, the ADA's), I, N and O.
SECTIONS = frozenset("ABCEGHJKLMPQRSTUV")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What CMS documents for each field. Anything else is imported all the same, and reported.
KNOWN_VALUES = {
    "coverage": frozenset("CDIMS"),
    "price": _words(
        "00 11 12 13 21 22 31 32 33 34 35 36 37 38 39 40 45 46 51 52 53 54 55 56 57 99"
    ),
    "multiple_pricing": frozenset("9ABCDEFG"),
    "lab_certification": _words(
        "010 100 110 115 120 130 140 150 200 210 220 300 310 320 330 340 350 400 500 510 520 530 "
        "540 550 560 600 610 620 630 800 900"
    ),
    "asc_group": frozenset(["YY"]),
    "betos": _words(
        "M1A M1B M2A M2B M2C M3 M4A M4B M5A M5B M5C M5D M6 P0 P1A P1B P1C P1D P1E P1F P1G P2A P2B "
        "P2C P2D P2E P2F P3A P3B P3C P3D P4A P4B P4C P4D P4E P5A P5B P5C P5D P5E P6A P6B P6C P6D "
        "P7A P7B P8A P8B P8C P8D P8E P8F P8G P8H P8I P9A P9B I1A I1B I1C I1D I1E I1F I2A I2B I2C "
        "I2D I3A I3B I3C I3D I3E I3F I4A I4B T1A T1B T1C T1D T1E T1F T1G T1H T2A T2B T2C T2D D1A "
        "D1B D1C D1D D1E D1F D1G O1A O1B O1C O1D O1E O1F O1G O1L Y1 Y2 Z1 Z2"
    ),
    "type_of_service": frozenset("0123456789ABCDEFGHIJKLMNPQRSTUVWYZ"),
    "action": frozenset("ABCDFNPRST"),
}
