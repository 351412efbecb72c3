package catalog

import (
	"encoding/base64"
	"strings"
	"time"
)

// Release is a dated, frozen release of the records for research (研究数据发布):
// files that stay the same bytes for ever.
type Release struct {
	Name      string
	CreatedAt time.Time // when it was made; it stands in no file
	Actor     string
	Software  string    // the version of the program that made it
	AsOf      time.Time // the last change of a record that is in it
	Records   int
	Synthetic bool   // made-up records are in it
	Since     string // the earlier release from which its changes are told; "" for none
	Files     []*ReleaseFile
}

// ReleaseFile is one file of a release. Name is its path in the release, with
// slashes.
type ReleaseFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // in hex

	Release string `json:"-"` // the release that it is of, once that is known
}

// ReleaseChange is what became of one record from an earlier release to a later one.
type ReleaseChange struct {
	Change        ReleaseChangeKind
	Kind          RecordKind
	Slug          string
	VersionBefore *int // nil where it was added
	VersionAfter  *int // nil where it was removed
	Fields        []FieldChange
}

// ReleaseChangeKind is how a record differs between two releases.
type ReleaseChangeKind string

// The ways. Files of releases write them in small letters.
const (
	ReleaseAdded   ReleaseChangeKind = "ADDED"
	ReleaseChanged ReleaseChangeKind = "CHANGED"
	ReleaseRemoved ReleaseChangeKind = "REMOVED"
)

// IsNode marks a release as a GraphQL Node.
func (*Release) IsNode() {}

// Earlier is Since, nil for none.
func (r *Release) Earlier() *string {
	if r.Since == "" {
		return nil
	}
	return &r.Since
}

// releaseKind stands in a release's global id where a record's has its kind.
const releaseKind = "RELEASE:"

// GlobalID is the opaque id by which clients know the release.
func (r *Release) GlobalID() string {
	return base64.RawURLEncoding.EncodeToString([]byte(releaseKind + r.Name))
}

// DecodeReleaseID returns the name of the release that a global id is of; false
// where it is of none.
func DecodeReleaseID(global string) (name string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(global)
	if err != nil {
		return "", false
	}
	name, ok = strings.CutPrefix(string(raw), releaseKind)
	return name, ok && ValidReleaseName(name)
}

// ValidReleaseName reports whether a release may be called so: small letters,
// digits, hyphens and points, as in 2026-11, which can stand in an address and
// as a folder's name.
func ValidReleaseName(name string) bool {
	if name == "" || len(name) > 40 || strings.Contains(name, "..") {
		return false
	}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && (c != '-' && c != '.' || i == 0 || i == len(name)-1) {
			return false
		}
	}
	return true
}

// Released is a record as a release holds it.
type Released struct {
	Input     Input
	Version   int
	Digest    []byte // of the version's revision, which those before it belong to
	CreatedAt time.Time
	UpdatedAt time.Time
}
