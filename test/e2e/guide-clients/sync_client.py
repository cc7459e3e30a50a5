"""A program that was written after the sync management guide: the same requests, headers and fields. It is not to be
made cleverer: it stands for programs that are in use. With the standard library only, where the guide has requests.

Usage: sync_client.py <url> <token> <organization>; prints what the calls gave, as one line of JSON.
"""

import json
import sys
import time
import urllib.request


class RoutiqSyncClient:
    def __init__(self, base_url, token, org_id, pause=5.0):
        self.base_url = base_url
        self.token = token
        self.org_id = org_id
        self.pause = pause

    def _headers(self):
        return {
            "Authorization": "Bearer " + self.token,
            "X-Organization-ID": self.org_id,
            "Content-Type": "application/json",
        }

    def _ask(self, method, path):
        # An empty body, with its length, as requests sends it.
        body = b"" if method == "POST" else None
        request = urllib.request.Request(self.base_url + path, data=body, headers=self._headers(), method=method)
        with urllib.request.urlopen(request) as response:
            return response.status, json.loads(response.read())

    def trigger_sync(self):
        return self._ask("POST", "/api/v1/cliniko/sync/" + self.org_id)[1]

    def get_sync_status(self):
        return self._ask("GET", "/api/v1/sync/scheduler/status")[1]

    def wait_for_sync_completion(self, sync_id, timeout=600):
        start = time.time()
        while time.time() - start < timeout:
            status, data = self._ask("GET", "/api/v1/sync/progress/" + sync_id)
            if status == 200:
                if data["status"] in ["completed", "failed"]:
                    return data
                print("Progress: {}%".format(data["progress_percentage"]), file=sys.stderr)
            time.sleep(self.pause)
        raise TimeoutError("Sync did not complete within timeout")


if __name__ == "__main__":
    url, token, organization = sys.argv[1:4]
    client = RoutiqSyncClient(url, token, organization, pause=0.1)
    started = client.trigger_sync()
    ended = client.wait_for_sync_completion(started["sync_id"], timeout=50)
    print(json.dumps({"message": started["message"], "status": client.get_sync_status(), "ended": ended}))
