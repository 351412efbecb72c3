// npm's graphql-ws over graphql-transport-ws, and what its protocol text says of
// closing a socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { documentedCases, socketURL, until } from "./server.js";

const client = () => createClient({ url: socketURL, webSocketImpl: WebSocket, retryAttempts: 0 });

test("graphql-ws: queries and subscribes on one socket", async () => {
  const c = client();
  try {
    const events = c.iterate({ query: "subscription { caseChanged { slug title version committee { name } } }" });
    const event = await until(events.next(), "ws-case");
    assert.equal(event.value.errors, undefined);
    assert.equal(event.value.data.caseChanged.slug, "ws-case");
    for await (const result of c.iterate({ query: "{ cases(filter: { origins: [DOCUMENTED] }) { totalCount } }" })) {
      assert.deepEqual(result, { data: { cases: { totalCount: documentedCases } } });
    }
    await events.return();
  } finally {
    await c.dispose();
  }
});

test("graphql-ws: an operation that is not valid is an error, and the socket stays", async () => {
  const c = client();
  try {
    await assert.rejects(
      async () => { for await (const _ of c.iterate({ query: "subscription { nothing }" })); },
      (errors) => errors[0].extensions.code === "GRAPHQL_VALIDATION_FAILED",
    );
    for await (const result of c.iterate({ query: "{ __typename }" })) assert.equal(result.data.__typename, "Query");
  } finally {
    await c.dispose();
  }
});

// closedWith sends messages, and gives the code with which the server closes.
function closedWith(protocol, messages) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketURL, protocol);
    socket.on("open", () => messages.forEach((m) => socket.send(typeof m === "string" ? m : JSON.stringify(m))));
    socket.on("close", (code, reason) => resolve(`${code} ${reason}`));
    socket.on("error", reject);
  });
}

// Opened now, so that its ten seconds pass beside the other tests.
const silent = closedWith("graphql-transport-ws", []);

const init = { type: "connection_init" };
const subscribe = { id: "a", type: "subscribe", payload: { query: "subscription { caseChanged { slug } }" } };

for (const [name, protocol, messages, want] of [
  ["no subprotocol", [], [], "4406 Subprotocol not acceptable"],
  ["no JSON", "graphql-transport-ws", ["hello"], "4400 Invalid message received"],
  ["an unknown type", "graphql-transport-ws", [init, { type: "stop" }], "4400 Invalid message received"],
  ["subscribe before the acknowledgement", "graphql-transport-ws", [subscribe], "4401 Unauthorized"],
  ["init twice", "graphql-transport-ws", [init, init], "4429 Too many initialisation requests"],
  ["an id in use", "graphql-transport-ws", [init, subscribe, subscribe], "4409 Subscriber for a already exists"],
]) {
  test(`graphql-transport-ws: ${name} closes the socket`, async () => {
    assert.equal(await closedWith(protocol, messages), want);
  });
}

test("graphql-transport-ws: no init closes the socket after a while", async () => {
  assert.equal(await silent, "4408 Connection initialisation timeout");
});
