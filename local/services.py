"""The object store and the queue: how each is started and when it is ready. Loopback only, for development."""

import base64
import json
import os
import re
import secrets
import shlex
import urllib.error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from local.processes import Session, StackError, find_free_ports, keep_running, launch, read_tail, say, wait_until

ROOT = Path(__file__).resolve().parent.parent
EMULATORS = ROOT / ".venv-emulators" / "bin"
BUCKET, QUEUE, REGION = "copydesk", "copydesk-articles", "us-east-1"
DEAD_LETTERS = f"{QUEUE}-dead"
PORTS = {"store": 8, "queue": 1, "airflow": 1}  # how many each needs; the first is the one to talk to
SENTINEL = ".ready"
Command = tuple[list[str | Path], dict[str, str]]  # what to run, in which environment
_ONE_TRY = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5)


@dataclass(frozen=True)
class Secrets:
    """Generated once a folder, never a default."""

    access_key_id: str
    secret_access_key: str
    fernet_key: str
    jwt_secret: str
    api_secret_key: str
    admin_password: str


@dataclass(frozen=True)
class Service:
    """A running service: its session, its ports (the first is the one to talk to) and how long it may take to end."""

    session: Session
    ports: tuple[int, ...]
    grace: float

    @property
    def url(self) -> str:
        """The address of its first port."""
        return format_url(self.ports)

    def stop(self) -> None:
        """End everything of this service and nothing else; data stays."""
        self.session.stop(self.grace)
        for port in self.ports:  # weed leaves its Unix sockets behind, four at each start
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def format_url(ports: Sequence[int]) -> str:
    """Return the URL at which a service with these ports answers."""
    return f"http://127.0.0.1:{ports[0]}"


def load_secrets(folder: Path) -> Secrets:
    """Read the folder's secrets; make them where it has none, readable by their owner only."""
    path = folder / "secrets.json"
    if not path.exists():
        made = Secrets(
            access_key_id=secrets.token_hex(10),
            secret_access_key=secrets.token_urlsafe(30),
            fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            jwt_secret=secrets.token_urlsafe(48),
            api_secret_key=secrets.token_urlsafe(32),
            admin_password=secrets.token_urlsafe(12),
        )
        write_private(path, asdict(made))
    return Secrets(**json.loads(path.read_text()))


def build_settings(secret: Secrets, store_url: str, queue_url: str) -> dict[str, str]:
    """Return the environment from which the library reads where things are."""
    return {
        "COPYDESK_BUCKET": BUCKET,
        "COPYDESK_QUEUE": QUEUE,
        "COPYDESK_DEAD_LETTER_QUEUE": DEAD_LETTERS,
        "COPYDESK_S3_ENDPOINT": store_url,
        "COPYDESK_SQS_ENDPOINT": queue_url,
        "COPYDESK_REGION": REGION,
        "COPYDESK_ACCESS_KEY_ID": secret.access_key_id,
        "COPYDESK_SECRET_ACCESS_KEY": secret.secret_access_key,
        **{name: os.environ[name] for name in ("COPYDESK_NOTIFY",) if name in os.environ},
    }


def start_store(folder: Path, wanted: Sequence[int] = ()) -> Service:
    """Start SeaweedFS with its S3 door and the bucket; data is in `folder`/seaweedfs, the folder's secrets open it."""
    secret = load_secrets(folder)
    data = folder / "seaweedfs"
    data.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "copydesk",
        "credentials": [{"accessKey": secret.access_key_id, "secretKey": secret.secret_access_key}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    write_private(folder / "s3.json", {"identities": [identity]})

    def command(ports: Sequence[int]) -> Command:
        named = ("s3.port", "s3.port.grpc", "master.port", "master.port.grpc",
                 "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")  # fmt: skip
        argv: list[str | Path] = [
            EMULATORS / "weed", "-logtostderr", "server", f"-dir={data}", "-s3", f"-s3.config={folder / 's3.json'}",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false",
            "-master.telemetry=false",
            "-master.electionTimeout=1s", "-volume.preStopSeconds=0",  # there is nobody to agree with or to warn
            "-volume.max=0", "-master.volumeSizeLimitMB=1024",  # of 30 GB each, a small disk has room for none
            *(f"-{name}={port}" for name, port in zip(named, ports, strict=True)),
        ]  # fmt: skip
        # One volume at a time: a bucket otherwise takes seven of them at its first object.
        return argv, {**build_bare_env(), "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}

    def ready(service: Service) -> Callable[[], str | None]:
        s3 = _make_client("s3", service.url, secret)
        return lambda: describe_trouble(lambda: _ensure_bucket(s3))

    # Ending politely takes 15 s of waiting for its own streams. Acknowledged objects survive being killed.
    return start_service("object store", command, folder, PORTS["store"], wanted, ready, grace=2.0, seconds=60)


def start_queue(folder: Path, wanted: Sequence[int] = ()) -> Service:
    """Start ministack's SQS with the queue and its dead-letter queue.

    It checks no password, and only an orderly end keeps its messages (in `folder`/ministack).
    """
    secret = load_secrets(folder)

    saved = folder / "ministack" / "sqs.json"

    def command(ports: Sequence[int]) -> Command:
        if saved.exists():  # a queue is saved under its URL, and would not be found again at another port
            saved.write_text(re.sub(r"http://localhost:\d+/", f"http://localhost:{ports[0]}/", saved.read_text()))
        return [EMULATORS / "ministack"], {
            **build_bare_env(),
            "GATEWAY_PORT": str(ports[0]),
            "BIND_HOST": "127.0.0.1",
            "SERVICES": "sqs",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(saved.parent),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
        }

    def ready(service: Service) -> Callable[[], str | None]:
        sqs = _make_client("sqs", service.url, secret)
        return lambda: describe_trouble(lambda: _ensure_queues(sqs))

    return start_service("queue", command, folder, PORTS["queue"], wanted, ready, grace=10.0, seconds=60)


def start_service(
    name: str,
    command: Callable[[Sequence[int]], Command],
    folder: Path,
    count: int,
    wanted: Sequence[int],
    ready: Callable[[Service], Callable[[], str | None]],
    grace: float,
    seconds: float,
    find_log: Callable[[str], Path] | None = None,
) -> Service:
    """Start a service on free ports, and once more on others where somebody took one of them in between.

    A service that ends after it was ready is started again by itself.

    It may use `seconds` of CPU time, or be idle for so long, without getting any further (`wait_until`).
    """
    log = folder / "logs" / f"{name.replace(' ', '-').lower()}.log"
    is_ready = get_ready_file(folder, name)
    for ports in (find_free_ports(count, wanted), find_free_ports(count)):
        argv, env = command(ports)
        is_ready.unlink(missing_ok=True)
        service = Service(launch(name, keep_running(argv, is_ready), env, log, cwd=folder), ports, grace)
        try:
            wait_until(name, ready(service), service.session, seconds, find_log)
            is_ready.touch()
            return service
        except StackError as error:
            service.stop()
            if "already in use" not in str(error):
                raise
            say(f"{name}: a port was taken, trying others")
        except BaseException:
            service.stop()
            raise
    raise StackError(f"{name}: ports were taken twice\n{read_tail(log)}")


def get_ready_file(folder: Path, name: str) -> Path:
    """Return the file that exists while a service, once ready, is kept running."""
    return folder / f"{name.replace(' ', '-').lower()}.ready"


def _ensure_bucket(s3: Any) -> str | None:
    """Make the bucket and the sentinel where they are missing; return what was missing."""
    try:
        s3.get_object(Bucket=BUCKET, Key=SENTINEL)["Body"].read()
    except s3.exceptions.NoSuchBucket:
        s3.create_bucket(Bucket=BUCKET)
        return "the bucket was made just now"
    except s3.exceptions.NoSuchKey:
        s3.put_object(Bucket=BUCKET, Key=SENTINEL, Body=b"ready")
        return "the sentinel was written just now"
    return None


def _ensure_queues(sqs: Any) -> None:
    """Make the queue and its dead-letter queue where they are missing."""
    dead = sqs.create_queue(QueueName=DEAD_LETTERS, Attributes={"MessageRetentionPeriod": "1209600"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 10})
    sqs.create_queue(QueueName=QUEUE, Attributes={"VisibilityTimeout": "120", "RedrivePolicy": redrive})


def describe_trouble(act: Callable[[], str | None]) -> str | None:
    """Return what keeps the service from being ready, for the person who waits; None if nothing does."""
    try:
        return act()
    except (EndpointConnectionError, ConnectionRefusedError):
        return "nobody answers yet"
    except urllib.error.URLError as error:
        refused = isinstance(error.reason, ConnectionRefusedError)
        return "nobody answers yet" if refused else f"{error}"
    except (BotoCoreError, ClientError, OSError, ValueError, KeyError) as error:
        return f"{error}"[:160]


def _make_client(kind: str, url: str, secret: Secrets) -> Any:
    keys = {"aws_access_key_id": secret.access_key_id, "aws_secret_access_key": secret.secret_access_key}
    make: Any = boto3.client  # typed per service name; here the name is an argument
    return make(kind, endpoint_url=url, region_name=REGION, config=_ONE_TRY, **keys)


def build_bare_env() -> dict[str, str]:
    """Return our environment without settings of Airflow, AWS or Copydesk, which would change the services."""
    foreign = ("AIRFLOW", "AWS_", "COPYDESK_", "WEED_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def write_private(path: Path, content: object) -> None:
    """Write JSON to a file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)


def write_env(path: Path, env: Mapping[str, str]) -> None:
    """Write variables for a shell to read (`. FILE`); only their owner may read the file."""
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in env.items()))
