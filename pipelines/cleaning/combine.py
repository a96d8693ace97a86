"""The article, its labelled lines and its metadata → `Cleaned`, the same for pages and plain texts."""

from collections.abc import Sequence

from pipelines.cleaning.article import Article
from pipelines.cleaning.cleaned import Cleaned, Link
from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.language import Language, detect_language
from pipelines.cleaning.metadata import Metadata
from pipelines.cleaning.profiles.profile import LEARNT


def combine(
    article: Article,
    metadata: Metadata,
    lines: Sequence[LabelledLine],
    links: tuple[Link, ...] = (),
    reason: str = "no_text",
) -> Cleaned:
    """Return what cleaning one document gives; `reason` is that of a document without text."""
    language = detect_language(article.text, metadata.language) if article.text else Language(None, None)
    is_learnt = any(line.reason in LEARNT for line in lines)
    is_data = any(line.is_kept and line.reason == "data" for line in lines)
    published, updated = metadata.published, metadata.updated
    return Cleaned(
        text=article.text or None,
        text_from=("data" if is_data else "profile" if is_learnt else "model") if article.text else None,
        parts=article.parts,
        removed=article.removed,
        captions=article.captions,
        dateline=article.dateline,
        links=links,
        images=metadata.images,
        title=metadata.title,
        lead=metadata.lead,
        authors=metadata.authors,
        section=metadata.section,
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        published_zone=published.zone if published else None,
        updated_at=updated.at if updated else None,
        updated_precision=updated.precision if updated else None,
        canonical_url=metadata.canonical_url,
        language=language.code,
        language_score=language.score,
        article_type=metadata.article_type,
        article_type_score=metadata.article_type_score,
        robots=metadata.robots,
        is_tdm_reserved=metadata.is_tdm_reserved,
        tdm_policy_url=metadata.tdm_policy_url,
        is_paywalled=metadata.is_paywalled,
        found_in=dict(metadata.found_in),
        reason=None if article.text else reason,
    )
