package graph

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// attachmentURL returns where an attachment is served, as far as the server's address
// is known.
func (r *Resolver) attachmentURL(a *catalog.Attachment) string {
	return strings.TrimSuffix(r.Address, "/") + a.Path()
}
