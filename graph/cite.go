package graph

import (
	"context"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
	"github.com/jisiguangyi/jisi/loaders"
)

// citeRecord writes how to cite a record of the knowledge base.
func (r *Resolver) citeRecord(record catalog.Record, title string, authors []string, style *cite.Style, accessedOn *time.Time) (string, error) {
	ref, err := cite.Record(r.Address, record, title, authors, value(accessedOn))
	if err != nil {
		return "", err
	}
	return cite.Format(ref, value(style))
}

// contributor names the committee that wrote a record in, and so answers for
// it. Of any other record a committee may be the subject but is not the author.
func contributor(ctx context.Context, record catalog.Record, committee *catalog.ID) ([]string, error) {
	if record.Head().Origin != catalog.OriginContributed {
		return nil, nil
	}
	c, err := loaders.From(ctx).CommitteeByID.Maybe(ctx, committee)
	if c == nil || err != nil {
		return nil, err
	}
	return []string{c.Name}, nil
}

// proposerNames names who put a proposal.
func proposerNames(ctx context.Context, proposal catalog.ID) ([]string, error) {
	found, err := proposers(ctx, proposal)
	names := make([]string, 0, len(found))
	for _, p := range found {
		switch p := p.(type) {
		case *catalog.Person:
			names = append(names, p.Name)
		case *catalog.Committee:
			names = append(names, p.Name)
		}
	}
	return names, err
}
