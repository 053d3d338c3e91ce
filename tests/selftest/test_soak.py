"""The full numbers of the self-test on both databases; `make soak` runs them and prints what was done."""

from __future__ import annotations

import pytest

import cli
from selftest.run import CHECKS


@pytest.mark.soak
@pytest.mark.parametrize("check", CHECKS)
def test_the_full_self_test_holds(initialised_url: str, check: str) -> None:
    assert cli.run(["selftest", "--full", "--db", initialised_url, "--only", check]) == 0
