"""Reads Delta tables with delta-rs, Polars and DuckDB and prints what they see as JSON.

Usage: delta_reader.py TABLE APP_ID TRANSACTION_ID
"""

import json
import os
import sys


def main() -> None:
    import deltalake
    import duckdb
    import duckdb_extension_delta
    import polars
    import pyarrow.dataset as ds

    folder, app_id, transaction_id = sys.argv[1], sys.argv[2], int(sys.argv[3])
    answer = {}

    table = deltalake.DeltaTable(folder)
    rows = table.to_pyarrow_dataset().to_table()
    found = table.to_pyarrow_dataset().to_table(filter=ds.field("transaction_id") == transaction_id)
    answer["deltalake"] = {
        "cursor": table.transaction_version(app_id),
        "partition_columns": table.metadata().partition_columns,
        "types": {field.name: str(field.type) for field in rows.schema},
        "rows": sorted(rows.column("event_id").to_pylist()),
        "assets": assets(rows.select(["event_id", "asset_code"]).to_pylist()),
        "found": sorted(found.column("event_id").to_pylist()),
        "amounts": dict(zip(rows.column("event_id").to_pylist(),
                            [str(v) for v in rows.column("amount_raw").to_pylist()])),
        "closed_at": sorted({v.isoformat() for v in rows.column("closed_at").to_pylist()}),
    }

    frame = polars.read_delta(folder)
    answer["polars"] = {
        "rows": sorted(frame["event_id"].to_list()),
        "assets": assets(frame.select("event_id", "asset_code").to_dicts()),
        "found": sorted(frame.filter(polars.col("transaction_id") == transaction_id)["event_id"]),
    }

    base = os.path.dirname(duckdb_extension_delta.__file__)
    extension = next(
        os.path.join(root, name)
        for root, _, names in os.walk(base) for name in names if name.endswith(".duckdb_extension")
    )
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    connection.execute(f"LOAD '{extension}'")
    scan = f"delta_scan('{folder}')"
    found = f"SELECT event_id FROM {scan} WHERE transaction_id = {transaction_id} ORDER BY 1"
    pairs = connection.execute(f"SELECT event_id, asset_code FROM {scan}").fetchall()
    answer["duckdb"] = {
        "rows": sorted(pair[0] for pair in pairs),
        "assets": assets([{"event_id": i, "asset_code": c} for i, c in pairs]),
        "found": [row[0] for row in connection.execute(found).fetchall()],
    }
    print(json.dumps(answer))


def assets(rows: list) -> dict:
    return {row["event_id"]: row["asset_code"] for row in rows}


main()
