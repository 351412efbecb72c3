package graph

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// node returns the record or the release of a global id, nil where there is none.
func (r *Resolver) node(ctx context.Context, global string) (catalog.Node, error) {
	if name, ok := catalog.DecodeReleaseID(global); ok {
		return orNil(r.release(ctx, name))
	}
	return node(ctx, global)
}

// release returns the release of that name, nil where there is none.
func (r *Resolver) release(ctx context.Context, name string) (*catalog.Release, error) {
	found, err := r.Store.Release(ctx, name)
	if catalog.ErrorKindOf(err) == catalog.KindNotFound {
		return nil, nil //nolint:nilnil // to a client a release that is not there is null
	}
	return found, err
}

// releaseChangeCursor stands before the number of a change in its cursor.
const releaseChangeCursor = "change:"

// releaseChanges returns a page of what became of the records since an earlier release.
func (r *Resolver) releaseChanges(ctx context.Context, of *catalog.Release, since *string, args catalog.PageArgs) (*model.ReleaseChangeConnection, error) {
	if since == nil {
		since = of.Earlier()
	}
	if since == nil {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "since",
			Zh: "这次发布没有对照的发布，请写明与哪次发布比较", En: "this release was made beside no other: say which release to compare it with",
		}
	}
	if err := args.Validate(); err != nil {
		return nil, err
	}
	from := 0
	if args.After != nil {
		raw, err := base64.RawURLEncoding.DecodeString(*args.After)
		number, ok := strings.CutPrefix(string(raw), releaseChangeCursor)
		last, bad := strconv.ParseUint(number, 10, 30) // what is added to it stays a number
		if err != nil || bad != nil || !ok {
			return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "after", Zh: "游标无效", En: "that is no cursor of this list"}
		}
		from = int(last) + 1
	}
	if r.Releases == nil {
		return nil, &catalog.Error{Kind: catalog.KindNotFound, Zh: "这台服务器没有发布的文件", En: "this server has no files of releases"}
	}
	changes, total, err := r.Releases.ReleaseChanges(ctx, *since, of.Name, from, from+args.Size())
	if err != nil {
		return nil, err
	}
	page := &catalog.Page[*catalog.ReleaseChange]{Items: changes, HasNext: from+len(changes) < total, HasPrevious: from > 0}
	for i := range changes {
		page.Cursors = append(page.Cursors, base64.RawURLEncoding.EncodeToString([]byte(releaseChangeCursor+strconv.Itoa(from+i))))
	}
	return model.NewConnection(page, func(context.Context) (int, error) { return total, nil }), nil
}
