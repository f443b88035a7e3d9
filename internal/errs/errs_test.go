package errs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/errs"
)

func TestWrappedErrorsKeepTheirKindAndCode(t *testing.T) {
	full := errs.New(errs.Conflict, "slot_full").WithCause(errors.New("cause"))
	wrapped := fmt.Errorf("booking: %w", full)
	if errs.KindOf(wrapped) != errs.Conflict || errs.CodeOf(wrapped) != "slot_full" || !errs.Has(wrapped, "slot_full") {
		t.Errorf("%v", wrapped)
	}
	if !errors.Is(wrapped, errs.New(errs.Conflict, "slot_full")) || errors.Is(wrapped, errs.New(errs.Conflict, "slot_past")) {
		t.Error("errors are compared by kind and code")
	}
	if errs.KindOf(errors.New("x")) != errs.Internal || errs.CodeOf(nil) != "" || errs.CodeOf(errors.New("x")) != "internal" {
		t.Error("what nobody classified is internal")
	}
}

func TestCopiesDontShareState(t *testing.T) {
	base := errs.New(errs.Unprocessable, "x")
	a, b := base.With("n", 1).WithFields(errs.Field{Field: "a"}), base.With("n", 2)
	if a.Params["n"] != 1 || b.Params["n"] != 2 || len(base.Params) != 0 || len(b.Fields) != 0 {
		t.Error("With changed its receiver")
	}
	if errs.InvalidFields(nil) != nil {
		t.Error("no bad field is no error")
	}
	if !strings.Contains(a.Error(), "x") {
		t.Error("the log doesn't see the code")
	}
}
