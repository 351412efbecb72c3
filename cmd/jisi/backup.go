package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/jisiguangyi/jisi/backup"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

const backupHelp = `  jisi backup jisi.backup
  DATABASE_URL=postgres://jisi@db/jisi jisi backup jisi.backup

备份整个数据库在同一时刻的内容，服务运行时也可以；需要 pg_dump。检索索引由数据库派生，不在其中；
登录会话也不在其中。文件含草稿和令牌的散列值，请妥善保管。写完即核对各表行数，不符则失败。
迁移或删除数据目录之前请先备份：以 root 运行时，自带的数据库可能在 /var/lib/jisi，复制目录带不走它
（jisi doctor 会说明在哪里）。也可以从只读的备库备份。
Backs up the whole database as of one moment, beside a server too; it needs pg_dump.
The search index is derived from the database and is not in it, nor is who was
signed in. The file has drafts and the hashes of tokens in it: keep it safe. The rows
of each table are counted in what was written, and it fails where one is missing.
Back up before you move or remove the data directory: run by root, the database may
stand in /var/lib/jisi, and a copy of the directory has it not (jisi doctor says where
it is). A standby can be backed up as well.
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
						m.Rows["cases"], m.Total(), float64(m.Size)/1e6, m.Rows["cases"], m.Total())
				}
				return err
			})
		},
	}
}

const restoreHelp = `  jisi restore jisi.backup
  jisi restore -force jisi.backup      取代现有的全部内容 · in the place of all that is there

先核对文件的校验和，再在一个事务中恢复：中途停止，数据库仍是原样。索引随后自行重建。
备份之后撤销的令牌会恢复有效，请再次撤销。只取代 jisi 自己的表；库的同一模式中另有别的内容，或有人在
jisi 的表上加了列、索引、触发器等，加 -force 也不恢复；别的用户在这些表上的授权、注释和存储选项照旧。
The file is checked against its sum first, and restored in one transaction: stopped
at whatever moment, the database is what it was. The index is built anew by itself.
Tokens that were revoked after the backup are good again: revoke them again. Only
jisi's own tables are replaced: where something else stands in the same schema of the
database, or somebody has added columns, indexes, triggers and the like to jisi's
tables, nothing is restored, with -force neither; what others were granted on them,
comments and storage options stay.
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
			return errors.Join(a.restore(ctx, c, file, force), file.Close())
		},
	}
}

// restore looks at the ground before it does anything: what is not jisi's is left
// alone, whatever was asked for, and no tables are made in somebody else's database.
func (a *app) restore(ctx context.Context, c *config, file *backup.File, force bool) (err error) {
	log := newLog(a.stderr, quietly(c))
	d, err := a.reachDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.closeDatabase(d)) }()
	a.whereabouts(c, d)
	ground, err := store.Ground(ctx, d.url)
	if err != nil {
		return err
	}
	if !ground.Unused && !force {
		return &catalog.Error{
			Kind: catalog.KindConflict,
			Zh:   "数据库不是空的；加 -force 则以备份取代 jisi 在其中的全部内容", En: "the database is not empty; -force puts the backup in the place of all that jisi has there",
		}
	}
	if err := file.Restore(ctx, d.url, ground); err != nil {
		return err
	}
	if err := store.Migrate(ctx, d.url); err != nil { // of an older version
		return err
	}
	if d.store, err = store.Open(ctx, d.url, store.Options{Log: log, MaxConns: 1}); err != nil {
		return err
	}
	if err := d.store.Keep(ctx, ground); err != nil {
		return err
	}
	if err := d.store.DisconnectOthers(ctx); err != nil {
		return err
	}
	if ground.Kept > 0 {
		fmt.Fprintf(a.stdout, "别的用户在 jisi 的表上的授权、注释和存储选项（%d 项）照旧 · grants, comments and storage options of others on jisi's tables (%d) are as they were\n", ground.Kept, ground.Kept)
	}
	m := &file.Manifest
	fmt.Fprintf(a.stdout, "已恢复 %s 的备份：%d 条案例，共 %d 行 · restored the backup of %s: %d cases, %d rows in all\n",
		moment(m.At), m.Rows["cases"], m.Total(), moment(m.At), m.Rows["cases"], m.Total())
	return nil
}
