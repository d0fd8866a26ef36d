"""What sort of thing a code is, read from CMS's fields and from our ranges: drug, item, mileage …"""

from collections.abc import Callable

from codes.classification import covers
from guidance.checks.knowledge import SpokenCode

Fits = Callable[[SpokenCode], bool]


def priced(*indicators: str) -> Fits:
    wanted = frozenset(indicators)
    return lambda code: not wanted.isdisjoint(code.prices)


def covered_as(*marks: str) -> Fits:
    return lambda code: code.coverage in marks


def within(ranges: str) -> Fits:
    return lambda code: covers(ranges, code.code)


def either(*conditions: Fits) -> Fits:
    return lambda code: any(condition(code) for condition in conditions)


DRUG_CATEGORIES = frozenset({"O1D", "O1E", "O1G", "D1G"})
DRUG_RANGES = (
    "A2001-A2099;A4100;A4641-A4642;A9500-A9700;B4149-B5200;C9014-C9399;G0008-G0012;G0138;"
    "J0001-J9999;M0201-M0250;P9010-P9100;Q0138-Q0249;Q0479-Q0479;Q0510-Q0515;Q2000-Q2099;"
    "Q3027-Q3028;Q4074;Q4081-Q4082;Q4100-Q4499;Q5098-Q5199;Q9945-Q9999;S0012-S0400;S5000-S5001;"
    "S5550-S5571"
)
AMBULANCE = within("A0021;A0225-A0999")
MILEAGE = either(
    within("A0021-A0999;P9603-P9604;R0070-R0076;S0207-S0215;S9381;S9975;S9992;T2001-T2007;T2049"),
    lambda code: "mile" in code.text,
)
OXYGEN = either(priced("33"), within("E0424-E0447;E1352-E1406;K0738;A4615-A4620"))
# Pumps, nebulizers and services that a drug runs through: their texts may speak of that drug.
GIVES_A_DRUG = within(
    "A4221-A4226;A7003-A7018;E0570-E0585;E0776-E0791;G0068-G0090;H0020-H0033;K0455;K0552;"
    "Q0081-Q0085;S9061;S9325-S9590"
)
QUALITY = "quality-only"


def is_drug(code: SpokenCode) -> bool:
    """A drug, biological, vaccine, nutrient or tracer: what has a national drug code."""
    return (
        not code.prices.isdisjoint({"51", "54"})
        or code.fields.get("betos") in DRUG_CATEGORIES
        or covers(DRUG_RANGES, code.code)
    )


def is_item(code: SpokenCode) -> bool:
    """A device, part or supply: what may be rented, delivered, numbered or belong to such a thing."""
    return (
        not is_drug(code)
        and not covers(
            "A0021-A0999;A4206-A4220;G0001-G9999;H0001-H9999;M0001-M9999;P2000-P9999;R0070-R0076;T1000-T2101;U0001-U0005",
            code.code,
        )
        or covers("A2001-A2099;Q4100-Q4499", code.code)
    )
