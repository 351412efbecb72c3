package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/store"
)

// checkMeaning reports whether the server of embeddings answers as searching by meaning
// needs it. It is sent one word, the name of the province.
func checkMeaning(ctx context.Context, r *report, c *config, db *examined) {
	const name = "meaning"
	if c.embeddings.URL == "" {
		r.well(name, "没有设置向量服务，只按词语检索", "no embeddings server is set; words alone are searched")
		return
	}
	client, err := meaning.NewClient(c.embeddings)
	if err != nil {
		r.failed(name, "向量服务的地址有误", err, "请核对 -embeddings-url", "look at -embeddings-url")
		return
	}
	limit, cancel := context.WithTimeout(ctx, 2*reaching)
	defer cancel()
	dimensions, took, err := client.Check(limit)
	if err != nil {
		r.failed(name, "向量服务不能用，检索只按词语", err, "请核对 -embeddings-url、-embeddings-model、-embeddings-key-file 和 -embeddings-dimensions", "look at -embeddings-url, -embeddings-model, -embeddings-key-file and -embeddings-dimensions")
		return
	}
	took = took.Round(time.Millisecond)
	if took > c.embeddings.Budget {
		r.add(finding{
			name, noted, fmt.Sprintf("向量服务用了 %s，超过 -embeddings-budget 的 %s，检索将只按词语", took, c.embeddings.Budget),
			fmt.Sprintf("the embeddings server took %s, more than the %s of -embeddings-budget: words alone will be searched", took, c.embeddings.Budget),
			"请让模型常驻内存，或放宽 -embeddings-budget", "have the model stay in memory, or raise -embeddings-budget",
		})
		return
	}
	zh, en := "", ""
	if n, ok := embedded(ctx, c, db, dimensions); ok {
		zh, en = fmt.Sprintf("，已有 %d 条记录的向量", n), fmt.Sprintf("; %d records have vectors", n)
	}
	r.well(name, fmt.Sprintf("向量服务可用，%s 的向量长 %d，用时 %s%s", c.embeddings.Model, dimensions, took, zh),
		fmt.Sprintf("the embeddings server answers: vectors of %d by %s in %s%s", dimensions, c.embeddings.Model, took, en))
}

// embedded returns how many records have vectors of that length.
func embedded(ctx context.Context, c *config, db *examined, dimensions int) (n int, ok bool) {
	if db.url == "" || !db.current {
		return 0, false
	}
	s, err := store.Open(ctx, db.url, store.Options{Log: silent()})
	if err != nil {
		return 0, false // the database's own check has told
	}
	defer s.Close()
	counts, err := s.CountEmbeddings(ctx, c.embeddings.Model)
	return counts[dimensions], err == nil
}
