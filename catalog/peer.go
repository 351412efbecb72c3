package catalog

import (
	"fmt"
	"strings"
)

// CodeProvince is the code of 吉林省 in GB/T 2260.
const CodeProvince = "220000"

// PrefectureOf returns the code of the prefecture that a division belongs to: by
// GB/T 2260 the first four digits and 00. A code of another length is returned as it
// is.
func PrefectureOf(code string) string {
	if len(code) != 6 {
		return code
	}
	return code[:4] + "00"
}

// CloseMeaning is the reason that the case is near in meaning, whatever its words.
func CloseMeaning() Reason { return Reason{Kind: ReasonCloseMeaning, Text: "语义相近"} }

// SharedTopics is the reason that both are filed under these topics.
func SharedTopics(names []string) Reason {
	return Reason{Kind: ReasonSharedTopic, Text: "议题相同：" + quoted(names)}
}

// SharedWords is the reason that these words stand in both.
func SharedWords(words []string) Reason {
	return Reason{Kind: ReasonSharedWords, Text: "都说到" + quoted(words)}
}

// FewSharedWords is the reason that only these words stand in both, which are a small
// part of the problem: the case is not near.
func FewSharedWords(words []string) Reason {
	return Reason{Kind: ReasonSharedWords, Text: fewShared + quoted(words)}
}

const fewShared = "只有个别词相同："

// Near reports whether the reason alone makes a case near to the problem.
func (r Reason) Near() bool {
	switch r.Kind {
	case ReasonSharedTopic, ReasonSameBrand, ReasonCloseMeaning:
		return true
	case ReasonSharedWords:
		return !strings.HasPrefix(r.Text, fewShared)
	}
	return false
}

// OtherWords is the reason that the case says in other words what the problem does.
func OtherWords(problem, other string) Reason {
	return Reason{Kind: ReasonSharedWords, Text: "问题说" + quoted([]string{problem}) + "，案例说" + quoted([]string{other})}
}

// SameBrand is the reason that both belong to a brand of consultation.
func SameBrand(name string) Reason {
	return Reason{Kind: ReasonSameBrand, Text: "同属协商品牌" + quoted([]string{name})}
}

// SameLevel is the reason that both are of committees of a level.
func SameLevel(l Level) Reason {
	return Reason{Kind: ReasonSameLevel, Text: "同为" + l.Label() + "级政协"}
}

// NearbyRegion is the reason that both are of one prefecture; its name may be "",
// where it is not known.
func NearbyRegion(prefecture string) Reason {
	if prefecture == "" {
		prefecture = "一个市（州）"
	}
	return Reason{Kind: ReasonNearbyRegion, Text: "同在" + prefecture}
}

// AdoptedByPeers is the reason that n committees have adopted the case.
func AdoptedByPeers(n int) Reason {
	return Reason{Kind: ReasonAdoptedByPeers, Text: fmt.Sprintf("已有%d家政协学习借鉴", n)}
}

// quoted puts each of the words into quotes, one after the other.
func quoted(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString("“" + w + "”")
	}
	return b.String()
}
