package catalog

// Actor is who makes a change; every revision names one.
type Actor struct {
	Name string // for instance "import cases.jsonl" or a token's name
}

// WriteAction says what a write did with an input.
type WriteAction string

// What may become of an input.
const (
	WriteNew     WriteAction = "NEW"     // the record is there now
	WriteChanged WriteAction = "CHANGED" // it differed; it is a version further now
	WriteSame    WriteAction = "SAME"    // nothing differed, nothing was written
	WriteRefused WriteAction = "REFUSED" // it breaks a rule; nothing was written of it
)

// Written is what became of one input.
type Written struct {
	Action  WriteAction
	Kind    RecordKind
	Slug    string
	ID      ID    // 0 where refused
	Version int   // 0 where refused
	Err     error // why it was refused: a Problems or an *Error; nil otherwise
}
