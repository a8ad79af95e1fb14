"""The three commands, as a script would call them."""

import io
import os
import subprocess
import sys

import pytest

from judging.scoring.__main__ import main


@pytest.fixture
def run(monkeypatch, capsys):
    def call(arguments, text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code = main(arguments.split())
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


PANEL = """target,criterion,judge,mark
T1,skill,J1,9.0
T1,skill,J2,8.25
T1,skill,J3,7.5
T2,skill,J1,0.125
"""


@pytest.mark.parametrize(
    ("arguments", "scores"),
    [
        ("panel --method mean", "T1,skill,8.25\nT2,skill,0.13\n"),
        ("panel --method trimmed_mean --decimals 1", "T1,skill,8.3\nT2,skill,0.1\n"),
        ("panel --method median --decimals 3", "T1,skill,8.250\nT2,skill,0.125\n"),
    ],
)
def test_panel_writes_a_score_a_target_and_criterion(run, arguments, scores):
    assert run(arguments, PANEL) == (0, "target,criterion,score\n" + scores, "")


def crossed(rounds=("1", "2")):
    """Two teams a judge, exact marks: B is better than A by one, J2 harder than J1 by four."""
    rows = ["target,judge,criterion,mark,occasion"]
    level = {"A": 70, "B": 71, "C": 75}
    seats = {
        ("A", "J1"),
        ("B", "J2"),
        ("C", "J1"),
        ("C", "J2"),
        ("A", "J2"),
        ("B", "J3"),
        ("A", "J3"),
        ("C", "J3"),
    }
    harder = {"J1": -2, "J2": 2, "J3": 0}
    for number, occasion in enumerate(rounds):
        rows += [
            f"{team},{judge},x,{level[team] - harder[judge] + (0.25 if number else -0.25)},{occasion}"
            for team, judge in sorted(seats)
        ]
    return "\n".join(rows)


@pytest.mark.parametrize("method", ["reml", "additive"])
def test_severity_removes_what_a_hard_judge_takes(run, method):
    code, out, err = run(f"severity --method {method}", crossed())
    rows = [line.split(",") for line in out.splitlines()]
    assert rows[0] == ["kind", "id", "estimate", "standard_error", "n", "component"]
    assert [(row[0], row[1], round(float(row[2]), 3), row[4], row[5]) for row in rows[1:]] == [
        ("target", "A", 70.0, "6", "1"),
        ("target", "B", 71.0, "4", "1"),
        ("target", "C", 75.0, "6", "1"),
        ("judge", "J1", -2.0, "4", "1"),
        ("judge", "J2", 2.0, "6", "1"),
        ("judge", "J3", 0.0, "6", "1"),
    ]
    assert (code, err) == (0, "")


def test_estimates_are_free_of_severity_even_where_standings_would_keep_raw_scores(run):
    marks = [
        ("A", "J1", 70),
        ("B", "J1", 72),
        ("B", "J2", 71),
        ("C", "J2", 75),
        ("C", "J3", 76),
        ("A", "J3", 71),
    ]
    rows = [f"{team},{judge},x,{mark + (day - 1) * (-1) ** place * 2},{day}"
            for day in (1, 2) for place, (team, judge, mark) in enumerate(marks)]  # fmt: skip
    _, calm, err = run("severity", "\n".join(["target,judge,criterion,mark,occasion", *rows]))
    assert err.startswith("scoring: judges differ 0.")
    assert err.endswith("adds more noise than it removes, and standings keep raw scores\n")
    assert err.count("\n") == 1
    harder = [row.replace(",J2,x,", ",J2,x,1") for row in rows]
    _, moved, _ = run("severity", "\n".join(["target,judge,criterion,mark,occasion", *harder]))
    shifts = [
        float(after.split(",")[2]) - float(before.split(",")[2])
        for before, after in zip(calm.splitlines(), moved.splitlines(), strict=True)
        if before.startswith("target,")
    ]
    assert max(shifts) - min(shifts) < 1e-6


def test_one_round_only_leaves_raw_means_and_says_why(run):
    code, out, err = run("severity", crossed(rounds=("1",)))
    assert code == 0
    assert err == (
        "scoring: all targets left unadjusted: there is only one round, "
        "and one round cannot tell a hard judge from a weak day\n"
    )
    assert "target,B,69.75," in out


def test_without_an_occasion_column_the_one_round_rule_does_not_apply(run):
    text = "\n".join(",".join(line.split(",")[:4]) for line in crossed().splitlines())
    code, out, err = run("severity --method additive", text)
    assert (code, err) == (
        0,
        "scoring: 8 marks repeat a judge, target and criterion: the marks were averaged\n",
    )
    assert "target,A,70," in out


def test_parts_that_no_mark_connects_are_numbered_and_left_alone(run):
    text = "target,judge,criterion,mark\nA,J1,x,70\nB,J1,x,72\nC,J2,x,60\nD,J2,x,64\nA,J1,y,71\n"
    code, out, err = run("severity", text)
    rows = [line.split(",") for line in out.splitlines()[1:]]
    assert code == 0
    assert err.startswith("scoring: all targets left unadjusted: its judges and targets fall into parts")
    assert [(row[1], row[2], row[5]) for row in rows[:4]] == [
        ("A", "70.5", "1"),
        ("B", "72", "1"),
        ("C", "60", "2"),
        ("D", "64", "2"),
    ]


def test_one_mark_is_a_raw_mean_with_a_reason(run):
    code, out, err = run("severity", "target,judge,criterion,mark\nA,J1,x,70\n")
    assert (code, out) == (
        0,
        "kind,id,estimate,standard_error,n,component\ntarget,A,70,,1,1\njudge,J1,,,1,1\n",
    )
    assert (
        err == "scoring: all targets left unadjusted: there are too few marks to tell severity from chance\n"
    )


def test_reliability_writes_what_the_data_allow(run):
    gaps = "target,judge,criterion,mark\nA,J1,x,1\nA,J2,x,1\nB,J2,x,2\nB,J3,x,2\nC,J1,x,3\n"
    assert run("reliability", gaps) == (0, "statistic,value\nalpha_interval,1\nalpha_ordinal,1\n", "")


@pytest.mark.parametrize("marks", ["A,J1,x,1\n", "A,J1,x,7\nA,J2,x,7\nB,J1,x,7\nB,J2,x,7\n"])
def test_marks_that_allow_no_statistic_are_said_to(run, marks):
    code, out, err = run("reliability", "target,judge,criterion,mark\n" + marks)
    assert (code, out) == (0, "statistic,value\n")
    assert err == (
        "scoring: no agreement can be computed: it takes two judges who marked the same, and marks that differ\n"
    )


def test_one_judge_and_the_mean_of_a_panel_are_told_where_every_target_has_judges_of_its_own(run):
    """Shrout & Fleiss 1979, table 2, read as case 1: every target marked by four others."""
    table = {
        "S1": "9258",
        "S2": "6132",
        "S3": "8468",
        "S4": "7126",
        "S5": ("10", "5", "6", "9"),
        "S6": "6247",
    }
    marks = "".join(
        f"{target},{target}-{place},c,{mark}\n"
        for target, row in table.items()
        for place, mark in enumerate(row)
    )
    code, out, err = run("reliability", "target,judge,criterion,mark\n" + marks)
    found = dict(line.split(",") for line in out.splitlines()[1:])
    assert (code, err) == (0, "")
    assert [round(float(found[name]), 4) for name in ("icc_1_1", "icc_1_k")] == [0.1657, 0.4428]
    assert "icc_2_1" not in found
    code, out, err = run("reliability", "target,judge,criterion,mark\n" + marks + "S6,another,c,9\n")
    assert "icc_1_1" not in out


def test_reliability_averages_repeats_and_says_so(run):
    twice = "target,judge,criterion,mark\nA,J1,x,1\nA,J1,x,3\nA,J2,x,2\nB,J1,x,5\nB,J2,x,5\n"
    code, out, err = run("reliability", twice)
    assert (code, err) == (
        0,
        "scoring: 1 marks repeat a judge, target and criterion: the marks were averaged\n",
    )
    assert "icc_2_1,1\n" in out


@pytest.mark.parametrize("command", ["panel", "severity", "reliability"])
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the input lacks the column target, "),
        ("target,judge,criterion\n", "the input lacks the column mark"),
        ("target,judge,criterion,mark\n", "the input has no marks"),
        ("target,judge,criterion,mark\nA,J,x,ten\n", "mark number 1 is not a number: 'ten'"),
        ("target,judge,criterion,mark\nA,J,x,nan\n", "mark number 1 is not a number: 'nan'"),
        ("target,judge,criterion,mark\nA,J,x,\n", "mark number 1 is not a number: ''"),
        (
            "target,judge,criterion,mark\nA,J,x,1\nB,J,x,1e300\n",
            "mark number 2 is beyond 1,000,000,000: '1e300'",
        ),
        ("target,judge,criterion,mark\nA,J,x,-1e999999999\n", "mark number 1 is beyond 1,000,000,000: '-1e9"),
        ("target,judge,criterion,mark\nA,J,x,1\0\n", "mark number 1 is not a number: '1\\x00'"),
        ("target,judge,criterion,mark\nA,J,x,1_000\n", "mark number 1 is not a number: '1_000'"),
        ('target,judge,criterion,mark\nA,J,x,"7,5"\n', "mark number 1 is not a number: '7,5'"),
        ('target,judge,criterion,mark\nA,J,x,"1\n', "unexpected end of data"),
        ("target,judge,criterion,mark,mark\nA,J,x,1,2\n", "the input has the column mark twice"),
        ("target;judge;criterion;mark\nA;J;x;1\n", "the input lacks the column target, "),
        ("target,judge,criterion,mark\nA,J,x,1,2\n", "line 2 has 5 values, the header 4"),
        ("target,judge,criterion,mark\nA,,x,1\n", "a mark has no judge (mark number 1)"),
    ],
)
def test_bad_input_is_one_clear_line(run, command, text, fault):
    code, out, err = run(command, text)
    assert (code, out) == (2, "")
    assert err.startswith(f"scoring: {fault}")
    assert err.count("\n") == 1


def test_a_mark_too_small_to_matter_is_nothing(run):
    tiny = "target,criterion,judge,mark\nA,x,J1,1e-999999999\nA,x,J2,1\n"
    assert run("panel", tiny) == (0, "target,criterion,score\nA,x,0.50\n", "")


def test_a_judge_marking_a_target_twice_is_a_fault_of_a_panel(run):
    text = PANEL + "T1,skill,J1,7\n"
    assert run("panel", text) == (2, "", "scoring: judge J1 marked T1 twice on skill\n")


def test_a_target_in_two_groups_is_a_fault(run):
    text = "target,judge,criterion,mark,group\nA,J,x,1,g\nA,K,x,2,h\n"
    assert run("severity", text) == (2, "", "scoring: target A is in more than one group\n")


@pytest.mark.parametrize("method", ["mean", "trimmed_mean", "median"])
def test_ids_in_any_script_with_commas_in_windows_files_come_back_as_they_were(run, method):
    text = '\ufeffTarget,Criterion,Judge,Mark,Note\r\n"北京大学, 一队",论证,评委甲,71,"说, 好"\r\n'
    assert run(f"panel --method {method}", text) == (
        0,
        'target,criterion,score\n"北京大学, 一队",论证,71.00\n',
        "",
    )


def test_rounding_to_nothing_has_no_sign(run):
    text = "target,criterion,judge,mark\nA,x,J,-0.4\nB,x,J,-0.5\nC,x,J,2.5\n"
    assert (
        run("panel --method mean --decimals 0", text)[1] == "target,criterion,score\nA,x,0\nB,x,-1\nC,x,3\n"
    )


def as_process(data, **environment):
    return subprocess.run(
        [sys.executable, "-m", "judging.scoring", "panel", "--method", "mean"],
        input=data,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_command_reads_and_writes_utf8_whatever_the_machine_speaks():
    data = "target,criterion,judge,mark\n队,x,评委,71\n".encode()
    done = as_process(data, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stdout.decode(), done.stderr) == (
        0,
        "target,criterion,score\n队,x,71.00\n",
        b"",
    )
    done = as_process(
        "target,criterion,judge,mark\n队,x,评委,71\n".encode("gb18030"), PYTHONIOENCODING="latin-1"
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        b"",
        b"scoring: the input is not text in UTF-8\n",
    )
