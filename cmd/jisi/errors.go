package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
)

// sentence is an error for the user, in both languages.
type sentence struct {
	zh, en string
	err    error // the cause, told after the sentence; nil for none
}

func (s *sentence) Error() string {
	if s.err != nil {
		return s.en + ": " + s.err.Error()
	}
	return s.en
}

func (s *sentence) Unwrap() error { return s.err }

func unknownCommand(name string) error {
	return &exitError{exitUsage, &sentence{
		zh: fmt.Sprintf("没有 %q 这个命令，运行 jisi 可以看到全部命令", name),
		en: fmt.Sprintf("there is no command %q; run jisi for the list", name),
	}}
}

// explain writes an error to stderr in a line or two: Chinese, then English.
func (a *app) explain(err error) {
	if err == nil {
		return
	}
	zh, en := inWords(err)
	if zh != "" {
		fmt.Fprintf(a.stderr, "jisi: %s\n", zh)
	}
	if en != "" {
		fmt.Fprintf(a.stderr, "jisi: %s\n", en)
	}
}

// inWords returns an error's sentences. What the packages say of their own is in
// English; the Chinese line then says what kind of thing went wrong.
func inWords(err error) (zh, en string) {
	var s *sentence
	var known *catalog.Error
	var listen *net.OpError
	switch {
	case errors.As(err, &s):
		if s.err != nil {
			return s.zh, s.en + ": " + oneLine(s.err.Error())
		}
		return s.zh, s.en
	case errors.Is(err, indexer.ErrLocked):
		return "这个数据目录已有一个 jisi 在服务", "a jisi is serving this data directory already"
	case errors.Is(err, context.Canceled):
		return "已停止", "stopped"
	case errors.As(err, &listen) && errors.Is(err, syscall.EADDRINUSE):
		return fmt.Sprintf("地址 %s 已被占用，可以用 -listen 换一个（:0 自动选择）", listen.Addr), fmt.Sprintf("address %s is in use; choose another by -listen (:0 takes a free one)", listen.Addr)
	case errors.As(err, &known):
		zh, en = known.Zh, known.En
		if known.Path != "" {
			zh, en = known.Path+"："+zh, known.Path+": "+en
		}
		if known.Err != nil {
			en += ": " + oneLine(known.Err.Error())
		}
		return zh, en
	case errors.Is(err, syscall.ENOSPC):
		return "磁盘已满", "the disk is full: " + oneLine(err.Error())
	case errors.Is(err, fs.ErrPermission):
		return "没有权限", oneLine(err.Error())
	case errors.Is(err, os.ErrNotExist):
		return "文件不存在", oneLine(err.Error())
	}
	return "没有成功", oneLine(err.Error())
}

// oneLine keeps what a library says to one line.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
