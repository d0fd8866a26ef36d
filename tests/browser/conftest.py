"""What the tests with a browser stand on."""

from typing import Any

import pytest


@pytest.fixture
def portal(full_portal: None, live_server: Any) -> str:
    """The address at which the full portal is served."""
    return str(live_server.url)
