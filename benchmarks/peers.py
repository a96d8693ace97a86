"""mediacloud-metadata over pages on standard input, in the environment of peers.lock: knows nothing of copydesk.

One JSON object a line with `url` and `html` (text). Prints pages per CPU-second, how many had text, how many failed,
and how many connections were attempted; all of them are refused.
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
    count = with_text = failed = 0
    spent = 0.0
    for line in sys.stdin:
        page = json.loads(line)
        began = time.process_time()
        try:
            found = mcmetadata.extract(page["url"], html_text=page["html"])
        except Exception:  # noqa: BLE001  what it cannot take costs time too
            found, failed = {}, failed + 1
        if count or with_text or failed:  # the first page reads models, and is not counted
            spent += time.process_time() - began
        count += 1
        with_text += bool(found.get("text_content"))
    rate = (count - 1) / spent if spent else None
    print(json.dumps({"rate": rate, "pages": count, "with_text": with_text, "failed": failed, "refused": len(refused)}))


if __name__ == "__main__":
    main()
