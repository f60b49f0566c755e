"""Says where botocore sends the operations of services, and how it signs: one JSON object a line.

Reads cases from standard input, one JSON object a line with service, operation, region, fips, dualstack, endpoint and
params. Nothing is sent.
"""

import json
import re
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

session = botocore.session.Session()
session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
clients = {}


class Stop(Exception):
    pass


def client(case):
    key = (case["service"], case["region"], case["fips"], case["dualstack"], case.get("endpoint"))
    if key not in clients:
        clients[key] = session.create_client(
            case["service"],
            region_name=case["region"],
            endpoint_url=case.get("endpoint") or None,
            config=Config(
                use_fips_endpoint=case["fips"],
                use_dualstack_endpoint=case["dualstack"],
                parameter_validation=False,
                account_id_endpoint_mode="disabled",
                # The AWS CLI's second version asks each Region for itself.
                s3={"us_east_1_regional_endpoint": "regional"},
            ),
        )
        clients[key].meta.events.register("before-send", stop)
    return clients[key]


def stop(request, **kwargs):
    raise Stop(request)


def answer(case):
    try:
        client(case)._make_api_call(case["operation"], case["params"])
    except Stop as e:
        request = e.args[0]
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", str(request.headers["Authorization"]))
        return {"url": request.url.split("?")[0], "method": request.method,
                "region": scope and scope[1], "name": scope and scope[2]}
    except (BotoCoreError, ValueError) as e:
        return {"error": type(e).__name__ + ": " + str(e)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
