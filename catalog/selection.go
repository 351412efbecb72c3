package catalog

import "encoding/json"

// Selection is a field of an answer, as a reader asks for it: what the store
// needs to know of a GraphQL query, and nothing of GraphQL.
type Selection struct {
	Key   string          // its name in the answer
	Field string          // its name in the schema; "__typename" is the name of the type that it stands in
	Args  json.RawMessage // its arguments as an object, defaults filled in; nil where it has none
	Below []Selection     // what is asked of each thing that it returns, in the answer's order
	// On is what is asked of a record that it returns, by the kind that it turns out
	// to be of, where it may be of several. Below is empty then.
	On map[RecordKind][]Selection
}
