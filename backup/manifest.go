package backup

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/klauspost/compress/flate"

	"github.com/jisiguangyi/jisi/catalog"
)

// The entries of the file. The manifest comes last, as it has the dump's sum.
const (
	dumpName     = "database.dump"
	manifestName = "manifest.json"
	// format is the form of the file; a later one need not be understood here.
	format      = 1
	maxManifest = 1 << 20
)

// Manifest says what a backup holds.
type Manifest struct {
	Format int       `json:"format"`
	Jisi   string    `json:"jisi"` // the version that wrote it
	At     time.Time `json:"at"`
	Schema int64     `json:"schema"` // the last migration
	// Namespace is PostgreSQL's schema that the tables were in; "" is public.
	Namespace string         `json:"namespace,omitempty"`
	Server    int            `json:"server"`  // PostgreSQL's major version
	Program   int            `json:"program"` // pg_dump's major version
	Rows      map[string]int `json:"rows"`    // by table
	Bytes     int64          `json:"bytes"`   // of the dump
	SHA256    string         `json:"sha256"`  // of the dump, in hex
	Size      int64          `json:"-"`       // of the file in bytes, where it was just written
}

// Total returns the number of rows.
func (m *Manifest) Total() int {
	n := 0
	for rows := range maps.Values(m.Rows) {
		n += rows
	}
	return n
}

// namespace is the schema of the dump's tables.
func (m *Manifest) namespace() string {
	if m.Namespace == "" {
		return "public"
	}
	return m.Namespace
}

var tablePattern = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// check refuses a manifest that this version cannot follow.
func (m *Manifest) check(newest int64) error {
	switch {
	case m.Format != format:
		return catalog.Invalid("", fmt.Sprintf("备份的格式是 %d，本版本只认 %d，请用更新的 jisi", m.Format, format), fmt.Sprintf("the backup has format %d, and this version knows %d; use a newer jisi", m.Format, format))
	case m.Schema > newest:
		return catalog.Invalid("", fmt.Sprintf("备份来自更新的 jisi（%s，数据结构 %d，本版本 %d），请先升级", m.Jisi, m.Schema, newest),
			fmt.Sprintf("the backup is of a newer jisi (%s, schema %d; this one has %d); upgrade first", m.Jisi, m.Schema, newest))
	case len(m.Rows) == 0 || m.Bytes <= 0 || m.Program <= 0:
		return damaged(errors.New("the manifest is not complete"))
	}
	for _, table := range slices.Sorted(maps.Keys(m.Rows)) {
		if !tablePattern.MatchString(table) || m.Rows[table] < 0 {
			return damaged(errors.New("the manifest names what is no table"))
		}
	}
	return nil
}

func damaged(cause error) *catalog.Error {
	return &catalog.Error{Kind: catalog.KindInvalid, Zh: "备份文件损坏或不是 jisi 的备份，没有恢复任何内容", En: "the backup is damaged or none of jisi's; nothing was restored", Err: cause}
}

// File is an open backup that has been verified.
type File struct {
	Manifest Manifest
	zip      *zip.ReadCloser
	dump     *zip.File
}

// Open opens a backup, and reads it once to its end to be sure that it is what
// was written. It fails with INVALID where it is damaged, or of a newer schema
// than newest.
func Open(name string, newest int64) (*File, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, damaged(err)
		}
		return nil, fmt.Errorf("open the backup: %w", err)
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	f := &File{zip: z}
	if err := f.verify(newest); err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.zip.Close() }

func (f *File) verify(newest int64) error {
	var manifest *zip.File
	for _, entry := range f.zip.File {
		switch entry.Name {
		case dumpName:
			f.dump = entry
		case manifestName:
			manifest = entry
		}
	}
	if f.dump == nil || manifest == nil {
		return damaged(errors.New("an entry is missing"))
	}
	if err := readManifest(manifest, &f.Manifest); err != nil {
		return err
	}
	if err := f.Manifest.check(newest); err != nil {
		return err
	}
	sum := sha256.New()
	r, err := f.dump.Open()
	if err != nil {
		return damaged(err)
	}
	defer r.Close()
	n, err := io.Copy(sum, r) //nolint:gosec // it is only summed up, however long it is
	if err != nil {
		return damaged(err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != f.Manifest.Bytes || got != f.Manifest.SHA256 {
		return damaged(fmt.Errorf("the dump has %d bytes and the sum %s", n, got))
	}
	return nil
}

func readManifest(entry *zip.File, m *Manifest) error {
	r, err := entry.Open()
	if err != nil {
		return damaged(err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err == nil {
		err = json.Unmarshal(text, m)
	}
	if err != nil {
		return damaged(err)
	}
	return nil
}
