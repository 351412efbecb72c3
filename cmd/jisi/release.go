package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/release"
	"github.com/jisiguangyi/jisi/store"
)

const releaseHelp = `  jisi release create -name 2026-11        数据目录的 releases/2026-11/ · in the data directory
  jisi release create -name 2026-12        并列出自上次发布以来的变化 · and what has changed since the last
  jisi release create -name try -o folder  只写到这个空文件夹，不登记 · write it there only
  jisi release list
  jisi release verify [NAME]               逐个文件核对校验和 · every file's checksum

发布是同一时刻全部已发布记录的定本：JSON Lines、CSV、Parquet、数据包说明、字段手册、引用格式、校验和。
不含合成记录，除非写 -synthetic。发布一经登记，永不更改；记录没有变化时再建一次，各字节相同。
登记在数据库中，各台服务器都看得到；文件在建立它的那台的数据目录中，由 /releases/NAME/ 提供。
A release is all published records as of one moment, for good: JSON Lines, CSV, Parquet, a data package,
a codebook, citations, checksums. Made-up records are left out without -synthetic. Once recorded it
never changes; made again of the same records it is the same bytes. The database knows of it, and so
every server does; the files are in the data directory where it was made, served at /releases/NAME/.
`

// releaseFlags are those of release create.
type releaseFlags struct {
	name, since, licence, output string
	synthetic, whole             bool
}

func releaseCommand() command {
	own := &releaseFlags{}
	return command{
		name:  "release",
		args:  "create|list|verify",
		zh:    "建立、列出、核对研究数据发布",
		en:    "make, list and check releases for research",
		help:  releaseHelp,
		takes: []group{ofDatabase, ofAddress},
		flags: func(set *flag.FlagSet) {
			set.StringVar(&own.name, "name", "", "发布的名称，如 2026-11\nwhat to call it, as in 2026-11")
			set.StringVar(&own.since, "since", "", "列出自这次发布以来的变化；不填则为最近一次\ntell what has changed since this release; without it since the last")
			set.BoolVar(&own.whole, "whole", false, "不与任何发布比较\ntell of no changes")
			set.StringVar(&own.licence, "licence", "", "数据的许可，原样写入；不填则写明未声明\nthe licence of the data, as given; without it the release says that none was stated")
			set.BoolVar(&own.synthetic, "synthetic", false, "含合成记录，并予标明\nwith made-up records, and marked so")
			set.StringVar(&own.output, "o", "", "写到这个空文件夹，不登记\nwrite into this empty folder, and do not record it")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			r := &releases{app: a, flags: own, address: c.publicURL}
			var act func(context.Context, *database) error
			switch {
			case len(args) == 1 && args[0] == "create":
				act = r.create
			case len(args) == 1 && args[0] == "list":
				act = r.list
			case len(args) == 1 && args[0] == "verify":
				act = func(ctx context.Context, d *database) error { return r.verify(ctx, d, "") }
			case len(args) == 2 && args[0] == "verify":
				act = func(ctx context.Context, d *database) error { return r.verify(ctx, d, args[1]) }
			default:
				return usage(releaseCommand(), errors.New("say create, list, or verify and perhaps a release's name"))
			}
			return a.withDatabase(ctx, c, func(d *database) error {
				// Of the data directory that withDatabase has found.
				r.dir = releasesDir(c)
				if err := seedWhereNew(ctx, c, d, newLog(a.stderr, quietly(c))); err != nil { // or there would be nothing to release
					return err
				}
				return act(ctx, d)
			})
		},
	}
}

// releasesDir returns the folder of the releases in a data directory.
func releasesDir(c *config) string { return filepath.Join(c.dataDir, "releases") }

// releases are those of a database, with their files in a folder each.
type releases struct {
	*app
	dir     string
	flags   *releaseFlags
	address string
}

// create makes a release: written beside the others under another name, renamed
// when it is whole, and recorded last, so that what is recorded is there.
func (r *releases) create(ctx context.Context, d *database) error {
	o := release.Options{
		Name: r.flags.name, Address: r.address, Software: version, Licence: r.flags.licence, Synthetic: r.flags.synthetic,
	}
	if err := r.chooseSince(ctx, d, &o); err != nil {
		return err
	}
	if r.flags.output != "" {
		return r.writeOnly(ctx, d, o)
	}
	if err := os.MkdirAll(r.dir, 0o750); err != nil {
		return err
	}
	if err := clearUnfinished(r.dir); err != nil {
		return err
	}
	tmp, held, err := makeUnfinished(r.dir)
	if err != nil {
		return err
	}
	defer held.Close()
	defer os.RemoveAll(tmp)
	made, err := release.Write(ctx, tmp, d.store, o)
	if err != nil {
		return err
	}
	made.Actor = "jisi release"
	return r.keep(ctx, d, tmp, made)
}

// keep records a release that stands in tmp. One that is there already, the
// same to the byte, is left as it is.
func (r *releases) keep(ctx context.Context, d *database, tmp string, made *catalog.Release) error {
	known, err := d.store.Release(ctx, made.Name)
	if err == nil {
		if slices.EqualFunc(known.Files, made.Files, sameFile) {
			fmt.Fprintf(r.stdout, "发布 %s 已存在，各字节相同 · it is there already, the same to the byte\n", made.Name)
			return nil
		}
		return &catalog.Error{
			Kind: catalog.KindConflict, Path: "name",
			Zh: fmt.Sprintf("已有内容不同的发布“%s”，发布不能更改，请另取名称", made.Name), En: fmt.Sprintf("there is another release %q, and releases never change: choose another name", made.Name),
		}
	}
	if catalog.ErrorKindOf(err) != catalog.KindNotFound {
		return err
	}
	dir := filepath.Join(r.dir, made.Name)
	if err := os.RemoveAll(dir); err != nil { // left over by a crash: nothing that is recorded is there
		return err
	}
	if err := os.Chmod(tmp, 0o750); err != nil { //nolint:gosec // a folder needs x
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		return err
	}
	if err := d.store.KeepRelease(ctx, made); err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return r.tell(made, dir)
}

func sameFile(a, b *catalog.ReleaseFile) bool {
	return a.Name == b.Name && a.Bytes == b.Bytes && a.SHA256 == b.SHA256
}

func (r *releases) writeOnly(ctx context.Context, d *database, o release.Options) error {
	if err := os.MkdirAll(r.flags.output, 0o750); err != nil {
		return err
	}
	if entries, err := os.ReadDir(r.flags.output); err != nil || len(entries) > 0 {
		return errors.Join(err, fmt.Errorf("%s is not empty", r.flags.output))
	}
	made, err := release.Write(ctx, r.flags.output, d.store, o)
	if err != nil {
		return err
	}
	return r.tell(made, r.flags.output)
}

func (r *releases) tell(made *catalog.Release, dir string) error {
	bytes := int64(0)
	for _, f := range made.Files {
		bytes += f.Bytes
	}
	_, err := fmt.Fprintf(r.stdout, "发布 %s：%d 条记录，%d 个文件，%.1f MB · %d records, %d files\n%s\n",
		made.Name, made.Records, len(made.Files), float64(bytes)/1e6, made.Records, len(made.Files), dir)
	return err
}

// chooseSince sets the release from which changes are listed: the one asked for,
// or the last, which is never the one that is being made again.
func (r *releases) chooseSince(ctx context.Context, d *database, o *release.Options) error {
	if r.flags.whole {
		return nil
	}
	o.Since = r.flags.since
	if o.Since == "" {
		all, err := everyRelease(ctx, d)
		if err != nil {
			return err
		}
		for _, one := range all { // the newest first
			if one.Name == o.Name {
				o.Since = one.Since
				break
			}
			if o.Since == "" {
				o.Since = one.Name
			}
		}
	} else if _, err := d.store.Release(ctx, o.Since); err != nil {
		return err
	}
	if o.Since != "" {
		o.SinceDir = filepath.Join(r.dir, o.Since)
	}
	return nil
}

func everyRelease(ctx context.Context, d *database) ([]*catalog.Release, error) {
	var all []*catalog.Release
	most := catalog.MaxPage
	page := catalog.PageArgs{First: &most}
	for {
		found, err := d.store.Releases(ctx, page)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
		if !found.HasNext {
			return all, nil
		}
		page.After = &found.Cursors[len(found.Cursors)-1]
	}
}

func (r *releases) list(ctx context.Context, d *database) error {
	all, err := everyRelease(ctx, d)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(r.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tMADE\tAS OF\tRECORDS\tFILES\tSINCE\tSYNTHETIC\tSOFTWARE")
	for _, one := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%v\t%s\n", one.Name, one.CreatedAt.UTC().Format(time.DateTime), one.AsOf.UTC().Format(time.DateTime),
			one.Records, len(one.Files), one.Since, one.Synthetic, one.Software)
	}
	return w.Flush()
}

// verify checks the files of one release, or of all.
func (r *releases) verify(ctx context.Context, d *database, name string) error {
	check, err := r.check(ctx, d, name)
	if err != nil {
		return err
	}
	return tellVerified(r.stdout, &catalog.Verification{Checks: []*catalog.Check{check}})
}

// check compares the files of one release, or of all where name is "", with
// what the database has of them.
func (r *releases) check(ctx context.Context, d *database, name string) (*catalog.Check, error) {
	var all []*catalog.Release
	var err error
	if name == "" {
		all, err = everyRelease(ctx, d)
	} else {
		var one *catalog.Release
		one, err = d.store.Release(ctx, name)
		all = append(all, one)
	}
	if err != nil {
		return nil, err
	}
	check := &catalog.Check{
		Name: "releases", Zh: "各发布的文件与登记的校验和一致", En: "every file of every release has the checksum that was recorded",
		Advice: catalog.Advice{
			Zh: "请从校验和相符的副本取回所列文件；登记的校验和见接口 release { files { sha256 } }",
			En: "bring the files named back from a copy whose checksums are those that the API tells at release { files { sha256 } }",
		},
	}
	for _, one := range all {
		problems, err := release.Verify(filepath.Join(r.dir, one.Name), one)
		if err != nil {
			return nil, err
		}
		check.Checked += len(one.Files)
		for _, p := range problems {
			check.Fail("RELEASE", one.Name, strings.TrimSpace(p.File+" "+p.What))
		}
	}
	return check, nil
}

// ReleaseFile opens a file of a release for the server: one of those that the
// release is recorded to have, and no other. NOT_FOUND where there is none, or
// where its files are in another server's data directory.
func (f *releaseFiles) ReleaseFile(ctx context.Context, name, path string) (*os.File, *catalog.ReleaseFile, error) {
	known, err := f.Release(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(known.Files, func(one *catalog.ReleaseFile) bool { return one.Name == path })
	if at < 0 {
		return nil, nil, noSuchFile(name, path, nil)
	}
	root, err := os.OpenRoot(filepath.Join(f.dir, name))
	if err != nil {
		return nil, nil, noSuchFile(name, path, err)
	}
	defer root.Close()
	file, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, nil, noSuchFile(name, path, err)
	}
	if err := f.whole(file, known.Files[at]); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, known.Files[at], nil
}

// files opens the files of a release that stand here whole.
func (f *releaseFiles) files(ctx context.Context, name string) release.Files {
	return func(path string) (io.ReadCloser, error) {
		file, _, err := f.ReleaseFile(ctx, name, path)
		return file, err
	}
}

// ReleaseChanges returns what differs between two releases whose files are here, from
// one number of the changes to just before another, and how many there are.
func (f *releaseFiles) ReleaseChanges(ctx context.Context, before, after string, from, to int) ([]*catalog.ReleaseChange, int, error) {
	changes := []*catalog.ReleaseChange{}
	total, err := release.Compare(ctx, f.files(ctx, before), f.files(ctx, after), from, to, func(c *catalog.ReleaseChange) error {
		changes = append(changes, c)
		return nil
	})
	return changes, total, err
}

// ReleaseDelta writes what differs between two releases as JSON Lines.
func (f *releaseFiles) ReleaseDelta(ctx context.Context, before, after string, to io.Writer) error {
	return release.WriteDelta(ctx, to, f.files(ctx, before), f.files(ctx, after))
}

// whole fails with UNAVAILABLE where a file is not what was recorded, so that
// nobody is given it under the checksum of another. Its size is always looked at,
// its sum when it is first asked for and when it was touched since.
func (f *releaseFiles) whole(file *os.File, want *catalog.ReleaseFile) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	seen := stamp{info.Size(), info.ModTime()}
	key := want.Release + "/" + want.Name
	if last, ok := f.summed.Load(key); ok && last == seen {
		return nil
	}
	sum := sha256.New()
	if info.Size() == want.Bytes {
		if _, err := io.Copy(sum, file); err != nil {
			return damagedRelease(want, err)
		}
	}
	if info.Size() != want.Bytes || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return damagedRelease(want, nil)
	}
	f.summed.Store(key, seen)
	_, err = file.Seek(0, io.SeekStart)
	return err
}

// stamp is by what a file that was touched is known.
type stamp struct {
	size int64
	at   time.Time
}

func damagedRelease(f *catalog.ReleaseFile, err error) error {
	return &catalog.Error{
		Kind: catalog.KindUnavailable, Err: err,
		Zh: fmt.Sprintf("发布“%s”的文件“%s”已损坏，不能提供；请管理员运行 jisi release verify", f.Release, f.Name),
		En: fmt.Sprintf("the file %q of release %q is damaged and is not given out; its administrator may run jisi release verify", f.Name, f.Release),
	}
}

func noSuchFile(name, path string, err error) error {
	return &catalog.Error{
		Kind: catalog.KindNotFound, Err: err,
		Zh: fmt.Sprintf("这台服务器没有发布“%s”的文件“%s”", name, path), En: fmt.Sprintf("this server has no file %q of release %q", path, name),
	}
}

// releaseFiles are the releases whose files are in dir. Safe for concurrent use.
type releaseFiles struct {
	store  *store.Store
	dir    string
	known  sync.Map // by name: a release never changes
	summed sync.Map // the stamp of each file that was found whole, by its path
}

// Release returns what is known of a release; NOT_FOUND where there is none.
func (f *releaseFiles) Release(ctx context.Context, name string) (*catalog.Release, error) {
	if r, ok := f.known.Load(name); ok {
		return r.(*catalog.Release), nil
	}
	if !catalog.ValidReleaseName(name) {
		return nil, noSuchFile(name, "", nil)
	}
	r, err := f.store.Release(ctx, name)
	if err == nil {
		f.known.Store(name, r)
	}
	return r, err
}
