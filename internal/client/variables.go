package client

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Variables types words by the document: each is name=value, a name that is
// given several times is a list's, a value that begins with [ or { is JSON where
// a list or an input is wanted, and null is no value but for texts. A value @FILE
// is what read returns for FILE. What is wrong with any of them is in the one
// error.
func (d *Document) Variables(words []string, read func(string) (string, error)) (map[string]any, error) {
	given := map[string][]string{}
	var problems []error
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok || name == "" {
			problems = append(problems, errors.New(strconv.Quote(word)+" is not name=value"))
			continue
		}
		if file, ok := strings.CutPrefix(value, "@"); ok {
			text, err := read(file)
			if err != nil {
				problems = append(problems, errors.New(name+": "+err.Error()))
				continue
			}
			value = text
		}
		given[name] = append(given[name], value)
	}
	values := map[string]any{}
	for _, v := range d.operation.VariableDefinitions {
		texts, ok := given[v.Variable]
		delete(given, v.Variable)
		if !ok {
			if v.Type.NonNull && v.DefaultValue == nil {
				problems = append(problems, errors.New("-var "+v.Variable+"=… is missing, of type "+v.Type.String()))
			}
			continue
		}
		value, err := typed(texts, v.Type)
		if err != nil {
			problems = append(problems, errors.New(v.Variable+": "+err.Error()))
			continue
		}
		values[v.Variable] = value
	}
	for name := range given {
		problems = append(problems, errors.New("the operation has no variable "+name))
	}
	return values, errors.Join(problems...)
}

// typed makes a value of a type from what was given for it.
func typed(texts []string, t *ast.Type) (any, error) {
	if t.Elem != nil {
		return typedList(texts, t)
	}
	if len(texts) > 1 {
		return nil, errors.New("is given " + strconv.Itoa(len(texts)) + " times, and is no list but " + t.String())
	}
	return one(texts[0], t)
}

func typedList(texts []string, t *ast.Type) (any, error) {
	if len(texts) == 1 {
		if texts[0] == "null" && !t.NonNull {
			return nil, nil
		}
		if strings.HasPrefix(strings.TrimSpace(texts[0]), "[") {
			return fromJSON(texts[0])
		}
	}
	list := make([]any, 0, len(texts))
	for _, text := range texts {
		value, err := typed([]string{text}, t.Elem)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

func one(text string, t *ast.Type) (any, error) {
	switch t.NamedType {
	case "String", "ID":
		return text, nil
	case "Boolean":
		if text == "null" && !t.NonNull {
			return nil, nil
		}
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, errors.New(strconv.Quote(text) + " is neither true nor false")
		}
		return b, nil
	}
	if text == "null" && !t.NonNull {
		return nil, nil
	}
	switch t.NamedType {
	case "Int":
		if _, err := strconv.ParseInt(text, 10, 32); err != nil {
			return nil, errors.New(strconv.Quote(text) + " is not a whole number of 32 bits")
		}
		return json.Number(text), nil
	case "Float":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return nil, errors.New(strconv.Quote(text) + " is not a number")
		}
		return fromJSON(text)
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") { // an input
		return fromJSON(text)
	}
	return text, nil // an enum's value, or a scalar of the schema's own
}

// fromJSON reads a JSON value to its end; numbers keep their digits.
func fromJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, errors.New(strconv.Quote(text) + " is not JSON: " + err.Error())
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New(strconv.Quote(text) + " has more behind its JSON")
	}
	return value, nil
}
