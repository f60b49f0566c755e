"""Decides as programs do that go by a file: PASSED.xml and PASSED.sarif are green, those of other decisions are red."""

import json
import os
import subprocess
import sys

from junitparser import JUnitXml


def verify(path):
    """junitparser's own command."""
    return subprocess.run([sys.executable, "-m", "junitparser", "verify", path], check=False).returncode != 0


def any_failure_or_error(path):
    """Azure DevOps, Jenkins and GitLab; the two kinds are told apart."""
    xml = JUnitXml.fromfile(path)
    kinds = {type(result).__name__ for suite in xml for case in suite for result in case.result}
    decision = os.path.splitext(os.path.basename(path))[0]
    assert ("Failure" in kinds) == (decision == "not_passed"), (path, kinds)
    assert ("Error" in kinds) == (decision == "inconclusive"), (path, kinds)
    return bool(kinds & {"Failure", "Error"})


def any_error(path):
    """The check of code scanning."""
    with open(path, encoding="utf-8") as file:
        results = json.load(file)["runs"][0]["results"]
    return any(r["level"] == "error" and not r.get("suppressions") for r in results)


def main(folder):
    for decision in ("passed", "not_passed", "inconclusive"):
        for ending, reader in ((".xml", verify), (".xml", any_failure_or_error), (".sarif", any_error)):
            red = reader(os.path.join(folder, decision + ending))
            assert red == (decision != "passed"), (decision, reader)
            print(decision, reader.__name__, "red" if red else "green", "as decided")


main(sys.argv[1])
