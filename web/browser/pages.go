package browser

import "net/url"

// Page is an address of which there is one of its kind.
type Page struct {
	Name   string // of the file of its picture
	Path   string
	Status int    // what it is answered with; 0 is 200
	Writer bool   // it is for those who write
	File   string // a CSV that is dropped on the page and sent, "" for none
}

// Pages are pages of every kind, on the records that come with the binary.
var Pages = []Page{
	{Name: "home", Path: "/"},
	{Name: "search", Path: "/search?kind=CASE&q=" + url.QueryEscape("协商") + "&level=PROVINCE"},
	{Name: "search-all", Path: "/search"},
	{Name: "search-nothing", Path: "/search?q=zzzzqq"},
	{Name: "case", Path: "/cases/siping-haodi-zhong-haoliang"},
	{Name: "case-short", Path: "/cases/hunchun-haiyang-jingji-shifanqu-jianshe"},
	{Name: "learn", Path: "/learn"},
	{Name: "learn-answer", Path: "/learn?problem=" + url.QueryEscape("老旧小区改造，居民意见不一，停车也没有地方")},
	{Name: "compare", Path: "/compare?cases=siping-haodi-zhong-haoliang,shijie-handi-bingxue-jingji-shiyanqu-jianshe,qianyi-jin-liang-gongcheng"},
	{Name: "compare-choose", Path: "/compare"},
	{Name: "brands", Path: "/brands"},
	{Name: "brand", Path: "/brands/jisi-guangyi"},
	{Name: "proposals", Path: "/proposals"},
	{Name: "proposal", Path: "/proposals/hunchun-haiyang-jingji-shifanqu"},
	{Name: "persons", Path: "/persons"},
	{Name: "person", Path: "/persons/jing-junhai"},
	{Name: "practices", Path: "/practices"},
	{Name: "practice", Path: "/practices/dang-de-lingdao"},
	{Name: "committees", Path: "/committees"},
	{Name: "committee", Path: "/committees/jilin"},
	{Name: "calls", Path: "/calls"},
	{Name: "collections", Path: "/collections"},
	{Name: "write-call", Path: "/write/calls", Writer: true},
	{Name: "write-collection", Path: "/write/collections", Writer: true},
	{Name: "topics", Path: "/topics"},
	{Name: "topic", Path: "/topics/jingji"},
	{Name: "reports", Path: "/reports"},
	{Name: "report", Path: "/reports/yanbian-zhengxie-2020-02-27-shidian"},
	{Name: "region", Path: "/regions/220000"},
	{Name: "source", Path: "/sources/jilin-zhengxie-shida-tese-liangdian"},
	{Name: "quote", Path: "/sources/jilin-zhengxie-shida-tese-liangdian?start=5169&end=5312#quote"},
	{Name: "research", Path: "/research"},
	{Name: "research-cross", Path: "/research?rows=PREFECTURE&columns=YEAR"},
	{Name: "developers", Path: "/developers"},
	{Name: "reference", Path: "/developers/reference"},
	{Name: "reference-type", Path: "/developers/reference/Case"},
	{Name: "help", Path: "/help"},
	{Name: "needs", Path: "/needs"},
	{Name: "needs-answered", Path: "/needs?open=0"},
	{Name: "display", Path: "/display"},
	{Name: "search-topic", Path: "/search?q=" + url.QueryEscape("教育局长")},
	{Name: "words", Path: "/research/words?term=" + url.QueryEscape("黑土地")},
	{Name: "sign-in", Path: "/sign-in?error=unauthenticated"},
	{Name: "region-prefecture", Path: "/regions/220100"},
	{Name: "not-found", Path: "/nothing", Status: 404},
	{Name: "bad-address", Path: "/search?year=abc", Status: 400},
	{Name: "proposals-overdue", Path: "/proposals?overdue=true"},
	{Name: "venues", Path: "/venues"},
	{Name: "activities", Path: "/activities"},
	{Name: "figures", Path: "/activities/figures"},
	{Name: "rounds", Path: "/rounds"},
	{Name: "write-person", Path: "/write/persons", Writer: true},
	{Name: "write-venue", Path: "/write/venues", Writer: true},
	{Name: "write-activity", Path: "/write/activities", Writer: true},
	{Name: "write-practice", Path: "/write/practices", Writer: true},
	{Name: "write-round", Path: "/write/rounds", Writer: true},
	{Name: "write-evaluation", Path: "/write/evaluations", Writer: true},
	{Name: "drafts", Path: "/write", Writer: true},
	{Name: "write-case", Path: "/write/cases", Writer: true},
	{Name: "write-brand", Path: "/write/brands", Writer: true},
	{Name: "write-proposal", Path: "/write/proposals", Writer: true},
	{Name: "write-report", Path: "/write/reports?record=/brands/youshi-lai-shangliang", Writer: true},
	{Name: "several", Path: "/write/several", Writer: true},
	{Name: "write-need", Path: "/write/needs", Writer: true},
	{Name: "exchanges", Path: "/write/adoptions", Writer: true},
	{Name: "notices", Path: "/notices?all=1", Writer: true},
	{Name: "adopt", Path: "/write/cases/siping-haodi-zhong-haoliang/adopt", Writer: true},
	{Name: "account", Path: "/account", Writer: true},
	{Name: "admin", Path: "/admin", Writer: true},
	{Name: "merge", Path: "/write/persons/jing-junhai/merge", Writer: true},
	{Name: "contact", Path: "/committees/changchun/contact", Writer: true},
	{Name: "sign-in-link", Path: "/sign-in/link?code=jisilink"},
	{Name: "import", Path: "/write/import", Writer: true},
	{Name: "import-preview", Path: "/write/import", Writer: true, File: exampleFile},
}

// exampleFile is a CSV with what an import has to tell: records that are new, one
// that is refused in two fields, and a column that is not known. Its cases are
// called what they are.
const exampleFile = "标题,摘要,开始日期,年份,备用列\n" +
	"示例：口袋公园夜间照明,只用来说明怎样导入。,2024-03,2024,\n" +
	"示例：老旧小区停车,只用来说明怎样导入。,2024-05,2024,没有这一列\n" +
	"示例：写错的一行,日期和年份都写错了。,去年三月,二〇二四,\n"
