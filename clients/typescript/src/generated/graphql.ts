// Made by codegen.mjs; not for editing.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which cases to give; values within a field are OR, fields are AND (案例筛选). */
export type CaseFilter = {
  /** In one of these states, as far as the caller may read them; left out, those that are published. */
  status?: Array<Status> | null | undefined;
  /** Of one of these origins. */
  origins?: Array<Origin> | null | undefined;
  /** In one of these regions, by code, or below. */
  regions?: Array<string> | null | undefined;
  /** Held at one of these levels. */
  levels?: Array<Level> | null | undefined;
  /** Held by one of these committees, by id. */
  committees?: Array<string | number> | null | undefined;
  /** Under one of these brands, by slug, or a brand below. */
  brands?: Array<string> | null | undefined;
  /** About one of these topics, by slug, or a topic below. */
  topics?: Array<string> | null | undefined;
  /** In one of these years. */
  years?: Array<number> | null | undefined;
  /** In this year or later. */
  yearFrom?: number | null | undefined;
  /** In this year or before. */
  yearTo?: number | null | undefined;
  /** Documenting all of these steps. */
  documents?: Array<StepCode> | null | undefined;
  /** Lacking all of these steps. */
  missing?: Array<StepCode> | null | undefined;
  /** With an outcome in one of these states. */
  outcomeStatus?: Array<OutcomeStatus> | null | undefined;
  /** Taken over by a peer, or not. */
  adopted?: boolean | null | undefined;
};

/** In which order to give cases (案例排序). */
export type CaseOrder = {
  /** What to order by. */
  field: CaseOrderField;
  /** Ascending or descending. */
  direction?: Direction;
};

/** What cases can be ordered by (案例排序字段). */
export type CaseOrderField =
  /** The day on which it began, or the year; unknown ones come last (开始日期). */
  | 'STARTED_ON'
  /** The title, in the order of a Chinese dictionary by pinyin (标题). */
  | 'TITLE'
  /** The day of the last change (更新时间). */
  | 'UPDATED_AT'
  /** The number of documented steps (完整度). */
  | 'COMPLETENESS'
  /** How many committees took it over (推广次数). */
  | 'ADOPTIONS';

/** Where a record comes from (来源). */
export type Origin =
  /** Taken from a cited source (有出处). */
  | 'DOCUMENTED'
  /** Written in by a committee, which answers for it (委员会提供). */
  | 'CONTRIBUTED'
  /** From a reference table: the divisions, their committees, the topics (基础数据). */
  | 'REFERENCE'
  /** Made by a generator for tests; never mixed with real records (合成数据). */
  | 'SYNTHETIC';

/** The level of a committee, a region or a case (层级). */
export type Level =
  /** Province (省). */
  | 'PROVINCE'
  /** Prefecture (市、州). */
  | 'PREFECTURE'
  /** County (县、市、区). */
  | 'COUNTY'
  /** Of a case only: its source does not say whose it was, and nothing is guessed (未载明). */
  | 'UNSTATED';

/** Where a record stands on its way to the public (状态). */
export type Status =
  /** Being written (草稿). */
  | 'DRAFT'
  /** Waiting for its review (审核中). */
  | 'IN_REVIEW'
  /** Open to everybody (已发布). */
  | 'PUBLISHED'
  /** Withdrawn (已归档). */
  | 'ARCHIVED';

/** Ascending or descending (升序、降序). */
export type Direction =
  /** Smallest, oldest or first in the alphabet first (升序). */
  | 'ASC'
  /** Largest, newest or last in the alphabet first (降序). */
  | 'DESC';

/** By what cases are counted (统计维度). */
export type Dimension =
  /** The region as the case gives it, by code (地区). */
  | 'REGION'
  /** The prefecture that the region is or lies in (市、州). */
  | 'PREFECTURE'
  /** The level at which the case was held (层级). */
  | 'LEVEL'
  /** Each topic as the case gives it, not those above (议题): a case may have several. */
  | 'TOPIC'
  /** The brand as the case gives it, not those above (协商品牌). */
  | 'BRAND'
  /** The year (年份). */
  | 'YEAR'
  /** Where the record stands on its way to the public (状态). */
  | 'STATUS'
  /** Where the record comes from (来源). */
  | 'ORIGIN'
  /** Each of the procedure's eight steps that the case documents (环节): a case may document several. */
  | 'STEP'
  /** Each state that an outcome of the case is in (成果状态): a case may have several outcomes; those in the same state count once. */
  | 'OUTCOME_STATUS';

/** What became of what was produced (批示、采纳、转化). */
export type OutcomeStatus =
  /** Put to whom it concerns (已报送). */
  | 'SUBMITTED'
  /** Endorsed by a leader (获批示). */
  | 'ENDORSED'
  /** Adopted (被采纳). */
  | 'ADOPTED'
  /** Carried out (已转化落实). */
  | 'IMPLEMENTED'
  /** Not adopted (未采纳). */
  | 'NOT_ADOPTED';

/** What kinds of reasons there are (理由类别). */
export type ReasonKind =
  /** Words that weigh much stand in both (共同的词). */
  | 'SHARED_WORDS'
  /** Both are about the same topic (同一议题). */
  | 'SHARED_TOPIC'
  /** Both are of the same level (同一层级). */
  | 'SAME_LEVEL'
  /** Both are held under the same brand (同一品牌). */
  | 'SAME_BRAND'
  /** Both lie in the same region or next above it (相近地区). */
  | 'NEARBY_REGION'
  /** Peers have taken the case over already (已被推广). */
  | 'ADOPTED_BY_PEERS';

/** Which committees count as peers (同行范围). */
export type PeerScope =
  /** All committees (全部). */
  | 'ALL'
  /** Those of the same level (同层级). */
  | 'SAME_LEVEL'
  /** Those of the same prefecture (同市州). */
  | 'SAME_PREFECTURE'
  /** Those of other prefectures (其他市州). */
  | 'OTHER_PREFECTURES';

/** The eight steps of the procedure 两问三要三明确 (环节). */
export type StepCode =
  /** Is it what the party committee and government, and the people, are most concerned with? (一问) */
  | 'ASK_PRIORITY'
  /** Is a committee the right body for it, and is it within its strength? (二问) */
  | 'ASK_FITNESS'
  /** Are the participants able to consult on it? (一要) */
  | 'ASSESS_PARTICIPANTS'
  /** How is it looked into? (二要) */
  | 'PLAN_INQUIRY'
  /** Who said what, side by side? (三要) */
  | 'FIVE_PARTY_EXCHANGE'
  /** In what form is the result put? (一明确) */
  | 'OUTCOME_FORM'
  /** Who uses the result, and how? (二明确) */
  | 'OUTCOME_USE'
  /** What did it change, and how was that assessed? (三明确) */
  | 'OUTCOME_EFFECT';

/** The kinds of records that the search finds (检索类别). */
export type RecordKind =
  /** Typical cases (案例). */
  | 'CASE'
  /** Brands (协商品牌). */
  | 'BRAND'
  /** Proposals (提案). */
  | 'PROPOSAL'
  /** Practices (特色亮点). */
  | 'PRACTICE';

/** Which records to search; values within a field are OR, fields are AND (检索筛选). */
export type SearchFilter = {
  /** Of one of these origins. */
  origins?: Array<Origin> | null | undefined;
  /** In one of these regions, by code, or below. */
  regions?: Array<string> | null | undefined;
  /** At one of these levels. */
  levels?: Array<Level> | null | undefined;
  /** About one of these topics, by slug, or a topic below. */
  topics?: Array<string> | null | undefined;
  /** Under one of these brands, by slug, or a brand below. */
  brands?: Array<string> | null | undefined;
  /** In one of these years. */
  years?: Array<number> | null | undefined;
  /** In this year or later. */
  yearFrom?: number | null | undefined;
  /** In this year or before. */
  yearTo?: number | null | undefined;
};

/** In which order hits come (检索排序). */
export type SearchOrder =
  /** Best first (相关度). */
  | 'RELEVANCE'
  /** Newest first; those without a date come last (最新). */
  | 'NEWEST'
  /** Oldest first; those without a date come last (最早). */
  | 'OLDEST';

export type CaseMatrixQueryVariables = Exact<{
  rows: Dimension;
  columns?: Dimension | null | undefined;
  filter?: CaseFilter | null | undefined;
}>;


export type CaseMatrixQuery = { caseMatrix: { counts: Array<Array<number>>, total: number, multiple: boolean, rows: Array<{ key: string, label: string, count: number }>, columns: Array<{ key: string, label: string, count: number }> } };

export type LedgerQueryVariables = Exact<{ [key: string]: never; }>;


export type LedgerQuery = { ledger: Array<{ claimed: number, held: number | null, gap: number | null, indicator: { slug: string, subject: string, name: string, unit: string, asOf: string | null } }> };

export type CaseSummaryFragment = { id: string, slug: string, title: string, origin: Origin, year: number | null, level: Level, committee: { slug: string, name: string } | null, region: { code: string, name: string } | null, brand: { slug: string, name: string } | null, topics: Array<{ slug: string, name: string }> };

export type CaseQueryVariables = Exact<{
  slug: string;
}>;


export type CaseQuery = { case: { version: number, summary: string | null, background: string | null, approach: string | null, results: string | null, lessons: string | null, cite: string, id: string, slug: string, title: string, origin: Origin, year: number | null, level: Level, completeness: { documented: number, total: number, missing: Array<StepCode> }, steps: Array<{ code: StepCode, documented: boolean, text: string | null }>, citations: Array<{ quote: string, start: number, end: number, source: { slug: string, title: string } }>, committee: { slug: string, name: string } | null, region: { code: string, name: string } | null, brand: { slug: string, name: string } | null, topics: Array<{ slug: string, name: string }> } | null };

export type CasesQueryVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  orderBy?: CaseOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type CasesQuery = { cases: { totalCount: number, nodes: Array<{ id: string, slug: string, title: string, origin: Origin, year: number | null, level: Level, committee: { slug: string, name: string } | null, region: { code: string, name: string } | null, brand: { slug: string, name: string } | null, topics: Array<{ slug: string, name: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type LearnQueryVariables = Exact<{
  problem: string;
  committee?: string | number | null | undefined;
  scope?: PeerScope | null | undefined;
  first?: number | null | undefined;
}>;


export type LearnQuery = { learn: Array<{ score: number, reasons: Array<{ kind: ReasonKind, text: string }>, case: { id: string, slug: string, title: string, origin: Origin, year: number | null, level: Level, committee: { slug: string, name: string } | null, region: { code: string, name: string } | null, brand: { slug: string, name: string } | null, topics: Array<{ slug: string, name: string }> } }> };

export type SearchQueryVariables = Exact<{
  query: string;
  kinds?: Array<RecordKind> | RecordKind | null | undefined;
  filter?: SearchFilter | null | undefined;
  orderBy?: SearchOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchQuery = { search: { totalCount: number, edges: Array<{ score: number, highlights: Array<{ field: string, fragment: string, ranges: Array<{ start: number, end: number }> }>, node:
        | { __typename: 'Case', id: string, slug: string, title: string, origin: Origin, year: number | null, level: Level, committee: { slug: string, name: string } | null, region: { code: string, name: string } | null, brand: { slug: string, name: string } | null, topics: Array<{ slug: string, name: string }> }
        | { __typename: 'Brand', slug: string, origin: Origin, name: string }
        | { __typename: 'Proposal', slug: string, origin: Origin, title: string }
        | { __typename: 'Practice', slug: string, origin: Origin, title: string }
       }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CaseSummaryFragmentDoc = new TypedDocumentString(`
    fragment CaseSummary on Case {
  id
  slug
  title
  origin
  year
  level
  committee {
    slug
    name
  }
  region {
    code
    name
  }
  brand {
    slug
    name
  }
  topics {
    slug
    name
  }
}
    `, {"fragmentName":"CaseSummary"}) as unknown as TypedDocumentString<CaseSummaryFragment, unknown>;
export const CaseMatrixDocument = new TypedDocumentString(`
    query CaseMatrix($rows: Dimension!, $columns: Dimension, $filter: CaseFilter) {
  caseMatrix(rows: $rows, columns: $columns, filter: $filter) {
    rows {
      key
      label
      count
    }
    columns {
      key
      label
      count
    }
    counts
    total
    multiple
  }
}
    `) as unknown as TypedDocumentString<CaseMatrixQuery, CaseMatrixQueryVariables>;
export const LedgerDocument = new TypedDocumentString(`
    query Ledger {
  ledger {
    indicator {
      slug
      subject
      name
      unit
      asOf
    }
    claimed
    held
    gap
  }
}
    `) as unknown as TypedDocumentString<LedgerQuery, LedgerQueryVariables>;
export const CaseDocument = new TypedDocumentString(`
    query Case($slug: String!) {
  case(slug: $slug) {
    ...CaseSummary
    version
    summary
    background
    approach
    results
    lessons
    completeness {
      documented
      total
      missing
    }
    steps {
      code
      documented
      text
    }
    citations {
      quote
      start
      end
      source {
        slug
        title
      }
    }
    cite
  }
}
    fragment CaseSummary on Case {
  id
  slug
  title
  origin
  year
  level
  committee {
    slug
    name
  }
  region {
    code
    name
  }
  brand {
    slug
    name
  }
  topics {
    slug
    name
  }
}`) as unknown as TypedDocumentString<CaseQuery, CaseQueryVariables>;
export const CasesDocument = new TypedDocumentString(`
    query Cases($filter: CaseFilter, $orderBy: CaseOrder, $first: Int, $after: String) {
  cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...CaseSummary
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment CaseSummary on Case {
  id
  slug
  title
  origin
  year
  level
  committee {
    slug
    name
  }
  region {
    code
    name
  }
  brand {
    slug
    name
  }
  topics {
    slug
    name
  }
}`) as unknown as TypedDocumentString<CasesQuery, CasesQueryVariables>;
export const LearnDocument = new TypedDocumentString(`
    query Learn($problem: String!, $committee: ID, $scope: PeerScope, $first: Int) {
  learn(problem: $problem, committee: $committee, scope: $scope, first: $first) {
    score
    reasons {
      kind
      text
    }
    case {
      ...CaseSummary
    }
  }
}
    fragment CaseSummary on Case {
  id
  slug
  title
  origin
  year
  level
  committee {
    slug
    name
  }
  region {
    code
    name
  }
  brand {
    slug
    name
  }
  topics {
    slug
    name
  }
}`) as unknown as TypedDocumentString<LearnQuery, LearnQueryVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($query: String!, $kinds: [RecordKind!], $filter: SearchFilter, $orderBy: SearchOrder, $first: Int, $after: String) {
  search(
    query: $query
    kinds: $kinds
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    edges {
      score
      highlights {
        field
        fragment
        ranges {
          start
          end
        }
      }
      node {
        __typename
        ... on Case {
          ...CaseSummary
        }
        ... on Brand {
          slug
          origin
          name
        }
        ... on Proposal {
          slug
          origin
          title
        }
        ... on Practice {
          slug
          origin
          title
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment CaseSummary on Case {
  id
  slug
  title
  origin
  year
  level
  committee {
    slug
    name
  }
  region {
    code
    name
  }
  brand {
    slug
    name
  }
  topics {
    slug
    name
  }
}`) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;
