// What Relay's compiler reads: it checks each operation against the schema and
// Relay's rules for it, and writes the artifacts that the test runs.
graphql`
  query casesListQuery($after: String) {
    cases(first: 5, after: $after, filter: { origins: [DOCUMENTED] }) @connection(key: "cases_cases") {
      edges { node { id slug title } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

graphql`
  query casesNodeQuery($id: ID!) {
    node(id: $id) { __typename id ... on Case { slug title } }
  }
`;

graphql`
  mutation casesCreateMutation($input: CaseInput!) {
    createCase(input: $input) {
      record { id slug title status version }
      userErrors { code }
    }
  }
`;

graphql`
  subscription casesChangedSubscription {
    caseChanged { id slug title version }
  }
`;
