// A real urql with its normalised cache (Graphcache) and Relay pagination.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, fetchExchange, gql, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { createClient } from "graphql-ws";
import { getIntrospectionQuery } from "graphql";
import WebSocket from "ws";
import { authorization, documentedCases, socketURL, until, url } from "./server.js";

// Graphcache knows the schema, so that it takes no field that is not in it.
async function open() {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query: getIntrospectionQuery({ descriptions: false }) }),
  });
  const { data: schema } = await response.json();
  const keyless = schema.__schema.types.filter((t) => t.kind === "OBJECT" && !t.fields.some((f) => f.name === "id")).map((t) => t.name);
  const socket = createClient({ url: socketURL, webSocketImpl: WebSocket, retryAttempts: 0 });
  const client = new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      cacheExchange({
        schema,
        keys: Object.fromEntries(keyless.map((name) => [name, () => null])),
        resolvers: { Query: { cases: relayPagination() } },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? "" }, sink) }),
        }),
      }),
    ],
  });
  return { client, close: () => socket.dispose() };
}

const LIST = gql`
  query List($after: String) {
    cases(first: 5, after: $after, filter: { origins: [DOCUMENTED] }) {
      edges { cursor node { id slug title } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

test("urql: pages through a list that its cache puts together", async () => {
  const { client, close } = await open();
  try {
    let after = null;
    let pages = 0;
    let result;
    do {
      result = await client.query(LIST, { after }).toPromise();
      assert.equal(result.error, undefined);
      after = result.data.cases.pageInfo.endCursor;
      pages++;
    } while (result.data.cases.pageInfo.hasNextPage && pages < 100);
    assert.equal(pages, Math.ceil(documentedCases / 5));
    assert.equal(result.data.cases.edges.length, documentedCases);

    const { id, slug } = result.data.cases.edges[3].node;
    const byID = await client.query(gql`query($id: ID!) { node(id: $id) { __typename id ... on Case { slug } } }`, { id }).toPromise();
    assert.deepEqual(byID.data.node, { __typename: "Case", id, slug });
  } finally {
    await close();
  }
});

test("urql: an error comes with its code", async () => {
  const { client, close } = await open();
  try {
    const { error } = await client.query(gql`{ cases(first: 101) { totalCount } }`, {}).toPromise();
    assert.equal(error.graphQLErrors[0].extensions.code, "INVALID");
  } finally {
    await close();
  }
});

test("urql: writes, and its cache has what was written", async () => {
  const { client, close } = await open();
  try {
    const CREATE = gql`mutation($input: CaseInput!) { createCase(input: $input) { record { id slug title status version } userErrors { code } } }`;
    const { data, error } = await client.mutation(CREATE, { input: { slug: "urql-draft", title: "草稿" } }).toPromise();
    assert.equal(error, undefined);
    assert.deepEqual(data.createCase.userErrors, []);
    const { id } = data.createCase.record;
    const BY_ID = gql`query($id: ID!) { node(id: $id) { __typename id ... on Case { title version } } }`;
    assert.equal((await client.query(BY_ID, { id }).toPromise()).data.node.title, "草稿");

    const UPDATE = gql`mutation($id: ID!, $version: Int!, $title: String!) {
      updateCase(id: $id, version: $version, input: { title: $title }) { record { id title version } userErrors { code } }
    }`;
    await client.mutation(UPDATE, { id, version: 1, title: "改过" }).toPromise();
    const cached = await client.query(BY_ID, { id }, { requestPolicy: "cache-only" }).toPromise();
    assert.deepEqual([cached.data.node.title, cached.data.node.version], ["改过", 2]);
  } finally {
    await close();
  }
});

test("urql: subscribes", async () => {
  const { client, close } = await open();
  try {
    let stop;
    const first = new Promise((resolve) => {
      stop = client.subscription(gql`subscription { caseChanged { id slug title } }`, {}).subscribe((r) => resolve(r));
    });
    const { data, error } = await until(first, "urql-case");
    stop.unsubscribe();
    assert.equal(error, undefined);
    assert.equal(data.caseChanged.slug, "urql-case");
  } finally {
    await close();
  }
});
