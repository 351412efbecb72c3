package catalog

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
)

// Credential is what is kept of a secret that a caller shows: an id, which may
// be seen by everybody, and the hash of the rest. The secret itself is given out
// once and kept nowhere.
//
// The hash is plain SHA-256, on purpose. Slow hashes (bcrypt, argon2) make up
// for what people choose as passwords; these secrets are 256 random bits, of
// which no guessing finds one however fast the hash is, and every request has to
// be checked.
type Credential struct {
	ID   string   // 8 characters
	Hash [32]byte // SHA-256 of the whole text as it is shown
}

// TokenPrefix is how tokens begin, so that people and scanners of leaked
// secrets know one when they see it. SessionPrefix is for sessions.
const (
	TokenPrefix   = "jisi"
	SessionPrefix = "jisisession"
)

var secretText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

const (
	credentialID = 8  // characters, 40 bits: not secret
	secretLength = 52 // characters, 256 bits
)

// NewCredential makes a secret of 256 random bits, as PREFIX_ID_SECRET, and
// what is to be kept of it.
func NewCredential(prefix string) (text string, kept Credential) {
	var id [5]byte
	var secret [32]byte
	rand.Read(id[:]) //nolint:errcheck // crypto/rand.Read never fails: it ends the process
	rand.Read(secret[:])
	text = prefix + "_" + secretText.EncodeToString(id[:]) + "_" + secretText.EncodeToString(secret[:])
	kept, _ = ParseCredential(prefix, text)
	return text, kept
}

// ParseCredential reads the text of a secret with that prefix. ok is false
// where it has not the shape of one: there is then nothing to look up.
func ParseCredential(prefix, text string) (c Credential, ok bool) {
	rest, ok := strings.CutPrefix(text, prefix+"_")
	id, secret, both := strings.Cut(rest, "_")
	if !ok || !both || len(id) != credentialID || len(secret) != secretLength || strings.Trim(id+secret, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return Credential{}, false
	}
	return Credential{ID: id, Hash: sha256.Sum256([]byte(text))}, true
}

// Matches compares the hash with the one that is kept, in a time that does not
// depend on where they differ.
func (c Credential) Matches(kept []byte) bool {
	return subtle.ConstantTimeCompare(c.Hash[:], kept) == 1
}

// Format shows the id only, whatever the verb: not even the hash goes into a log.
func (c Credential) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "credential %s", c.ID) }

// Unauthenticated says that a caller is not known.
func Unauthenticated() *Error {
	return &Error{
		Kind: KindUnauthenticated,
		Zh:   "令牌或登录无效、已过期或已撤销，请重新登录或换一个令牌",
		En:   "the token or sign-in is not valid, has expired or was revoked; sign in again or use another token",
	}
}
