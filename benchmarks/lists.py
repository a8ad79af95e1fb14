"""Lists from elsewhere: CPU time of the preview of 4,644 universities, and how well likely duplicates are found.

python -m benchmarks.lists
"""

import csv
from pathlib import Path
from time import process_time

from competition.likeness.institutions import alike_institutions, are_alike
from tabroom.demo.universities import UNIVERSITIES

DATA = Path(__file__).parents[2] / "shared" / "data" / "registration_lists"
KNOWN = {
    ("Tel Aviv University", "Tel Aviv University Debating Society"),
    ("Hebrew University of Jerusalem", "The Hebrew University of Jerusalem."),
    ("Universitatea Crestina Dimitrie Cantemir", 'Unversitatea Crestina "Dimitrie Cantemir"'),
    ("Debatno društvo Univerze v Ljubljani", "University of Ljubljana"),
}
"""The duplicates among the societies, found by reading all 227 names."""


def read(name: str, column: str) -> list[str]:
    """One column of one of the real lists."""
    with (DATA / name).open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


def main() -> None:
    """Print recall and precision on the societies, recall across scripts, false alarms, CPU time."""
    if not DATA.is_dir():
        print("LEFT OUT: ../shared/data is not beside the checkout")
        return
    names = [name for name in read("tabbie2_societies.csv", "fullname") if "[" not in name]
    found = {(names[pair.first], names[pair.second]) for pair in alike_institutions([[n] for n in names])}
    print(f"societies: {len(found & KNOWN)} of {len(KNOWN)} duplicates, {len(found - KNOWN)} false proposals")
    across = sum(bool(are_alike(name, local)) for name, local, _country in UNIVERSITIES if local)
    print(f"English and Chinese name of one university: {across} of {len(UNIVERSITIES)} found")
    chinese = read("china_universities_zh.csv", "name_zh")
    print(
        f"{len(chinese)} Chinese universities: {len(alike_institutions([[n] for n in chinese]))} false proposals"
    )
    latin = read("world_universities_latin.csv", "name")
    begun = process_time()
    pairs = alike_institutions([[name] for name in latin])
    print(f"{len(latin)} Latin names: {len(pairs)} proposals in {process_time() - begun:.2f} s CPU")


if __name__ == "__main__":
    main()
