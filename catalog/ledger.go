package catalog

import "slices"

// The ledger of proposals (提案台账) has the answers in a column of their own, apart
// from the rest of the handling.

// SplitReplies parts the answers from a proposal's other events. It fails to, and ok
// is false, where JoinReplies would not put them back in the same order.
func SplitReplies(events []ProposalEventInput) (others, replies []ProposalEventInput, ok bool) {
	for _, e := range events {
		if e.Kind == EventReplied {
			replies = append(replies, e)
		} else {
			others = append(others, e)
		}
	}
	return others, replies, slices.Equal(JoinReplies(others, replies), events)
}

// JoinReplies puts answers behind the events that come before an answer: before the
// first adoption or implementation, else at the end.
func JoinReplies(others, replies []ProposalEventInput) []ProposalEventInput {
	at := slices.IndexFunc(others, func(e ProposalEventInput) bool { return e.Kind == EventAdopted || e.Kind == EventImplemented })
	if at < 0 {
		at = len(others)
	}
	return slices.Insert(slices.Clone(others), at, replies...)
}

// keepParts sets in a proposal what old says in the columns of the ledger that a file
// has no place for: the entries of its supervisions, and its answers.
func (in *ProposalInput) keepParts(old *ProposalInput, given []string) {
	has := func(name string) bool { return slices.Contains(given, name) }
	if has("supervisions") && !has("supervisions.entries") {
		for i := range min(len(in.Supervisions), len(old.Supervisions)) {
			in.Supervisions[i].Entries = old.Supervisions[i].Entries
		}
	}
	if has("events") && !has("events.replies") {
		if _, replies, ok := SplitReplies(old.Events); ok {
			if others, own, _ := SplitReplies(in.Events); len(own) == 0 {
				in.Events = JoinReplies(others, replies)
			}
		}
	}
}
