package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

var indicators = nounOf(table{
	name: "indicators", names: []string{"ARRAY[name]"},
}, func(i *catalog.Indicator, in *catalog.IndicatorInput, _ *lookup) []Column {
	return []Column{
		column("subject", "subject", Text, &i.Subject, in.Subject),
		column("name", "name", Text, &i.Name, in.Name),
		column("value", "value", Float, &i.Value, in.Value),
		column("unit", "unit", Text, &i.Unit, in.Unit),
		column("as_of", "asOf", WordOrNull, &i.AsOf, null(in.AsOf)),
		column("as_of_text", "asOfText", TextOrNull, &i.AsOfText, null(in.AsOfText)),
		internal("holds", &i.Holds, null(in.Holds)),
	}
})

// IndicatorsByID returns the indicators of these ids.
func (s *Store) IndicatorsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Indicator, error) {
	return byID(ctx, s, indicators, ids)
}

// IndicatorsByPractice returns the indicators that each practice names, in its
// order.
func (s *Store) IndicatorsByPractice(ctx context.Context, practices []catalog.ID) (map[catalog.ID][]*catalog.Indicator, error) {
	return linked(ctx, s, indicators, practiceMentions(`indicators`), `l.parent, l.position`, practices)
}

// IndicatorSelected is the expression of how many published cases the calls that count
// towards an indicator, @, have chosen, once their selections are published; NULL where
// no published call counts towards it. A case that two calls have chosen is one.
const IndicatorSelected = `(SELECT CASE WHEN count(*) > 0 THEN count(DISTINCT k.id) END FROM calls c
	LEFT JOIN submissions s ON s.call_id = c.id AND c.selected_on IS NOT NULL AND s.state = 'ACCEPTED' AND s.decision = 'SELECTED'
	LEFT JOIN cases k ON k.id = s.case_id AND k.status = 'PUBLISHED' AND (k.origin <> 'SYNTHETIC' OR @.origin = 'SYNTHETIC')
	WHERE c.indicator_id = @.id AND c.status = 'PUBLISHED')`

// SelectedByIndicator returns what the calls that count towards these indicators have
// chosen; an indicator towards which none counts is missing.
func (s *Store) SelectedByIndicator(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*int, error) {
	found, err := s.pool.Query(ctx, `SELECT r.id, `+of(IndicatorSelected, `r`)+`::int FROM indicators r WHERE r.id = ANY ($1)`, ids)
	if err != nil {
		return nil, wrap("selected by indicator", err)
	}
	selected := map[catalog.ID]*int{}
	var id catalog.ID
	var n *int
	_, err = pgx.ForEachRow(found, []any{&id, &n}, func() error {
		if n != nil {
			one := *n
			selected[id] = &one
		}
		return nil
	})
	return selected, wrap("selected by indicator", err)
}

func IndicatorList(subject *string) List {
	l := List{from: `indicators r`, order: byReading("SUBJECT", `r.subject || ' ' || r.name`)}
	if subject != nil {
		l.and(`r.subject = %s`, *subject)
	}
	return l
}

// Indicators returns a page of the indicators by subject and name, of one subject
// where it is given.
func (s *Store) Indicators(ctx context.Context, subject *string, page catalog.PageArgs) (*catalog.Page[*catalog.Indicator], error) {
	return top(pages(ctx, s, indicators, IndicatorList(subject), catalog.Parents{}, page))
}

// CountIndicators counts what Indicators lists.
func (s *Store) CountIndicators(ctx context.Context, subject *string) (int, error) {
	return top(counts(ctx, s, IndicatorList(subject), catalog.Parents{}))
}

// Ledger puts the indicators that claim to count records beside the published
// records that the database holds, synthetic ones left out; of cases only those
// that are said to be among the figure's. Then come the others, as entered.
func (s *Store) Ledger(ctx context.Context) ([]*catalog.LedgerLine, error) {
	found, err := s.pool.Query(ctx, `
		SELECT `+indicators.selectList()+`, CASE r.holds
			WHEN 'CASE' THEN (SELECT count(*) FROM case_indicators l JOIN cases c ON c.id = l.case_id
				WHERE l.indicator_id = r.id AND c.status = 'PUBLISHED' AND c.origin <> 'SYNTHETIC')
			WHEN 'BRAND' THEN (SELECT count(*) FROM brands WHERE status = 'PUBLISHED' AND origin <> 'SYNTHETIC')
			ELSE (SELECT count(*) FROM venues WHERE type = r.holds AND status = 'PUBLISHED' AND origin <> 'SYNTHETIC')
		END
		FROM indicators r WHERE `+published+` AND r.origin <> 'SYNTHETIC' ORDER BY (r.holds IS NULL), r.id`)
	if err != nil {
		return nil, wrap("ledger", err)
	}
	defer found.Close()
	lines := []*catalog.LedgerLine{}
	for found.Next() {
		line := &catalog.LedgerLine{Indicator: new(catalog.Indicator)}
		var held int
		if err := found.Scan(append(indicators.scan(line.Indicator), &held)...); err != nil {
			return nil, wrap("ledger", err)
		}
		line.Claimed = line.Indicator.Value
		if line.Indicator.Holds != nil {
			gap := line.Claimed - float64(held)
			line.Held, line.Gap = &held, &gap
		}
		lines = append(lines, line)
	}
	return lines, wrap("ledger", found.Err())
}

// IndicatorsByCase returns the indicators that each case counts towards, in its
// order.
func (s *Store) IndicatorsByCase(ctx context.Context, cases []catalog.ID) (map[catalog.ID][]*catalog.Indicator, error) {
	return linked(ctx, s, indicators, `(SELECT case_id AS parent, indicator_id, position FROM case_indicators) l JOIN indicators r ON r.id = l.indicator_id`, `l.parent, l.position`, cases)
}
