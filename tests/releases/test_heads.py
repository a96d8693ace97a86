"""Heads: what is live on a day, and what replaces it."""

from pipelines.paths import key_serial, object_key, staging_key
from pipelines.releases.heads import Head, Object, build_next_head


def staged(**sha256: str) -> dict[str, Object]:
    return {name: Object(key=f"staging/{name}", sha256=its, row_count=1, byte_count=9) for name, its in sha256.items()}


FIRST = build_next_head(None, "2026-03-02", "r1", 1, staged(a="00", b="11"))


def test_a_first_release_replaces_nothing() -> None:
    assert (FIRST.serial, FIRST.is_swapping, FIRST.replaced) == (1, True, {})
    assert FIRST.objects["a"].key == "tables/a/dt=2026-03-02/a-r1-1.parquet"


def test_other_bytes_get_names_of_their_own_and_replace_the_old_ones() -> None:
    head = build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00", b="22"))
    assert (head.is_swapping, head.replaced) == (True, FIRST.objects)
    assert {its.key for its in head.objects.values()}.isdisjoint(its.key for its in FIRST.objects.values())


def test_the_same_bytes_keep_the_objects_and_change_only_the_record() -> None:
    head = build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00", b="11"))
    assert head == Head(
        dt="2026-03-02", serial=2, release_id="r2", is_swapping=False, objects=FIRST.objects, replaced={}
    )


def test_a_table_more_is_not_the_same() -> None:
    assert build_next_head(FIRST, "2026-03-02", "r2", 2, staged(a="00", b="11", c="22")).is_swapping


def test_an_old_release_that_becomes_live_again_has_new_names() -> None:
    assert object_key("a", "2026-03-02", "r1", 1) != object_key("a", "2026-03-02", "r1", 3)


def test_the_serial_is_read_back_from_a_name() -> None:
    assert key_serial(object_key("a", "2026-03-02", "r1", 12)) == 12
    assert [key_serial(name) for name in ("tables/a/part-0.txt", "x.parquet", "a-²", "a-1b.parquet")] == [-1] * 4


def test_what_is_staged_for_one_publication_is_apart_from_every_other() -> None:
    assert len({staging_key("a", r, s) for r in ("r1", "r2") for s in (1, 11)}) == 4
    assert not staging_key("", "r1", 11).startswith(staging_key("", "r1", 1).removesuffix(".parquet"))
