package web

import (
	"net/http"
	"strings"
)

// methods are how keywords can be weighed.
var methods = []struct{ value, title string }{
	{"TFIDF", "词频—逆文档频率（TF-IDF）"},
	{"TEXTRANK", "词图排序（TextRank）"},
}

// concordanceOrders are the orders of a concordance's lines.
var concordanceOrders = []struct{ value, title string }{
	{"POSITION", "按出现顺序"}, {"LEFT", "按左邻"}, {"RIGHT", "按右邻"},
}

// maxTerm is how many characters of a term are looked for.
const maxTerm = 50

func wordsVariables(r *http.Request) (map[string]any, error) {
	query := r.URL.Query()
	filter, err := readSelection(query).filter()
	if err != nil {
		return nil, err
	}
	term := strings.TrimSpace(cut(query.Get("term"), maxTerm))
	variables := map[string]any{
		"filter": filter, "madeUp": madeUpFilter(filter), "method": methods[0].value,
		"term": term, "look": term != "", "order": concordanceOrders[0].value,
	}
	if method := query.Get("method"); method != "" {
		variables["method"] = method
	}
	if order := query.Get("order"); order != "" {
		variables["order"] = order
	}
	if after := query.Get("after"); after != "" {
		variables["after"] = after
	}
	return variables, nil
}

func shapeWords(v *view, r *http.Request) error {
	query := r.URL.Query()
	extra := newResearchExtra(v, query)
	for _, m := range methods {
		extra.Methods = append(extra.Methods, option{m.value, m.title, m.value == query.Get("method")})
	}
	for _, o := range concordanceOrders {
		extra.Orders = append(extra.Orders, option{o.value, o.title, o.value == query.Get("order")})
	}
	extra.Term = strings.TrimSpace(cut(query.Get("term"), maxTerm))
	extra.Sheets = []sheet{keywordSheet(list(v.Data["keywords"])), pairSheet(list(v.Data["cooccurrence"]))}
	if extra.Term != "" {
		lines := object(v.Data["concordance"])
		extra.Lines, extra.Pages = whole(lines["totalCount"]), pagerOf(r, lines)
		extra.Sheets = append([]sheet{concordanceSheet(list(lines["nodes"]))}, extra.Sheets...)
	}
	v.Extra = extra.withAddresses(r).pictured(v, r)
	return nil
}

func keywordSheet(keywords []any) sheet {
	s := sheet{
		Name: "keywords", Title: "关键词", Chart: "bars", Head: []string{"词", "权重", "记录数", "出现次数"},
		Note:   "按权重从大到小；权重只能在同一次结果里比较。",
		Define: "词在案例文字中的权重，按所选算法计算；权重只能在同一次结果里比较。",
	}
	for _, keyword := range keywords {
		k := object(keyword)
		s.Rows = append(s.Rows, []cell{words(text(k["text"])), decimal(k["weight"]), figure(whole(k["count"])), figure(whole(k["occurrences"]))})
	}
	return s
}

func pairSheet(pairs []any) sheet {
	s := sheet{
		Name: "pairs", Title: "关键词共现网络", Chart: "net", Head: []string{"词一", "词二", "共现记录数", "点互信息（位）", "标准化"},
		Note:   "按点互信息从大到小；至少在两条记录里一起出现。",
		Define: "连线是两个词一起出现的记录数，只列点互信息最大的一些；圆点是该词各连线之和。",
	}
	for _, pair := range pairs {
		p := object(pair)
		s.Rows = append(s.Rows, []cell{words(text(p["a"])), words(text(p["b"])), figure(whole(p["count"])), decimal(p["weight"]), decimal(p["normalized"])})
	}
	return s
}

func concordanceSheet(lines []any) sheet {
	s := sheet{Name: "concordance", Title: "语境索引", Chart: "", Class: "kwic", Head: []string{"记录", "字段", "上文", "词", "下文"}}
	for _, line := range lines {
		l := object(line)
		node := object(l["node"])
		record := words(heading(node))
		record.URL, _ = recordURL(node["__typename"], node["slug"]) // records of all kinds that are found have pages
		s.Rows = append(s.Rows, []cell{
			record, words(fieldLabel(node["__typename"], l["field"])), words(text(l["left"])), words(text(l["match"])), words(text(l["right"])),
		})
	}
	return s
}
