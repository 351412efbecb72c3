package catalog

import "strings"

// folders are where the records of a kind have their pages, each by its slug; the other
// kinds have none.
var folders = map[RecordKind]string{
	KindCase: "/cases/", KindProposal: "/proposals/", KindBrand: "/brands/", KindPractice: "/practices/", KindSource: "/sources/",
	KindCommittee: "/committees/", KindRegion: "/regions/", KindTopic: "/topics/", KindPerson: "/persons/", KindVenue: "/venues/",
	KindActivity: "/activities/", KindReport: "/reports/", KindNeed: "/needs/", KindCall: "/calls/", KindCollection: "/collections/",
	KindRound: "/rounds/", KindEvaluation: "/evaluations/",
}

// Folder returns what the paths of the pages of the kind's records begin with, as
// "/cases/"; "" where they have no pages.
func (k RecordKind) Folder() string { return folders[k] }

// Permalink returns the path of the page of the kind's record with the slug; "" where
// records of the kind have no pages.
func Permalink(kind RecordKind, slug string) string {
	if folders[kind] == "" {
		return ""
	}
	return folders[kind] + slug
}

// RecordAt returns the kind and the slug of the record whose page has the path, whether
// or not there is one; false where no record's page has.
func RecordAt(path string) (kind RecordKind, slug string, ok bool) {
	for kind, folder := range folders {
		if slug, ok := strings.CutPrefix(path, folder); ok {
			return kind, slug, ValidSlug(slug)
		}
	}
	return "", "", false
}
