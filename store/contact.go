package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// ContactsOf returns whom to call at each committee. Anonymous readers get none.
func (s *Store) ContactsOf(ctx context.Context, committees []catalog.ID) (map[catalog.ID]*catalog.Contact, error) {
	if catalog.ViewerFrom(ctx) == nil {
		return map[catalog.ID]*catalog.Contact{}, nil
	}
	var key catalog.ID
	return collect(ctx, s, "contacts", `SELECT committee_id, committee_id, name, phone, email FROM committee_contacts WHERE committee_id = ANY ($1)`, Args{committees}, &key,
		func(c *catalog.Contact) []any { return []any{&c.CommitteeID, &c.Name, &c.Phone, &c.Email} },
		func(m map[catalog.ID]*catalog.Contact, c *catalog.Contact) { m[key] = c })
}

// SetContact writes whom to call at a committee, in the name of the context's viewer; a
// contact of which nothing is left takes the one that is there away. It fails with
// FORBIDDEN, NOT_FOUND and the contact's Problems.
func (s *Store) SetContact(ctx context.Context, committee catalog.ID, contact catalog.Contact) error {
	v, err := signedIn(ctx)
	if err != nil {
		return err
	}
	if err := catalog.MayContact(v, committee); err != nil {
		return err
	}
	c := contact.Trimmed()
	if c != nil {
		if err := c.Validate(); err != nil {
			return err
		}
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var name string
		found, err := tx.Query(ctx, `SELECT name FROM committees WHERE id = $1 AND status = 'PUBLISHED'`, committee)
		if err != nil {
			return err
		}
		if name, err = pgx.CollectExactlyOneRow(found, pgx.RowTo[string]); err != nil {
			return catalog.NotFound(catalog.KindCommittee, catalog.EncodeID(catalog.KindCommittee, committee))
		}
		if c == nil {
			_, err = tx.Exec(ctx, `DELETE FROM committee_contacts WHERE committee_id = $1`, committee)
		} else {
			_, err = tx.Exec(ctx, `INSERT INTO committee_contacts (committee_id, name, phone, email, changed_by) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (committee_id) DO UPDATE SET name = EXCLUDED.name, phone = EXCLUDED.phone, email = EXCLUDED.email, changed_by = EXCLUDED.changed_by, changed_at = now()`,
				committee, c.Name, c.Phone, c.Email, v.Name)
		}
		if err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventContactChanged, name: name, committee: &committee})
	})
	return wrap("set contact", err)
}
