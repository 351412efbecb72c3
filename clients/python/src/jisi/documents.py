"""The GraphQL documents of the client's own methods."""

CASE = "slug title origin year level committee { slug name } region { code name } brand { slug name } topics { slug name }"

CASES = """query Cases($filter: CaseFilter, $orderBy: CaseOrder, $first: Int, $after: String) {
  cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { %s }
    pageInfo { hasNextPage endCursor }
  }
}"""

SEARCH = """query Search($query: String!, $kinds: [RecordKind!], $filter: SearchFilter, $orderBy: SearchOrder, $first: Int, $after: String) {
  search(query: $query, kinds: $kinds, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    edges {
      score
      highlights { field fragment }
      node {
        __typename
        ... on Record { slug origin }
        ... on Case { title }
        ... on Brand { name }
        ... on Proposal { title }
        ... on Practice { title }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

LEARN = """query Learn($problem: String!, $committee: ID, $scope: PeerScope, $first: Int) {
  learn(problem: $problem, committee: $committee, scope: $scope, first: $first) {
    score
    reasons { kind text }
    case { %s }
  }
}"""

MATRIX = """query Matrix($rows: Dimension!, $columns: Dimension, $filter: CaseFilter) {
  caseMatrix(rows: $rows, columns: $columns, filter: $filter) {
    rows { key label count }
    columns { key label count }
    counts
    total
    multiple
  }
}"""

LEDGER = "query Ledger { ledger { %s } }"
