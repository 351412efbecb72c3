package face

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Role is what a font is for in documents by GB/T 9704.
type Role int

// The roles: titles, texts, headings of the second level and notes, headings of the first
// level, and page numbers.
const (
	TitleRole Role = iota
	TextRole
	KaiRole
	HeiRole
	SongRole
	roles
)

// Name returns what the standard calls the font.
func (r Role) Name() string {
	return [...]string{"方正小标宋简体", "仿宋", "楷体", "黑体", "宋体"}[r]
}

// wanted are the families for each role, those of the standard first, up to an empty
// line, then what is most like them.
var wanted = [roles][]string{
	TitleRole: {"方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "小标宋", "文鼎小标宋简", "", "华文中宋", "STZhongsong", "Noto Serif CJK SC SemiBold", "Source Han Serif SC SemiBold", "Noto Serif CJK SC Bold", "Source Han Serif SC Bold"},
	TextRole:  {"仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋简体", "方正仿宋_GBK", "FZFangSong-Z02S", "华文仿宋", "STFangsong", "FandolFang", ""},
	KaiRole:   {"楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体简体", "方正楷体_GBK", "FZKai-Z03S", "华文楷体", "STKaiti", "FandolKai", "AR PL KaitiM GB", "AR PL UKai CN", "", "霞鹜文楷", "LXGW WenKai"},
	HeiRole: {"黑体", "SimHei", "方正黑体简体", "方正黑体_GBK", "FZHei-B01S", "华文黑体", "STHeiti", "", "Noto Sans CJK SC Medium", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "思源黑体",
		"WenQuanYi Zen Hei", "文泉驿正黑", "WenQuanYi Micro Hei", "文泉驿微米黑", "微软雅黑", "Microsoft YaHei", "Droid Sans Fallback"},
	SongRole: {"宋体", "SimSun", "新宋体", "NSimSun", "方正书宋简体", "方正书宋_GBK", "华文宋体", "STSong", "FandolSong", ""},
}

// songs and heis stand in for whatever is not there.
var (
	songs = []string{"Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "思源宋体", "宋体", "SimSun", "AR PL SungtiL GB", "AR PL UMing CN", "华文宋体", "STSong", "FandolSong"}
	heis  = wanted[HeiRole][8:]
)

// Fonts are the fonts that documents are printed in. It is safe for concurrent use.
type Fonts struct {
	all    []*Font
	order  [roles][]*Font // for each role, the best first
	exact  [roles]bool    // the best is the standard's
	opened sync.Map       // *Font: func() *Face
}

// common are characters that a font for Chinese has.
const common = "的一政协委员，。（）0"

// Choose chooses among the fonts found. The result is nil where none is for Chinese.
func Choose(all []*Font) *Fonts {
	f := &Fonts{all: slices.DeleteFunc(slices.Clone(all), func(one *Font) bool { return one.italic })}
	for r := range roles {
		names := slices.Concat(wanted[r], songs, heis)
		end := slices.Index(wanted[r], "")
		for i, name := range names {
			if name == "" {
				continue
			}
			if one := f.named(name); one != nil && !slices.Contains(f.order[r], one) && f.isChinese(one) {
				f.exact[r] = f.exact[r] || len(f.order[r]) == 0 && i < end
				f.order[r] = append(f.order[r], one)
			}
		}
	}
	if len(f.order[TextRole]) == 0 {
		return nil
	}
	return f
}

// named returns the font of that name whose weight is nearest to regular, nil where there
// is none. A full name, such as “Noto Serif CJK SC Bold”, is a name too.
func (f *Fonts) named(name string) *Font {
	var best *Font
	far := func(one *Font) int { return max(one.weight-400, 400-one.weight) }
	for _, one := range f.all {
		if one.called(name) && (best == nil || far(one) < far(best)) {
			best = one
		}
	}
	return best
}

func (f *Fonts) isChinese(one *Font) bool {
	face := f.open(one)
	if face == nil {
		return false
	}
	for _, c := range common {
		if _, ok := face.Glyph(c); !ok {
			return false
		}
	}
	return true
}

// open returns a font's face, nil where it cannot be read; each is opened once.
func (f *Fonts) open(one *Font) *Face {
	opened, _ := f.opened.LoadOrStore(one, sync.OnceValue(func() *Face {
		face, err := one.Open()
		if err != nil {
			return nil
		}
		return face
	}))
	return opened.(func() *Face)()
}

// Best returns the face that a role is printed in.
func (f *Fonts) Best(r Role) *Face { return f.open(f.order[r][0]) }

// Exact reports whether that is the font of the standard, whoever made it.
func (f *Fonts) Exact(r Role) bool { return f.exact[r] }

// For returns a face that has the character, the best for the role, and its glyph. It
// looks into all fonts of the machine before it returns false.
func (f *Fonts) For(r Role, c rune) (*Face, Glyph, bool) {
	for _, list := range [][]*Font{f.order[r], f.all} {
		for _, one := range list {
			if face := f.open(one); face != nil {
				if g, ok := face.Glyph(c); ok {
					return face, g, true
				}
			}
		}
	}
	return nil, Glyph{}, false
}

// own is a folder of fonts besides those of the system.
var own atomic.Value

// LookIn names a folder in which fonts are looked for before the system's, such as those
// that an office has a license for. It is called before Machine.
func LookIn(folder string) { own.Store(folder) }

// Machine returns the fonts of this machine, nil where none is for Chinese. It looks for
// them once in a process.
func Machine() *Fonts { return machine() }

var machine = sync.OnceValue(func() *Fonts {
	folders := Folders()
	if folder, ok := own.Load().(string); ok {
		folders = append([]string{folder}, folders...)
	}
	return Choose(Find(folders))
})
