"""Reads the gradebooks of every class below a folder as their importers would, and says what it accepted.

The class in JSON is the truth: every other file must say the same of every student. The first fault ends it.
"""

import csv
import glob
import io
import json
import os
import re
import sys
import zipfile
from fractions import Fraction

import openpyxl

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def refuse(name):
    raise AssertionError(name + " is no JSON")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_constant=refuse)


def rows_of(text):
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    for row in rows:
        assert len(row) == len(rows[0]), row
    return rows


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    assert not text.startswith("\ufeff"), "an importer would take the mark for a part of the first column's name"
    return rows_of(text)


def shown(text):
    """A text of a workbook as Excel shows it, which reads _x003D_ as an equals sign."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)


def is_formula(cell):
    """Whether a spreadsheet would calculate this cell of a CSV file. A number may have a sign."""
    return cell.startswith(FORMULA) and not re.fullmatch(r"-\d+(\.\d+)?", cell)


class Truth:
    def __init__(self, folder):
        self.all = load(os.path.join(folder, "class.json"))
        self.total = sum(step["points"] for step in self.all["steps"])
        self.students = {p["key"]: p for p in self.all["students"]}
        assert len(self.students) == len(self.all["students"]), "a key stands for one student"
        self.graded = {k: p for k, p in self.students.items() if p["status"] == "graded"}
        self.in_roster = {k: p for k, p in self.graded.items() if p["inRoster"]}
        for p in self.students.values():
            assert (p["score"] is not None) == (p["status"] == "graded"), p["key"]
            assert 0 <= (p["score"] or 0) <= 100 * p["possible"], p["key"]

    def score(self, p):
        """The points of a student, as they stand."""
        return Fraction(p["score"], 100)

    def scaled(self, p):
        """The points of a student in a column with one maximum, rounded down to hundredths."""
        return Fraction(p["score"] * self.total // p["possible"], 100)


def check_workbook(path, truth):
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        for word in ("externalLink", "vbaProject", "connections", "hyperlink"):
            assert not any(word in name for name in names), word
        for name in names:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                data = book.read(name)
                assert b"<f>" not in data and b"<f " not in data, name
                assert b"<hyperlink" not in data, name
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Grades", "Steps", "Items"], book.sheetnames
    for sheet in book:
        assert sheet.freeze_panes == "B2", "the header and the names stay in view"
        assert sheet.sheet_view.pane.state == "frozen", "so that they stay when one scrolls"
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), (cell.coordinate, cell.data_type)
                if isinstance(cell.value, str):
                    # A workbook holds it as text, and so it stays where the sheet is saved as CSV.
                    assert not shown(cell.value).startswith(FORMULA), cell.value

    grades = table(book["Grades"])
    assert {row["Key"] for row in grades} == set(truth.students)
    for row in grades:
        p = truth.students[row["Key"]]
        for column in ("Possible", "Attempts"):
            assert isinstance(row[column], int), (column, row)
        assert row["Points"] is None or isinstance(row["Points"], (int, float)), row
        same(row["Points"], truth.score(p) if row["Key"] in truth.graded else None)
        assert row["Percent"] == p["percent"], row
        assert row["Attempts"] == len(p["attempts"]), row
    steps = table(book["Steps"])
    for row in steps:
        p = truth.students[row["Key"]]
        taken = p["attempts"][p["taken"]]["steps"] if p["taken"] >= 0 else []
        verdicts = {step["id"]: step["verdict"] for step in taken}
        for step in truth.all["steps"]:
            assert row[step["id"]] == verdicts.get(step["id"]), (row, step["id"])
    assert len(steps) == len(truth.students)
    items = table(book["Items"])
    assert [row["Step"] for row in items] == [step["id"] for step in truth.all["steps"]]
    for row, step in zip(items, truth.all["steps"], strict=True):
        assert row["Points"] == step["points"] and row["Passed, %"] == step["difficulty"], row
        for verdict in ("pass", "partial", "fail", "blocked", "unknown", "skipped"):
            assert row[verdict] == step["verdicts"].get(verdict, 0), row


def table(sheet):
    """The rows below the header by its names. A row with a first cell alone is a remark."""
    rows = list(sheet.iter_rows(values_only=True))
    assert len(set(rows[0])) == len(rows[0])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if any(cell is not None for cell in row[1:])]


def same(said, score):
    if score is None:
        assert said in (None, ""), said
    else:
        assert Fraction(str(said)) == score, (said, score)


def check_csv(path, truth):
    rows = read(path)
    students = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["student_id"].removeprefix("'") for row in students] == [p["key"] for p in truth.all["students"]]
    for row, p in zip(students, truth.all["students"], strict=True):
        assert not any(is_formula(cell) for cell in row.values()), row
        same(row["score"], truth.score(p) if p["status"] == "graded" else None)
        same(row["max_score"], p["possible"])
        if row["raw_score"] and row["late_submission_penalty"]:  # nbgrader: score = max(0, raw - penalty)
            assert Fraction(row["raw_score"]) - Fraction(row["late_submission_penalty"]) == Fraction(row["score"]), row


def check_canvas(path, truth):
    """Canvas guesses the separator from the first three lines, and matches students by ID, then by SIS user ID."""
    with open(path, encoding="utf-8", newline="") as file:
        first = file.read().splitlines()[:3]
    assert all(line.count(";") == 0 for line in first), "a semicolon might be taken for the separator"
    rows = read(path)
    header = rows[0]
    assert header[:2] == ["Student", "ID"] and header.count("Section") == 1
    identity = header.index("Section") + 1
    known = ["SIS User ID", "SIS Login ID", "Integration ID", "Root Account"]
    between = header[2 : identity - 1]
    assert between == [name for name in known if name in between], "the order of the identity columns is fixed"
    (title,) = header[identity:]
    assert re.fullmatch(r".*\s\(\d+\)", title), "without its id a column makes a new assignment"
    assert not re.search(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)", title, re.IGNORECASE)
    body = rows[1:]
    if body and "Points Possible" in body[0][0]:
        assert Fraction(body[0][identity]) == truth.total
        body = body[1:]
    by_id = {p["identity"]["canvasId"]: p for p in truth.students.values() if p["inRoster"]}
    told = {}
    for row in body:
        assert row[1] not in told and row[1] in by_id, row
        cell = row[identity]
        assert cell not in ("", "-"), "an empty cell takes a score away that is there"
        assert cell == "EX" or re.fullmatch(r"\d+(\.\d{1,2})?", cell), cell
        told[row[1]] = cell
    for key, p in by_id.items():
        if p["status"] == "graded":
            same(told.pop(key), truth.scaled(p))
        elif p["status"] == "excused":
            assert told.pop(key) == "EX"
    assert not told, "rows for students without a grade"


def check_moodle(path, truth):
    """One row that Moodle cannot take stops the import of all."""
    rows = read(path)
    assert rows[0][:2] == ["ID number", "Email address"] and len(rows[0]) == 4
    assert rows[0][3] == rows[0][2] + " (feedback)", "a grade comes with its feedback"
    for column in (0, 1):
        ids = [row[column] for row in rows[1:] if row[column]]
        assert len(ids) == len(set(ids)), "a user twice"
    # The instructor picks one column to find the users by: one of them has to be there for everybody.
    assert any(all(row[column] for row in rows[1:]) for column in (0, 1))
    by_email = {p["identity"]["email"]: p for p in truth.in_roster.values()}
    for number, email, grade, comment in rows[1:]:
        assert re.fullmatch(r"\d+(\.\d+)?", grade) and Fraction(grade) <= 100, grade
        p = by_email.pop(email)
        assert number == p["identity"]["moodleId"]
        assert Fraction(grade) * truth.total / 100 <= truth.scaled(p) < (Fraction(grade) + Fraction(1, 100)) * truth.total / 100
        assert comment and "\n" not in comment and not is_formula(comment), comment
        assert not re.search(r"<[a-z!/]", comment), "Moodle shows feedback as HTML"
    assert not by_email, "graded, and not in the file"


# The files that OneRoster 1.2 defines, from the tables of its CSV binding.
ONEROSTER_FILES = """academicSessions categories classes classResources courses courseResources demographics enrollments
lineItemLearningObjectiveIds lineItems lineItemScoreScales orgs resources resultLearningObjectiveIds results
resultScoreScales roles scoreScales userProfiles userResources users""".split()
ONEROSTER_RESULTS = """sourcedId status dateLastModified lineItemSourcedId studentSourcedId scoreStatus score scoreDate
comment textScore classSourcedId inProgress incomplete late missing""".split()


def check_oneroster(path, truth):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert all("/" not in name for name in parts), "the files are at the root"
    manifest = rows_of(parts["manifest.csv"].decode())
    assert manifest[0] == ["propertyName", "value"]
    properties = dict(manifest[1:])
    assert len(properties) == len(manifest) - 1
    assert properties.pop("manifest.version") == "1.0" and properties.pop("oneroster.version") == "1.2"
    files = {name: properties.pop("file." + name) for name in ONEROSTER_FILES}
    assert set(properties) <= {"source.systemName", "source.systemCode"}, properties
    for name, mode in files.items():
        assert mode == ("delta" if name + ".csv" in parts else "absent"), (name, mode)
    assert set(parts) == {"manifest.csv", "results.csv"}
    rows = rows_of(parts["results.csv"].decode())
    assert rows[0] == ONEROSTER_RESULTS
    by_id = {p["identity"]["sisId"]: p for p in truth.students.values() if p["inRoster"]}
    seen = set()
    for row in rows[1:]:
        result = dict(zip(rows[0], row, strict=True))
        assert result["sourcedId"] not in seen
        seen.add(result["sourcedId"])
        for name in ("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "scoreDate"):
            assert result[name], name
        assert result["scoreStatus"] in ("exempt", "fully graded", "not submitted", "partially graded", "submitted")
        p = by_id.pop(result["studentSourcedId"])
        graded = p["status"] == "graded"
        assert (result["scoreStatus"] == "fully graded") == graded, row
        same(result["score"], truth.scaled(p) if graded else None)
        assert (result["missing"] == "true") == (p["status"] == "no_report"), row
        assert not any(is_formula(cell) or "\r" in cell for cell in row), row
    assert not by_id, "a student of the roster without a result"


# The fields that Gradescope documents, for the whole and for a test.
GRADESCOPE = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}
GRADESCOPE_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}
TEXT_FORMATS = ("text", "html", "simple_format", "md", "ansi")


def check_gradescope(path, truth, p):
    results = load(path)
    assert set(results) <= GRADESCOPE, results
    graded = p["status"] == "graded"
    assert ("score" in results) == graded
    if graded:
        same(results["score"], truth.scaled(p))
    assert results["output_format"] in TEXT_FORMATS and "\r" not in results["output"]
    for test in results["tests"]:
        assert set(test) <= GRADESCOPE_TEST, test
        assert test["status"] in ("passed", "failed") and isinstance(test["number"], str)
        assert all(isinstance(tag, str) for tag in test.get("tags", []))
        assert ("score" in test) == ("max_score" in test) == graded, "without a score of its own the whole is their sum"
        assert not graded or 0 <= test["score"] <= test["max_score"]


def check_brightspace(path, truth):
    """D2L: Username or OrgDefinedId finds the student; the points column ends in its words; each row ends in #."""
    rows = read(path)
    assert rows[0][:2] == ["OrgDefinedId", "Username"] and rows[0][3:] == ["End-of-Line Indicator"], rows[0]
    assert re.fullmatch(r"[^<>]+ Points Grade", rows[0][2]), rows[0]
    by_id = {p["identity"]["sisId"]: p for p in truth.in_roster.values()}
    for org, user, points, end in rows[1:]:
        p = by_id.pop(org)
        assert user == p["identity"]["sisLogin"] and end == "#", "an open row is cut off"
        same(points, truth.scaled(p))
    assert not by_id, "graded, and not in the file"


def check_blackboard(path, truth):
    """Blackboard: UTF-16 with its mark, tabs, every cell in quotes; the Username finds the student."""
    with open(path, encoding="utf-16", newline="") as file:
        text = file.read()
    assert text.endswith("\r\n") and all(re.fullmatch(r'"[^\t]*"(\t"[^\t]*")*', line) for line in text.split("\r\n")[:-1])
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    assert rows[0][:3] == ["Last Name", "First Name", "Username"] and len(rows[0]) == 4, rows[0]
    by_user = {p["identity"]["sisLogin"]: p for p in truth.in_roster.values()}
    for last, first, user, points in rows[1:]:
        same(points, truth.scaled(by_user.pop(user)))
        assert not is_formula(last) and not is_formula(first), (last, first)
    assert not by_user, "graded, and not in the file"


def check_worksheet(path, truth):
    """The importer of Moodle's worksheet: by the number behind the identifier; over the maximum it passes over a row."""
    rows = read(path)
    header = rows[0]
    at = {name: header.index(name) for name in ("Identifier", "Grade", "Maximum Grade", "Last modified (grade)")}
    comments = header.index("Feedback comments")
    by_id = {p["identity"]["canvasId"]: p for p in truth.in_roster.values()}
    for row in rows[1:]:
        p = by_id.pop(row[at["Identifier"]].removeprefix("Participant "))
        grade, most = Fraction(row[at["Grade"]]), Fraction(row[at["Maximum Grade"]])
        assert 0 <= grade <= most == 20
        exact = Fraction(p["score"], 100 * p["possible"]) * most
        assert grade <= exact < grade + Fraction(1, 100), (grade, exact)
        assert row[at["Last modified (grade)"]] == "Monday, 9:00 AM", "copied, or the row counts as graded since"
        assert row[comments] and not is_formula(row[comments]) and not re.search(r"<[a-z!/]", row[comments])
    assert not by_id, "graded, and not in the file"


def check_vocareum(path, truth, p):
    """The grade file: a criterion and its points, without quotes."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().splitlines()
    assert p["status"] == "graded", "a line that says nothing would be a zero"
    points = [re.fullmatch(r'([^,"]+),(\d+(?:\.\d+)?)', line) for line in lines]
    assert all(points) and len({match[1] for match in points}) == len(lines), lines
    assert sum(Fraction(match[2]) for match in points) == truth.scaled(p)


def check_classroom50(path, truth, p):
    result = load(path)
    assert p["status"] == "graded", "a file that says nothing would be a zero"
    assert abs(result["score"] - truth.scaled(p)) < 1 and result["max-score"] == truth.total
    for part in [result, *result["tests"]]:
        for name in ("score", "max-score"):
            assert type(part[name]) is int and part[name] >= 0, part
        assert part["score"] <= part["max-score"], part
    for name in ("commit", "release", "review", "datetime"):
        assert isinstance(result[name], str) and result[name], name
    assert result["submission"].startswith("submit/") and result["assignment_type"] in ("individual", "group")
    assert os.path.getsize(path) <= 10 << 20


WHOLE = {
    "class.xlsx": check_workbook, "class.csv": check_csv, "canvas.csv": check_canvas, "moodle.csv": check_moodle,
    "oneroster.zip": check_oneroster, "brightspace.csv": check_brightspace, "blackboard.xls": check_blackboard,
    "worksheet.csv": check_worksheet,
}
EACH = {
    "gradescope": check_gradescope, "vocareum": check_vocareum, "classroom50": check_classroom50,
}


def main(top):
    for folder in sorted(glob.glob(os.path.join(top, "*", ""))):
        truth = Truth(folder)
        for name, check in WHOLE.items():
            path = os.path.join(folder, name)
            if os.path.exists(path):
                check(path, truth)
                print("accepted", os.path.relpath(path, top))
        for name, check in EACH.items():
            for path in sorted(glob.glob(os.path.join(folder, name, "*"))):
                at = int(os.path.splitext(os.path.basename(path))[0])  # the student's place in the class
                check(path, truth, truth.all["students"][at])
                print("accepted", os.path.relpath(path, top))


main(sys.argv[1])
