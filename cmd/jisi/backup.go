package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/jisiguangyi/jisi/backup"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

const backupHelp = `  jisi backup jisi.backup
  DATABASE_URL=postgres://jisi@db/jisi jisi backup jisi.backup

备份整个数据库在同一时刻的内容，服务运行时也可以；需要 pg_dump。检索索引由数据库派生，不在其中；
登录会话也不在其中。文件含草稿和令牌的散列值，请妥善保管。
Backs up the whole database as of one moment, beside a server too; it needs pg_dump.
The search index is derived from the database and is not in it, nor is who was
signed in. The file has drafts and the hashes of tokens in it: keep it safe.
`

func backupCommand() command {
	return command{
		name: "backup", args: "FILE",
		zh: "备份数据库到一个文件", en: "back the database up into a file",
		help:  backupHelp,
		takes: []group{ofDatabase},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			if len(args) != 1 {
				return usage(backupCommand(), errors.New("name the file to write"))
			}
			return a.withDatabase(ctx, c, func(d *database) error {
				var m *backup.Manifest
				err := writeFile(args[0], func(w io.Writer) (err error) {
					m, err = backup.Write(ctx, w, d.store, backup.Options{URL: d.url, Version: version, LeaveOut: store.BackupLeavesOut})
					return err
				})
				if err == nil {
					fmt.Fprintf(a.stdout, "已备份 %d 条案例，共 %d 行，%.1f MB · backed up %d cases, %d rows in all\n",
						m.Rows["cases"], m.Total(), float64(m.Bytes)/1e6, m.Rows["cases"], m.Total())
				}
				return err
			})
		},
	}
}

const restoreHelp = `  jisi restore jisi.backup
  jisi restore -force jisi.backup      取代现有的全部内容 · in the place of all that is there

先核对文件的校验和，再在一个事务中恢复：中途停止，数据库仍是原样。索引随后自行重建。
备份之后撤销的令牌会恢复有效，请再次撤销。
The file is checked against its sum first, and restored in one transaction: stopped
at whatever moment, the database is what it was. The index is built anew by itself.
Tokens that were revoked after the backup are good again: revoke them again.
`

func restoreCommand() command {
	var force bool
	return command{
		name: "restore", args: "FILE",
		zh: "从备份恢复数据库", en: "bring the database back from a backup",
		help:  restoreHelp,
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			set.BoolVar(&force, "force", false, "取代现有的内容\nin the place of what is there")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			if len(args) != 1 {
				return usage(restoreCommand(), errors.New("name the file to restore"))
			}
			file, err := backup.Open(args[0], store.NewestSchema())
			if err != nil {
				return err
			}
			return errors.Join(a.withDatabase(ctx, c, func(d *database) error { return a.restore(ctx, d, file, force) }), file.Close())
		},
	}
}

func (a *app) restore(ctx context.Context, d *database, file *backup.File, force bool) error {
	unused, err := d.store.IsUnused(ctx)
	if err != nil {
		return err
	}
	if !unused && !force {
		return &catalog.Error{
			Kind: catalog.KindConflict,
			Zh:   "数据库不是空的；加 -force 则以备份取代其中的全部内容", En: "the database is not empty; -force puts the backup in the place of all that is there",
		}
	}
	server := 0
	if err := d.store.Freeze(ctx, func(f catalog.Frozen) error { server = f.Server; return nil }); err != nil {
		return err
	}
	if err := file.Restore(ctx, d.url, server); err != nil {
		return err
	}
	if err := store.Migrate(ctx, d.url); err != nil { // of an older version
		return fmt.Errorf("bringing the tables up to date: %w", err)
	}
	if err := d.store.DisconnectOthers(ctx); err != nil {
		return err
	}
	m := &file.Manifest
	fmt.Fprintf(a.stdout, "已恢复 %s 的备份：%d 条案例，共 %d 行 · restored the backup of %s: %d cases, %d rows in all\n",
		m.At.Local().Format(time.DateTime), m.Rows["cases"], m.Total(), m.At.Local().Format(time.DateTime), m.Rows["cases"], m.Total())
	return nil
}
