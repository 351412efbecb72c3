package web

// dimensionName is a dimension's name, its value where it is not known.
func dimensionName(dimension string) string {
	for _, d := range dimensions {
		if d.value == dimension {
			return d.title
		}
	}
	return dimension
}

// crossTable makes a matrix of two dimensions a sheet.
func crossTable(matrix map[string]any, rows, columns string, chosen selection) sheet {
	s := sheet{Name: "cross", Title: dimensionName(rows) + "与" + dimensionName(columns), Chart: "heat"}
	s.Head = []string{dimensionName(rows)}
	for _, column := range list(matrix["columns"]) {
		s.Head = append(s.Head, text(object(column)["label"]))
	}
	s.Head = append(s.Head, "案例数")
	counts := list(matrix["counts"])
	most := 0
	for _, line := range counts {
		for _, n := range list(line) {
			most = max(most, whole(n))
		}
	}
	for i, row := range list(matrix["rows"]) {
		r := object(row)
		line := []cell{words(text(r["label"]))}
		for j, n := range list(counts[i]) {
			c := figure(whole(n))
			c.Shade = shade(whole(n), most)
			c.URL = casesAt(chosen, map[string]any{rows: r["key"], columns: object(list(matrix["columns"])[j])["key"]}, whole(n))
			line = append(line, c)
		}
		s.Rows = append(s.Rows, append(line, figure(whole(r["count"]))))
	}
	s.Define = "同时属于该行和该列的案例数，颜色越深越多；一个案例可以同时归入几行或几列，各格相加可能大于案例总数。"
	if matrix["multiple"] == true {
		s.Note = "一个案例可以同时归入几行或几列，所以各格相加会大于案例总数；“案例数”一列每个案例只计一次。"
	}
	return s
}

// counted makes a matrix of one dimension a sheet.
func counted(name, title, chart, dimension string, matrix map[string]any, chosen selection) sheet {
	s := sheet{Name: name, Title: title, Chart: chart, Head: []string{dimensionName(dimension), "案例数"}}
	for _, row := range list(matrix["rows"]) {
		r := object(row)
		count := figure(whole(r["count"]))
		count.URL = casesAt(chosen, map[string]any{dimension: r["key"]}, whole(r["count"]))
		s.Rows = append(s.Rows, []cell{words(text(r["label"])), count})
	}
	return s
}

// defined says of a sheet what its figures count.
func (s sheet) defined(as string) sheet {
	s.Define = as
	return s
}

// casesAt is the address of the cases at a place of a matrix, "" where a search
// can't tell them: its regions and topics take in what lies below, and it knows
// no steps.
func casesAt(chosen selection, place map[string]any, n int) string {
	if n == 0 || chosen.From != "" || chosen.To != "" {
		return ""
	}
	query := chosen.address()
	for dimension, key := range place {
		param, ok := searchable[dimension]
		if !ok || text(key) == "" || query.Get(param) != "" && query.Get(param) != text(key) {
			return ""
		}
		query.Set(param, text(key))
	}
	return searchURL(query)
}

// adoptionSheet is who took cases over from whom.
func adoptionSheet(graph map[string]any) sheet {
	s := sheet{Name: "adoptions", Title: "互学互鉴网络", Chart: "flow", Head: []string{"案例所属政协", "引进的政协", "次数"}}
	for _, edge := range list(graph["edges"]) {
		e := object(edge)
		from, to := words(text(object(e["from"])["name"])), words(text(object(e["to"])["name"]))
		s.Rows = append(s.Rows, []cell{from, to, figure(whole(e["count"]))})
	}
	s.Define = "引进案例的次数，从案例所属政协到引进的政协；案例没有写明所属政协的引进不在图中。"
	if n := whole(graph["unattributed"]); n > 0 {
		s.Note = "另有 " + figure(n).Text + " 次引进的案例没有写明所属政协，不在图中。"
	}
	return s
}
