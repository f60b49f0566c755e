"""Runs command lines of the AWS CLI one after the other, without starting it anew for each.

Reads a JSON list of words a line and writes a JSON object a line: what was printed, what was told and the exit code. It
is the real CLI, awscli.clidriver, with times in ISO 8601 as its second version has them.
"""

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout

from awscli.clidriver import create_clidriver

real = sys.stdout
for line in sys.stdin:
    driver = create_clidriver()
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = driver.main(json.loads(line))
        except SystemExit as e:
            code = e.code
    out.seek(0)
    real.write(json.dumps({"out": out.read(), "err": err.getvalue(), "code": code}) + "\n")
    real.flush()
