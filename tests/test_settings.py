"""Settings: what is missing or wrong is named, and secrets are never shown."""

import pytest

from pipelines.errors import BadSetting
from pipelines.settings import Settings, load_settings, read_settings

GIVEN = {"COPYDESK_BUCKET": "news", "COPYDESK_QUEUE": "articles", "COPYDESK_SECRET_ACCESS_KEY": "hush-hush"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COPYDESK_{name.upper()}", raising=False)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    assert load_settings() == read_settings(GIVEN)
    assert (load_settings().bucket, load_settings().queue, load_settings().region, load_settings().secret) == (
        "news",
        "articles",
        "us-east-1",
        "hush-hush",
    )


def test_settings_from_a_mapping_do_not_look_at_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_NOTIFY", "jsons://elsewhere")
    monkeypatch.setenv("COPYDESK_BUCKET", "elsewhere")
    assert read_settings(GIVEN).notify is None
    with pytest.raises(BadSetting, match="COPYDESK_BUCKET"):
        read_settings({})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "COPYDESK_BUCKET"),
        ({"COPYDESK_BUCKET": "ab"}, "COPYDESK_BUCKET"),
        (GIVEN | {"COPYDESK_S3_ENDPOINT": "localhost:9000"}, "COPYDESK_S3_ENDPOINT"),
        (GIVEN | {"COPYDESK_SQS_ENDPOINT": "sqs://x"}, "COPYDESK_SQS_ENDPOINT"),
    ],
)
def test_what_is_missing_or_wrong_is_named(monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        read_settings(wrong)
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=named):
        load_settings()


def test_every_wrong_variable_is_named_at_once() -> None:
    with pytest.raises(BadSetting, match=r"COPYDESK_BUCKET.*COPYDESK_S3_ENDPOINT"):
        read_settings({"COPYDESK_S3_ENDPOINT": "x"})


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = GIVEN | {"COPYDESK_QUEUE": "", "COPYDESK_REGION": "", "COPYDESK_S3_ENDPOINT": ""}
    for name, value in empty.items():
        monkeypatch.setenv(name, value)
    for settings in (load_settings(), read_settings(empty)):
        assert (settings.queue, settings.region, settings.s3_endpoint) == (None, "us-east-1", None)


def test_a_secret_is_never_shown() -> None:
    settings = read_settings(GIVEN)
    assert "hush-hush" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings(GIVEN).bucket = "other"
