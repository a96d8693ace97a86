import re
import unicodedata

from pipelines.text.months import MONTHS_IN_DATES, MONTHS_OF_LANGUAGE


def test_each_language_has_twelve_months_and_no_form_in_two_of_them() -> None:
    for months in (*MONTHS_OF_LANGUAGE.values(), MONTHS_IN_DATES):
        forms = [form for month in months for form in set(re.split(r"[| ]", month))]
        assert len(months) == 12
        assert len(forms) == len(set(forms))


def test_a_form_that_both_tables_have_is_the_same_month_in_both() -> None:
    number = {form: n for n, month in enumerate(MONTHS_IN_DATES) for form in month.split()}
    for months in MONTHS_OF_LANGUAGE.values():
        for n, month in enumerate(months):
            for form in month.split("|"):
                bare = unicodedata.normalize("NFKD", form)
                plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
                assert number.get(plain, n) == n
