import pyarrow as pa

from pipelines.tables.numbers import number_values


def test_equal_values_have_the_same_number_and_null_has_one_too() -> None:
    values = ["b", None, "a", "b", None]
    assert number_values(pa.array(values)).tolist() == [0, 1, 2, 0, 1]
    assert number_values(pa.chunked_array([values[:2], values[2:]])).tolist() == [0, 1, 2, 0, 1]
    assert number_values(pa.array([], pa.string())).tolist() == []
