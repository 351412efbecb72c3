package catalog

import "slices"

// Enum is the list of values that a field may have, each described once.
type Enum struct {
	Name   string // of the Go type, and of the GraphQL enum where there is one
	Values []EnumChoice
}

// EnumChoice is one value of an enum. Within an enum a label stands for one value
// only, so that what is written in a file is read back as the same.
type EnumChoice struct {
	Code    string
	Label   string   // in Chinese
	Aliases []string // what files may say instead
}

// Label returns a value's name in Chinese, "" where the enum does not have it.
func (e *Enum) Label(code string) string {
	for i := range e.Values {
		if e.Values[i].Code == code {
			return e.Values[i].Label
		}
	}
	return ""
}

// Has reports whether code is one of the values.
func (e *Enum) Has(code string) bool {
	return slices.ContainsFunc(e.Values, func(v EnumChoice) bool { return v.Code == code })
}

// Codes returns the values in their order.
func (e *Enum) Codes() []string {
	codes := make([]string, len(e.Values))
	for i, v := range e.Values {
		codes[i] = v.Code
	}
	return codes
}

// Labels returns the values' names in their order.
func (e *Enum) Labels() []string {
	labels := make([]string, len(e.Values))
	for i, v := range e.Values {
		labels[i] = v.Label
	}
	return labels
}

var enums = []*Enum{
	casePartEnum, scoreReadersEnum,
	levelEnum, originEnum, statusEnum, kindEnum, outcomeStatusEnum, partyRoleEnum, phaseEnum, stepCodeEnum,
	proposalEventKindEnum, resolutionEnum, satisfactionEnum, venueKindEnum, holdingEnum, reportRelationEnum,
	needStateEnum, noticeKindEnum,
	supervisionEntryKindEnum, activityKindEnum,
}

// EnumNamed returns the enum of that name, nil where there is none. It is
// shared: read only.
func EnumNamed(name string) *Enum {
	i := slices.IndexFunc(enums, func(e *Enum) bool { return e.Name == name })
	if i < 0 {
		return nil
	}
	return enums[i]
}
