#!/usr/bin/env bash
# Patroni 3.0.2 (Debian 12's) with etcd3: a leader that hung takes the lock back from who has it now.
#
# Where its lease has ended, the leader puts its name under the leader's key without looking whether
# another one has it by then. A primary that hangs for longer than the ttl and comes back so unseats the
# standby that has taken over, and what that one had acknowledged is lost. By etcd's older interface
# (etcd:) the key is compared. Mended in Patroni 3.0.3 (its pull requests 2689 and 2693). A watchdog
# helps as well.
#
# Run: findings/patroni-etcd3-takes-the-lock-back.sh   (Debian 12 with patroni and etcd-server of its own; a temporary folder)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'kill "${etcd:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
client=http://127.0.0.1:${PORT:-29379} peer=http://127.0.0.1:29380
etcd --data-dir data --enable-v2 --listen-client-urls "$client" --advertise-client-urls "$client" \
	--listen-peer-urls $peer --initial-advertise-peer-urls $peer --initial-cluster default=$peer >etcd.log 2>&1 &
etcd=$!
for _ in $(seq 100); do curl -sf "$client/health" >/dev/null && break; sleep 0.1; done
cat >see.py <<'PY'
import json, sys, time, urllib.request
from patroni.dcs import get_dcs

client, kind = sys.argv[1], sys.argv[2]
def member(name):
    return get_dcs({kind: {"hosts": client.removeprefix("http://")}, "scope": kind, "name": name, "namespace": "/service/",
                    "ttl": 20, "loop_wait": 5, "retry_timeout": 5})
a, b = member("a"), member("b")
def says(what, ok):
    time.sleep(1)  # what each has seen of the other
    now = b.get_cluster()
    a.get_cluster()
    print(kind, what, ok, "leader", now.leader and now.leader.name)
def call(method, path, body=None):
    urllib.request.urlopen(urllib.request.Request(client + path, body and json.dumps(body).encode(), method=method))
says("a takes the lock:", a.attempt_to_acquire_leader())
if kind == "etcd3":  # as when a has not been heard of for the ttl
    call("POST", "/v3/lease/revoke", {"ID": a._lease})
else:
    call("DELETE", "/v2/keys/service/etcd/leader")
print(kind, "a hangs; b takes the lock:", b.attempt_to_acquire_leader())
says("a comes back and updates its lock:", bool(a.update_leader(None)))
PY
for kind in etcd3 etcd; do /usr/bin/python3 see.py "$client" $kind 2>/dev/null; done >saw
cat >expected <<'TEXT'
etcd3 a takes the lock: True leader a
etcd3 a hangs; b takes the lock: True
etcd3 a comes back and updates its lock: True leader a
etcd a takes the lock: True leader a
etcd a hangs; b takes the lock: True
etcd a comes back and updates its lock: False leader b
TEXT
echo "$(patroni --version), $(etcd --version | head -n 1):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
