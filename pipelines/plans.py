"""The plan of a day: the frozen list of everything that a release is made from. Later tasks read nothing else."""

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.stages.publish import Head
from pipelines.storage import Entry, Store
from pipelines.tables.ids import hash_id
from pipelines.versions import ROOT, stage_version

EXPECTATIONS = ROOT / "expectations"


class Plan(BaseModel):
    """What a release of a day is made from. `release_id` hashes ids and versions, not where things lie."""

    model_config = ConfigDict(frozen=True)

    dt: str
    release_id: str
    is_open: bool  # the day had not ended when it was planned
    versions: dict[str, str]  # stage → version; `suites` → hash of the expectations
    deliveries: dict[str, str]  # delivery id → SHA-256 of its bytes, sorted
    batches: dict[str, list[str]]  # batch id → the deliveries that are taken from it, sorted
    serial: int  # the head that this release would become
    head_etag: str | None  # the head that it was planned against

    @property
    def key(self) -> str:
        return plan_key(self.dt, self.release_id)


def plan_key(dt: str, release_id: str) -> str:
    return f"releases/dt={dt}/{release_id}.json"


def read_plan(store: Store, dt: str, release_id: str) -> Plan:
    """Raises Missing."""
    return Plan.model_validate_json(store.get(plan_key(dt, release_id)))


def make_plan(store: Store, dt: str, is_open: bool, head: Head | None, etag: str | None) -> Plan:
    """The plan of a day as raw is now. A delivery that lies in two batches is taken from one of them."""
    deliveries, taken_from = delivered(store, raw_batches(store, dt))
    found = current_versions()
    by_batch: dict[str, list[str]] = {}
    for delivery_id in deliveries:
        by_batch.setdefault(taken_from[delivery_id], []).append(delivery_id)
    return Plan(
        dt=dt,
        release_id=_release_id(dt, is_open, found, deliveries),
        is_open=is_open,
        versions=found,
        deliveries=deliveries,
        batches=dict(sorted(by_batch.items())),
        serial=head.serial + 1 if head else 1,
        head_etag=etag,
    )


def raw_batches(store: Store, dt: str) -> list[Entry]:
    """The batches that landed for a day."""
    return [entry for entry in store.entries(f"raw/dt={dt}/") if "/blobs/" not in entry.key]


def batch_of(entry: Entry) -> str:
    """The batch id in a raw object's name."""
    return entry.key.rpartition("/")[2].removesuffix(".parquet")


def delivered(store: Store, batches: list[Entry]) -> tuple[dict[str, str], dict[str, str]]:
    """What is in raw batches: delivery id → SHA-256 of its bytes, sorted; delivery id → the batch to take it from."""
    deliveries: dict[str, str] = {}
    taken_from: dict[str, str] = {}
    with ThreadPoolExecutor(8) as pool:
        tables = pool.map(lambda entry: store.read_table(entry.key, ["delivery_id", "raw_sha256"]), batches)
        for batch, rows in zip(map(batch_of, batches), tables, strict=True):
            for delivery_id, sha256 in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
                if delivery_id not in taken_from or batch < taken_from[delivery_id]:
                    taken_from[delivery_id], deliveries[delivery_id] = batch, sha256
    return dict(sorted(deliveries.items())), taken_from


def current_versions() -> dict[str, str]:
    """The version of each stage as the code is now."""
    clean = stage_version("pipelines.stages.clean")
    enrichers = {enricher.name: stage_version(enricher.module, clean) for enricher in ENRICHERS}
    suites = hash_id(*(f"{path.name} {_sha256(path)}" for path in sorted(EXPECTATIONS.glob("*.json"))))[:16]
    return {
        "clean": clean,
        **enrichers,
        "assemble": stage_version("pipelines.stages.assemble", clean, *enrichers.values()),
        "validate": stage_version("pipelines.stages.validate"),
        "spelling": stage_version("pipelines.storage"),
        "flow": _sha256(ROOT / "pipelines" / "flow.py")[:16],
        "suites": suites,
    }


def suites() -> list[dict[str, Any]]:
    """The batch rules, native Great Expectations JSON, in the order of their names."""
    return [json.loads(path.read_bytes()) for path in sorted(EXPECTATIONS.glob("*.json"))]


def _release_id(dt: str, is_open: bool, found: Mapping[str, str], deliveries: Mapping[str, str]) -> str:
    known = [f"{name} {value}" for name, value in (*sorted(found.items()), *deliveries.items())]
    return hash_id("release", dt, int(is_open), *known)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
