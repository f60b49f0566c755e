"""Answers and questions in CBOR of operations, as botocore reads and writes them: one JSON object a line.

Reads operations from standard input, one JSON object a line with service, operation and times. Nothing is sent. The
answers are random, after botocore's model, and encoded four ways, by botocore itself and by cbor2: the shortest floats,
lengths that are not said beforehand, times with a fraction, and members of which the model knows nothing.
"""

import base64
import datetime
import json
import random
import sys

import botocore.session
import cbor2
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

PROTOCOL = "smithy-rpc-v2-cbor"
session = botocore.session.Session()
parser, serializer = create_parser(PROTOCOL), create_serializer(PROTOCOL, include_validation=False)
dice = random.Random(7)


def value(shape, depth=0):
    """A value of a shape, with what it is in the JSON of an input."""
    kind = shape.type_name
    if kind == "structure":
        members = list(shape.members.items())
        if getattr(shape, "is_tagged_union", False):
            members = [dice.choice(members)]
        chosen = {n: value(s, depth + 1) for n, s in members
                  if len(members) == 1 or n in shape.required_members or depth < 5 and dice.random() < 0.7}
        return {n: v for n, (v, _) in chosen.items()}, {n: j for n, (_, j) in chosen.items()}
    if kind == "list":
        all = [value(shape.member, depth + 1) for _ in range(dice.randrange(3) if depth < 6 else 0)]
        return [v for v, _ in all], [j for _, j in all]
    if kind == "map":
        all = {value(shape.key)[0]: value(shape.value, depth + 1) for _ in range(dice.randrange(3) if depth < 6 else 0)}
        return {k: v for k, (v, _) in all.items()}, {k: j for k, (_, j) in all.items()}
    if kind == "timestamp":
        whole = dice.choice([0, 1, 1767225600, 4102444800, dice.randrange(2**31)])
        text = datetime.datetime.fromtimestamp(whole, datetime.timezone.utc)
        return text, text.isoformat()
    if kind == "blob":
        data = dice.randbytes(dice.choice([0, 3, 300]))
        return data, base64.b64encode(data).decode()
    made = {
        "string": lambda: dice.choice(shape.enum) if shape.enum else dice.choice(["", "a", "ü€😀", "x" * 30, "y" * 300]),
        "boolean": lambda: dice.random() < 0.5,
        "integer": lambda: dice.choice([0, 23, 24, 255, 256, 65536, -1, -25, 2**31 - 1, -(2**31)]),
        "long": lambda: dice.choice([0, 1, 2**32, 2**53, -(2**53)]),
        "float": lambda: dice.choice([0.0, 1.5, -0.25, 65504.0]),
        "double": lambda: dice.choice([0.0, -0.0, 1.5, 0.1, 1e300, 5.0, 100000.0, -1e-9]),
    }[kind]()
    return made, made


def seconds(v, dice):
    """A value as cbor2 encodes it: times are numbers of seconds, with a fraction or without."""
    if isinstance(v, datetime.datetime):
        return cbor2.CBORTag(1, v.timestamp() + dice.choice([0, 0.5, 0.123, 0.999]))
    if isinstance(v, dict):
        return {k: seconds(x, dice) for k, x in v.items()}
    return [seconds(x, dice) for x in v] if isinstance(v, list) else v


def stranger(v):
    """A structure with members that the model does not know, and one that is null."""
    return {"Unknown": [{"A": 1.5}, None, b"\x00"], **v, "NotThere": None, "Zero": cbor2.CBORTag(1, 0)}


def plain(v):
    """What the AWS CLI makes of a parsed value."""
    if isinstance(v, datetime.datetime):
        return v.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, list):
        return [plain(x) for x in v]
    return base64.b64encode(v).decode() if isinstance(v, (bytes, bytearray)) else v


def parsed(body, status, shape):
    headers = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
    answer = parser.parse({"status_code": status, "headers": headers, "body": body}, shape)
    answer.pop("ResponseMetadata", None)
    return plain(answer)


def cases(service, operation, times):
    model = session.get_service_model(service).operation_model(operation)
    for n in range(times):
        if model.output_shape is not None:
            answer, _ = value(model.output_shape)
            if n % 4 == 0:
                body = bytearray()
                serializer._serialize_data_item(body, answer, model.output_shape)
                body = bytes(body)
            else:
                tree = seconds(answer, dice)
                how = [{}, {"canonical": True}, {"indefinite_containers": True}][n % 4 - 1]
                body = cbor2.dumps(stranger(tree) if n % 3 == 0 else tree, **how)
            yield {"body": body.hex(), "answer": parsed(body, 200, model.output_shape)}
        if model.input_shape is not None:
            given, written = value(model.input_shape)
            request = serializer.serialize_to_request(given, model)
            yield {"input": written, "request": request["body"].hex(), "path": request["url_path"]}
    for code in ["ResourceNotFound", "com.amazonaws.x#AccessDeniedException", "ThrottlingException"]:
        body = cbor2.dumps({"__type": code, "message": "no"})
        yield {"body": body.hex(), "code": parsed(body, 400, model.output_shape)["Error"]["Code"]}


for line in sys.stdin:
    q = json.loads(line)
    for case in cases(q["service"], q["operation"], q["times"]):
        print(json.dumps({**q, **case}))
