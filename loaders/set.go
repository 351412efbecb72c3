package loaders

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Shorter names for what the loaders return.
type (
	id      = catalog.ID
	kind    = catalog.RecordKind
	parents = catalog.Parents
	paging  = catalog.PageArgs
)

// Reader reads in batches; the store is one. Each method asks with one
// statement for all its keys. Keys without a value are missing from the answer.
type Reader interface {
	SourcesByID(context.Context, []id) (map[id]*catalog.Source, error)
	SourcesBySlug(context.Context, []string) (map[string]*catalog.Source, error)
	SourceTexts(context.Context, []id) (map[id]string, error)
	RegionsByID(context.Context, []id) (map[id]*catalog.Region, error)
	RegionsByCode(context.Context, []string) (map[string]*catalog.Region, error)
	RegionsBelow(context.Context, []string) (map[string][]*catalog.Region, error)
	CaseCountsByRegion(context.Context, []string) (map[string]int, error)
	CommitteesByID(context.Context, []id) (map[id]*catalog.Committee, error)
	CommitteesBySlug(context.Context, []string) (map[string]*catalog.Committee, error)
	TopicsByID(context.Context, []id) (map[id]*catalog.Topic, error)
	TopicsBySlug(context.Context, []string) (map[string]*catalog.Topic, error)
	TopicsBelow(context.Context, []id) (map[id][]*catalog.Topic, error)
	TopicsByCase(context.Context, []id) (map[id][]*catalog.Topic, error)
	TopicsByProposal(context.Context, []id) (map[id][]*catalog.Topic, error)
	CaseCountsByTopic(context.Context, []id) (map[id]int, error)
	PersonsByID(context.Context, []id) (map[id]*catalog.Person, error)
	PersonsBySlug(context.Context, []string) (map[string]*catalog.Person, error)
	BrandsByID(context.Context, []id) (map[id]*catalog.Brand, error)
	BrandsBySlug(context.Context, []string) (map[string]*catalog.Brand, error)
	BrandsByPractice(context.Context, []id) (map[id][]*catalog.Brand, error)
	CasesByID(context.Context, []id) (map[id]*catalog.Case, error)
	CasesBySlug(context.Context, []string) (map[string]*catalog.Case, error)
	CaseTexts(context.Context, []id) (map[id]*catalog.CaseTexts, error)
	CasesByPractice(context.Context, []id) (map[id][]*catalog.Case, error)
	PossiblySame(context.Context, []id) (map[id][]*catalog.Case, error)
	StepsByCase(context.Context, []id) (map[id][]*catalog.Step, error)
	ParticipantsByCase(context.Context, []id) (map[id][]*catalog.Participant, error)
	OutcomesByRecord(context.Context, []id) (map[id][]*catalog.Outcome, error)
	ProposalsByID(context.Context, []id) (map[id]*catalog.Proposal, error)
	ProposalsBySlug(context.Context, []string) (map[string]*catalog.Proposal, error)
	ProposalsByPractice(context.Context, []id) (map[id][]*catalog.Proposal, error)
	ProposersByProposal(context.Context, []id) (map[id][]*catalog.ProposerRef, error)
	UndertakersByProposal(context.Context, []id) (map[id][]*catalog.Undertaker, error)
	SupervisionsByProposal(context.Context, []id) (map[id][]*catalog.Supervision, error)
	SupervisionsByPerson(context.Context, []id) (map[id][]*catalog.Supervision, error)
	EventsByProposal(context.Context, []id) (map[id][]*catalog.ProposalEvent, error)
	PracticesByID(context.Context, []id) (map[id]*catalog.Practice, error)
	PracticesBySlug(context.Context, []string) (map[string]*catalog.Practice, error)
	IndicatorsByID(context.Context, []id) (map[id]*catalog.Indicator, error)
	SelectedByIndicator(context.Context, []id) (map[id]*int, error)
	IndicatorsByPractice(context.Context, []id) (map[id][]*catalog.Indicator, error)
	AttachmentsByCase(context.Context, []id) (map[id][]*catalog.Attachment, error)
	IndicatorsByCase(context.Context, []id) (map[id][]*catalog.Indicator, error)
	EvaluationsByID(context.Context, []id) (map[id]*catalog.Evaluation, error)
	AdoptionsByID(context.Context, []id) (map[id]*catalog.Adoption, error)
	VenuesByID(context.Context, []id) (map[id]*catalog.Venue, error)
	CallsByID(context.Context, []id) (map[id]*catalog.Call, error)
	CallsBySlug(context.Context, []string) (map[string]*catalog.Call, error)
	TopicsByCall(context.Context, []id) (map[id][]*catalog.Topic, error)
	CriteriaByCall(context.Context, []id) (map[id][]*catalog.Criterion, error)
	ResultsByCall(context.Context, []id) (map[id][]*catalog.CallResult, error)
	AudienceByCall(context.Context, []id) (map[id][]*catalog.Committee, error)
	CollectionByCall(context.Context, []id) (map[id]*catalog.Collection, error)
	CollectionsByID(context.Context, []id) (map[id]*catalog.Collection, error)
	CollectionsBySlug(context.Context, []string) (map[string]*catalog.Collection, error)
	SubmissionsByID(context.Context, []id) (map[id]*catalog.Submission, error)
	ScoresBySubmission(context.Context, []id) (map[id][]*catalog.Score, error)
	ChecksBySubmission(context.Context, []id) (map[id][]*catalog.CallCheck, error)
	MarksByCase(context.Context, []id) (map[id][]*string, error)
	NeedsByID(context.Context, []id) (map[id]*catalog.Need, error)
	NeedsBySlug(context.Context, []string) (map[string]*catalog.Need, error)
	NeedFigures(context.Context, []id) (map[id]*catalog.NeedFigures, error)
	ContactsOf(context.Context, []id) (map[id]*catalog.Contact, error)
	TopicsByNeed(context.Context, []id) (map[id][]*catalog.Topic, error)
	ReportsByID(context.Context, []id) (map[id]*catalog.Report, error)
	ReportsBySlug(context.Context, []string) (map[string]*catalog.Report, error)
	ReportsByRecord(context.Context, []id) (map[id][]*catalog.Report, error)
	VenuesBySlug(context.Context, []string) (map[string]*catalog.Venue, error)
	EvaluationsBySlug(context.Context, []string) (map[string]*catalog.Evaluation, error)
	ItemsByEvaluation(context.Context, []id) (map[id][]*catalog.ItemScore, error)
	EvaluationRoundsByID(context.Context, []id) (map[id]*catalog.EvaluationRound, error)
	EvaluationRoundsBySlug(context.Context, []string) (map[string]*catalog.EvaluationRound, error)
	ActivitiesByID(context.Context, []id) (map[id]*catalog.Activity, error)
	ActivitiesBySlug(context.Context, []string) (map[string]*catalog.Activity, error)
	TopicsByActivity(context.Context, []id) (map[id][]*catalog.Topic, error)
	PersonsByActivity(context.Context, []id) (map[id][]*catalog.Person, error)
	CasesByActivity(context.Context, []id) (map[id][]*catalog.Case, error)
	PersonsByCase(context.Context, []id) (map[id][]*catalog.Person, error)
	EntriesByProposal(context.Context, []id) (map[id][]*catalog.SupervisionEntry, error)
	CitationsByRecord(context.Context, []id) (map[id][]*catalog.Citation, error)

	Committees(context.Context, parents, catalog.CommitteeFilter, paging) (map[id]*catalog.Page[*catalog.Committee], error)
	CountCommittees(context.Context, parents, catalog.CommitteeFilter) (map[id]int, error)
	Brands(context.Context, parents, catalog.BrandFilter, *catalog.BrandOrder, paging) (map[id]*catalog.Page[*catalog.Brand], error)
	CountBrands(context.Context, parents, catalog.BrandFilter) (map[id]int, error)
	Cases(context.Context, parents, catalog.CaseFilter, *catalog.CaseOrder, paging) (map[id]*catalog.Page[*catalog.Case], error)
	CountCases(context.Context, parents, catalog.CaseFilter) (map[id]int, error)
	Proposals(context.Context, parents, catalog.ProposalFilter, *catalog.ProposalOrder, paging) (map[id]*catalog.Page[*catalog.Proposal], error)
	CountProposals(context.Context, parents, catalog.ProposalFilter) (map[id]int, error)
	Adoptions(context.Context, parents, catalog.AdoptionFilter, paging) (map[id]*catalog.Page[*catalog.Adoption], error)
	CountAdoptions(context.Context, parents, catalog.AdoptionFilter) (map[id]int, error)
	Venues(context.Context, parents, catalog.VenueFilter, paging) (map[id]*catalog.Page[*catalog.Venue], error)
	CountVenues(context.Context, parents, catalog.VenueFilter) (map[id]int, error)
	Activities(context.Context, parents, catalog.ActivityFilter, paging) (map[id]*catalog.Page[*catalog.Activity], error)
	CountActivities(context.Context, parents, catalog.ActivityFilter) (map[id]int, error)
	Evaluations(context.Context, parents, catalog.EvaluationFilter, paging) (map[id]*catalog.Page[*catalog.Evaluation], error)
	CountEvaluations(context.Context, parents, catalog.EvaluationFilter) (map[id]int, error)
	Revisions(context.Context, parents, paging) (map[id]*catalog.Page[*catalog.Revision], error)
	CountRevisions(context.Context, parents) (map[id]int, error)
}

// The arguments of lists: what of them is wanted, and in which order.
type (
	CommitteeArgs struct {
		Filter catalog.CommitteeFilter
		Page   paging
	}
	BrandArgs struct {
		Filter catalog.BrandFilter
		Order  *catalog.BrandOrder
		Page   paging
	}
	CaseArgs struct {
		Filter catalog.CaseFilter
		Order  *catalog.CaseOrder
		Page   paging
	}
	ProposalArgs struct {
		Filter catalog.ProposalFilter
		Order  *catalog.ProposalOrder
		Page   paging
	}
	AdoptionArgs struct {
		Filter catalog.AdoptionFilter
		Page   paging
	}
	VenueArgs struct {
		Filter catalog.VenueFilter
		Page   paging
	}
	ActivityArgs struct {
		Filter catalog.ActivityFilter
		Page   paging
	}
	EvaluationArgs struct {
		Filter catalog.EvaluationFilter
		Page   paging
	}
)

// Loaders are the loaders of one request. What a request has read it does not
// read again, so a set must not outlive it.
type Loaders struct {
	reader Reader
	wait   time.Duration

	SourceByID           One[id, *catalog.Source]
	SourceBySlug         One[string, *catalog.Source]
	SourceText           One[id, string]
	RegionByID           One[id, *catalog.Region]
	RegionByCode         One[string, *catalog.Region]
	RegionsBelow         Many[string, *catalog.Region]
	RegionCases          One[string, int]
	CommitteeByID        One[id, *catalog.Committee]
	CommitteeBySlug      One[string, *catalog.Committee]
	TopicByID            One[id, *catalog.Topic]
	TopicBySlug          One[string, *catalog.Topic]
	TopicsBelow          Many[id, *catalog.Topic]
	TopicsOfCase         Many[id, *catalog.Topic]
	TopicsOfProposal     Many[id, *catalog.Topic]
	TopicCases           One[id, int]
	PersonByID           One[id, *catalog.Person]
	PersonBySlug         One[string, *catalog.Person]
	BrandByID            One[id, *catalog.Brand]
	BrandBySlug          One[string, *catalog.Brand]
	CaseByID             One[id, *catalog.Case]
	CaseBySlug           One[string, *catalog.Case]
	CaseTexts            One[id, *catalog.CaseTexts]
	PossiblySame         Many[id, *catalog.Case]
	StepsOf              Many[id, *catalog.Step]
	ParticipantsOf       Many[id, *catalog.Participant]
	OutcomesOf           Many[id, *catalog.Outcome]
	ProposalByID         One[id, *catalog.Proposal]
	ProposalBySlug       One[string, *catalog.Proposal]
	ProposersOf          Many[id, *catalog.ProposerRef]
	UndertakersOf        Many[id, *catalog.Undertaker]
	SupervisionsOf       Many[id, *catalog.Supervision]
	SupervisionsBy       Many[id, *catalog.Supervision]
	EventsOf             Many[id, *catalog.ProposalEvent]
	PracticeByID         One[id, *catalog.Practice]
	PracticeBySlug       One[string, *catalog.Practice]
	BrandsOfPractice     Many[id, *catalog.Brand]
	CasesOfPractice      Many[id, *catalog.Case]
	ProposalsOfPractice  Many[id, *catalog.Proposal]
	IndicatorsOfPractice Many[id, *catalog.Indicator]
	IndicatorsOfCase     Many[id, *catalog.Indicator]
	AttachmentsOfCase    Many[id, *catalog.Attachment]
	IndicatorByID        One[id, *catalog.Indicator]
	SelectedOf           One[id, *int]
	EvaluationByID       One[id, *catalog.Evaluation]
	AdoptionByID         One[id, *catalog.Adoption]
	VenueByID            One[id, *catalog.Venue]
	ReportByID           One[id, *catalog.Report]
	ReportBySlug         One[string, *catalog.Report]
	ReportsOf            Many[id, *catalog.Report] // of the record that they stand beside
	CallByID             One[id, *catalog.Call]
	CallBySlug           One[string, *catalog.Call]
	TopicsOfCall         Many[id, *catalog.Topic]
	CriteriaOf           Many[id, *catalog.Criterion]
	ResultsOf            Many[id, *catalog.CallResult]
	AudienceOf           Many[id, *catalog.Committee]
	CollectionOfCall     One[id, *catalog.Collection]
	CollectionByID       One[id, *catalog.Collection]
	CollectionBySlug     One[string, *catalog.Collection]
	SubmissionByID       One[id, *catalog.Submission]
	ScoresOf             Many[id, *catalog.Score]
	ChecksOf             Many[id, *catalog.CallCheck]
	MarksOf              Many[id, *string]
	NeedByID             One[id, *catalog.Need]
	NeedBySlug           One[string, *catalog.Need]
	NeedFigures          One[id, *catalog.NeedFigures]
	ContactOf            One[id, *catalog.Contact]
	TopicsOfNeed         Many[id, *catalog.Topic]
	VenueBySlug          One[string, *catalog.Venue]
	EvaluationBySlug     One[string, *catalog.Evaluation]
	ItemsOfEvaluation    Many[id, *catalog.ItemScore]
	ActivityByID         One[id, *catalog.Activity]
	ActivityBySlug       One[string, *catalog.Activity]
	TopicsOfActivity     Many[id, *catalog.Topic]
	PersonsOfActivity    Many[id, *catalog.Person]
	CasesOfActivity      Many[id, *catalog.Case]
	PersonsOfCase        Many[id, *catalog.Person]
	EntriesOf            Many[id, *catalog.SupervisionEntry]
	CitationsOf          Many[id, *catalog.Citation]

	EvaluationRoundByID   One[id, *catalog.EvaluationRound]
	EvaluationRoundBySlug One[string, *catalog.EvaluationRound]

	Committees     Lists[CommitteeArgs, *catalog.Page[*catalog.Committee]]
	CommitteeCount Lists[catalog.CommitteeFilter, int]
	Brands         Lists[BrandArgs, *catalog.Page[*catalog.Brand]]
	BrandCount     Lists[catalog.BrandFilter, int]
	Cases          Lists[CaseArgs, *catalog.Page[*catalog.Case]]
	CaseCount      Lists[catalog.CaseFilter, int]
	Proposals      Lists[ProposalArgs, *catalog.Page[*catalog.Proposal]]
	ProposalCount  Lists[catalog.ProposalFilter, int]
	Adoptions      Lists[AdoptionArgs, *catalog.Page[*catalog.Adoption]]
	AdoptionCount  Lists[catalog.AdoptionFilter, int]
	Venues         Lists[VenueArgs, *catalog.Page[*catalog.Venue]]
	VenueCount     Lists[catalog.VenueFilter, int]
	Activities     Lists[ActivityArgs, *catalog.Page[*catalog.Activity]]
	ActivityCount  Lists[catalog.ActivityFilter, int]
	Evaluations    Lists[EvaluationArgs, *catalog.Page[*catalog.Evaluation]]

	EvaluationCount Lists[catalog.EvaluationFilter, int]
	Revisions       Lists[paging, *catalog.Page[*catalog.Revision]]
	RevisionCount   Lists[struct{}, int]
}

// New makes a fresh set for one request. wait is how long a loader gathers
// keys; 0 is DefaultWait.
func New(r Reader, wait time.Duration) *Loaders {
	if wait == 0 {
		wait = DefaultWait
	}
	l := &Loaders{
		reader: r, wait: wait,
		SourceByID: one(wait, r.SourcesByID), SourceBySlug: one(wait, r.SourcesBySlug), SourceText: one(wait, r.SourceTexts),
		RegionByID: one(wait, r.RegionsByID), RegionByCode: one(wait, r.RegionsByCode), RegionsBelow: many(wait, r.RegionsBelow),
		RegionCases:   one(wait, r.CaseCountsByRegion),
		CommitteeByID: one(wait, r.CommitteesByID), CommitteeBySlug: one(wait, r.CommitteesBySlug),
		TopicByID: one(wait, r.TopicsByID), TopicBySlug: one(wait, r.TopicsBySlug), TopicsBelow: many(wait, r.TopicsBelow),
		TopicsOfCase: many(wait, r.TopicsByCase), TopicsOfProposal: many(wait, r.TopicsByProposal), TopicCases: one(wait, r.CaseCountsByTopic),
		PersonByID: one(wait, r.PersonsByID), PersonBySlug: one(wait, r.PersonsBySlug),
		BrandByID: one(wait, r.BrandsByID), BrandBySlug: one(wait, r.BrandsBySlug),
		CaseByID: one(wait, r.CasesByID), CaseBySlug: one(wait, r.CasesBySlug), CaseTexts: one(wait, r.CaseTexts), PossiblySame: many(wait, r.PossiblySame),
		StepsOf: many(wait, r.StepsByCase), ParticipantsOf: many(wait, r.ParticipantsByCase), OutcomesOf: many(wait, r.OutcomesByRecord),
		ProposalByID: one(wait, r.ProposalsByID), ProposalBySlug: one(wait, r.ProposalsBySlug),
		ProposersOf: many(wait, r.ProposersByProposal), UndertakersOf: many(wait, r.UndertakersByProposal),
		SupervisionsOf: many(wait, r.SupervisionsByProposal), SupervisionsBy: many(wait, r.SupervisionsByPerson),
		EventsOf:     many(wait, r.EventsByProposal),
		PracticeByID: one(wait, r.PracticesByID), PracticeBySlug: one(wait, r.PracticesBySlug),
		BrandsOfPractice: many(wait, r.BrandsByPractice), CasesOfPractice: many(wait, r.CasesByPractice),
		ProposalsOfPractice: many(wait, r.ProposalsByPractice), IndicatorsOfPractice: many(wait, r.IndicatorsByPractice), IndicatorsOfCase: many(wait, r.IndicatorsByCase),
		AttachmentsOfCase: many(wait, r.AttachmentsByCase),
		IndicatorByID:     one(wait, r.IndicatorsByID), SelectedOf: one(wait, r.SelectedByIndicator), EvaluationByID: one(wait, r.EvaluationsByID),
		AdoptionByID: one(wait, r.AdoptionsByID), VenueByID: one(wait, r.VenuesByID),
		CallByID: one(wait, r.CallsByID), CallBySlug: one(wait, r.CallsBySlug), TopicsOfCall: many(wait, r.TopicsByCall),
		CriteriaOf: many(wait, r.CriteriaByCall), ResultsOf: many(wait, r.ResultsByCall), AudienceOf: many(wait, r.AudienceByCall), CollectionOfCall: one(wait, r.CollectionByCall),
		CollectionByID: one(wait, r.CollectionsByID), CollectionBySlug: one(wait, r.CollectionsBySlug),
		SubmissionByID: one(wait, r.SubmissionsByID), ScoresOf: many(wait, r.ScoresBySubmission), ChecksOf: many(wait, r.ChecksBySubmission), MarksOf: many(wait, r.MarksByCase),
		NeedByID: one(wait, r.NeedsByID), NeedBySlug: one(wait, r.NeedsBySlug), NeedFigures: one(wait, r.NeedFigures), ContactOf: one(wait, r.ContactsOf), TopicsOfNeed: many(wait, r.TopicsByNeed),
		ReportByID: one(wait, r.ReportsByID), ReportBySlug: one(wait, r.ReportsBySlug), ReportsOf: many(wait, r.ReportsByRecord),
		VenueBySlug: one(wait, r.VenuesBySlug), EvaluationBySlug: one(wait, r.EvaluationsBySlug), ItemsOfEvaluation: many(wait, r.ItemsByEvaluation),
		EvaluationRoundByID: one(wait, r.EvaluationRoundsByID), EvaluationRoundBySlug: one(wait, r.EvaluationRoundsBySlug),
		ActivityByID: one(wait, r.ActivitiesByID), ActivityBySlug: one(wait, r.ActivitiesBySlug), TopicsOfActivity: many(wait, r.TopicsByActivity),
		PersonsOfActivity: many(wait, r.PersonsByActivity), CasesOfActivity: many(wait, r.CasesByActivity), PersonsOfCase: many(wait, r.PersonsByCase),
		EntriesOf:   many(wait, r.EntriesByProposal),
		CitationsOf: many(wait, r.CitationsByRecord),
	}
	l.addLists(r, wait)
	return l
}

func (l *Loaders) addLists(r Reader, wait time.Duration) {
	l.Committees = lists(wait, func(ctx context.Context, k kind, of []id, a CommitteeArgs) (map[id]*catalog.Page[*catalog.Committee], error) {
		return r.Committees(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Page)
	})
	l.CommitteeCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.CommitteeFilter) (map[id]int, error) {
		return r.CountCommittees(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Brands = lists(wait, func(ctx context.Context, k kind, of []id, a BrandArgs) (map[id]*catalog.Page[*catalog.Brand], error) {
		return r.Brands(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Order, a.Page)
	})
	l.BrandCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.BrandFilter) (map[id]int, error) {
		return r.CountBrands(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Cases = lists(wait, func(ctx context.Context, k kind, of []id, a CaseArgs) (map[id]*catalog.Page[*catalog.Case], error) {
		return r.Cases(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Order, a.Page)
	})
	l.CaseCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.CaseFilter) (map[id]int, error) {
		return r.CountCases(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Proposals = lists(wait, func(ctx context.Context, k kind, of []id, a ProposalArgs) (map[id]*catalog.Page[*catalog.Proposal], error) {
		return r.Proposals(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Order, a.Page)
	})
	l.ProposalCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.ProposalFilter) (map[id]int, error) {
		return r.CountProposals(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Adoptions = lists(wait, func(ctx context.Context, k kind, of []id, a AdoptionArgs) (map[id]*catalog.Page[*catalog.Adoption], error) {
		return r.Adoptions(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Page)
	})
	l.AdoptionCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.AdoptionFilter) (map[id]int, error) {
		return r.CountAdoptions(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Venues = lists(wait, func(ctx context.Context, k kind, of []id, a VenueArgs) (map[id]*catalog.Page[*catalog.Venue], error) {
		return r.Venues(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Page)
	})
	l.VenueCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.VenueFilter) (map[id]int, error) {
		return r.CountVenues(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Activities = lists(wait, func(ctx context.Context, k kind, of []id, a ActivityArgs) (map[id]*catalog.Page[*catalog.Activity], error) {
		return r.Activities(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Page)
	})
	l.ActivityCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.ActivityFilter) (map[id]int, error) {
		return r.CountActivities(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Evaluations = lists(wait, func(ctx context.Context, k kind, of []id, a EvaluationArgs) (map[id]*catalog.Page[*catalog.Evaluation], error) {
		return r.Evaluations(ctx, parents{Kind: k, IDs: of}, a.Filter, a.Page)
	})
	l.EvaluationCount = lists(wait, func(ctx context.Context, k kind, of []id, f catalog.EvaluationFilter) (map[id]int, error) {
		return r.CountEvaluations(ctx, parents{Kind: k, IDs: of}, f)
	})
	l.Revisions = lists(wait, func(ctx context.Context, k kind, of []id, p paging) (map[id]*catalog.Page[*catalog.Revision], error) {
		return r.Revisions(ctx, parents{Kind: k, IDs: of}, p)
	})
	l.RevisionCount = lists(wait, func(ctx context.Context, k kind, of []id, _ struct{}) (map[id]int, error) {
		return r.CountRevisions(ctx, parents{Kind: k, IDs: of})
	})
}

type contextKey struct{}

// carried is the set of a context, made when it is first asked for.
type carried struct {
	make func() *Loaders
	once sync.Once
	set  atomic.Pointer[Loaders]
}

func (c *carried) get() *Loaders {
	c.once.Do(func() { c.set.CompareAndSwap(nil, c.make()) })
	return c.set.Load()
}

// NewContext returns a context that carries the set.
func NewContext(ctx context.Context, l *Loaders) context.Context {
	return Later(ctx, func() *Loaders { return l })
}

// Later returns a context that carries the set that f makes. It is made when it is
// first asked for: many requests are answered without.
func Later(ctx context.Context, f func() *Loaders) context.Context {
	return context.WithValue(ctx, contextKey{}, &carried{make: f})
}

// From returns the context's set. It panics where there is none: whoever resolves
// without loaders has wired the server wrongly.
func From(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*carried).get() }

// Renew puts a fresh set in the place of the context's, as a change needs: what
// was read before it may not hold any more. The changes of a request are made
// one after the other, each with all that is read of it.
func Renew(ctx context.Context) {
	c := ctx.Value(contextKey{}).(*carried)
	old := c.get()
	c.set.Store(New(old.reader, old.wait))
}
