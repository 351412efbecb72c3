// Made by codegen.mjs; not for editing.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A case as it is written (案例). Other records are named by slug, name or id; what is left out is unknown. */
export type CaseInput = {
  /** The permalink (永久链接): lower-case letters, digits and hyphens. Left out, it is made from the title; later it cannot change. */
  slug?: string | null | undefined;
  /** Where it comes from (来源): CONTRIBUTED where left out. Only an admin may say DOCUMENTED, which needs citations. */
  origin?: Origin | null | undefined;
  /** The quotes that it rests on (引证). */
  citations?: Array<CitationInput> | null | undefined;
  /** The title (标题). */
  title: string;
  /** Misprints and other names that the sources use (其他标题). */
  alternativeTitles?: Array<string> | null | undefined;
  /** The summary (摘要). */
  summary?: string | null | undefined;
  /** The background (背景). */
  background?: string | null | undefined;
  /** What was done (做法). */
  approach?: string | null | undefined;
  /** What came of it (成效). */
  results?: string | null | undefined;
  /** What can be learned from it (启示). */
  lessons?: string | null | undefined;
  /** The year (年份); left out, startedOn's. */
  year?: number | null | undefined;
  /** When it began (开始日期). */
  startedOn?: string | null | undefined;
  /** When it ended (结束日期). */
  endedOn?: string | null | undefined;
  /** The level (层级); left out, the committee's or the region's. */
  level?: Level | null | undefined;
  /** The committee that held it (政协); left out of a new case, the caller's own, of a change, the one that it has. */
  committee?: string | null | undefined;
  /** The region, by code (地区); left out, the committee's. */
  region?: string | null | undefined;
  /** The brand (协商品牌). */
  brand?: string | null | undefined;
  /** What it is about (议题). */
  topics?: Array<string> | null | undefined;
  /** Who took part, on which side (参与方). */
  participants?: Array<ParticipantInput> | null | undefined;
  /** The steps that it documents (环节). */
  steps?: Array<StepInput> | null | undefined;
  /** What it produced (协商成果). */
  outcomes?: Array<OutcomeInput> | null | undefined;
  /** How many took part (参加人数). */
  participantCount?: number | null | undefined;
  /** In how many meetings (会议次数). */
  meetingCount?: number | null | undefined;
  /** How the participants were chosen (参加人员产生方式). */
  recruitment?: string | null | undefined;
  /** Reports, news, minutes (相关链接). */
  links?: Array<LinkInput> | null | undefined;
  /** Cases that may be the same (可能为同一案例). */
  possiblySameAs?: Array<string> | null | undefined;
  /** The proposals that it goes with (相关提案). */
  proposals?: Array<string> | null | undefined;
  /** Figures that it counts towards (计入指标). */
  indicators?: Array<string> | null | undefined;
  /** Text that is in no part yet (未归入的原文); a case that has it cannot be published. */
  unplaced?: string | null | undefined;
};

/** Who took part, as it is written (参加方). */
export type ParticipantInput = {
  /** On which side (角色). */
  role: PartyRole;
  /** Who (名称). */
  name: string;
  /** The committee, where it is one (政协). */
  committee?: string | null | undefined;
  /** The person, where it is one that the knowledge base knows (人物). */
  person?: string | null | undefined;
  /** What it said (发言). */
  statement?: string | null | undefined;
  /** The person, where they are not there yet (新人物), in the place of person. */
  newPerson?: NewPerson | null | undefined;
};

/** A documented step as it is written (环节). */
export type StepInput = {
  /** Which step (环节代码). */
  code: StepCode;
  /** What the case records (内容). */
  text: string;
};

/** A link as it is written (链接). */
export type LinkInput = {
  /** What it leads to (标题). */
  title: string;
  /** Its address, http or https (网址). */
  url: string;
};

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

/** A quote as it is written (引证). */
export type CitationInput = {
  /** The source (出处). */
  source: string;
  /** The quote, to the character (引文). */
  quote: string;
  /** Where it stands in the source's text, in code points (引文起点); needed only where it stands there more than once. */
  start?: number | null | undefined;
  /** The fields that it supports, as in title or outcomes.0.effect (所支持的字段). */
  fields?: Array<string> | null | undefined;
};

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
  /** Of a case only: its source does not say whose it was, and nothing is guessed (未记载). */
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

/** What can be wrong with a change (错误代码). */
export type UserErrorCode =
  /** The input breaks a rule, or the record's state does not allow it (不符合规则). */
  | 'INVALID'
  /** There is no such record, or the caller may not see it (没有找到). */
  | 'NOT_FOUND'
  /** Somebody else was quicker (版本冲突). */
  | 'CONFLICT'
  /** The caller may not do this (无权限). */
  | 'FORBIDDEN'
  /** There is one by that name already (重复). */
  | 'DUPLICATE';

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
  | 'NOT_ADOPTED'
  /** Its writer or source does not say (未写明): never a guess. */
  | 'UNSTATED';

/** An outcome as it is written (成果). */
export type OutcomeInput = {
  /** In what form (成果表达形式). */
  form: string;
  /** Who uses it (运用主体). */
  usedBy?: string | null | undefined;
  /** How it is used (运用方式). */
  use?: string | null | undefined;
  /** What it changed (有效性). */
  effect?: string | null | undefined;
  /** What became of it (成果状态); UNSTATED where it is left out. */
  status?: OutcomeStatus | null | undefined;
  /** When (日期). */
  occurredOn?: string | null | undefined;
};

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
  | 'ADOPTED_BY_PEERS'
  /** Near in meaning, whatever the words (语义相近). */
  | 'CLOSE_MEANING';

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

/** A person that an input names and that is not there yet (新人物): made with the record, as a draft of the same committee, and published with it. One of the same name, offices and committee is taken as the same. */
export type NewPerson = {
  /** The name (名称). */
  name: string;
  /** The offices (职务). */
  offices?: Array<string> | null | undefined;
};

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

/** The five sides of an exchange (五方). */
export type PartyRole =
  /** The committee, which gives the platform (搭台方). */
  | 'CONVENER'
  /** Who raises the problem (发球方). */
  | 'SERVER'
  /** Who solves it (接球方). */
  | 'RECEIVER'
  /** Whom it touches (相关方). */
  | 'STAKEHOLDER'
  /** Experts and the public (专家、基层群众). */
  | 'EXPERT_OR_PUBLIC';

/** The kinds of records that the search finds (检索类别). Where kinds are left out a search is of CASE, BRAND, PROPOSAL and PRACTICE. */
export type RecordKind =
  /** Typical cases (案例). */
  | 'CASE'
  /** Brands (协商品牌). */
  | 'BRAND'
  /** Proposals (提案). */
  | 'PROPOSAL'
  /** Practices (特色做法). */
  | 'PRACTICE'
  /** Persons (人物). */
  | 'PERSON'
  /** Venues (场所). */
  | 'VENUE'
  /** Activities (活动). */
  | 'ACTIVITY'
  /** Committees (政协委员会). */
  | 'COMMITTEE'
  /** Administrative divisions (行政区划). */
  | 'REGION'
  /** The documents that facts come from, with their whole text (出处). */
  | 'SOURCE'
  /** Calls for cases (征集). */
  | 'CALL'
  /** Cases put together (汇编). */
  | 'COLLECTION'
  /** Matters that nobody's case answers yet (需求). */
  | 'NEED';

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
        | { __typename: 'Committee', slug: string, origin: Origin, name: string }
        | { __typename: 'Region', slug: string, origin: Origin, name: string }
        | { __typename: 'Person', slug: string, origin: Origin, name: string }
        | { __typename: 'Venue', slug: string, origin: Origin, name: string }
        | { __typename: 'Activity', slug: string, origin: Origin, title: string }
        | { __typename: 'Source', slug: string, origin: Origin, title: string }
        | { __typename: 'Call', slug: string, origin: Origin, title: string }
        | { __typename: 'Collection', slug: string, origin: Origin, title: string }
        | { __typename: 'Need', slug: string, origin: Origin, problem: string }
       }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CaseChangedSubscriptionVariables = Exact<{
  filter?: CaseFilter | null | undefined;
}>;


export type CaseChangedSubscription = { caseChanged: { version: number, status: Status, id: string, slug: string, title: string, origin: Origin, year: number | null, level: Level, committee: { slug: string, name: string } | null, region: { code: string, name: string } | null, brand: { slug: string, name: string } | null, topics: Array<{ slug: string, name: string }> } };

export type CaseWrittenFragment = { version: number | null, record: { id: string, slug: string, status: Status, version: number, title: string } | null, userErrors: Array<{ code: UserErrorCode, path: Array<string>, message: string, messageZh: string }> };

export type RefusalFragment = { code: UserErrorCode, path: Array<string>, message: string, messageZh: string };

export type CreateCaseMutationVariables = Exact<{
  input: CaseInput;
}>;


export type CreateCaseMutation = { createCase: { version: number | null, record: { id: string, slug: string, status: Status, version: number, title: string } | null, userErrors: Array<{ code: UserErrorCode, path: Array<string>, message: string, messageZh: string }> } };

export type UpdateCaseMutationVariables = Exact<{
  id: string | number;
  version: number;
  input: CaseInput;
}>;


export type UpdateCaseMutation = { updateCase: { version: number | null, record: { id: string, slug: string, status: Status, version: number, title: string } | null, userErrors: Array<{ code: UserErrorCode, path: Array<string>, message: string, messageZh: string }> } };

export type SubmitCaseMutationVariables = Exact<{
  id: string | number;
  version: number;
}>;


export type SubmitCaseMutation = { submitCase: { version: number | null, record: { id: string, slug: string, status: Status, version: number, title: string } | null, userErrors: Array<{ code: UserErrorCode, path: Array<string>, message: string, messageZh: string }> } };

export type PublishCaseMutationVariables = Exact<{
  id: string | number;
  version: number;
}>;


export type PublishCaseMutation = { publishCase: { version: number | null, record: { id: string, slug: string, status: Status, version: number, title: string } | null, userErrors: Array<{ code: UserErrorCode, path: Array<string>, message: string, messageZh: string }> } };

export type ArchiveCaseMutationVariables = Exact<{
  id: string | number;
  version: number;
  reason: string;
}>;


export type ArchiveCaseMutation = { archiveCase: { version: number | null, record: { id: string, slug: string, status: Status, version: number, title: string } | null, userErrors: Array<{ code: UserErrorCode, path: Array<string>, message: string, messageZh: string }> } };

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
export const RefusalFragmentDoc = new TypedDocumentString(`
    fragment Refusal on UserError {
  code
  path
  message
  messageZh
}
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const CaseWrittenFragmentDoc = new TypedDocumentString(`
    fragment CaseWritten on CasePayload {
  version
  record {
    id
    slug
    status
    version
    title
  }
  userErrors {
    ...Refusal
  }
}
    fragment Refusal on UserError {
  code
  path
  message
  messageZh
}`, {"fragmentName":"CaseWritten"}) as unknown as TypedDocumentString<CaseWrittenFragment, unknown>;
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
        ... on Committee {
          slug
          origin
          name
        }
        ... on Region {
          slug
          origin
          name
        }
        ... on Person {
          slug
          origin
          name
        }
        ... on Venue {
          slug
          origin
          name
        }
        ... on Activity {
          slug
          origin
          title
        }
        ... on Source {
          slug
          origin
          title
        }
        ... on Call {
          slug
          origin
          title
        }
        ... on Collection {
          slug
          origin
          title
        }
        ... on Need {
          slug
          origin
          problem
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
export const CaseChangedDocument = new TypedDocumentString(`
    subscription CaseChanged($filter: CaseFilter) {
  caseChanged(filter: $filter) {
    ...CaseSummary
    version
    status
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
}`) as unknown as TypedDocumentString<CaseChangedSubscription, CaseChangedSubscriptionVariables>;
export const CreateCaseDocument = new TypedDocumentString(`
    mutation CreateCase($input: CaseInput!) {
  createCase(input: $input) {
    ...CaseWritten
  }
}
    fragment CaseWritten on CasePayload {
  version
  record {
    id
    slug
    status
    version
    title
  }
  userErrors {
    ...Refusal
  }
}
fragment Refusal on UserError {
  code
  path
  message
  messageZh
}`) as unknown as TypedDocumentString<CreateCaseMutation, CreateCaseMutationVariables>;
export const UpdateCaseDocument = new TypedDocumentString(`
    mutation UpdateCase($id: ID!, $version: Int!, $input: CaseInput!) {
  updateCase(id: $id, version: $version, input: $input) {
    ...CaseWritten
  }
}
    fragment CaseWritten on CasePayload {
  version
  record {
    id
    slug
    status
    version
    title
  }
  userErrors {
    ...Refusal
  }
}
fragment Refusal on UserError {
  code
  path
  message
  messageZh
}`) as unknown as TypedDocumentString<UpdateCaseMutation, UpdateCaseMutationVariables>;
export const SubmitCaseDocument = new TypedDocumentString(`
    mutation SubmitCase($id: ID!, $version: Int!) {
  submitCase(id: $id, version: $version) {
    ...CaseWritten
  }
}
    fragment CaseWritten on CasePayload {
  version
  record {
    id
    slug
    status
    version
    title
  }
  userErrors {
    ...Refusal
  }
}
fragment Refusal on UserError {
  code
  path
  message
  messageZh
}`) as unknown as TypedDocumentString<SubmitCaseMutation, SubmitCaseMutationVariables>;
export const PublishCaseDocument = new TypedDocumentString(`
    mutation PublishCase($id: ID!, $version: Int!) {
  publishCase(id: $id, version: $version) {
    ...CaseWritten
  }
}
    fragment CaseWritten on CasePayload {
  version
  record {
    id
    slug
    status
    version
    title
  }
  userErrors {
    ...Refusal
  }
}
fragment Refusal on UserError {
  code
  path
  message
  messageZh
}`) as unknown as TypedDocumentString<PublishCaseMutation, PublishCaseMutationVariables>;
export const ArchiveCaseDocument = new TypedDocumentString(`
    mutation ArchiveCase($id: ID!, $version: Int!, $reason: String!) {
  archiveCase(id: $id, version: $version, reason: $reason) {
    ...CaseWritten
  }
}
    fragment CaseWritten on CasePayload {
  version
  record {
    id
    slug
    status
    version
    title
  }
  userErrors {
    ...Refusal
  }
}
fragment Refusal on UserError {
  code
  path
  message
  messageZh
}`) as unknown as TypedDocumentString<ArchiveCaseMutation, ArchiveCaseMutationVariables>;
