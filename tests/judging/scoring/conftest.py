"""The reference data beside the checkout, and the profile of the property tests."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("scoring", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("scoring")

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the known answers; a loud skip where it is not there."""
    if not DATA.is_dir():
        pytest.skip(f"KNOWN ANSWERS NOT CHECKED: {DATA} is not there")
    return DATA
