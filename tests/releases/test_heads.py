"""Heads: what is live on a day, and what replaces it."""

import json

from pipelines.paths import key_serial, object_key, staging_key
from pipelines.releases.heads import Head, Object, build_next_head


def staged(**sha256: str) -> dict[str, list[Object]]:
    """Staged tables: one part for each word, the hash of which it is."""
    return {
        name: [Object(key=f"staging/{name}", sha256=part, row_count=1, byte_count=9) for part in its.split()]
        for name, its in sha256.items()
    }


FIRST = build_next_head(None, "2026-03-02", "r1", 1, staged(a="00", b="11"))


def test_a_first_release_replaces_nothing() -> None:
    assert (FIRST.serial, FIRST.is_swapping, FIRST.replaced) == (1, True, {})
    assert FIRST.list_keys("a") == ["tables/a/dt=2026-03-02/a-r1-1.parquet"]


def test_other_bytes_get_names_of_their_own_and_replace_the_old_ones() -> None:
    head = build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00", b="22"))
    assert (head.is_swapping, head.replaced) == (True, FIRST.objects)
    assert {key for name in "ab" for key in head.list_keys(name)}.isdisjoint(FIRST.list_keys("a"))


def test_the_same_bytes_keep_the_objects_and_change_only_the_record() -> None:
    head = build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00", b="11"))
    assert head == Head(
        dt="2026-03-02", serial=2, release_id="r2", is_swapping=False, objects=FIRST.objects, replaced={}
    )


def test_a_table_more_is_not_the_same() -> None:
    assert build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00", b="11", c="22")).is_swapping


def test_the_parts_of_a_table_are_numbered_in_their_order() -> None:
    head = build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00 22", b="11"))
    assert head.list_keys("a") == [f"tables/a/dt=2026-03-02/a-r2-2-{part}.parquet" for part in (0, 1)]
    assert head.list_keys("b") == ["tables/b/dt=2026-03-02/b-r2-2.parquet"]
    assert (head.count_rows("a"), head.replaced) == (2, FIRST.objects)


def test_the_same_parts_in_another_order_are_not_the_same() -> None:
    live = build_next_head(None, "2026-03-02", "r1", 1, staged(a="00 11"))
    assert build_next_head(live, "2026-03-02", "r2", 2, staged(a="11 00")).is_swapping
    assert not build_next_head(live, "2026-03-02", "r2", 2, staged(a="00 11")).is_swapping


def test_a_table_of_one_part_is_written_as_heads_were_before_there_were_parts() -> None:
    written = """{"dt": "2026-03-02", "serial": 1, "release_id": "r1", "is_swapping": true, "objects": {"a": {"key":
        "tables/a/dt=2026-03-02/a-r1-1.parquet", "sha256": "00", "row_count": 1, "byte_count": 9}}, "replaced": {}}"""
    head = build_next_head(None, "2026-03-02", "r1", 1, staged(a="00"))
    assert Head.model_validate_json(written) == head
    assert json.loads(head.model_dump_json()) == json.loads(written)


def test_a_head_with_several_parts_is_read_back() -> None:
    head = build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00 22", b="11"))
    assert Head.model_validate_json(head.model_dump_json()) == head


def test_an_old_release_that_becomes_live_again_has_new_names() -> None:
    assert object_key("a", "2026-03-02", "r1", 1) != object_key("a", "2026-03-02", "r1", 3)


def test_the_serial_is_read_back_from_a_name() -> None:
    assert key_serial(object_key("a", "2026-03-02", "r1", 12)) == 12
    assert key_serial(object_key("a", "2026-03-02", "r1", 12, part=7)) == 12
    assert [key_serial(name) for name in ("tables/a/part-0.txt", "x.parquet", "a-²", "a-1b.parquet")] == [-1] * 4


def test_what_is_staged_for_one_publication_is_apart_from_every_other() -> None:
    assert len({staging_key("a", r, s) for r in ("r1", "r2") for s in (1, 11)}) == 4
    assert not staging_key("", "r1", 11).startswith(staging_key("", "r1", 1).removesuffix(".parquet"))
