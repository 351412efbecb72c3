package graph

import (
	"context"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// facetAnswers are what GraphQL knows of each of catalog.Facets, by its name: where its
// buckets go, and what its keys are called.
var facetAnswers = map[string]struct {
	buckets func(of *model.SearchFacets) *[]*model.Bucket
	label   labelFacet
}{
	"kinds": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Kinds },
		labelBy(func(key string) string { return catalog.RecordKind(key).Label() }),
	},
	"regions": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Regions },
		func(ctx context.Context, n *names, at uint64, counts []catalog.FacetCount) ([]*model.Bucket, error) {
			return buckets(ctx, n, at, "region", counts, loaders.From(ctx).RegionByCode, func(r *catalog.Region) string { return r.Name })
		},
	},
	"topics": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Topics },
		func(ctx context.Context, n *names, at uint64, counts []catalog.FacetCount) ([]*model.Bucket, error) {
			return buckets(ctx, n, at, "topic", counts, loaders.From(ctx).TopicBySlug, func(t *catalog.Topic) string { return t.Name })
		},
	},
	"levels": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Levels },
		labelBy(func(key string) string { return catalog.Level(key).Label() }),
	},
	"brands": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Brands },
		func(ctx context.Context, n *names, at uint64, counts []catalog.FacetCount) ([]*model.Bucket, error) {
			return buckets(ctx, n, at, "brand", counts, loaders.From(ctx).BrandBySlug, func(b *catalog.Brand) string { return b.Name })
		},
	},
	"years": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Years },
		labelBy(yearLabel),
	},
	"origins": {
		func(of *model.SearchFacets) *[]*model.Bucket { return &of.Origins },
		labelBy(func(key string) string { return catalog.Origin(key).Label() }),
	},
}

// labelFacet returns counted keys with their names in Chinese, at a state of the index.
type labelFacet func(ctx context.Context, n *names, at uint64, counts []catalog.FacetCount) ([]*model.Bucket, error)

// labelBy labels keys whose names need not be read.
func labelBy(label func(key string) string) labelFacet {
	return func(_ context.Context, _ *names, _ uint64, counts []catalog.FacetCount) ([]*model.Bucket, error) {
		return labelled(counts, label), nil
	}
}

// searchFacets returns the counted keys with their names in Chinese, of the facets that
// are wanted.
func (r *Resolver) searchFacets(ctx context.Context, want map[string]bool, found *catalog.SearchPage) (*model.SearchFacets, error) {
	out := &model.SearchFacets{}
	for _, f := range catalog.Facets {
		if !want["facets."+f.Name] {
			continue
		}
		answer := facetAnswers[f.Name]
		list, err := answer.label(ctx, &r.names, found.DataVersion, *f.Counts(&found.Facets))
		if err != nil {
			return nil, err
		}
		*answer.buckets(out) = list
	}
	return out, nil
}

// facetFields are what is written of facets by the index's own answers.
var facetFields = func() fields[*model.SearchFacets] {
	all := fields[*model.SearchFacets]{}
	for name, answer := range facetAnswers {
		all[name] = func(w *answerText, sel *catalog.Selection, f *model.SearchFacets) error {
			return objects(w, "Bucket", bucketFields, sel, *answer.buckets(f))
		}
	}
	return all
}()

func yearLabel(key string) string {
	if _, err := strconv.Atoi(key); err != nil {
		return key
	}
	return key + "年"
}

func labelled(counts []catalog.FacetCount, label func(key string) string) []*model.Bucket {
	list := make([]*model.Bucket, len(counts))
	for i, c := range counts {
		list[i] = &model.Bucket{Key: c.Key, Label: label(c.Key), Count: c.Count}
	}
	return list
}
