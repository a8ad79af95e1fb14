"""The reference data beside the checkout."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: more threads only wait for each other

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the known answers; a loud skip where it is not there."""
    if not DATA.is_dir():
        pytest.skip(f"KNOWN ANSWERS NOT CHECKED: {DATA} is not there")
    return DATA
