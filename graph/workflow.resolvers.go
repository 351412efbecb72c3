package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

func (r *mutationResolver) CreateCase(ctx context.Context, input catalog.CaseInput) (*model.Payload[catalog.Case], error) {
	return caseWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateCase(ctx context.Context, id string, version int, input catalog.CaseInput) (*model.Payload[catalog.Case], error) {
	return caseWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitCase(ctx context.Context, id string, version int) (*model.Payload[catalog.Case], error) {
	return caseWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnCase(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Case], error) {
	return caseWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishCase(ctx context.Context, id string, version int) (*model.Payload[catalog.Case], error) {
	return caseWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveCase(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Case], error) {
	return caseWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreCase(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Case], error) {
	return caseWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateBrand(ctx context.Context, input catalog.BrandInput) (*model.Payload[catalog.Brand], error) {
	return brandWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateBrand(ctx context.Context, id string, version int, input catalog.BrandInput) (*model.Payload[catalog.Brand], error) {
	return brandWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitBrand(ctx context.Context, id string, version int) (*model.Payload[catalog.Brand], error) {
	return brandWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnBrand(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Brand], error) {
	return brandWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishBrand(ctx context.Context, id string, version int) (*model.Payload[catalog.Brand], error) {
	return brandWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveBrand(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Brand], error) {
	return brandWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreBrand(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Brand], error) {
	return brandWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateProposal(ctx context.Context, input catalog.ProposalInput) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateProposal(ctx context.Context, id string, version int, input catalog.ProposalInput) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitProposal(ctx context.Context, id string, version int) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnProposal(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishProposal(ctx context.Context, id string, version int) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveProposal(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreProposal(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Proposal], error) {
	return proposalWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateAdoption(ctx context.Context, input catalog.AdoptionInput) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateAdoption(ctx context.Context, id string, version int, input catalog.AdoptionInput) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitAdoption(ctx context.Context, id string, version int) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnAdoption(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishAdoption(ctx context.Context, id string, version int) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveAdoption(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreAdoption(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Adoption], error) {
	return adoptionWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateNeed(ctx context.Context, input catalog.NeedInput) (*model.Payload[catalog.Need], error) {
	return needWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateNeed(ctx context.Context, id string, version int, input catalog.NeedInput) (*model.Payload[catalog.Need], error) {
	return needWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitNeed(ctx context.Context, id string, version int) (*model.Payload[catalog.Need], error) {
	return needWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnNeed(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Need], error) {
	return needWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishNeed(ctx context.Context, id string, version int) (*model.Payload[catalog.Need], error) {
	return needWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveNeed(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Need], error) {
	return needWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreNeed(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Need], error) {
	return needWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateReport(ctx context.Context, input catalog.ReportInput) (*model.Payload[catalog.Report], error) {
	return reportWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateReport(ctx context.Context, id string, version int, input catalog.ReportInput) (*model.Payload[catalog.Report], error) {
	return reportWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitReport(ctx context.Context, id string, version int) (*model.Payload[catalog.Report], error) {
	return reportWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnReport(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Report], error) {
	return reportWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishReport(ctx context.Context, id string, version int) (*model.Payload[catalog.Report], error) {
	return reportWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveReport(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Report], error) {
	return reportWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreReport(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Report], error) {
	return reportWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateCall(ctx context.Context, input catalog.CallInput) (*model.Payload[catalog.Call], error) {
	return callWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateCall(ctx context.Context, id string, version int, input catalog.CallInput) (*model.Payload[catalog.Call], error) {
	return callWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitCall(ctx context.Context, id string, version int) (*model.Payload[catalog.Call], error) {
	return callWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnCall(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Call], error) {
	return callWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishCall(ctx context.Context, id string, version int) (*model.Payload[catalog.Call], error) {
	return callWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveCall(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Call], error) {
	return callWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreCall(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Call], error) {
	return callWork.restore(ctx, r.Resolver, id, version, revision)
}

func (r *mutationResolver) CreateCollection(ctx context.Context, input catalog.CollectionInput) (*model.Payload[catalog.Collection], error) {
	return collectionWork.create(ctx, r.Resolver, &input)
}

func (r *mutationResolver) UpdateCollection(ctx context.Context, id string, version int, input catalog.CollectionInput) (*model.Payload[catalog.Collection], error) {
	return collectionWork.update(ctx, r.Resolver, id, version, &input)
}

func (r *mutationResolver) SubmitCollection(ctx context.Context, id string, version int) (*model.Payload[catalog.Collection], error) {
	return collectionWork.submit(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ReturnCollection(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Collection], error) {
	return collectionWork.giveBack(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) PublishCollection(ctx context.Context, id string, version int) (*model.Payload[catalog.Collection], error) {
	return collectionWork.publish(ctx, r.Resolver, id, version)
}

func (r *mutationResolver) ArchiveCollection(ctx context.Context, id string, version int, reason string) (*model.Payload[catalog.Collection], error) {
	return collectionWork.archive(ctx, r.Resolver, id, version, reason)
}

func (r *mutationResolver) RestoreCollection(ctx context.Context, id string, version int, revision int) (*model.Payload[catalog.Collection], error) {
	return collectionWork.restore(ctx, r.Resolver, id, version, revision)
}
