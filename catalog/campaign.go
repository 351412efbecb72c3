package catalog

import "time"

// Campaign is what became of a call, as somebody may see it.
type Campaign struct {
	Title       string
	Call        *CallInput // as it was written
	Committee   string     // whose call it is, by its name
	Topics      []string   // by their names
	Reviewers   []*CallReviewer
	Submissions []CampaignSubmission
	Scores      []CampaignScore
	Progress    []CampaignProgress
}

// CampaignSubmission is a submission, by names.
type CampaignSubmission struct {
	Committee, Title string
	State            SubmissionState
	SubmittedAt      time.Time
	CaseVersion      int
	Characters       int
	Mean, Spread     *float64
	Rank             *int
	Word             string // of a return or a decision
	Synthetic        bool   // a generator made the case up
}

// CampaignScore is a score, by names.
type CampaignScore struct {
	Title, Reviewer, Criterion string
	Value                      float64
	Comment                    string
}

// CampaignProgress is what a committee has sent, by its name.
type CampaignProgress struct {
	Committee                               string
	Submitted, Returned, Accepted, Selected int
}
