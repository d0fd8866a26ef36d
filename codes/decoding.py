"""What the values of CMS's fields mean, in our own words.

Source: CMS's HCPCS record layout and the values found in its releases. An unknown value is shown
as it stands, without a meaning.
"""

COVERAGE = {
    "C": "Left to the Medicare contractor's judgment",
    "D": "Special coverage instructions apply",
    "I": "Not payable by Medicare",
    "M": "Not covered by Medicare",
    "S": "Not covered: excluded by the Medicare statute",
}
PRICE = {
    "00": "No separate Part B price (not covered, bundled, or Part A only)",
    "11": "Physician fee schedule, national relative values",
    "12": "Anaesthesia base units",
    "13": "Physician fee schedule, priced by the contractor",
    "21": "Laboratory fee schedule, with a national limit",
    "22": "Laboratory, priced by the contractor",
    "31": "DME that needs frequent servicing",
    "32": "Inexpensive or routinely purchased DME",
    "33": "Oxygen and oxygen equipment",
    "34": "DME supplies",
    "35": "Surgical dressings",
    "36": "Capped-rental DME",
    "37": "Ostomy, tracheostomy and urological supplies",
    "38": "Orthotics, prosthetics, prosthetic devices and vision",
    "39": "Parenteral and enteral nutrition",
    "40": "Lymphedema compression items",
    "45": "Customised DME",
    "46": "DME priced by the contractor",
    "51": "Drugs",
    "52": "Reasonable charge",
    "53": "Set by statute",
    "54": "Vaccinations",
    "55": "Splints and casts",
    "56": "Lens implants in the office",
    "57": "Other items priced by the contractor",
    "99": "No value established",
}
MULTIPLE_PRICING = {
    "9": "Does not apply (priced 00 or 99)",
    "A": "One pricing method",
    "B": "Professional part by relative values; technical and whole by the contractor",
    "C": "Interpretation by relative values; laboratory part by the laboratory schedule",
    "D": "Psychology split (out of use since 1998)",
    "E": "Psychology split (out of use since 1998)",
    "F": "Psychology split (out of use since 1998)",
    "G": "Laboratory service with or without blood products",
}
TYPE_OF_SERVICE = {
    "0": "Whole blood",
    "1": "Medical care",
    "2": "Surgery",
    "3": "Consultation",
    "4": "Diagnostic radiology",
    "5": "Diagnostic laboratory",
    "6": "Therapeutic radiology",
    "7": "Anaesthesia",
    "8": "Assistant at surgery",
    "9": "Other items or services",
    "A": "Used DME",
    "B": "Mammography (out of use)",
    "C": "Mammography (out of use)",
    "D": "Ambulance",
    "E": "Enteral or parenteral nutrition",
    "F": "Surgery centre facility",
    "G": "Immunosuppressive drugs",
    "H": "Hospice (out of use)",
    "I": "DME bought by instalments (out of use)",
    "J": "Shoes for people with diabetes",
    "K": "Hearing items",
    "L": "Supplies for kidney failure",
    "M": "Monthly dialysis payment",
    "N": "Kidney donor",
    "P": "Bought outright: DME, prosthetics, orthotics",
    "Q": "Vision items",
    "R": "DME rental",
    "S": "Dressings and other supplies",
    "T": "Outpatient mental health limit",
    "U": "Occupational therapy",
    "V": "Vaccines",
    "W": "Physical therapy",
    "Y": "Second opinion (out of use)",
    "Z": "Third opinion (out of use)",
}
BETOS = {
    "D1A": "Medical and surgical supplies",
    "D1B": "Hospital beds",
    "D1C": "Oxygen and supplies",
    "D1D": "Wheelchairs",
    "D1E": "Other DME",
    "D1F": "Prosthetic and orthotic devices",
    "D1G": "Drugs given through DME",
    "O1A": "Ambulance",
    "O1B": "Chiropractic",
    "O1C": "Enteral and parenteral",
    "O1D": "Chemotherapy",
    "O1E": "Other drugs",
    "O1F": "Hearing and speech services",
    "O1G": "Vaccines",
    "O1L": "Lymphedema compression items",
}
# Of a BETOS code that is not listed above, its first letter still says this much.
BETOS_GROUP = {
    "M": "Visits and evaluation",
    "P": "Procedures",
    "I": "Imaging",
    "T": "Tests",
    "D": "Durable medical equipment",
    "O": "Other services",
    "Y": "Exceptions and unclassified",
    "Z": "Not classified",
}
ASC_GROUP = {"YY": "Approved for ambulatory surgery centres"}

# In the order of a reader's interest: field, label, meanings. Left out: the processing note (it
# points into a CMS text that quotes CPT and dental codes, and is for staff alone), anaesthesia units
# (0 on every code) and the outpatient groups (empty on every code).
FIELDS = (
    ("coverage", "Medicare coverage", COVERAGE),
    ("price", "Pricing indicator", PRICE),
    ("multiple_pricing", "Multiple pricing", MULTIPLE_PRICING),
    ("type_of_service", "Type of service", TYPE_OF_SERVICE),
    ("betos", "BETOS category", BETOS),
    ("asc_group", "Ambulatory surgery centre", ASC_GROUP),
    ("asc_date", "Surgery centre group since", {}),
    ("statute", "Statute cited", {}),
    ("lab_certification", "Laboratory certification", {}),
    ("xref", "Cross-reference (CMS's own, unchecked)", {}),
    ("cim", "Legacy reference: Coverage Issues Manual", {}),
    ("mcm", "Legacy reference: Medicare Carriers Manual", {}),
)


def decoded(fields: dict) -> dict[str, dict]:
    """CMS's fields for a reader: `{field: {label, value, meaning}}`, the empty ones left out."""
    return {
        field: {"label": label, **_decode(field, fields[field], meanings)}
        for field, label, meanings in FIELDS
        if fields.get(field)
    }


def _decode(field: str, value: str | list[str], meanings: dict[str, str]) -> dict[str, str]:
    values = [value] if isinstance(value, str) else value
    known = [_meaning(field, one, meanings) for one in values]
    return {"value": ", ".join(values), "meaning": "; ".join(filter(None, known))}


def _meaning(field: str, value: str, meanings: dict[str, str]) -> str:
    if field == "betos" and value not in meanings:
        return BETOS_GROUP.get(value[:1], "")
    return meanings.get(value, "")
