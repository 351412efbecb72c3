package text

import "strings"

// The characters of names of columns, divisions and committees whose traditional
// form is another, and these forms. It is for comparing names, and no conversion of
// texts: 乾 of 乾安县 is folded too, on both sides.
var (
	traditionalForms = []rune("並佔併來係個們備傳價內兩別刪則創劃動務勳勵匯區協參吳員問啓啟單嚮國園圖團報場學實寧審寫寬專對導屆層屬峯嶺帶幹幾庫廣廳後從復徵態應戶採換撫擇據" +
		"數於時曆書會東條業極槓標樣樹樺機檔歷歸氣決沒況渾湧溝滿濟為無煙熱營爲爾狀獲現琿環產産療發監眾瞭確碼礎祕種稱積節範簡籤糧納級紛紹組結絕絡給統經" +
		"綠綫網線緣編縣總績織繫羅羣義習聯聲職聽臨臺與興舉舊蓋蘭處號衆衛裏裡製複覆見視計記設訴評話該誌認語誤說説課調談請論諫證識議護讀豐貝負責費資賚賬" +
		"車較載輝輯轉辦農這連週進遊運過達適選遺遼邊郵鄉醫銜銷錄録鍾鎮鏈鐵鑑長門開間閱閲關陽雙難電響頁項順須領頭題類養餘驗驟體鬆鮮麵麼點黨龍")
	simplifiedForms = []rune("并占并来系个们备传价内两别删则创划动务勋励汇区协参吴员问启启单向国园图团报场学实宁审写宽专对导届层属峰岭带干几库广厅后从复征态应户采换抚择据" +
		"数于时历书会东条业极杠标样树桦机档历归气决没况浑涌沟满济为无烟热营为尔状获现珲环产产疗发监众了确码础秘种称积节范简签粮纳级纷绍组结绝络给统经" +
		"绿线网线缘编县总绩织系罗群义习联声职听临台与兴举旧盖兰处号众卫里里制复复见视计记设诉评话该志认语误说说课调谈请论谏证识议护读丰贝负责费资赉账" +
		"车较载辉辑转办农这连周进游运过达适选遗辽边邮乡医衔销录录钟镇链铁鉴长门开间阅阅关阳双难电响页项顺须领头题类养余验骤体松鲜面么点党龙")
	simplifiedOf = func() map[rune]rune {
		m := make(map[rune]rune, len(traditionalForms))
		for i, r := range traditionalForms {
			m[r] = simplifiedForms[i]
		}
		return m
	}()
)

// Simplified returns a name with the simplified forms of its characters, as far as
// names of columns, divisions and committees need it.
func Simplified(s string) string {
	return strings.Map(func(r rune) rune {
		if c, ok := simplifiedOf[r]; ok {
			return c
		}
		return r
	}, s)
}
