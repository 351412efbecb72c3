package web

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/web/changes"
)

// functions are what templates can call.
var functions = template.FuncMap{
	"accountEvent":  func(k string) string { return catalog.AccountEventKind(k).Label() },
	"accountState":  func(s string) string { return catalog.AccountState(s).Label() },
	"deliveryState": func(s string) string { return catalog.DeliveryState(s).Label() },
	"deliveryWay":   func(w string) string { return catalog.DeliveryWay(w).Label() },
	"emailPaces":    func() []catalog.EmailPace { return catalog.EmailPaces },
	"instant":       instant,
	"inc":           func(n int) int { return n + 1 },
	"roleLabel":     func(r string) string { return catalog.Role(r).Label() },
	"signInWay":     func(w string) string { return catalog.SignInWay(w).Label() },
	"webhookForm":   func(f string) string { return catalog.WebhookForm(f).Label() },
	"webhookForms":  func() []catalog.WebhookForm { return catalog.WebhookForms },

	"actor":       actor,
	"blank":       blank,
	"changeOf":    changeOf,
	"article":     article,
	"asset":       assetURL,
	"cites":       cites,
	"citeStyles":  func() []citeStyle { return citeStyles },
	"clip":        clip,
	"date":        date,
	"day":         day,
	"dict":        dict,
	"elsewhere":   elsewhere,
	"fieldLabel":  fieldLabel,
	"fieldNames":  fieldNames,
	"foundIn":     foundIn,
	"has":         func(v any, s string) bool { return slices.Contains(list(v), any(s)) },
	"hitTitle":    hitTitle,
	"join":        join,
	"label":       label,
	"overdue":     overdue,
	"replyMonths": catalog.ReplyWithin,
	"lead":        lead,
	"leaves":      leaves,
	"length":      func(v any) int { return len(list(v)) },
	"marked":      marked,
	"moment":      moment,
	"more":        more,
	"zone":        func() string { return catalog.Zone().String() },
	"oneDigit":    oneDigit,
	"paragraphs":  paragraphs,
	"picture":     pictureOf,
	"plain":       plain,
	"procedure":   func() []catalog.ProcedureStep { return catalog.Procedure },
	"quoteURL":    quoteURL,
	"recordURL":   recordURL,
	"byteSize":    byteSize,
	"called":      called,
	"kindLabel":   kindLabel,
	"suggested":   suggestionLabel,
	"reported":    reportedOf,
	"safeURL":     safeURL,
	"takenBack":   func() string { return takenBack },
}

// paths are where the records of a GraphQL type, or of a kind, have their pages.
var paths = func() map[string]string {
	all := map[string]string{}
	for _, kind := range catalog.RecordKinds {
		if folder := kind.Folder(); folder != "" {
			all[string(kind)], all[kind.TypeName()] = folder, folder
		}
	}
	return all
}()

// recordURL is the address of a record's page.
func recordURL(kind, slug any) (string, error) {
	path, ok := paths[text(kind)]
	if !ok {
		return "", fmt.Errorf("records of the type %v have no page", kind)
	}
	return path + url.PathEscape(text(slug)), nil
}

// quoteURL is the address of a citation's quote within its source's text.
func quoteURL(citation any) string {
	c := object(citation)
	back := ""
	if from := text(c[quotedFrom]); from != "" {
		back = "&from=" + url.QueryEscape(from)
	}
	return fmt.Sprintf("/sources/%s?start=%v&end=%v%s#quote", url.PathEscape(text(object(c["source"])["slug"])), c["start"], c["end"], back)
}

// quotedFrom is the key under which a page notes in its citations where it is itself,
// so that whoever looks at a quote finds back.
const quotedFrom = "quotedFrom"

// noteQuoted notes in the record's citations at which page they stand.
func noteQuoted(record map[string]any, path string) {
	for _, c := range list(record["citations"]) {
		if citation := object(c); citation != nil {
			citation[quotedFrom] = path
		}
	}
}

// cite is a citation with its number among the record's.
type cite struct {
	Number int
	Quote  string
	URL    string
}

// cites picks of a record's citations those that support the field: those that
// name it, a part of it, or the whole that it is part of.
func cites(citations any, field string) []cite {
	var found []cite
	for i, citation := range list(citations) {
		c := object(citation)
		if slices.ContainsFunc(list(c["fields"]), func(f any) bool { return related(text(f), field) }) {
			found = append(found, cite{i + 1, text(c["quote"]), quoteURL(c)})
		}
	}
	return found
}

func related(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// span is a piece of a text.
type span struct {
	Text   string
	Marked bool
}

// marked cuts a text at ranges, which count code points and come in order
// without overlap. What a range has outside of the text is left out.
func marked(s, ranges any) []span {
	var spans []span
	runes := []rune(text(s))
	add := func(from, to int, mark bool) {
		if from < to {
			spans = append(spans, span{string(runes[from:to]), mark})
		}
	}
	at := 0
	for _, r := range list(ranges) {
		start, _ := object(r)["start"].(int)
		end, _ := object(r)["end"].(int)
		start, end = min(max(start, at), len(runes)), min(max(end, at), len(runes))
		add(at, start, false)
		add(start, end, true)
		at = max(start, end)
	}
	add(at, len(runes), false)
	return spans
}

// more is how many records a connection has beside those that it lists.
func more(connection any) int {
	c := object(connection)
	return max(0, whole(c["totalCount"])-len(list(c["nodes"])))
}

// blank says of a record of the origin that it has nothing where a field is: a source
// has said nothing of it, or nobody has filled it in who could have.
func blank(origin any) string {
	switch catalog.Origin(text(origin)) {
	case catalog.OriginDocumented:
		return "出处未记载"
	case catalog.OriginContributed, catalog.OriginSynthetic:
		return "尚未填写"
	}
	return "未记载"
}

// paragraphs cuts a text at its line breaks and leaves out empty lines.
func paragraphs(v any) []string {
	var lines []string
	for line := range strings.Lines(text(v)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// clip returns the first n characters of a text, with … where some are left out.
func clip(v any, n int) string { return catalog.Clip(text(v), n) }

// cut returns the first n characters of what a reader typed, as valid UTF-8.
func cut(s string, n int) string { return strings.ToValidUTF8(catalog.Cut(s, n), "\uFFFD") }

// plain leaves out the characters that change the direction of what follows
// them: for titles and options, where no style can hold them in.
func plain(v any) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text(v))
}

// safeURL is an address that a link may have: http or https. Any other is ""
// and is shown as text.
func safeURL(v any) string {
	if u, err := url.Parse(text(v)); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return u.String()
	}
	return ""
}

// date shows a PartialDate in Chinese: 2021年7月15日, as far as it goes.
func date(v any) string { return changes.Date(text(v)) }

// day shows the day of an instant, in the time zone of the site; of a day without a
// time, the day.
func day(v any) string {
	if at, err := time.Parse(time.RFC3339, text(v)); err == nil {
		return date(at.In(catalog.Zone()).Format(time.DateOnly))
	}
	d, _, _ := strings.Cut(text(v), "T")
	return date(d)
}

// instant shows an instant to the minute, in the time zone of day.
func instant(v any) string {
	at, err := time.Parse(time.RFC3339, text(v))
	if err != nil {
		return ""
	}
	return at.In(catalog.Zone()).Format("2006年1月2日 15:04")
}

// byteSize shows a number of bytes.
func byteSize(v any) string {
	n, ok := v.(float64)
	if !ok {
		n = float64(whole(v))
	}
	switch {
	case n >= 1e6:
		return strconv.FormatFloat(n/1e6, 'f', 1, 64) + " MB"
	case n >= 1e3:
		return strconv.FormatFloat(n/1e3, 'f', 1, 64) + " kB"
	}
	return strconv.FormatFloat(n, 'f', 0, 64) + " B"
}

// join puts a separator between the texts of a list.
func join(v any, separator string) string {
	var texts []string
	for _, s := range list(v) {
		texts = append(texts, text(s))
	}
	return strings.Join(texts, separator)
}

// dict makes a map of pairs, to hand a partial more than one thing.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict takes pairs, not %d arguments", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("the key %v is no string", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// overdue is how many days a day has gone by today, 0 where it has not.
func overdue(day any) int {
	on, err := time.Parse(time.DateOnly, text(day))
	today, ok := catalog.DayOf(time.Now()).FirstDay()
	if err != nil || !ok {
		return 0
	}
	return max(0, int(today.Sub(on).Hours()/24))
}
