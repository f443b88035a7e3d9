package interviews_test

import (
	"os"
	"testing"

	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func ptr[T any](v T) *T { return &v }
