package docx

import (
	"html"
	"io"
	"strings"
)

// WriteHTML writes the same document as a page that a browser prints by the same
// measures. It has no script, and names nothing outside itself.
func (p *Print) WriteHTML(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><style>` + printCSS + `</style></head><body>`)
	for _, line := range p.lines {
		switch {
		case line.style == printPage:
			b.WriteString(`<div class="page"></div>`)
		case line.style == "":
			b.WriteString(`<p>` + html.EscapeString(line.text) + `</p>`)
		default:
			b.WriteString(`<p class="` + line.style + `">` + html.EscapeString(line.text) + `</p>`)
		}
	}
	b.WriteString(`</body></html>`)
	_, err := io.WriteString(w, b.String())
	return err
}

const printCSS = `@page{size:210mm 297mm;margin:37mm 26mm 35mm 28mm}` +
	`@page:right{@bottom-right{content:"— " counter(page) " —";font:14pt "宋体","SimSun","Noto Serif CJK SC",serif;vertical-align:top;padding-top:7mm;padding-right:14pt}}` +
	`@page:left{@bottom-left{content:"— " counter(page) " —";font:14pt "宋体","SimSun","Noto Serif CJK SC",serif;vertical-align:top;padding-top:7mm;padding-left:14pt}}` +
	`body{margin:0;letter-spacing:-.25pt;font:16pt/28pt "仿宋_GB2312","FangSong_GB2312","仿宋","FangSong","Noto Serif CJK SC","Source Han Serif SC",serif;color:#000}` +
	`p{margin:0;min-height:28pt;text-indent:2em;text-align:justify;overflow-wrap:anywhere;orphans:2;widows:2}` +
	`.PrintTitle{font:22pt/32pt "方正小标宋简体","FZXiaoBiaoSong-B05S","FZXBSJW--GB1-0","Noto Serif CJK SC","Source Han Serif SC",serif;text-indent:0;text-align:center;break-after:avoid}` +
	`.PrintSubtitle{font-family:"楷体_GB2312","KaiTi_GB2312","楷体","KaiTi","Noto Serif CJK SC",serif;text-indent:0;text-align:center}` +
	`.PrintHeading{font-family:"黑体","SimHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif;break-after:avoid}` +
	`.PrintBelow{font-family:"楷体_GB2312","KaiTi_GB2312","楷体","KaiTi","Noto Serif CJK SC",serif;font-size:14pt;text-align:left}` +
	`.page{break-after:page}`
