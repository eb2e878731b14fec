"""Tests of verification: a table of planted faults for each of its modules."""

import pytest

pytest.register_assert_rewrite("tests.release.verification.fakes")
