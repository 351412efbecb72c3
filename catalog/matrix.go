package catalog

// Dimension is that by which cases are counted.
type Dimension string

// The dimensions.
const (
	ByRegion        Dimension = "REGION"
	ByPrefecture    Dimension = "PREFECTURE"
	ByLevel         Dimension = "LEVEL"
	ByTopic         Dimension = "TOPIC"
	ByBrand         Dimension = "BRAND"
	ByYear          Dimension = "YEAR"
	ByStatus        Dimension = "STATUS"
	ByOrigin        Dimension = "ORIGIN"
	ByStep          Dimension = "STEP"
	ByOutcomeStatus Dimension = "OUTCOME_STATUS"
)

// Dimensions are all of them.
var Dimensions = []Dimension{ByRegion, ByPrefecture, ByLevel, ByTopic, ByBrand, ByYear, ByStatus, ByOrigin, ByStep, ByOutcomeStatus}

// Multiple reports whether one case may have several values of the dimension.
func (d Dimension) Multiple() bool { return d == ByTopic || d == ByStep || d == ByOutcomeStatus }

// Values are the values of a dimension that has a fixed few, in the domain's
// order; nil for the others.
func (d Dimension) Values() []string {
	switch d {
	case ByLevel:
		return texts(LevelProvince, LevelPrefecture, LevelCounty, LevelUnstated)
	case ByStatus:
		return texts(StatusDraft, StatusInReview, StatusPublished, StatusArchived)
	case ByOrigin:
		return texts(OriginDocumented, OriginContributed, OriginReference, OriginSynthetic)
	case ByStep:
		codes := make([]StepCode, len(Procedure))
		for i, p := range Procedure {
			codes[i] = p.Code
		}
		return texts(codes...)
	case ByOutcomeStatus:
		return texts(OutcomeSubmitted, OutcomeEndorsed, OutcomeAdopted, OutcomeImplemented, OutcomeNotAdopted)
	}
	return nil
}

func texts[T ~string](values ...T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// Label returns a value's name in Chinese; name is the record's own, where the
// values are records. The value "" is that of cases that have none.
func (d Dimension) Label(key, name string) string {
	if key == "" {
		if d == ByPrefecture {
			return "省级或未记载" // a case of the province lies in none of its prefectures
		}
		return "未记载"
	}
	switch d {
	case ByLevel:
		return Level(key).Label()
	case ByStatus:
		return Status(key).Label()
	case ByOrigin:
		return Origin(key).Label()
	case ByOutcomeStatus:
		return OutcomeStatus(key).Label()
	case ByStep:
		for _, p := range Procedure {
			if string(p.Code) == key {
				return p.Name + " " + p.Asks
			}
		}
	case ByYear:
		return key + "年"
	}
	return name
}

// CaseMatrix is a count of cases by one or two dimensions. Counts[i][j] is the
// number of cases that have both Rows[i]'s and Columns[j]'s value; each value's
// own count, and Total, are of different cases.
type CaseMatrix struct {
	Rows    []MatrixValue
	Columns []MatrixValue
	Counts  [][]int
	Total   int
}

// MatrixValue is a value of a dimension, with its name in Chinese and the
// number of cases that have it.
type MatrixValue struct {
	Key   string
	Label string
	Count int
}
