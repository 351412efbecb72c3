package browser

import "net/url"

// Page is an address of which there is one of its kind.
type Page struct {
	Name   string // of the file of its picture
	Path   string
	Status int // what it is answered with; 0 is 200
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
	{Name: "topics", Path: "/topics"},
	{Name: "topic", Path: "/topics/jingji"},
	{Name: "region", Path: "/regions/220000"},
	{Name: "source", Path: "/sources/jilin-zhengxie-shida-tese-liangdian"},
	{Name: "quote", Path: "/sources/jilin-zhengxie-shida-tese-liangdian?start=5169&end=5312#quote"},
	{Name: "research", Path: "/research"},
	{Name: "research-cross", Path: "/research?rows=PREFECTURE&columns=YEAR"},
	{Name: "developers", Path: "/developers"},
	{Name: "words", Path: "/research/words?term=" + url.QueryEscape("黑土地")},
	{Name: "sign-in", Path: "/sign-in?error=unauthenticated"},
	{Name: "not-found", Path: "/nothing", Status: 404},
	{Name: "bad-address", Path: "/search?year=abc", Status: 400},
}
