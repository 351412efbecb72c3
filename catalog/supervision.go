package catalog

// Supervision is a leader's charge of seeing a proposal through (领衔督办).
type Supervision struct {
	ProposalID   ID
	Position     int
	SupervisorID *ID
	Office       *string // in which the supervisor acted
	Year         *int
	Visits       *int // 督办调研视察
	Meetings     *int // 办理协商座谈会
	Note         *string
}

// SupervisionInput is a Supervision as it is written.
type SupervisionInput struct {
	Supervisor string `json:"supervisor,omitempty"`
	Office     string `json:"office,omitempty"`
	Year       *int   `json:"year,omitempty"`
	Visits     *int   `json:"visits,omitempty"`
	Meetings   *int   `json:"meetings,omitempty"`
	Note       string `json:"note,omitempty"`
}

var supervisionNoun = describe[SupervisionInput]("",
	NounField{
		Name: "supervisor", Label: Words{"督办人", "supervisor"}, Meaning: Words{"领衔督办人的 slug", "who supervised, by its slug"},
		Shape: ShapeReference, Kind: KindPerson, Most: MaxTitle,
	},
	officeField,
	yearField,
	NounField{Name: "visits", Label: Words{"督办调研视察次数", "visits"}, Meaning: Words{"督办调研视察次数", "how many visits of inspection"}, Shape: ShapeCount},
	NounField{Name: "meetings", Label: Words{"办理协商座谈会次数", "meetings"}, Meaning: Words{"办理协商座谈会次数", "how many meetings on the handling"}, Shape: ShapeCount},
	noteField,
)

// check reports a supervision by nobody.
func (in SupervisionInput) check(c *checker, path string) {
	if in.Supervisor == "" && in.Office == "" {
		c.invalid(path, "请写督办人或其职务", "name the supervisor or the office")
	}
}
