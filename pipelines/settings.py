"""Settings: where things are. The only module that reads the environment. Numbers with a meaning live elsewhere."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.errors import BadSetting


class Settings(BaseSettings):
    """The `COPYDESK_…` variables. Without endpoints and keys, AWS itself and its own credential chain are used."""

    model_config = SettingsConfigDict(env_prefix="COPYDESK_", frozen=True, env_ignore_empty=True, extra="ignore")

    bucket: str = Field(description="The bucket that holds everything; its versioning must be off.", min_length=3)
    queue: str | None = Field(None, description="Name of the SQS queue on which articles arrive.")
    dead_letter_queue: str | None = Field(
        None, description="Name of its dead-letter queue; its messages are landed too."
    )
    region: str = Field("us-east-1", description="AWS region.")
    s3_endpoint: str | None = Field(None, description="URL of the S3 store; unset means AWS.", pattern="^https?://")
    sqs_endpoint: str | None = Field(
        None, description="URL of the queue service; unset means AWS.", pattern="^https?://"
    )
    access_key_id: str | None = Field(None, description="Access key for both; unset means the AWS credential chain.")
    secret_access_key: SecretStr | None = Field(None, description="Secret of that access key.")
    notify: str | None = Field(
        None,
        description="Apprise URLs, separated by commas (mailtos://…, jsons://…); notified of failed and late days.",
    )

    @property
    def secret(self) -> str | None:
        """The secret access key as plain text."""
        return self.secret_access_key.get_secret_value() if self.secret_access_key else None


def read_settings(env: Mapping[str, str]) -> Settings:
    """Read the settings from these variables; those of this process are ignored. Raises BadSetting."""
    given = {
        name: env.get(f"COPYDESK_{name.upper()}") or ("" if field.is_required() else field.default)
        for name, field in Settings.model_fields.items()
    }  # every field by name, since what is not given would come from this process's environment
    return _build_settings(given)


def load_settings() -> Settings:
    """Load the settings of this process. Raises BadSetting, naming each variable that is missing or wrong."""
    return _build_settings({})


def _build_settings(given: Mapping[str, Any]) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"COPYDESK_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        where = "docs/settings.md describes the variables; while the development stack runs, .local/env has them"
        raise BadSetting(f"{wrong}; {where}") from None  # the error itself would show what was given, secrets too
