package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// checkWords compares the dictionaries in the data directory with the embedded
// ones. A damaged one would make the segmenter end the process.
func checkWords(r *report, c *config) {
	const name = "dictionaries"
	home, written, damaged, err := indexer.CheckWords(wordsDir(c))
	switch {
	case err != nil:
		r.failed(name, "读不到词典", err, "请重新安装 jisi", "install jisi again")
	case !written:
		r.well(name, "词典还没有写出，serve 会写到 "+home, "the dictionaries are not written out yet; serve writes them to "+home)
	case len(damaged) > 0:
		list := strings.Join(damaged, ", ")
		r.add(finding{name, wrong, "词典文件已损坏：" + list, "files of the dictionaries are damaged: " + list, "请删除 " + home + "，serve 会重新写出", "remove " + home + "; serve writes it anew"})
	default:
		r.well(name, "词典完好", "the dictionaries are whole")
	}
}

// checkIndex looks at the search index: by the server that has it open, or by
// opening it.
func checkIndex(ctx context.Context, r *report, c *config, db *examined, server *running) {
	const name = "index"
	if !indexer.Built(indexDir(c)) {
		r.well(name, "还没有检索索引，serve 会建立", "there is no search index yet; serve builds it")
		return
	}
	if r.wrong > 0 && server == nil {
		r.add(finding{name, noted, "没有检查索引", "the index was not looked at", "请先处理上面有误的各项", "first see to what is wrong above"})
		return
	}
	state, err := openToLook(ctx, c)
	switch {
	case errors.Is(err, indexer.ErrLocked) && server != nil:
		tellIndex(r, server.Index)
	case errors.Is(err, indexer.ErrLocked):
		r.add(finding{name, noted, "另一个 jisi 正在使用索引", "another jisi has the index open", "请用它的 -listen 运行 doctor，以查看它的状态", "run doctor with its -listen to see how it does"})
	case err != nil:
		r.failed(name, "打不开索引", err, "请运行 jisi reindex；索引由数据库派生，不会丢失内容", "run jisi reindex; the index is derived from the database, nothing is lost")
	default:
		tellIndex(r, withBacklog(ctx, db, state))
	}
}

// openToLook opens the index, and closes it at once.
func openToLook(ctx context.Context, c *config) (indexer.State, error) {
	if _, err := os.Stat(indexDir(c)); err != nil {
		return indexer.State{}, err
	}
	words, err := indexer.LoadWords(wordsDir(c))
	if err != nil {
		return indexer.State{}, err
	}
	index, err := indexer.Open(ctx, indexDir(c), words, indexer.Options{Logger: silent()})
	if err != nil {
		return indexer.State{}, err
	}
	state := index.State()
	return state, index.Close()
}

// withBacklog asks the database how far an index is behind.
func withBacklog(ctx context.Context, db *examined, state indexer.State) server.IndexHealth {
	h := server.IndexHealth{Ready: state.Ready, Documents: state.Documents, DataVersion: state.DataVersion, Pending: -1}
	if db.url == "" || !db.current || !state.Ready {
		return h
	}
	s, err := store.Open(ctx, db.url, store.Options{MaxConns: 2, Log: silent()})
	if err != nil {
		return h
	}
	defer s.Close()
	if pending, age, err := s.Backlog(ctx, state.Cursor); err == nil {
		h.Pending, h.LagSeconds = pending, age.Seconds()
	}
	return h
}

// muchLag is how old a change may be that a serving index does not have yet.
const muchLag = time.Minute

func tellIndex(r *report, h server.IndexHealth) {
	f := finding{name: "index", zh: fmt.Sprintf("索引有 %d 条记录", h.Documents), en: fmt.Sprintf("the index has %d records", h.Documents)}
	switch {
	case !h.Ready:
		f.state, f.zh, f.en = noted, "索引由别的词典或版本建成，或已损坏", "the index was made by other dictionaries or another version, or is damaged"
		f.doZh, f.do = "serve 启动时会重建，或运行 jisi reindex", "serve builds it anew at its start, or run jisi reindex"
	case h.Failing:
		f.state, f.zh, f.en = wrong, f.zh+"，但跟不上数据库的变更", f.en+", but cannot follow the database's changes"
		f.doZh, f.do = "原因见服务的日志；可运行 jisi reindex", "the server's log says why; jisi reindex may help"
	case h.Pending > 0:
		f.zh, f.en = fmt.Sprintf("%s，还有 %d 条变更待处理", f.zh, h.Pending), fmt.Sprintf("%s and is %d changes behind", f.en, h.Pending)
		if h.LagSeconds > muchLag.Seconds() {
			f.state = noted
			f.doZh, f.do = fmt.Sprintf("最早的一条已等 %.0f 秒；服务运行时会自行补上", h.LagSeconds), fmt.Sprintf("the oldest has waited for %.0f s; a running server catches up by itself", h.LagSeconds)
		}
	}
	r.add(f)
}
