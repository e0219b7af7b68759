"""What a re-run says about its layers, and the honest layer that comes closest to each rule."""

from typing import Any

import pytest

from repaudit.audit.finding import Severity
from tests.rules.conftest import CaseOf


@pytest.fixture
def found(findings: Any) -> Any:
    return findings
