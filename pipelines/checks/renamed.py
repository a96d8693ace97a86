"""Names that indicators had in releases of earlier code: without them their measures would begin anew."""

RENAMED = {
    "articles.is_article_id_told": "articles.is_article_id_valid",
    "articles.is_canonical_anothers": "articles.is_canonical_of_other_article",
    "articles.is_duplicate_another": "articles.is_duplicate_of_other_item",
    "articles.is_duplicate_kind_told": "articles.is_duplicate_kind_valid",
    "articles.is_duplicate_told": "articles.is_duplicate_marked",
    "articles.is_host_anothers": "articles.is_host_of_other_source",
    "articles.is_language_told": "articles.is_language_score_valid",
    "articles.is_policy_anothers": "articles.is_policy_of_other_source",
    "articles.is_precision_told": "articles.is_precision_valid",
    "articles.is_published_on": "articles.is_published_on_valid",
    "articles.is_text_hash": "articles.is_text_hash_valid",
    "articles.is_title_site": "articles.is_title_the_site",
    "articles.is_title_text": "articles.has_title_letters",
    "duplicates.is_kept_another": "duplicates.is_kept_other_item",
    "duplicates.is_kept_the_article": "duplicates.is_kept_same_article",
    "entities.is_country_told": "entities.is_country_known",
    "entities.is_name_told": "entities.is_name_readable",
    "entities.is_place_a_place": "entities.is_place_kind_valid",
    "entities.is_place_whole": "entities.is_place_complete",
    "quotes.is_entity_the_speaker": "quotes.is_speaker_name_valid",
    "quotes.is_marked_as_told": "quotes.is_marked_as_kind",
    "quotes.said": "quotes.quote_opening",
    "rejected.is_fingerprint_told": "rejected.is_fingerprint_valid",
    "rejected.is_index_told": "rejected.is_row_index_valid",
    "rejected.is_stage_right": "rejected.is_stage_valid",
}


def rename_measure(measure: str) -> str:
    """Return the name that a measure has today, for example of `value:rejected.is_index_told=true`."""
    kind, colon, rest = measure.partition(":")
    column, equals, value = rest.partition("=")
    return f"{kind}{colon}{RENAMED.get(column, column)}{equals}{value}"
