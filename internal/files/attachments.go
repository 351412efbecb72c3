package files

import (
	"context"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/server"
)

// Attach attaches a file to a case, in the name of the context's viewer. A photo is
// cleaned first: what everybody sees has nothing in it but its pixels.
func (f Files) Attach(ctx context.Context, slug string, a server.NewAttachment) error {
	content, err := io.ReadAll(io.LimitReader(a.Reader, catalog.MaxAttachment+1))
	if err != nil {
		return err
	}
	if len(content) > catalog.MaxAttachment {
		return catalog.TooLarge(a.Name)
	}
	record := catalog.Attachment{Of: a.Kind, Name: strings.TrimSpace(a.Name)}
	if caption := strings.TrimSpace(a.Caption); caption != "" {
		caption = catalog.Clip(caption, catalog.MaxTitle)
		record.Caption = &caption
	}
	if a.Kind == catalog.AttachmentPhoto {
		content, record.MediaType, err = exchange.CleanPhoto(a.Name, content)
	} else {
		record.MediaType, err = exchange.CheckOriginal(a.Name, content)
	}
	if err != nil {
		return err
	}
	return f.Store.Attach(ctx, slug, record, content)
}

// Detach removes an attachment, in the name of the context's viewer.
func (f Files) Detach(ctx context.Context, id string) error {
	of, err := catalog.DecodeAttachmentID(id)
	if err != nil {
		return err
	}
	return f.Store.Detach(ctx, of)
}

// Attachment returns an attachment that the context's viewer may see, with its bytes.
func (f Files) Attachment(ctx context.Context, id string) (*catalog.Attachment, []byte, bool, error) {
	of, err := catalog.DecodeAttachmentID(id)
	if err != nil {
		return nil, nil, false, err
	}
	return f.Store.Attachment(ctx, of)
}
