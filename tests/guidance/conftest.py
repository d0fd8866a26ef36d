"""The people whom the tests of the editors' side know."""

from typing import Any

import pytest

from guidance.workflow import Role
from tests.factories import make_account


@pytest.fixture
def editor(db: None) -> Any:
    return make_account("editor", Role.EDITOR)


@pytest.fixture
def reviewer(db: None) -> Any:
    return make_account("reviewer", Role.REVIEWER)
