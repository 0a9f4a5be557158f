"""Reads a range of a component's dataset with pyarrow.flight and prints what it holds as JSON.

usage: flight_components.py HOST:PORT DATASET FIRST LAST
"""
import json
import sys

import pyarrow as pa
import pyarrow.flight as flight

address, dataset, first, last = sys.argv[1:]
client = flight.connect(f"grpc://{address}")


def values(table, name):
    column = table.column(name).combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return [v.hex() if isinstance(v, bytes) else v for v in column.to_pylist()]


described = [[p.decode() for p in info.descriptor.path] for info in client.list_flights()]
command = {"dataset": dataset, "start_ledger": int(first), "end_ledger": int(last)}
descriptor = flight.FlightDescriptor.for_command(json.dumps(command).encode())
info = client.get_flight_info(descriptor)
schema = client.get_schema(descriptor).schema
assert schema.equals(info.schema, check_metadata=True)

batches, covered = [], []
for endpoint in info.endpoints:
    for chunk in client.do_get(endpoint.ticket):
        chunk.data.validate(full=True)
        assert chunk.data.schema.equals(schema, check_metadata=True)
        metadata = json.loads(chunk.app_metadata.to_pybytes())
        covered.append([metadata["first_ledger"], metadata["last_ledger"]])
        batches.append(chunk.data)
table = pa.Table.from_batches(batches, schema)
table.validate(full=True)
names = {
    "stellar_ledger": ["sequence", "hash", "previous_hash", "closed_at", "ledger_xdr_encoding"],
    "ttp_event": ["event_id", "ledger_sequence", "event_type", "amount", "successful"],
}[dataset]
print(json.dumps({
    "described": described,
    "metadata": {k.decode(): v.decode() for k, v in schema.metadata.items()},
    "covered": covered,
    "rows": table.num_rows,
    "columns": {name: values(table, name) for name in names},
}))
