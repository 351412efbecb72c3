package catalog

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// EncodeID makes the opaque, global, stable id of a record, as Relay's Global
// Object Identification asks for: its kind and number in base64url.
func EncodeID(kind RecordKind, id ID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(kind) + ":" + strconv.FormatInt(int64(id), 10)))
}

// DecodeID reads what EncodeID made. Anything else is a NOT_FOUND error: to a
// client an id is opaque, so one that it made up names nothing.
func DecodeID(global string) (RecordKind, ID, error) {
	notAnID := &Error{
		Kind: KindNotFound,
		Zh:   fmt.Sprintf("“%s”不是本系统给出的编号", Clip(global, 80)),
		En:   fmt.Sprintf("%q is not an id that this API gave", Clip(global, 80)),
	}
	raw, err := base64.RawURLEncoding.DecodeString(global)
	if err != nil {
		return "", 0, notAnID
	}
	kind, number, ok := strings.Cut(string(raw), ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id <= 0 || !RecordKind(kind).Valid() || EncodeID(RecordKind(kind), ID(id)) != global {
		return "", 0, notAnID
	}
	return RecordKind(kind), ID(id), nil
}

// DecodeIDOf reads the id of a record of one kind.
func DecodeIDOf(kind RecordKind, global string) (ID, error) {
	got, id, err := DecodeID(global)
	if err != nil {
		return 0, err
	}
	if got != kind {
		return 0, &Error{
			Kind: KindInvalid,
			Zh:   fmt.Sprintf("此编号是%s的，这里需要%s的编号", got.Label(), kind.Label()),
			En:   fmt.Sprintf("this is the id of a %s; the id of a %s is wanted here", strings.ToLower(string(got)), strings.ToLower(string(kind))),
		}
	}
	return id, nil
}
