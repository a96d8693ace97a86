"""Write `.env` with generated secrets for docker-compose: `python -m local.make_env`. It never overwrites one."""

import base64
import os
import secrets
import sys
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / ".env"


def values() -> dict[str, str]:
    """One generated value for each secret that docker-compose asks for."""
    return {
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW_JWT_SECRET": secrets.token_urlsafe(48),
        "AIRFLOW_SECRET_KEY": secrets.token_urlsafe(32),
        "AIRFLOW_ADMIN_PASSWORD": secrets.token_urlsafe(12),
        "COPYDESK_ACCESS_KEY_ID": secrets.token_hex(10),
        "COPYDESK_SECRET_ACCESS_KEY": secrets.token_urlsafe(30),
    }


def main() -> int:
    try:
        descriptor = os.open(PATH, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{PATH} exists and is left as it is: running services know these passwords.", file=sys.stderr)
        return 1
    with open(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values().items())
    print(f"{PATH} was written, readable by you only.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
