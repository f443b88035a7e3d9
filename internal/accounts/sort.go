package accounts

import (
	"encoding/hex"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// sortKeyBytes is how much of a collation key is kept: enough for the letters of a family name and a given name.
const sortKeyBytes = 96

// sortKey gives a text by which names sort as a Kazakh reader expects (ә after а, қ after к, і after ы), whatever the store compares by.
func sortKey(name string) string {
	var buf collate.Buffer
	key := collate.New(language.Kazakh).KeyFromString(&buf, name)
	return hex.EncodeToString(key[:min(len(key), sortKeyBytes)])
}
