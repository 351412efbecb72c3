package web

// WebhookMessage is a message as a webhook of our own form gets it.
const WebhookMessage = `POST /您的地址 HTTP/1.1
content-type: application/json; charset=utf-8
webhook-id: msg_0190f6f0c1a2
webhook-timestamp: 1782892800
webhook-signature: v1,K1B0a9k6nB3m5QxZ4yJ2yq4m8S0m3mJv0n1r8p2t6uE=

{
  "id": "msg_0190f6f0c1a2",
  "type": "notices",
  "timestamp": "2026-07-01T08:00:00Z",
  "notices": [
    { "id": "Tk9USUNFOjE", "kind": "PUBLISHED", "text": "案例已公开：老旧小区加装电梯", "url": "https://…/cases/…", "at": "2026-07-01T07:59:58Z" }
  ]
}`

// WebhookReceiver is a receiver in Python, of its standard library only, that takes what
// this site has signed and nothing else. A test runs it.
const WebhookReceiver = `import base64, hashlib, hmac, json, time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = "whsec_…"  # 管理员添加 webhook 时得到的密钥
seen = set()  # 收过的 webhook-id；正式使用时存进数据库


def verified(headers, body, now=None):
    """签名对得上，且发出不到五分钟，才是本站发来的。"""
    message, sent = headers.get("webhook-id"), headers.get("webhook-timestamp")
    signatures = headers.get("webhook-signature")
    if not (message and sent and signatures and sent.isdigit()):
        return False
    if abs((now or time.time()) - int(sent)) > 300:
        return False
    secret = SECRET[len("whsec_"):] if SECRET.startswith("whsec_") else SECRET
    signed = message.encode() + b"." + sent.encode() + b"." + body
    mac = hmac.new(base64.b64decode(secret), signed, hashlib.sha256).digest()
    want = "v1," + base64.b64encode(mac).decode()
    return any(hmac.compare_digest(want, one) for one in signatures.split())


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not verified(self.headers, body):
            self.send_response(401)
        else:
            if self.headers["webhook-id"] not in seen:  # 重发的不再处理
                seen.add(self.headers["webhook-id"])
                for notice in json.loads(body)["notices"]:
                    print(notice["at"], notice["text"], notice.get("url", ""), flush=True)
            self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 9000), Receiver).serve_forever()
`
