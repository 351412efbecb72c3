package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// keepUploads is how long the files of a preview wait for being brought in.
const keepUploads = 24 * time.Hour

// operatorKey is whose uploads those of an operator's import are.
const operatorKey = "operator"

func uploaderKey(ctx context.Context) string {
	if v := catalog.ViewerFrom(ctx); v != nil {
		return viewerKey(v)
	}
	return operatorKey
}

// KeepUpload keeps a file of the context's viewer, or of an operator where there is
// none, for a day, and returns its SHA-256 in hexadecimal: AttachOriginal takes it by
// that. The same file is kept once.
func (s *Store) KeepUpload(ctx context.Context, content []byte) (sum string, err error) {
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		raw, err := keepFile(ctx, tx, content)
		if err != nil {
			return err
		}
		sum = hex.EncodeToString(raw)
		_, err = tx.Exec(ctx, `INSERT INTO uploads (viewer, sum) VALUES ($1, $2) ON CONFLICT (viewer, sum) DO UPDATE SET at = now()`, uploaderKey(ctx), raw)
		return err
	})
	return sum, wrap("keep upload", err)
}

// keepFile writes the bytes where they are not there yet, and keeps TrimFiles from
// them until the transaction ends.
func keepFile(ctx context.Context, tx pgx.Tx, content []byte) ([]byte, error) {
	if len(content) == 0 || len(content) > catalog.MaxAttachment {
		return nil, catalog.TooLarge("")
	}
	sum := sha256.Sum256(content)
	_, err := tx.Exec(ctx, `INSERT INTO files (sum, content) VALUES ($1, $2) ON CONFLICT (sum) DO UPDATE SET at = now()`, sum[:], content)
	return sum[:], err
}

// AttachOriginal attaches a file that KeepUpload has kept for the same viewer to a
// case that this transaction has written, as its original. A file that is not kept
// any more, or that the case has already, is left out.
func (w *Writer) AttachOriginal(ctx context.Context, id catalog.ID, sum, name, media string) error {
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return nil //nolint:nilerr // nobody has kept that
	}
	_, err = w.tx.Exec(ctx, `INSERT INTO attachments (case_id, of, name, media_type, bytes, sum, added_by)
		SELECT $1, 'ORIGINAL', $2, $3, octet_length(f.content), f.sum, $4 FROM uploads u JOIN files f USING (sum)
		WHERE u.viewer = $5 AND u.sum = $6
			AND NOT EXISTS (SELECT FROM attachments a WHERE a.case_id = $1 AND a.sum = $6)
			AND (SELECT count(*) FROM attachments a WHERE a.case_id = $1 AND a.removed_at IS NULL) < $7`,
		id, catalog.Clip(name, catalog.MaxTitle), media, w.actor.Name, uploaderKey(ctx), raw, catalog.MaxAttachments)
	return wrap("attach original", err)
}

// Attach attaches a file to the case of the slug, in the name of the context's viewer,
// who must be allowed to change it. It fails with LIMIT where the case has as many
// attachments as it may have. The same file again is the one that is there.
func (s *Store) Attach(ctx context.Context, slug string, a catalog.Attachment, content []byte) error {
	if !a.Of.Valid() {
		return &catalog.Error{Kind: catalog.KindInvalid, Path: "kind", Zh: "请选择照片或原件", En: "must be PHOTO or ORIGINAL"}
	}
	err := s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		c, err := caseToChange(ctx, tx, `r.slug = $1`, slug)
		if err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM attachments WHERE case_id = $1 AND removed_at IS NULL`, c.id).Scan(&n); err != nil {
			return err
		}
		if n >= catalog.MaxAttachments {
			return &catalog.Error{
				Kind: catalog.KindLimit,
				Zh:   fmt.Sprintf("一个案例最多 %d 个附件，请先移除几个", catalog.MaxAttachments), En: fmt.Sprintf("a case has at most %d attachments; remove some first", catalog.MaxAttachments),
			}
		}
		sum, err := keepFile(ctx, tx, content)
		if err != nil {
			return err
		}
		added, err := tx.Exec(ctx, `INSERT INTO attachments (case_id, of, name, media_type, bytes, caption, sum, added_by)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE NOT EXISTS (SELECT FROM attachments WHERE case_id = $1 AND sum = $7 AND of = $2)`,
			c.id, a.Of, catalog.Clip(a.Name, catalog.MaxTitle), a.MediaType, len(content), a.Caption, sum, catalog.ViewerFrom(ctx).Name)
		if err != nil || added.RowsAffected() == 0 {
			return err
		}
		return c.tell(ctx, tx, a.Of)
	})
	return wrap("attach", err)
}

// Detach removes an attachment in the name of the context's viewer, who must be
// allowed to change its case. Its bytes go with the next TrimFiles.
func (s *Store) Detach(ctx context.Context, id catalog.ID) error {
	err := s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		c, err := caseToChange(ctx, tx, `r.id = (SELECT case_id FROM attachments WHERE id = $1 AND removed_at IS NULL)`, id)
		if err != nil {
			if catalog.ErrorKindOf(err) == catalog.KindNotFound {
				return catalog.NoAttachment()
			}
			return err
		}
		var of catalog.AttachmentKind
		err = tx.QueryRow(ctx, `UPDATE attachments SET sum = NULL, removed_at = now(), removed_by = $2 WHERE id = $1 AND removed_at IS NULL RETURNING of`,
			id, catalog.ViewerFrom(ctx).Name).Scan(&of)
		if errors.Is(err, pgx.ErrNoRows) {
			return catalog.NoAttachment()
		}
		if err != nil {
			return err
		}
		return c.tell(ctx, tx, of)
	})
	return wrap("detach", err)
}

// attachedCase is a case whose attachments are being changed.
type attachedCase struct {
	id      catalog.ID
	version int
	status  catalog.Status
}

// caseToChange locks the case that the condition on $1 finds, where the viewer may
// change it.
func caseToChange(ctx context.Context, tx pgx.Tx, condition string, arg any) (c attachedCase, err error) {
	v, err := signedIn(ctx)
	if err != nil {
		return c, err
	}
	args := Args{arg}
	var owner catalog.ID
	err = tx.QueryRow(ctx, `SELECT r.id, r.version, r.status, coalesce(r.committee_id, 0) FROM cases r WHERE `+condition+` AND `+Readable(ctx, "cases", "r", &args)+` FOR UPDATE`, args...).
		Scan(&c.id, &c.version, &c.status, &owner)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, &catalog.Error{Kind: catalog.KindNotFound, Zh: "没有这个案例", En: "there is no such case"}
	}
	if err != nil {
		return c, err
	}
	return c, catalog.May(v, catalog.ActionUpdate, owner, c.status)
}

// tell has answers that are kept for the public made anew, where it sees the change.
func (c attachedCase) tell(ctx context.Context, tx pgx.Tx, of catalog.AttachmentKind) error {
	if of != catalog.AttachmentPhoto || c.status != catalog.StatusPublished {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO outbox (kind, record_id, version) VALUES ('CASE', $1, $2)`, c.id, c.version)
	return err
}

// seenAttachment returns the condition under which the context's viewer sees an
// attachment a of a case c: a photo with its case, an original where it reads the
// case's drafts.
func seenAttachment(ctx context.Context, args *Args) string {
	visible := catalog.VisibilityOf(catalog.ViewerFrom(ctx))
	switch {
	case visible.All:
		return `true`
	case len(visible.Committees) == 0:
		return `(a.of = 'PHOTO' AND c.status = 'PUBLISHED')`
	}
	own, _ := owned("cases", "c", args.Add(visible.Committees))
	return `(a.of = 'PHOTO' AND c.status = 'PUBLISHED' OR ` + own + `)`
}

const attachmentColumns = `a.id, a.case_id, a.of, a.name, a.media_type, a.bytes, a.caption, a.sum, a.added_by, a.added_at`

func attachmentScan(a *catalog.Attachment) []any {
	return []any{&a.ID, &a.CaseID, &a.Of, &a.Name, &a.MediaType, &a.Bytes, &a.Caption, &a.Sum, &a.AddedBy, &a.AddedAt}
}

// AttachmentsByCase returns what of the attachments of these cases the context's
// viewer sees, photos first, in the order in which they came.
func (s *Store) AttachmentsByCase(ctx context.Context, ids []catalog.ID) (map[catalog.ID][]*catalog.Attachment, error) {
	args := Args{ids}
	sql := `SELECT ` + attachmentColumns + ` FROM attachments a JOIN cases c ON c.id = a.case_id
		WHERE a.case_id = ANY ($1) AND a.removed_at IS NULL AND ` + seenAttachment(ctx, &args) + ` ORDER BY a.of DESC, a.id`
	found, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap("attachments", err)
	}
	lists := map[catalog.ID][]*catalog.Attachment{}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Attachment, error) {
		a := &catalog.Attachment{}
		return a, row.Scan(attachmentScan(a)...)
	})
	for _, a := range all {
		lists[a.CaseID] = append(lists[a.CaseID], a)
	}
	return lists, wrap("attachments", err)
}

// Attachment returns an attachment with its bytes, and whether everybody may see it.
// It fails with NOT_FOUND for one that the context's viewer does not see.
func (s *Store) Attachment(ctx context.Context, id catalog.ID) (a *catalog.Attachment, content []byte, public bool, err error) {
	args := Args{id}
	sql := `SELECT ` + attachmentColumns + `, f.content, a.of = 'PHOTO' AND c.status = 'PUBLISHED'
		FROM attachments a JOIN cases c ON c.id = a.case_id JOIN files f ON f.sum = a.sum WHERE a.id = $1 AND ` + seenAttachment(ctx, &args)
	a = &catalog.Attachment{}
	err = s.pool.QueryRow(ctx, sql, args...).Scan(append(attachmentScan(a), &content, &public)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, false, catalog.NoAttachment()
	}
	return a, content, public, wrap("attachment", err)
}

// TrimFiles removes what previews have kept for longer than a day, and bytes that
// nothing is made of any more.
func (s *Store) TrimFiles(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM uploads WHERE at < now() - make_interval(secs => $1)`, keepUploads.Seconds()); err != nil {
		return wrap("trim uploads", err)
	}
	_, err := s.pool.Exec(ctx, `DELETE FROM files f WHERE at < now() - make_interval(secs => $1)
		AND NOT EXISTS (SELECT FROM uploads u WHERE u.sum = f.sum) AND NOT EXISTS (SELECT FROM attachments a WHERE a.sum = f.sum)`, keepUploads.Seconds())
	return wrap("trim files", err)
}
