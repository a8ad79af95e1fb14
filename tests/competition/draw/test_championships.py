"""Real championships drawn again from their real history: fairer in every respect but level tables."""

import pytest

from benchmarks.draw import championships, replay

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize("name", ["naudc2024", "usudc2023", "wudc2023"])
def test_fair_breaks_fewer_roles_repeats_less_and_parts_institutions(name: str) -> None:
    folder = next((path for path in championships() if path.name == name), None)
    if folder is None:
        pytest.skip(
            f"THE REAL CHAMPIONSHIP {name} IS ABSENT: ../shared/data/bp_tabs is not beside the checkout"
        )
    done = replay(folder, "fair")
    assert 4 * done.ours["role_violations"] <= done.real["role_violations"]
    assert 3 * done.ours["repeat_meetings"] <= done.real["repeat_meetings"]
    assert done.ours["institution_meetings"] <= done.real["institution_meetings"]
