package main

import (
	"context"

	"github.com/jisiguangyi/jisi/exchange/office"
)

// checkOffice reports whether LibreOffice is there, without which some files cannot
// be read. A server works without it.
func checkOffice(ctx context.Context, r *report) {
	path := office.Find()
	if path == "" {
		r.well("office", "没有 LibreOffice：.doc、.xls、.wps、.et、.rtf、.odt、.ods 不能导入，要用时请安装 libreoffice-writer 和 libreoffice-calc",
			"LibreOffice is not installed: .doc, .xls, .wps, .et, .rtf, .odt and .ods cannot be imported; install libreoffice-writer and libreoffice-calc where they are to be")
		return
	}
	version := office.Version(ctx)
	if version == "" {
		r.add(finding{"office", noted, "有 LibreOffice（" + path + "），但它不能运行", "LibreOffice is at " + path + " and does not run", "请重新安装 libreoffice-writer 和 libreoffice-calc", "install libreoffice-writer and libreoffice-calc anew"})
		return
	}
	r.well("office", version+"（"+path+"），旧格式的文件可以导入", version+" ("+path+"): files of older formats can be imported")
}
