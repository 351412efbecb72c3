package catalog

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// AttachmentKind says what an attachment is to its record.
type AttachmentKind string

// The kinds. A photo is public with its case; an original is the file that a case was
// made from, which shows to its committee and reviewers only.
const (
	AttachmentPhoto    AttachmentKind = "PHOTO"
	AttachmentOriginal AttachmentKind = "ORIGINAL"
)

// Valid reports whether the kind is one of them.
func (k AttachmentKind) Valid() bool { return k == AttachmentPhoto || k == AttachmentOriginal }

// Limits of attachments.
const (
	MaxAttachment  = 20 << 20 // bytes of one
	MaxAttachments = 40       // of one case
	MaxPhotoSide   = 2560     // pixels of a photo as it is kept
	MaxPixels      = 60_000_000
)

// Attachment is a photo or original file of a case. It stands beside the case and is
// in none of its versions, exports or releases.
type Attachment struct {
	ID        ID
	CaseID    ID
	Of        AttachmentKind
	Name      string // of the file
	MediaType string
	Bytes     int
	Caption   *string
	Sum       []byte // SHA-256 of the bytes
	AddedBy   string
	AddedAt   time.Time
}

// GlobalID returns the opaque id by which clients know the attachment.
func (a *Attachment) GlobalID() string {
	return base64.RawURLEncoding.EncodeToString([]byte("ATTACHMENT:" + strconv.FormatInt(int64(a.ID), 10)))
}

// Path returns where the attachment is served, from the server's root.
func (a *Attachment) Path() string { return "/attachments/" + a.GlobalID() }

// DecodeAttachmentID reads what GlobalID returns. Anything else is NOT_FOUND.
func DecodeAttachmentID(global string) (ID, error) {
	raw, err := base64.RawURLEncoding.DecodeString(global)
	number, ok := strings.CutPrefix(string(raw), "ATTACHMENT:")
	id, parsed := strconv.ParseInt(number, 10, 64)
	if a := (&Attachment{ID: ID(id)}); err != nil || !ok || parsed != nil || id <= 0 || a.GlobalID() != global {
		return 0, NoAttachment()
	}
	return ID(id), nil
}

// NoAttachment is the error for an attachment that is not there, or that the caller
// may not see.
func NoAttachment() *Error {
	return &Error{Kind: KindNotFound, Zh: "没有这个附件，或已经移除", En: "there is no such attachment, or it has been removed"}
}

// TooLarge is the error for a file that is larger than an attachment may be.
func TooLarge(name string) *Error {
	most := strconv.Itoa(MaxAttachment >> 20)
	return &Error{Kind: KindLimit, Zh: "“" + Clipped(name) + "”超过上限 " + most + " MB", En: fmt.Sprintf("%q is larger than the limit of %s MB", Clipped(name), most)}
}
