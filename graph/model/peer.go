package model

import "github.com/jisiguangyi/jisi/catalog"

// PeerCase is a peer's case, picked for a problem or as like another case.
type PeerCase struct {
	Case    *catalog.Case
	Score   float64
	Reasons []catalog.Reason
}
