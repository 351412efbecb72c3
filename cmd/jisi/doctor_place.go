package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jisiguangyi/jisi/server"
)

// checkDataDir looks whether the data directory can be used, and only by us.
func checkDataDir(r *report, c *config) {
	const name = "data-dir"
	info, err := os.Stat(c.dataDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		above := existing(c.dataDir)
		if err := writable(above); err != nil {
			r.failed(name, "数据目录 "+c.dataDir+" 还没有，也无法建立", err, "请建立它并交给运行 jisi 的用户，或用 -data-dir 换一个", "make it and give it to the user who runs jisi, or choose another by -data-dir")
			return
		}
		r.well(name, "数据目录 "+c.dataDir+" 还没有，serve 会建立", "there is no "+c.dataDir+" yet; serve makes it")
	case err != nil:
		r.failed(name, "读不到数据目录", err, "请检查上级目录的权限", "check the permissions of the folders above")
	case !info.IsDir():
		r.failed(name, c.dataDir+" 不是目录", errors.New("it is a file"), "请用 -data-dir 换一个", "choose another by -data-dir")
	default:
		checkRights(r, c.dataDir, info)
	}
}

func checkRights(r *report, dir string, info fs.FileInfo) {
	const name = "data-dir"
	if err := writable(dir); err != nil {
		r.failed(name, "数据目录不能写入", err, fmt.Sprintf("请用 chown 把 %s 交给运行 jisi 的用户（现在是 uid %d）", dir, os.Geteuid()),
			fmt.Sprintf("give %s to the user who runs jisi by chown (uid %d now)", dir, os.Geteuid()))
		return
	}
	if mode := info.Mode().Perm(); mode&0o066 != 0 {
		r.add(finding{
			name, noted, fmt.Sprintf("数据目录 %s 其他用户可以读写（%o）", dir, mode), fmt.Sprintf("others can read or write %s (%o)", dir, mode),
			"请运行 chmod go-rw " + dir, "run chmod go-rw " + dir,
		})
		return
	}
	r.well(name, "数据目录 "+dir+" 可以写入，其他用户读不到", dir+" can be written, and others cannot read it")
}

// writable tries to make a file in a folder.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".jisi-doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// existing returns the closest folder above a path, or itself, that is there.
func existing(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "."
	}
	for {
		if _, err := os.Stat(abs); err == nil || abs == filepath.Dir(abs) {
			return abs
		}
		abs = filepath.Dir(abs)
	}
}

// Below these a disk is too full: 100,000 cases with their index take some 3 GB,
// and a rebuild of the index keeps the old one beside the new.
const (
	leastFree  = 512 << 20 // bytes
	littleFree = 4 << 30
	leastFiles = 10_000
)

// checkDisk looks at the room where the data directory is, or will be.
func checkDisk(r *report, dir string) {
	const name = "disk"
	var s syscall.Statfs_t
	if err := syscall.Statfs(existing(dir), &s); err != nil {
		r.failed(name, "查不到磁盘剩余空间", err, "", "")
		return
	}
	free := s.Bavail * uint64(s.Bsize) //nolint:unconvert // of other types on other systems
	zh, en := fmt.Sprintf("剩余 %.1f GB", float64(free)/1e9), fmt.Sprintf("%.1f GB are free", float64(free)/1e9)
	f := finding{name: name, zh: zh, en: en, doZh: "请清理磁盘，或用 -data-dir 换到别的磁盘", do: "make room, or move the data directory to another disk"}
	switch {
	case free < leastFree || s.Files > 0 && s.Ffree < leastFiles:
		f.state = wrong
	case free < littleFree:
		f.state = noted
	}
	if s.Files > 0 && s.Ffree < leastFiles {
		f.zh, f.en = zh+fmt.Sprintf("，但只剩 %d 个文件节点", s.Ffree), en+fmt.Sprintf(", but only %d inodes", s.Ffree)
	}
	r.add(f)
}

// running is what a jisi that serves at our address says of itself.
type running struct {
	Version  string             `json:"version"`
	Status   string             `json:"status"`
	Index    server.IndexHealth `json:"index"`
	Database struct{ OK bool }  `json:"database"`
	// UnnamedProxy says that requests come through a proxy that -proxies does not name.
	UnnamedProxy bool `json:"unnamedProxy"`
}

// checkAddress looks whether the address is free, or who has it: nil where no
// jisi serves there.
func (a *app) checkAddress(ctx context.Context, r *report, c *config) *running {
	const name = "address"
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.listen)
	if err == nil {
		_ = listener.Close() // it was never used
		r.well(name, c.listen+" 空闲，serve 可以使用", c.listen+" is free for serve")
		return nil
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		r.failed(name, "不能在 "+c.listen+" 监听", err, "请用 -listen 换一个地址", "choose another address by -listen")
		return nil
	}
	found, err := askReady(ctx, c.listen)
	if err != nil {
		r.failed(name, c.listen+" 被别的程序占用", err, "请停掉它，或用 -listen 换一个地址", "stop it, or choose another address by -listen")
		return nil
	}
	f := finding{name: name, zh: fmt.Sprintf("jisi %s 正在 %s 服务", found.Version, c.listen), en: fmt.Sprintf("jisi %s serves at %s", found.Version, c.listen)}
	if found.Status != "ready" {
		f.state, f.zh, f.en = wrong, f.zh+"，但没有就绪", f.en+", but is not ready"
		f.doZh, f.do = "原因见它的日志，以及下面各项", "its log and the checks below say why"
	} else if found.Version != version {
		f.state = noted
		f.doZh, f.do = "与本程序（"+version+"）版本不同，请重新启动服务", "it is of another version than this program ("+version+"); restart it"
	}
	r.add(f)
	if found.UnnamedProxy {
		r.add(finding{
			"proxies", noted, "有反向代理没有列在 -proxies 中：经它来的访问者合计为一个，限流时互相影响", "a reverse proxy is not named by -proxies: all its visitors count as one in limits",
			"请让代理设置 X-Forwarded-For，并用 -proxies 写明代理的地址（日志中有），如 -proxies 127.0.0.1", "have it set X-Forwarded-For, and name its address, which the log has, by -proxies, for instance -proxies 127.0.0.1",
		})
	}
	return found
}

// askReady asks who listens at an address for a jisi's /readyz.
func askReady(ctx context.Context, listen string) (*running, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	found := &running{}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(found); err != nil || found.Status == "" {
		return nil, errors.New("what listens there is no jisi")
	}
	return found, nil
}
