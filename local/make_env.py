"""Write `.env` for docker-compose, with generated secrets: `python -m local.make_env`. It never overwrites one."""

import base64
import os
import secrets
import sys
from pathlib import Path

from local.services import BUCKET, DEAD_LETTERS, QUEUE, ROOT

PATH = ROOT / ".env"


def generate_values() -> dict[str, str]:
    """Return everything that docker-compose.yml asks for: secrets made just now, and where its own emulators are.

    The secrets hold only what needs no quoting in a URL, in JSON or in a settings file.
    """
    return {
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW_JWT_SECRET": secrets.token_urlsafe(48),
        "AIRFLOW_SECRET_KEY": secrets.token_urlsafe(32),
        "AIRFLOW_ADMIN_PASSWORD": secrets.token_urlsafe(12),
        "COMPOSE_PROFILES": "local",
        "COPYDESK_BUCKET": BUCKET,
        "COPYDESK_QUEUE": QUEUE,
        "COPYDESK_DEAD_LETTER_QUEUE": DEAD_LETTERS,
        "COPYDESK_S3_ENDPOINT": "http://object-store:8333",
        "COPYDESK_SQS_ENDPOINT": "http://queue:4566",
        "COPYDESK_ACCESS_KEY_ID": secrets.token_hex(10),
        "COPYDESK_SECRET_ACCESS_KEY": secrets.token_urlsafe(30),
    }


def write_env(path: Path = PATH) -> None:
    """Write generated values to a file that only its owner may read. Raises FileExistsError, and leaves it alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in generate_values().items())


def main() -> int:
    try:
        write_env()
    except FileExistsError:
        print(
            f"{PATH} was not changed: running services use its passwords. Delete it to make new ones.", file=sys.stderr
        )
        return 1
    print(f"{PATH} was written, readable by you only.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
