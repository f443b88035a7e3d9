package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/orynda/orynda/internal/indexing"
)

// loadIndex fills the embedded index, which begins empty; a server's index is built only when it isn't there, beside the running program.
func (a *App) loadIndex(ctx context.Context, progress func(done int)) error {
	if a.embedded != nil {
		return a.loadEmbedded(ctx, progress)
	}
	if a.engine.Ready(ctx) == nil {
		return nil
	}
	if _, _, err := a.indexing.Ask(ctx); err != nil {
		return err
	}
	a.log.WarnContext(ctx, "the search server has no index of this version yet, or doesn't answer; a rebuild is requested")
	return nil
}

func (a *App) loadEmbedded(ctx context.Context, progress func(done int)) error {
	begun := time.Now()
	loaded, err := a.indexing.Load(ctx, progress)
	if err != nil {
		return err
	}
	took := time.Since(begun)
	go debug.FreeOSMemory() // what reading leaves behind can be more than the index itself; nobody need wait for its return
	from := "snapshot"
	if !loaded.Restored {
		from = "store"
	}
	size := a.embedded.Size()
	a.log.InfoContext(ctx, "search index loaded", "from", from, "no_snapshot", loaded.Why, "differed", loaded.Differed, "took_ms", took.Milliseconds(),
		"places", size.Places, "words", size.Words, "bytes", size.Bytes)
	return nil
}

// snapshotFile is where the embedded index is kept for the next start, "" with a search server.
func (a *App) snapshotFile() string {
	if a.embedded == nil {
		return ""
	}
	return filepath.Join(a.cfg.DataDir, indexing.SnapshotFileName)
}

// keptIndex is the goroutine that writes the embedded index to the data folder.
type keptIndex struct {
	end  context.CancelFunc
	done chan struct{}
}

// keepIndex begins to write snapshots of the embedded index.
func (a *App) keepIndex(ctx context.Context) {
	if a.embedded == nil {
		return
	}
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	a.kept = &keptIndex{end: end, done: make(chan struct{})}
	go func() {
		defer close(a.kept.done)
		a.indexing.Keep(ctx)
	}()
}

// stop has the last snapshot written, and waits for it until ctx ends. A second call waits for the same end.
func (k *keptIndex) stop(ctx context.Context) error {
	if k == nil {
		return nil
	}
	k.end()
	select {
	case <-k.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// programMark names the running program by its file's contents: what another build wrote of its own memory is not to be read by this one. Where the
// file can't be read every start is another program.
func programMark() string {
	path, err := os.Executable()
	if err != nil {
		return time.Now().String()
	}
	f, err := os.Open(path)
	if err != nil {
		return time.Now().String()
	}
	defer func() { _ = f.Close() }() // only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return time.Now().String()
	}
	return hex.EncodeToString(h.Sum(nil))
}
