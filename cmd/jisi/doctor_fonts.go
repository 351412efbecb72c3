package main

import "github.com/jisiguangyi/jisi/exchange/typeset"

// checkFonts reports which fonts PDFs are printed in. A server works without any.
func checkFonts(c *config, r *report) {
	typeset.LookIn(fontsDir(c))
	instead, err := typeset.Substitutes()
	switch {
	case err != nil:
		r.well("fonts", "没有中文字体：案例和汇编不能下载 PDF，要用时请安装 fonts-noto-cjk，或把字体放进 "+fontsDir(c),
			"no font for Chinese is installed: cases and books cannot be had as PDF; install fonts-noto-cjk where they are to be, or put fonts into "+fontsDir(c))
	case instead != "":
		r.well("fonts", "PDF 的字体：本机"+instead+"（公文标准的字体可以放进 "+fontsDir(c)+"）",
			"PDFs are printed in the nearest fonts to those of GB/T 9704; these may be put into "+fontsDir(c))
	default:
		r.well("fonts", "PDF 的字体：公文标准的字体都有", "PDFs are printed in the fonts of GB/T 9704")
	}
}
