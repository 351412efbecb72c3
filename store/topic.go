package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var topics = nounOf(table{
	name: "topics", names: []string{"ARRAY[name]"},
}, func(t *catalog.Topic, in *catalog.TopicInput, known *lookup) []Column {
	return []Column{
		column("name", "name", Text, &t.Name, in.Name),
		internal("parent_id", &t.ParentID, known.id(catalog.KindTopic, in.Parent)),
	}
})

// TopicsByID returns the topics of these ids.
func (s *Store) TopicsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Topic, error) {
	return byID(ctx, s, topics, ids)
}

// TopicsBySlug returns the topics of these slugs.
func (s *Store) TopicsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Topic, error) {
	return bySlug(ctx, s, topics, slugs)
}

// TopicsBelow returns the topics directly below each of these, as entered.
func (s *Store) TopicsBelow(ctx context.Context, parents []catalog.ID) (map[catalog.ID][]*catalog.Topic, error) {
	return linked(ctx, s, topics, `(SELECT id, parent_id AS parent FROM topics) l JOIN topics r USING (id)`, `r.id`, parents)
}

// TopicsByCase returns the topics of each case, in its order.
func (s *Store) TopicsByCase(ctx context.Context, cases []catalog.ID) (map[catalog.ID][]*catalog.Topic, error) {
	return linked(ctx, s, topics, `(SELECT case_id AS parent, topic_id, position FROM case_topics) l JOIN topics r ON r.id = l.topic_id`,
		`l.parent, l.position`, cases)
}

// TopicsByProposal returns the topics of each proposal, in its order.
func (s *Store) TopicsByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.Topic, error) {
	return linked(ctx, s, topics, `(SELECT proposal_id AS parent, topic_id, position FROM proposal_topics) l JOIN topics r ON r.id = l.topic_id`,
		`l.parent, l.position`, proposals)
}

// Topics returns all topics as entered, or those directly below the topic of that
// slug.
func (s *Store) Topics(ctx context.Context, parent *string) ([]*catalog.Topic, error) {
	lists, err := children(ctx, s, "topics", `
		SELECT `+topics.selectList()+` FROM topics r WHERE `+published+`
			AND (($1::text[])[1] = '' OR r.parent_id = (SELECT id FROM topics WHERE slug = ($1::text[])[1]))
		ORDER BY r.id`, []string{text(parent)},
		func(t *catalog.Topic) (*string, []any) { return new(string), topics.scan(t) })
	return lists[""], err
}

// CaseCountsByTopic counts the published cases about each topic or one below;
// a case in two of them counts once.
func (s *Store) CaseCountsByTopic(ctx context.Context, ids []catalog.ID) (map[catalog.ID]int, error) {
	return pairs[catalog.ID, int](ctx, s, "case counts by topic", `
		WITH RECURSIVE below (root, id) AS (
			SELECT id, id FROM topics WHERE id = ANY ($1)
			UNION SELECT b.root, t.id FROM topics t JOIN below b ON t.parent_id = b.id)
		SELECT b.root, count(DISTINCT r.id)
		FROM below b JOIN case_topics ct ON ct.topic_id = b.id JOIN cases r ON r.id = ct.case_id
		WHERE `+published+` GROUP BY b.root`, ids)
}
