"""The house rules of the design, read from the code: what may import what, and who may write."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("codes", "guidance", "hcpcs_portal")

# The part of an app that a module belongs to, lowest first. Imports go down or stay level.
LAYERS = (
    {
        "importer",
        "converters",
        "workflow",
        "calendar",
        "classification",
        "decoding",
        "estimate",
        "prose",
        "strict_yaml",
        "timeline",
    },
    {"querysets"},
    {"models"},
    {
        "search",
        "lookup",
        "queues",
        "differences",
        "entry",
        "checks",
        "facts",
        "content",
        "inheritance",
        "in_words",
        "library",
        "pack",
        "exchange",
    },
    {"publication"},
    {"actions"},
    {"filters", "forms", "tasks", "counting", "limiting"},
    {"pages", "api", "admin", "management", "templatetags"},
)
HEIGHTS = {part: height for height, parts in enumerate(LAYERS) for part in parts}
FACES = LAYERS[-1]
OUTSIDE_THE_LAYERS = {"", "apps", "migrations"}

WRITERS = {"actions", "publication", "management", "migrations"}
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# Dictionaries and digests have these too, but give them something positional.
WRITES_WITHOUT_POSITIONAL = {"update", "delete"}

# Where the clock is asked. All else is told its date, so that it can answer for any.
EDGES = {"pages", "api", "admin", "tasks", "management", "templatetags", "sign_in"}
ASKING_BY_NAME = {
    # The stored entry is today's: whoever asks for another date must not be given it.
    "codes.publication": {"read_entries"},
    # A list without a date of service speaks for today, on the page and in REST alike.
    "codes.filters": {"on"},
}

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


@dataclass(frozen=True)
class Module:
    """One module of ours: its dotted name and its source."""

    name: str
    source: str

    @property
    def app(self) -> str:
        return self.name.partition(".")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)


def part_of(dotted: str) -> str:
    """The part of its app that a dotted name belongs to: models for codes.models.release."""
    return [*dotted.split("."), ""][1]


def our_modules() -> list[Module]:
    """Every module of the apps."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [Module(dotted_name(path), path.read_text()) for path in paths]


def dotted_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names that this code imports; `from a import b` counts as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named_in_strings(tree: ast.AST) -> Iterator[str]:
    """Dotted names of ours in texts, such as settings and Django's lazy references."""
    ours = re.compile(rf"({'|'.join(APPS)})(\.\w+)+")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and ours.fullmatch(str(node.value)):
            yield str(node.value)


def reached(module: Module) -> set[str]:
    """What a module depends on among our own, imported or named."""
    every = [*imports(module.tree), *named_in_strings(module.tree)]
    return {name for name in every if name.partition(".")[0] in APPS}


def functions(module: Module) -> list[ast.FunctionDef]:
    """Every function and method of a module, those within others too."""
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]


# The rules: each gives what breaks it in one module


def codes_knows_nothing_of_guidance(module: Module) -> list[str]:
    if module.app != "codes":
        return []
    return [name for name in reached(module) if name.startswith("guidance.")]


def no_app_imports_the_assembly(module: Module) -> list[str]:
    if module.app == "hcpcs_portal":
        return []
    return [name for name in reached(module) if name.startswith("hcpcs_portal.")]


def every_module_has_a_layer(module: Module) -> list[str]:
    known = HEIGHTS.keys() | OUTSIDE_THE_LAYERS
    if module.app == "hcpcs_portal" or part_of(module.name) in known:
        return []
    return [f"no layer is given for {part_of(module.name)}"]


def imports_point_down(module: Module) -> list[str]:
    if module.app == "hcpcs_portal" or part_of(module.name) not in HEIGHTS:
        return []
    height = HEIGHTS[part_of(module.name)]
    return [name for name in reached(module) if HEIGHTS.get(part_of(name), -1) > height]


def faces_never_import_one_another(module: Module) -> list[str]:
    part = part_of(module.name)
    if module.app == "hcpcs_portal" or part not in FACES:
        return []
    return [
        name
        for name in reached(module)
        if part_of(name) in FACES and name.split(".")[:2] != [module.app, part]
    ]


def the_importer_needs_no_django(module: Module) -> list[str]:
    if not module.name.startswith("codes.importer"):
        return []
    return [
        name
        for name in imports(module.tree)
        if name.startswith("django.")
        or (name.startswith("codes.") and not name.startswith("codes.importer"))
    ]


def no_signals(module: Module) -> list[str]:
    return [
        name for name in imports(module.tree) if re.match(r"django\.(.*signals|dispatch)", name)
    ]


def no_project_import_inside_a_function(module: Module) -> list[str]:
    inside = [name for function in functions(module) for name in imports(function)]
    return [name for name in inside if name.partition(".")[0] in APPS]


def only_actions_write(module: Module) -> list[str]:
    if part_of(module.name) in WRITERS:
        return []
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return [f"line {call.lineno}: {ast.unparse(call.func)}" for call in calls if is_write(call)]


def is_write(call: ast.Call) -> bool:
    """Whether a call reads like a write to the database."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    return name in WRITES or (name in WRITES_WITHOUT_POSITIONAL and not call.args)


def errors_are_caught_by_name(module: Module) -> list[str]:
    handlers = [node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler)]
    return [f"line {handler.lineno}" for handler in handlers if is_too_wide(handler.type)]


def is_too_wide(caught: ast.expr | None) -> bool:
    """Whether it catches what nobody thought of, alone or in a tuple."""
    if caught is None:
        return True
    named = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)}
    return not named.isdisjoint({"Exception", "BaseException"})


def only_the_edges_ask_for_today(module: Module) -> list[str]:
    if part_of(module.name) in EDGES or module.name == "codes.calendar":
        return []
    allowed = ASKING_BY_NAME.get(module.name, set())
    asking = [function.name for function in functions(module) if asks_for_today(function)]
    imported = [name for name in imports(module.tree) if name == "codes.calendar.today"]
    return [name for name in asking if name not in allowed] + (imported if not allowed else [])


def asks_for_today(function: ast.FunctionDef) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(ast.unparse(call).rpartition(".")[2] == "today" for call in calls)


def modules_and_functions_stay_short(module: Module) -> list[str]:
    if "migrations" in module.name:
        return []
    lines = len(module.source.splitlines())
    found = [f"{lines} lines"] if lines > LONGEST_MODULE else []
    lengths = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions(module)]
    return found + [
        f"{name} is {length} lines long" for name, length in lengths if length > LONGEST_FUNCTION
    ]


Rule = Callable[[Module], list[str]]

LONG_FUNCTION = "def f():\n" + "    pass\n" * LONGEST_FUNCTION
LONG_THEN_SHORT = LONG_FUNCTION + "class A:\n    def f(self):\n        pass\n"
ASKS = "def f():\n    return today()\n"
IMPORT_INSIDE = "def f():\n    from codes.models import Code\n"

# What breaks each rule, planted: (rule, module name, source)
BREACHES: list[tuple[Rule, str, str]] = [
    (codes_knows_nothing_of_guidance, "codes.pages.views", "from guidance.models import Faq"),
    (codes_knows_nothing_of_guidance, "codes.publication", "COMPOSER = 'guidance.entry.compose'"),
    (no_app_imports_the_assembly, "codes.api.views", "from hcpcs_portal import settings"),
    (every_module_has_a_layer, "codes.utils", ""),
    (imports_point_down, "codes.models.code", "from codes.actions import import_release"),
    (imports_point_down, "guidance.checks", "import codes.publication"),
    (imports_point_down, "codes.querysets", "from codes import models"),
    (imports_point_down, "codes.actions", "LATER = 'codes.tasks.run_due'"),
    (faces_never_import_one_another, "codes.pages.views", "from codes.api import serializers"),
    (faces_never_import_one_another, "guidance.admin", "from codes.admin import CodeAdmin"),
    (the_importer_needs_no_django, "codes.importer.diff", "from django.conf import settings"),
    (the_importer_needs_no_django, "codes.importer.diff", "from codes.calendar import today"),
    (no_signals, "codes.models", "from django.db.models.signals import post_save"),
    (no_signals, "codes.models", "from django.dispatch import receiver"),
    (no_project_import_inside_a_function, "codes.search", IMPORT_INSIDE),
    (only_actions_write, "codes.pages.views", "Contact.objects.create(text='hello')"),
    (only_actions_write, "guidance.admin", "form.save()"),
    (only_actions_write, "codes.tasks", "Code.objects.filter(code=x).update(seen=True)"),
    (only_actions_write, "codes.tasks", "Code.objects.all().delete()"),
    (errors_are_caught_by_name, "codes.search", "try:\n    f()\nexcept Exception:\n    pass"),
    (errors_are_caught_by_name, "codes.search", "try:\n    f()\nexcept:\n    pass"),
    (
        errors_are_caught_by_name,
        "codes.search",
        "try:\n    f()\nexcept (OSError, Exception):\n    x",
    ),
    (only_the_edges_ask_for_today, "codes.search", "from codes.calendar import today"),
    (only_the_edges_ask_for_today, "guidance.entry", "def f():\n    return date.today()"),
    (only_the_edges_ask_for_today, "codes.publication", ASKS),
    (modules_and_functions_stay_short, "codes.search", LONG_FUNCTION),
    (modules_and_functions_stay_short, "codes.search", LONG_THEN_SHORT),
    (modules_and_functions_stay_short, "codes.search", "x = 1\n" * (LONGEST_MODULE + 1)),
]

# What looks like a breach and is none
ALLOWED: list[tuple[Rule, str, str]] = [
    (codes_knows_nothing_of_guidance, "guidance.entry", "from codes.models import Code"),
    (codes_knows_nothing_of_guidance, "codes.models", "HELP = 'Our guidance. Read it.'"),
    (imports_point_down, "guidance.models.revision", "CODE = 'codes.Code'"),
    (imports_point_down, "codes.models.code", "from codes.models.release import Release"),
    (faces_never_import_one_another, "codes.pages.urls", "from codes.pages import views"),
    (the_importer_needs_no_django, "codes.importer.diff", "from codes.importer import records"),
    (only_actions_write, "codes.search", "digest.update(b'J3490')\nkept.update({'a': 1})"),
    (only_actions_write, "guidance.actions", "revision.save()"),
    (errors_are_caught_by_name, "codes.search", "try:\n    f()\nexcept ValueError:\n    pass"),
    (only_the_edges_ask_for_today, "codes.pages.views", ASKS),
    (only_the_edges_ask_for_today, "codes.publication", ASKS.replace("f()", "read_entries()")),
    (only_the_edges_ask_for_today, "codes.api.standing", "def f(today):\n    return today"),
]

RULES = sorted({rule for rule, _, _ in BREACHES}, key=lambda rule: rule.__name__)


def test_every_layer_and_exception_is_there():
    modules = {module.name for module in our_modules()}

    assert HEIGHTS.keys() | EDGES <= {part_of(name) for name in modules}
    assert ASKING_BY_NAME.keys() <= modules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule):
    breaches = {module.name: rule(module) for module in our_modules()}

    assert {name: found for name, found in breaches.items() if found} == {}


@pytest.mark.parametrize(("rule", "name", "source"), BREACHES)
def test_a_planted_breach_is_found(rule, name, source):
    assert rule(Module(name, source))


@pytest.mark.parametrize(("rule", "name", "source"), ALLOWED)
def test_what_is_allowed_passes(rule, name, source):
    assert not rule(Module(name, source))
