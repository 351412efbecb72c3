package catalog

import "time"

// How long a browser stays signed in: SessionIdle without a request, and
// SessionLife whatever happens.
const (
	SessionIdle = 2 * time.Hour
	SessionLife = 12 * time.Hour
)

// SessionStart is how a session begins: by a token, which it then stands for, by a
// link, or by what an identity provider said of a person.
type SessionStart struct {
	Token  *Credential // by a token; Viewer is then nil
	Link   *Credential // by a link that is good once; it stands for its token then
	Viewer *Viewer     // by an identity provider; Token is then nil
	// Ends is the latest that it may last, as the provider said; the zero value
	// leaves it to SessionLife.
	Ends time.Time
}
