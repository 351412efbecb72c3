// A real Apollo Client with its normalised cache.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { relayStylePagination } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import { OperationTypeNode } from "graphql";
import { filter, firstValueFrom } from "rxjs";
import WebSocket from "ws";
import { authorization, documentedCases, socketURL, until, url } from "./server.js";

function open() {
  const socket = createClient({ url: socketURL, webSocketImpl: WebSocket, retryAttempts: 0 });
  const client = new ApolloClient({
    cache: new InMemoryCache({
      possibleTypes: { Node: ["Case"], Record: ["Case"] },
      typePolicies: { Query: { fields: { cases: relayStylePagination(["filter", "orderBy"]) } } },
    }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url, headers: { authorization } }),
    ),
  });
  return { client, close: async () => { client.stop(); await socket.dispose(); } };
}

const LIST = gql`
  query List($after: String) {
    cases(first: 5, after: $after, filter: { origins: [DOCUMENTED] }, orderBy: { field: TITLE, direction: ASC }) {
      edges { cursor node { id slug title } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`;

test("Apollo Client: pages through a list and reads from its cache", async () => {
  const { client, close } = open();
  try {
    const list = client.watchQuery({ query: LIST });
    let { data } = await firstValueFrom(list.pipe(filter((r) => !r.loading)));
    const watched = list.subscribe(() => {});
    let page = data.cases.pageInfo;
    let pages = 1;
    while (page.hasNextPage && pages < 100) {
      const more = await list.fetchMore({ variables: { after: page.endCursor } });
      page = more.data.cases.pageInfo;
      pages++;
    }
    ({ data } = await firstValueFrom(list.pipe(filter((r) => !r.loading && r.data.cases.edges.length === documentedCases))));
    assert.equal(pages, Math.ceil(documentedCases / 5));
    assert.equal(new Set(data.cases.edges.map((e) => e.node.id)).size, documentedCases);
    assert.equal(data.cases.totalCount, documentedCases);

    watched.unsubscribe();

    const { id, slug, title } = data.cases.edges[7].node;
    const cached = client.readFragment({ id: `Case:${id}`, fragment: gql`fragment Row on Case { slug title }` });
    assert.deepEqual({ slug: cached.slug, title: cached.title }, { slug, title });
    const { data: byID } = await client.query({ query: gql`query($id: ID!) { node(id: $id) { __typename id ... on Case { slug } } }`, variables: { id } });
    assert.deepEqual(byID.node, { __typename: "Case", id, slug });
  } finally {
    await close();
  }
});

test("Apollo Client: an error comes with its code", async () => {
  const { client, close } = open();
  try {
    const { error } = await client.query({ query: gql`{ cases(first: 101) { totalCount } }`, errorPolicy: "all" });
    assert.equal(error.errors[0].extensions.code, "INVALID");
  } finally {
    await close();
  }
});

test("Apollo Client: writes, and its cache has what was written", async () => {
  const { client, close } = open();
  try {
    const CREATE = gql`mutation($input: CaseInput!) { createCase(input: $input) { record { id slug title status version } userErrors { code } } }`;
    const { data } = await client.mutate({ mutation: CREATE, variables: { input: { slug: "apollo-draft", title: "草稿" } } });
    const { record, userErrors } = data.createCase;
    assert.deepEqual(userErrors, []);
    assert.deepEqual([record.slug, record.status, record.version], ["apollo-draft", "DRAFT", 1]);

    const UPDATE = gql`mutation($id: ID!, $version: Int!, $title: String!) {
      updateCase(id: $id, version: $version, input: { title: $title }) { record { id title version } userErrors { code } }
    }`;
    await client.mutate({ mutation: UPDATE, variables: { id: record.id, version: 1, title: "改过" } });
    const cached = client.readFragment({ id: `Case:${record.id}`, fragment: gql`fragment Written on Case { title version }` });
    assert.deepEqual([cached.title, cached.version], ["改过", 2]);

    const late = await client.mutate({ mutation: UPDATE, variables: { id: record.id, version: 1, title: "晚了" } });
    assert.equal(late.data.updateCase.userErrors[0].code, "CONFLICT");
  } finally {
    await close();
  }
});

test("Apollo Client: a subscription brings its cache up to date", async () => {
  const { client, close } = open();
  try {
    const changes = client.subscribe({ query: gql`subscription { caseChanged { id slug title version } }` });
    const first = new Promise((resolve, reject) => {
      const subscription = changes.subscribe({ next: (r) => { subscription.unsubscribe(); resolve(r.data.caseChanged); }, error: reject });
    });
    const changed = await until(first, "apollo-case");
    assert.equal(changed.slug, "apollo-case");
    const cached = client.readFragment({ id: `Case:${changed.id}`, fragment: gql`fragment Version on Case { title version }` });
    assert.equal(cached.title, changed.title);
  } finally {
    await close();
  }
});
