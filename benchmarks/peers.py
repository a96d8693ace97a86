"""mediacloud-metadata over pages on standard input, in the environment of peers.lock: knows nothing of copydesk.

One JSON object a line with `url` and `html` (text). Answers each with a line: the CPU seconds that it took, whether
there was text, whether it failed, and how many connections were attempted so far; all of them are refused.
"""

import json
import logging
import socket
import sys
import time

import mcmetadata

refused: list[object] = []


def refuse(_: socket.socket, address: object) -> None:
    refused.append(address)
    raise OSError("no network in a benchmark")


def main() -> None:
    socket.socket.connect = refuse  # type: ignore[method-assign,assignment]
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        page = json.loads(line)
        found, failed = {}, False
        began = time.process_time()
        try:
            found = mcmetadata.extract(page["url"], html_text=page["html"])
        except Exception:  # noqa: BLE001  what it cannot take costs time too
            failed = True
        spent = time.process_time() - began
        print(json.dumps([spent, bool(found.get("text_content")), failed, len(refused)]), flush=True)


if __name__ == "__main__":
    main()
