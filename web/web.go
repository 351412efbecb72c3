package web

import (
	"context"
	"encoding/json"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Querier runs GraphQL for the pages. It must be safe for concurrent use.
type Querier interface {
	// Query runs the operation of the document with the variables and returns the
	// data, nil where it could not be run, and all errors. Data and errors can
	// come together, as GraphQL has it.
	Query(ctx context.Context, document, operation string, variables map[string]any) (json.RawMessage, []GraphQLError)
}

// GraphQLError is an error of an answer as a page needs it.
type GraphQLError struct {
	Code    string // extensions.code, a catalog.ErrorKind or GraphQL's own
	Message string // a sentence in Chinese
}

// Importer brings files in, in the name of the context's viewer. It must be safe
// for concurrent use. Its errors are ones to be shown.
type Importer interface {
	// Prepare gets ready to read files, behind a page that asks for them.
	Prepare(ctx context.Context)
	// Preview says what the files of a form would change, within the limits of POST
	// /import, and writes what Bring needs to kept.
	Preview(w http.ResponseWriter, r *http.Request, kept io.Writer) (*ImportReport, error)
	// Bring brings in what was kept, as somebody has mended it: all of it or nothing.
	Bring(w http.ResponseWriter, r *http.Request, b Bringing) (*ImportReport, error)
	// Attach attaches a file to the case of the slug: kind is PHOTO or ORIGINAL. Detach
	// removes the attachment of that id.
	Attach(r *http.Request, slug, kind, name, caption string, content io.Reader) error
	Detach(ctx context.Context, id string) error
	// Found answers with the cases of these slugs as one file: docx, xlsx or csv.
	Found(w http.ResponseWriter, r *http.Request, format, name string, slugs []string)
	// CallResults reads what became of a call of earlier years from a workbook of size
	// bytes.
	CallResults(r io.ReaderAt, size int64) ([]catalog.CallResultInput, error)
	// CanPrintPDF reports whether a case can be had as a PDF.
	CanPrintPDF() bool
}

// Options are what the pages need. Query must be set.
type Options struct {
	Query        Querier
	PublicURL    string // where the public finds the server, "" where that is not known
	NoPlayground bool   // leave out the links to /playground
	// Writable tells whether the database takes writes; nil is always. Where it does
	// not, a line on each page says so.
	Writable func() bool
	SignIn   bool // readers can sign in: POST /sign-in and /sign-out are somebody's
	// Import brings files in; nil leaves the page for it out.
	Import Importer
	// Asked keeps what readers who agree ask the search for; nil asks nobody.
	Asked    Asked
	Provider bool         // they can do so at an identity provider too: GET /sign-in/oidc is
	Log      *slog.Logger // of pages that failed; nil is slog's default
}

// ContentSecurityPolicy is what every page is served with: its own style sheet
// and scripts, none of them inside the page, and nothing from anywhere else.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// site is all pages, ready to be served.
type site struct {
	Options
	documents map[string]string
	mutations map[string]string
	templates map[string]*template.Template
}

// Handler serves every page and, below /assets/, what they need. A path that is
// no page's gets the page that says so: mount it at "/". It panics where an
// embedded template or document is not well-formed, and is safe for concurrent
// use.
func Handler(o Options) *Site {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &site{Options: o, documents: loadDocuments(), mutations: documentsIn("mutations")}
	s.templates = loadTemplates()
	mux := http.NewServeMux()
	for _, p := range pages {
		mux.Handle("GET "+p.path, s.serve(p))
	}
	s.writing(mux)
	if s.Import != nil {
		for format := range mostFound {
			mux.HandleFunc("GET /search."+format, s.found)
		}
	}
	s.accounts(mux)
	s.feeds(mux)
	s.calling(mux)
	mux.HandleFunc("POST /display", s.switchDisplay)
	mux.HandleFunc("POST /asked", s.agree)
	mux.HandleFunc("POST /needs/{slug}/ask", s.askNeed)
	mux.Handle("GET /notices", s.forReaders(s.serve(noticesPage)))
	mux.Handle("POST /notices/read", s.forReaders(http.HandlerFunc(s.readNotices)))
	mux.Handle("POST /follow", s.forReaders(http.HandlerFunc(s.follow)))
	mux.Handle("GET /assets/{name}", assetHandler(s.notFound))
	mux.HandleFunc("/", s.notFound)
	return &Site{s, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", ContentSecurityPolicy)
		if !isText(r.URL.Path) {
			s.notFound(w, r)
			return
		}
		if to := canonical(mux, r); to != "" {
			http.Redirect(w, r, to, http.StatusPermanentRedirect)
			return
		}
		mux.ServeHTTP(w, onlyText(r))
	})}
}

// Site is every page, as Handler returns it.
type Site struct {
	site *site
	http.Handler
}

// Refuse answers a browser whose request was taken for another site's, with a page that
// says what the operator has to set where it was not: a proxy that changes the Host
// makes our own forms look so.
func (s *Site) Refuse(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", ContentSecurityPolicy)
	s.site.fail(w, r, otherOrigin)
}

// exact are the folders below which capitals are part of a name.
var exact = []string{"/assets/", "/developers/reference/", "/sign-in/", "/attachments/"}

// canonical returns the address of the page that a reader means by one that ends in a
// slash or has capitals, as people type it and mail programs write it; "" where the
// address is a page's own, or there is no such page either.
func canonical(mux *http.ServeMux, r *http.Request) string {
	path := r.URL.Path
	if r.Method != http.MethodGet && r.Method != http.MethodHead || path == "/" || slices.ContainsFunc(exact, func(below string) bool { return strings.HasPrefix(path, below) }) {
		return ""
	}
	own := strings.ToLower(strings.TrimRight(path, "/"))
	if strings.HasPrefix(own, "/releases/") && strings.HasSuffix(path, "/") {
		own += "/" // a release is a folder
	}
	if own == path || own == "" || strings.HasPrefix(own, "//") { // which a browser takes for a host
		return ""
	}
	other := r.Clone(r.Context())
	other.URL.Path, other.URL.RawPath = own, ""
	if _, pattern := mux.Handler(other); pattern == "/" {
		return ""
	}
	return other.URL.RequestURI()
}
