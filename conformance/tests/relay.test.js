// A real Relay store, with operations that Relay's compiler has compiled against
// the schema.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { before, test } from "node:test";
import relay from "relay-runtime";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { authorization, documentedCases, socketURL, until, url } from "./server.js";

const { commitMutation, createOperationDescriptor, Environment, fetchQuery, Network, Observable, RecordSource, requestSubscription, Store } = relay;

const compiled = {};

before(async () => {
  const sdl = await fetch(`${process.env.JISI_URL}/schema.graphql`);
  writeFileSync("relay/schema.graphql", await sdl.text());
  execFileSync("node_modules/.bin/relay-compiler", ["relay.config.json"], { stdio: ["ignore", "ignore", "inherit"] });
  for (const name of ["casesListQuery", "casesNodeQuery", "casesCreateMutation", "casesChangedSubscription"]) {
    compiled[name] = (await import(`../relay/__generated__/${name}.graphql.js`)).default;
  }
});

function open() {
  const socket = createClient({ url: socketURL, webSocketImpl: WebSocket, retryAttempts: 0 });
  const ask = async ({ text }, variables) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", authorization },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  };
  const subscribe = ({ text, name }, variables) =>
    Observable.create((sink) => socket.subscribe({ query: text, operationName: name, variables }, sink));
  const environment = new Environment({ network: Network.create(ask, subscribe), store: new Store(new RecordSource()) });
  return { environment, close: () => socket.dispose() };
}

test("Relay: pages through a connection in its store", async () => {
  const { environment, close } = open();
  try {
    const whole = createOperationDescriptor(compiled.casesListQuery, {});
    environment.retain(whole);
    let after;
    let pages = 0;
    let cases;
    do {
      await fetchQuery(environment, compiled.casesListQuery, { after }).toPromise();
      cases = environment.lookup(whole.fragment).data.cases;
      after = cases.pageInfo.endCursor;
      pages++;
    } while (cases.pageInfo.hasNextPage && pages < 100);
    assert.equal(pages, Math.ceil(documentedCases / 5));
    assert.equal(new Set(cases.edges.map((e) => e.node.id)).size, documentedCases);

    const { id, slug } = cases.edges[11].node;
    const byID = await fetchQuery(environment, compiled.casesNodeQuery, { id }).toPromise();
    assert.deepEqual([byID.node.__typename, byID.node.id, byID.node.slug], ["Case", id, slug]);
  } finally {
    await close();
  }
});

test("Relay: writes, and its store has what was written", async () => {
  const { environment, close } = open();
  try {
    const { createCase } = await new Promise((resolve, reject) => {
      commitMutation(environment, {
        mutation: compiled.casesCreateMutation,
        variables: { input: { slug: "relay-draft", title: "草稿" } },
        onCompleted: resolve,
        onError: reject,
      });
    });
    assert.deepEqual(createCase.userErrors, []);
    const kept = environment.getStore().getSource().get(createCase.record.id);
    assert.deepEqual([kept.slug, kept.status, kept.version], ["relay-draft", "DRAFT", 1]);
  } finally {
    await close();
  }
});

test("Relay: a subscription brings the store up to date", async () => {
  const { environment, close } = open();
  try {
    let subscription;
    const first = new Promise((resolve, reject) => {
      subscription = requestSubscription(environment, {
        subscription: compiled.casesChangedSubscription,
        variables: {},
        onNext: (data) => resolve(data.caseChanged),
        onError: reject,
      });
    });
    const changed = await until(first, "relay-case");
    subscription.dispose();
    assert.equal(changed.slug, "relay-case");
    assert.equal(environment.getStore().getSource().get(changed.id).slug, "relay-case");
  } finally {
    await close();
  }
});
