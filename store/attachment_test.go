package store_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// A photo shows with its case, an original to its committee and reviewers only, and
// nobody else attaches or removes anything.
func TestWhoSeesWhichAttachments(t *testing.T) {
	s, admin, sql := editFixture(t)
	ids := committeeIDs(t, sql)
	as := func(role catalog.Role, committee string, below ...string) context.Context {
		v := &catalog.Viewer{Name: string(role) + " " + committee, Role: role, Committee: ids[committee]}
		for _, b := range below {
			v.Below = append(v.Below, ids[b])
		}
		return catalog.WithViewer(t.Context(), v)
	}
	editor, other, above, reader := as(catalog.RoleEditor, "one"), as(catalog.RoleEditor, "two"), as(catalog.RoleReviewer, "two", "one"), as(catalog.RoleReader, "one")
	made, err := s.Edit(editor, draft("草稿"))
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.CasesByID(editor, []catalog.ID{made.ID})
	if err != nil {
		t.Fatal(err)
	}
	slug := found[made.ID].Slug
	photo, original := []byte("the pixels"), []byte("the file")
	attach := func(ctx context.Context, of catalog.AttachmentKind, content []byte) error {
		return s.Attach(ctx, slug, catalog.Attachment{Of: of, Name: "文件", MediaType: "image/png"}, content)
	}
	if err := attach(editor, catalog.AttachmentPhoto, photo); err != nil {
		t.Fatal(err)
	}
	if err := attach(editor, catalog.AttachmentOriginal, original); err != nil {
		t.Fatal(err)
	}
	if err := attach(editor, catalog.AttachmentOriginal, original); err != nil {
		t.Fatal(err)
	}
	for name, ctx := range map[string]context.Context{"another's editor": other, "anybody": t.Context(), "a reader of the committee": reader} {
		if err := attach(ctx, catalog.AttachmentPhoto, []byte("x")); err == nil {
			t.Errorf("%s attaches to a draft", name)
		}
	}
	all, err := s.AttachmentsByCase(editor, []catalog.ID{made.ID})
	if err != nil || len(all[made.ID]) != 2 {
		t.Fatalf("%d attachments, %v; want the photo and the original, once", len(all[made.ID]), err)
	}
	photoID, originalID := all[made.ID][0].ID, all[made.ID][1].ID
	sees := func(when string, ctx context.Context, wantPhoto, wantOriginal bool) {
		t.Helper()
		list, err := s.AttachmentsByCase(ctx, []catalog.ID{made.ID})
		if err != nil {
			t.Fatal(err)
		}
		var got [2]bool
		for _, a := range list[made.ID] {
			got[map[catalog.ID]int{photoID: 0, originalID: 1}[a.ID]] = true
		}
		for i, id := range []catalog.ID{photoID, originalID} {
			_, content, _, err := s.Attachment(ctx, id)
			if err != nil && catalog.ErrorKindOf(err) != catalog.KindNotFound {
				t.Fatal(err)
			}
			if (err == nil) != got[i] || err == nil && !bytes.Equal(content, [][]byte{photo, original}[i]) {
				t.Errorf("%s: attachment %d is listed: %v, served: %q, %v", when, i, got[i], content, err)
			}
		}
		if got != [2]bool{wantPhoto, wantOriginal} {
			t.Errorf("%s sees photo and original: %v, want %v, %v", when, got, wantPhoto, wantOriginal)
		}
	}
	sees("the editor", editor, true, true)
	sees("the reviewer above", above, true, true)
	sees("another's editor", other, false, false)
	sees("anybody, of a draft", t.Context(), false, false)
	sees("a reader, of a draft", reader, false, false)
	version := made.Version
	for _, action := range []catalog.Action{catalog.ActionSubmit, catalog.ActionPublish} {
		done, err := s.Edit(admin, catalog.Edit{Action: action, Kind: catalog.KindCase, ID: made.ID, Version: version})
		if err != nil {
			t.Fatal(err)
		}
		version = done.Version
	}
	sees("anybody, of a published case", t.Context(), true, false)
	sees("a reader, of a published case", reader, true, false)
	sees("another's editor, of a published case", other, true, false)
	if err := attach(editor, catalog.AttachmentPhoto, []byte("x")); catalog.ErrorKindOf(err) != catalog.KindForbidden {
		t.Errorf("an editor attaches to a published case: %v", err)
	}
	if err := s.Detach(other, originalID); catalog.ErrorKindOf(err) != catalog.KindForbidden {
		t.Errorf("another's editor removes it: %v", err)
	}
	told := outboxOf(t, sql)
	if err := s.Detach(above, photoID); err != nil {
		t.Fatal(err)
	}
	if now := outboxOf(t, sql); now != told+1 {
		t.Errorf("%d changes were told of a public photo that is gone, want 1", now-told)
	}
	sees("anybody, of what was removed", t.Context(), false, false)
	if err := s.Detach(above, photoID); catalog.ErrorKindOf(err) != catalog.KindNotFound {
		t.Errorf("removed again: %v", err)
	}
	var by string
	if err := sql.QueryRow(t.Context(), `SELECT removed_by FROM attachments WHERE id = $1 AND sum IS NULL`, photoID).Scan(&by); err != nil || by != "REVIEWER two" {
		t.Errorf("removed by %q, %v", by, err)
	}
	if _, err := sql.Exec(t.Context(), `UPDATE files SET at = now() - interval '2 days'`); err != nil {
		t.Fatal(err)
	}
	if err := s.TrimFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	var files int
	if err := sql.QueryRow(t.Context(), `SELECT count(*) FROM files`).Scan(&files); err != nil || files != 1 {
		t.Errorf("%d files are kept, %v; want the original's alone", files, err)
	}
}

// An original comes with the case that an import makes of it: only what the same
// caller has sent in, and no one else's by its checksum.
func TestAnImportAttachesItsOwnOriginalsOnly(t *testing.T) {
	s, _, sql := editFixture(t)
	ids := committeeIDs(t, sql)
	as := func(committee string) context.Context {
		return catalog.WithViewer(t.Context(), &catalog.Viewer{Name: committee, Role: catalog.RoleEditor, Committee: ids[committee]})
	}
	mine, theirs := as("one"), as("two")
	sum, err := s.KeepUpload(mine, []byte("mine"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := s.KeepUpload(theirs, []byte("theirs"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.BeginDrafts(mine)
	if err != nil {
		t.Fatal(err)
	}
	written, err := w.Put(mine, []catalog.Input{&catalog.CaseInput{InputMeta: meta("imported"), Title: "导入的"}})
	if err != nil || written[0].Err != nil {
		t.Fatal(err, written)
	}
	for _, one := range []string{sum, sum, secret, "no checksum", "00"} {
		if err := w.AttachOriginal(mine, written[0].ID, one, "a.docx", "application/octet-stream"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(mine); err != nil {
		t.Fatal(err)
	}
	found, err := s.AttachmentsByCase(mine, []catalog.ID{written[0].ID})
	if err != nil || len(found[written[0].ID]) != 1 {
		t.Fatalf("%d originals, %v; want one", len(found[written[0].ID]), err)
	}
	if _, content, public, err := s.Attachment(mine, found[written[0].ID][0].ID); err != nil || string(content) != "mine" || public {
		t.Errorf("the original is %q, public: %v, %v", content, public, err)
	}
}

// committeeIDs returns the ids of all committees by their slugs.
func committeeIDs(t *testing.T, sql *pgx.Conn) map[string]catalog.ID {
	t.Helper()
	found, err := sql.Query(t.Context(), `SELECT slug, id FROM committees`)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]catalog.ID{}
	var slug string
	var id catalog.ID
	if _, err := pgx.ForEachRow(found, []any{&slug, &id}, func() error { ids[slug] = id; return nil }); err != nil {
		t.Fatal(err)
	}
	return ids
}

// outboxOf counts what followers are told.
func outboxOf(t *testing.T, sql *pgx.Conn) (n int) {
	t.Helper()
	if err := sql.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
