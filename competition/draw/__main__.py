"""The command line: a problem as JSON on standard input, a plan (or a schedule) as JSON on standard
output.
"""

import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO, TextIO

from competition.draw.engine import plan, schedule
from competition.draw.model import BadProblem, Plan, Problem

MOST_BYTES = 32 * 1024 * 1024
USAGE = "usage: python -m competition.draw plan|schedule < problem.json"


def main(arguments: Sequence[str], source: BinaryIO, out: TextIO, err: TextIO) -> int:
    """Answers one problem; 0, or 2 with one line on `err` that says what is wrong."""
    if list(arguments) not in (["plan"], ["schedule"]):
        print(USAGE, file=err)
        return 2
    try:
        problem = Problem.from_json(read(source))
        plans = [plan(problem)] if arguments[0] == "plan" else schedule(problem)
    except BadProblem as fault:
        print(fault, file=err)
        return 2
    answers = [answer(each) for each in plans]
    json.dump(answers[0] if arguments[0] == "plan" else {"rounds": answers}, out)
    out.write("\n")
    for warning in (note.text for each in plans for note in each.report.notes if note.is_warning):
        print(f"warning: {warning}", file=err)
    return 0


def answer(drawn: Plan) -> dict[str, object]:
    """A plan with the keys of the contract and no others; what a person should read goes to standard error."""
    report = drawn.report.to_json()
    del report["notes"]
    return drawn.to_json() | {"report": report}


def read(source: BinaryIO) -> object:
    """Parsed JSON of bounded size, numbers exact, no key twice."""
    data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadProblem(f"the problem is larger than {MOST_BYTES // 2**20} MB: too many teams")
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique)
    except BadProblem:
        raise
    except (ValueError, RecursionError) as fault:
        raise BadProblem(f"the problem is not JSON: {fault}") from None


def _no_constant(name: str) -> object:
    raise BadProblem(f"{name} is not a number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadProblem("an object has the same key twice")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout, sys.stderr))
