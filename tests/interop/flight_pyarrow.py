"""Reads all that a Flight server has with pyarrow.flight and prints it as JSON.

usage: flight_pyarrow.py HOST:PORT [TOKEN]
"""
import json
import sys

import pyarrow as pa
import pyarrow.flight as flight

client = flight.connect(f"grpc://{sys.argv[1]}")
token = sys.argv[2] if len(sys.argv) > 2 else None
headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
options = flight.FlightCallOptions(headers=headers)


def exact(value, type_):
    """A value as the test's own exactRows writes it."""
    if value is None:
        return None
    if pa.types.is_timestamp(type_):
        return str(value)
    if pa.types.is_int64(type_):
        return str(value)
    if pa.types.is_decimal(type_):
        bits = int(value) & ((1 << 128) - 1)
        return [(bits >> (32 * i)) & 0xFFFFFFFF for i in range(4)]
    if isinstance(value, bytes):
        return list(value)
    return value


def rows(batch):
    batch.validate(full=True)
    columns = []
    for column in batch.columns:
        type_ = column.type
        values = column
        if pa.types.is_timestamp(type_):
            values = column.cast(pa.int64())
        elif pa.types.is_dictionary(type_):
            values = column.dictionary_decode()
        columns.append([exact(v, type_) for v in values.to_pylist()])
    return [
        json.dumps(row, separators=(",", ":"), ensure_ascii=False)
        for row in (list(r) for r in zip(*columns))
    ]


def failure(call):
    try:
        call()
        return None
    except Exception as error:
        return [type(error).__name__, str(error)]


def describe(info):
    return {
        "path": [p.decode() for p in info.descriptor.path or []],
        "total_records": info.total_records,
        "schema": str(info.schema.remove_metadata()),
        "metadata": {k.decode(): v.decode() for k, v in info.schema.metadata.items()},
        "endpoints": [e.ticket.ticket.decode() for e in info.endpoints],
    }


answer = {"list": [], "read": {}}
for listed in client.list_flights(options=options):
    answer["list"].append(describe(listed))
    descriptor = flight.FlightDescriptor.for_path(*listed.descriptor.path)
    info = client.get_flight_info(descriptor, options)
    schema = client.get_schema(descriptor, options).schema
    assert schema.equals(info.schema, check_metadata=True)
    read = []
    for endpoint in info.endpoints:
        reader = client.do_get(endpoint.ticket, options)
        assert reader.schema.equals(schema, check_metadata=True)
        while True:
            try:
                chunk = reader.read_chunk()
            except StopIteration:
                break
            read.append({
                "metadata": json.loads(chunk.app_metadata.to_pybytes()),
                "rows": rows(chunk.data),
            })
    answer["read"][listed.descriptor.path[0].decode()] = read

command = b'{"dataset":"stellar_ledger","start_ledger":101,"end_ledger":110}'
answer["ranged"] = describe(
    client.get_flight_info(flight.FlightDescriptor.for_command(command), options)
)

answer["failures"] = [
    failure(lambda: client.do_get(flight.Ticket(b"nope"), options).read_all()),
    failure(lambda: client.do_get(flight.Ticket(b'{"dataset":"x"}'), options).read_all()),
    failure(lambda: client.do_get(
        flight.Ticket(b'{"dataset":"ttp_event","start_ledger":1}'), options).read_all()),
    failure(lambda: list(client.do_action(flight.Action("nope", b""), options))),
]
answer["actions"] = [[a.type, a.description] for a in client.list_actions(options)]
answer["action"] = [
    json.loads(r.body.to_pybytes())
    for r in client.do_action(flight.Action("echo", b'{"a":1}'), options)
]
if token:
    name, value = client.authenticate_basic_token("anyone", token)
    answer["authenticated"] = [name.decode(), value.decode()]
    answer["wrong_token"] = failure(lambda: client.authenticate_basic_token("anyone", "wrong"))
    answer["no_token"] = failure(lambda: list(client.list_flights()))

# What was read is written back with the schema it was read with: the width of dictionary indices
# is part of a type, and a server refuses another one.
descriptor = flight.FlightDescriptor.for_path("ttp_event")
table = client.do_get(
    client.get_flight_info(descriptor, options).endpoints[0].ticket, options
).read_all()
writer, reader = client.do_put(descriptor, table.schema, options)
for batch in table.to_batches():
    writer.write_batch(batch)
writer.done_writing()
acknowledged = reader.read()
answer["put"] = json.loads(acknowledged.to_pybytes())
writer.close()
print(json.dumps(answer))
