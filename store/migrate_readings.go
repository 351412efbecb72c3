package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jisiguangyi/jisi/internal/script"
)

// readingsVersion is the migration that makeReading is. It is code, since the readings
// are those by which completions and permalinks are spelt. When they change, another
// migration makes the function again, and the indexes by it.
const readingsVersion = 90

// readingsAgainVersion is the migration that makes it again, by more words.
const readingsAgainVersion = 178

// readingsFasterVersion makes it anew: it took half of what a case costs PostgreSQL when
// it is imported, since each character that begins a word was a query of its own.
const readingsFasterVersion = 196

// Chinese characters with readings of their own are those of the basic block; the others
// come behind all letters, in the order of code points.
const (
	firstRead = 0x4E00
	readChars = 0xA000 - firstRead
)

// longestSyllable is how many letters a syllable has at most: zhuang.
const longestSyllable = 6

// readFirst is how many characters of a name order it; what is alike in so many is
// ordered by id.
const readFirst = 60

// makeReading makes the function reading(name), by which records are ordered by title and
// name: each character behind its syllable, as its word is read. Collations differ here,
// between PostgreSQL's versions too, and all put 重庆 under Z. All that it needs stands in
// the function itself, so that it is immutable indeed and goes into indexes.
func makeReading(ctx context.Context, tx *sql.Tx) error {
	tables, err := script.Load()
	if err != nil {
		return fmt.Errorf("store: make readings: %w", err)
	}
	if _, err := tx.ExecContext(ctx, readingFunction(tables.Readings)); err != nil {
		return fmt.Errorf("store: make readings: %w", err)
	}
	return nil
}

// makeReadingAgain makes the function again by the words of today, and the indexes by it.
// Between the two a list by name may have a record at its former place. Run again, it
// does all of it again.
func makeReadingAgain(ctx context.Context, db *sql.DB) error {
	tables, err := script.Load()
	if err != nil {
		return fmt.Errorf("store: make readings again: %w", err)
	}
	for _, statement := range []string{
		strings.Replace(readingFunction(tables.Readings), "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1),
		`REINDEX INDEX CONCURRENTLY cases_reading`,
		`REINDEX INDEX CONCURRENTLY brands_reading`,
		`REINDEX INDEX CONCURRENTLY persons_reading`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return wrap("make readings again", err)
		}
	}
	return nil
}

// dropReading takes makeReading back.
func dropReading(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DROP FUNCTION reading(text)`)
	return wrap("drop readings", err)
}

// readingFunction writes the function. A character's key is its syllable, a space, itself
// and a space; a space is less than every letter. Constants are cast where they stand, so
// that they are read once a session: without that a call takes 0.5 ms. Its loops are of
// expressions alone, without a query, which is three times as fast.
func readingFunction(r *script.Readings) string {
	number := map[string]int{}
	var syllables strings.Builder
	chars := make([]byte, 2*readChars)
	for i := range readChars {
		all := r.Alone(rune(firstRead + i))
		if len(all) == 0 {
			continue
		}
		n, ok := number[all[0]]
		if !ok {
			n = len(number) + 1
			number[all[0]] = n
			fmt.Fprintf(&syllables, "%-*s", longestSyllable, all[0])
		}
		chars[2*i], chars[2*i+1] = byte(n>>8), byte(n)
	}
	longestWord := 0
	words := map[string][][2]string{} // by the first character, the longest first: a word and its key
	r.EachWord(func(word []rune, read []string) {
		var key strings.Builder
		for i, c := range word {
			key.WriteString(read[i] + " " + string(c) + " ")
		}
		longestWord = max(longestWord, len(word))
		first := string(word[0])
		words[first] = append(words[first], [2]string{string(word), key.String()})
	})
	text, err := json.Marshal(words)
	if err != nil {
		panic(err) // it is made of strings
	}
	return fmt.Sprintf(`CREATE FUNCTION reading(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $reading$
DECLARE
  syllables CONSTANT bytea := '\x%s'::bytea;
  chars CONSTANT bytea := '\x%s'::bytea;
  words CONSTANT jsonb := '%s'::jsonb;
  plain CONSTANT text := lower(normalize(left(translate(name, '“”‘’「」『』《》〈〉（）()【】〔〕、，。：；？！—…·" ', ''), %d), NFKC) COLLATE "C");
  parts CONSTANT text[] := string_to_array(plain, NULL);
  key text := '';
  c text;
  word jsonb;
  rest text;
  n integer;
  next integer := 1;
BEGIN
  FOR i IN 1 .. length(plain) LOOP
    CONTINUE WHEN i < next;
    c := parts[i];
    word := words -> c;
    IF word IS NOT NULL THEN
      rest := substr(plain, i, %d);
      FOR j IN 0 .. jsonb_array_length(word) - 1 LOOP
        IF starts_with(rest, word -> j ->> 0) THEN
          key := key || (word -> j ->> 1);
          next := i + length(word -> j ->> 0);
          EXIT;
        END IF;
      END LOOP;
      CONTINUE WHEN i < next;
    END IF;
    n := CASE WHEN ascii(c) BETWEEN %d AND %d THEN get_byte(chars, 2 * (ascii(c) - %d)) * 256 + get_byte(chars, 2 * (ascii(c) - %d) + 1) ELSE 0 END;
    key := key || CASE WHEN n > 0 THEN rtrim(encode(substr(syllables, %d * n - %d, %d), 'escape')) || ' ' || c || ' ' ELSE c || ' ' END;
  END LOOP;
  RETURN key;
END $reading$`, hex.EncodeToString([]byte(syllables.String())), hex.EncodeToString(chars), text, readFirst, longestWord,
		firstRead, firstRead+readChars-1, firstRead, firstRead, longestSyllable, longestSyllable-1, longestSyllable)
}

// byReading returns the order of a name or title: as it is read.
func byReading(name, expression string) order {
	return order{name: name, expression: `reading(` + expression + `) COLLATE "C"`, cast: "text"}
}
