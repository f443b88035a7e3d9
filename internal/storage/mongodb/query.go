package mongodb

import (
	"fmt"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/orynda/orynda/internal/storage"
)

// field is where a declared key lies in a stored document.
func field(key string) string {
	if key == storage.KeyID {
		return fieldID
	}
	return "k." + key
}

// is makes a condition on one field.
func is(name, op string, value any) bson.D {
	return bson.D{{Key: name, Value: bson.D{{Key: op, Value: value}}}}
}

// all joins conditions. They stay apart, because two on one field would overwrite each other.
func all(conds bson.A) bson.D {
	if len(conds) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: conds}}
}

// conditions writes the conditions of a query.
func conditions(where []storage.Cond) (bson.A, error) {
	out := bson.A{}
	for _, c := range where {
		cond, err := condition(c)
		if err != nil {
			return nil, err
		}
		out = append(out, cond)
	}
	return out, nil
}

func condition(c storage.Cond) (bson.D, error) {
	name := field(c.Key)
	switch c.Op {
	case storage.OpIn, storage.OpHas: // $in on an array holds when one element is in the list
		return is(name, "$in", append(bson.A{}, c.Values...)), nil
	case storage.OpAbsent:
		return is(name, "$exists", false), nil
	}
	ops := map[storage.Op]string{storage.OpEq: "$eq", storage.OpLt: "$lt", storage.OpLte: "$lte", storage.OpGt: "$gt", storage.OpGte: "$gte"}
	op, known := ops[c.Op]
	if !known || len(c.Values) != 1 {
		return nil, fmt.Errorf("mongodb: comparison %q with %d values", c.Op, len(c.Values))
	}
	return is(name, op, c.Values[0]), nil
}

// selection is the whole filter of a query: its conditions, the presence of the sort key, and the place after the cursor.
func selection(spec storage.Spec, q storage.Query) (bson.D, error) {
	conds, err := conditions(q.Where)
	if err != nil {
		return nil, err
	}
	beyond, from := "$gt", "$gte"
	if q.Desc {
		beyond, from = "$lt", "$lte"
	}
	name := field(q.Sort)
	switch {
	case q.Sort == "" && q.After.IsZero():
	case q.Sort == "":
		conds = append(conds, is("_id", beyond, q.After.ID))
	case q.After.IsZero():
		conds = append(conds, is(name, "$gte", least(spec, q.Sort)))
	default:
		// The first condition alone bounds the index; the second cuts among documents with equal keys.
		tie := bson.D{{Key: name, Value: q.After.Value}, {Key: "_id", Value: bson.D{{Key: beyond, Value: q.After.ID}}}}
		conds = append(conds, is(name, from, q.After.Value),
			bson.D{{Key: "$or", Value: bson.A{is(name, beyond, q.After.Value), tie}}})
	}
	return all(conds), nil
}

// least is the smallest value of a key's kind. Comparing with it keeps out documents without the key and, unlike $exists, is
// answered by the index alone.
func least(spec storage.Spec, key string) any {
	for _, k := range spec.Keys {
		if k.Name == key && k.Kind == storage.Int {
			return int64(math.MinInt64)
		}
	}
	return ""
}

// order is the sort of a query: by its key, then by id in the same direction.
func order(q storage.Query) bson.D {
	dir := 1
	if q.Desc {
		dir = -1
	}
	if q.Sort == "" {
		return bson.D{{Key: "_id", Value: dir}}
	}
	return bson.D{{Key: field(q.Sort), Value: dir}, {Key: "_id", Value: dir}}
}
