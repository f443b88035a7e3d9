package agreements_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/orynda/orynda/internal/agreements"
)

// A live agreement keeps the account; of a cancelled one the person's data goes; a concluded one stays whole.
func TestErase(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.ready()
		p := w.low.people[student]
		wantCode(t, w.Erase(ctx, p), "agreement_alive")
		records, err := w.Records(ctx, student)
		if err != nil || len(records) != 1 || records[0].Data["phone"] != "+77010000017" {
			t.Errorf("%v %+v", err, records)
		}
		if err := w.Cancelled(a.ID); err != nil {
			t.Fatal(err)
		}
		b := w.concluded()
		if _, err = w.Terminate(ctx, theHR(), b.ID, "конец", "2026-11-22"); err != nil {
			t.Fatal(err)
		}
		if err := w.Erase(ctx, p); err != nil {
			t.Fatal(err)
		}
		raw, _ := json.Marshal(w.get(a.ID))
		if bytes.Contains(raw, []byte("Сейтқали")) || w.get(a.ID).Number != "1/2026" || !w.get(a.ID).NumberVoid {
			t.Errorf("%s", raw)
		}
		if _, err := w.Document(ctx, theHR(), a.ID, agreements.WantedDocument{Revision: 1}); err == nil {
			t.Error("the cancelled agreement's document is still given out")
		}
		if f, err := w.Document(ctx, theHR(), b.ID, agreements.WantedDocument{}); err != nil || !bytes.Contains(f.Body, []byte("Сейтқали")) {
			t.Errorf("the concluded agreement lost its document: %v", err)
		}
	})
}
