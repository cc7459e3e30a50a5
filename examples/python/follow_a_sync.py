"""Starts a sync by Syncline's API, follows it, and lists what could not be synced.

Python 3.9 or later and its standard library, nothing else. README.md says how to run it.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

BASE_URL = os.environ.get("SYNCLINE_API_URL", "http://127.0.0.1:3000").rstrip("/")
KEY = os.environ.get("SYNCLINE_API_KEY", "")
# The server breaks its silence every 15 s: a connection that says nothing for longer is dead.
SILENCE_SECONDS = 45
RECONNECTS = 10


class SynclineError(Exception):
    """What the API says went wrong. Decide by `code`, never by the message."""

    def __init__(self, status, body, retry_after):
        # Problem details, or the shape of the paths that speak a guide's words.
        details = body.get("details") or {}
        self.status = status
        self.code = body.get("code") or details.get("error_code") or "UNREADABLE"
        self.running_job_id = body.get("runningJobId") or details.get("sync_id")
        self.retry_after = retry_after
        text = body.get("detail") or details.get("message") or f"HTTP {status}"
        super().__init__(f"{self.code}: {text}")


def send(method, path, body=None, headers=None, timeout=60):
    """Sends a request and gives its open response. Raises SynclineError, or OSError where no answer comes."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE_URL + path, data=data, method=method)
    request.add_header("Authorization", f"Bearer {KEY}")
    if data is not None:
        request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        try:
            told = json.load(error)
        except (ValueError, OSError, http.client.HTTPException):
            told = {}
        retry_after = error.headers.get("Retry-After", "")
        seconds = int(retry_after) if retry_after.isdigit() else None
        raise SynclineError(error.code, told if isinstance(told, dict) else {}, seconds) from None


def call(method, path, body=None):
    """The parsed answer. Waits as long as the server asks for, a few times, where it has not done anything."""
    for attempt in range(4):
        try:
            with send(method, path, body) as response:
                return json.load(response)
        except SynclineError as error:
            refused = error.status == 429 or (error.status == 503 and method == "GET")
            if attempt == 3 or not refused or error.retry_after is None or error.retry_after > 30:
                raise
            time.sleep(error.retry_after)


def follow(job_id):
    """Yields how far a sync is, until it has ended. Comes back after a lost connection, and goes on where it was."""
    path = f"/api/v1/sync/progress/{job_id}/stream"
    last_id, retry_seconds, failures = None, 2.0, 0
    while True:
        wait = retry_seconds
        try:
            headers = {"Accept": "text/event-stream"}
            if last_id is not None:
                headers["Last-Event-ID"] = last_id
            with send("GET", path, headers=headers, timeout=SILENCE_SECONDS) as response:
                if response.status == 204:
                    return
                if response.headers.get_content_type() != "text/event-stream":
                    raise ValueError("the answer is no stream of events: is a proxy between?")
                event = {}
                for raw in response:
                    line = raw.decode().rstrip("\r\n")
                    if line == "":
                        if "data" in event:
                            progress = json.loads(event["data"])
                            last_id = event.get("id", last_id)
                            failures = 0
                            yield progress
                            if progress["status"] not in ("starting", "running"):
                                return
                        event = {}
                    elif line.startswith(":"):
                        failures = 0
                    else:
                        field, _, value = line.partition(":")
                        value = value[1:] if value.startswith(" ") else value
                        if field == "retry":
                            retry_seconds = int(value) / 1000
                        else:
                            event[field] = f"{event[field]}\n{value}" if field in event else value
        except (SynclineError, OSError, ValueError, http.client.HTTPException) as error:
            status = getattr(error, "status", 0)
            failures += 1
            if (400 <= status < 500 and status != 429) or failures > RECONNECTS:
                raise
            wait = getattr(error, "retry_after", None) or min(30, 0.5 * 2**failures)
        # Whatever the server says: neither as fast as can be, nor for ever.
        time.sleep(min(max(wait, 0.5), 3600))


def start(connection):
    """Starts a sync of what changed since the last time; one that is running already is as good."""
    name = f"{connection['connector']} {connection['name']}"
    try:
        body = {"connectionId": connection["id"], "mode": "incremental"}
        job_id = call("POST", "/api/v1/sync/jobs", body)["jobId"]
        print(f"Started sync {job_id} of {name}", flush=True)
        return job_id
    except SynclineError as error:
        if error.running_job_id is None:
            raise
        print(f"Following sync {error.running_job_id} of {name}", flush=True)
        return error.running_job_id


def main(wanted=None):
    connections = call("GET", "/api/v1/connections")["data"]
    fitting = [one for one in connections if wanted in (None, one["id"], one["name"])]
    if not fitting:
        print(f"There is no connection {wanted or 'at all'}")
        return 2
    connection = fitting[0]
    job_id = start(connection)
    for progress in follow(job_id):
        percent, records = progress["progress_percentage"], progress["records_processed"]
        print(f"{percent:.1f} %  {progress['current_operation']} ({records} records)", flush=True)
    job = call("GET", f"/api/v1/sync/jobs/{job_id}")
    failed = call("GET", f"/api/v1/failed-items?connectionId={connection['id']}&status=open")
    for item in failed["data"]:
        print(f"{item['entity']} {item['vendorId']}: {item['field'] or 'as a whole'}: {item['message']}")
    print(f"{job['status']}, {failed['pagination']['total']} failed items")
    return 0 if job["status"] == "succeeded" else 1


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:2]))
    except KeyboardInterrupt:
        sys.exit(130)
    except (SynclineError, OSError, ValueError, http.client.HTTPException) as error:
        print(error)
        sys.exit(2)
