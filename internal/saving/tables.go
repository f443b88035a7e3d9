package saving

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// EventMatched: a saved search has news for its owner. Subject is the search's id; Data since and until, RFC 3339: places published after the one and
// up to the other.
const EventMatched = "saved_search.matched"

// Events lists the types of the events this package emits.
func Events() []string { return []string{EventMatched} }

// Grants is the domain's part of the policy table: everybody keeps the own things.
func Grants() []accounts.Grant {
	var out []accounts.Grant
	for _, op := range []string{
		"listSavedPlacements", "savePlacement", "forgetPlacement", "listSavedSearches", "createSavedSearch", "updateSavedSearch", "deleteSavedSearch",
	} {
		out = append(out, accounts.Grant{Operation: op, Relations: []accounts.Relation{accounts.Self}})
	}
	return out
}

// Specs lists the collections of the package, for storage.Ensure.
func Specs() []storage.Spec { return []storage.Spec{shelfSpec(), placeSpec(), searchSpec()} }

// shelf is the owner document of what one person saved: whoever adds to it holds it.
type shelf struct {
	ID      string `json:"id"` // the person's id
	Version int64  `json:"version"`
}

// Identity implements storage.Document.
func (s *shelf) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *shelf) Keys() storage.Keys { return nil }

func shelfSpec() storage.Spec { return storage.Spec{Name: "saved_shelves"} }

func placeSpec() storage.Spec {
	return storage.Spec{
		Name:    "saved_places",
		Keys:    []storage.Key{{Name: "person"}, {Name: "saved", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "person", Keys: []string{"person", "saved"}}},
	}
}

func searchSpec() storage.Spec {
	return storage.Spec{
		Name:    "saved_searches",
		Keys:    []storage.Key{{Name: "person"}, {Name: "created", Kind: storage.Int}, {Name: "due", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "person", Keys: []string{"person", "created"}}, {Name: "due", Keys: []string{"due"}}},
	}
}
