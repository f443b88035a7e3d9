package asking

import (
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// KeepLog is how long questions are kept.
const KeepLog = 180 * 24 * time.Hour

// MaxText is how many characters of a question's words are kept.
const MaxText = 200

// Row is a question that was asked once or several times in one hour.
type Row struct {
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	Hour    time.Time `json:"hour"`
	Count   int64     `json:"count"` // how often it was asked
	Text    string    `json:"text,omitempty"`
	Found   int       `json:"found"`
	Lang    string    `json:"lang"`
	Filters []string  `json:"filters,omitempty"` // names of the parameters, in their order
	Regions []string  `json:"regions,omitempty"` // KATO codes: named, that of the town, else that of the nearest centre to the point
	Trades  []string  `json:"trades,omitempty"`  // codes of specialties and university fields
	Lat     float64   `json:"lat,omitempty"`     // tenths of a degree; both zero: no point
	Lon     float64   `json:"lon,omitempty"`
}

// Identity implements storage.Document.
func (r *Row) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document.
func (r *Row) Keys() storage.Keys {
	keys := storage.Keys{"hour": r.Hour}
	if r.Found == 0 {
		keys["vain"] = r.Hour
	}
	return keys
}

func rowSpec() storage.Spec {
	return storage.Spec{
		Name:    "asked",
		Keys:    []storage.Key{{Name: "hour", Kind: storage.Int}, {Name: "vain", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "hour", Keys: []string{"hour"}}, {Name: "vain", Keys: []string{"vain"}}},
	}
}

// Specs lists the collections of the package, for storage.Ensure.
func Specs() []storage.Spec { return []storage.Spec{rowSpec()} }

// Grants is the domain's part of the policy table: the platform's administrator reads what was asked for in vain.
func Grants() []accounts.Grant {
	return []accounts.Grant{{Operation: "getNothingFound", Relations: []accounts.Relation{accounts.PlatformAdmin}}}
}
