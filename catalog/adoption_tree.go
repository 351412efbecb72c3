package catalog

// AdoptionBranch is one step of a case's way through the committees: an adoption
// of the case, or of a case that came of an adoption of it.
type AdoptionBranch struct {
	AdoptionID ID
	CaseID     ID  // the case that was taken over
	AdopterID  ID  // who took it over
	ParentID   *ID // the adoption that brought that case about; nil for the case at the root
	Depth      int // 1 for an adoption of the case at the root itself
	AdoptedOn  *PartialDate
	Resulting  *ID // the case that came of it
}
