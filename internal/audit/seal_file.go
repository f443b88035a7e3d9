package audit

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// SealFileName is the name of the seal file in the data folder.
const SealFileName = "audit-seals.jsonl"

// SealFile appends seals to a file that only grows, and tells the log. It implements SealWriter.
type SealFile struct {
	path string
	log  *slog.Logger
	mu   sync.Mutex
}

// NewSealFile names the file; the first seal creates it with mode 0600.
func NewSealFile(path string, log *slog.Logger) *SealFile { return &SealFile{path: path, log: log} }

// WriteSeal implements SealWriter: the line is on the disk when it returns.
func (f *SealFile) WriteSeal(_ context.Context, line SealLine) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.append(canonical(line)); err != nil {
		return err
	}
	line.Heads = nil
	f.log.Info("audit seal", "seal", string(canonical(line)))
	return nil
}

func (f *SealFile) append(line []byte) (err error) {
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	torn, err := endsTorn(file)
	if err != nil {
		return err
	}
	if torn { // a crash in the middle of a line: the next one must not hang on to it
		line = append([]byte("\n"), line...)
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(f.path))
}

// endsTorn reports whether the file's last line has no end.
func endsTorn(file *os.File) (bool, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return false, err
	}
	var last [1]byte
	_, err = file.ReadAt(last[:], size-1)
	return last[0] != '\n', err
}

// syncFolder makes a new file's name last. Systems that can't do it for folders refuse to open or sync one; the content is safe anyway.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return nil
	}
	_ = d.Sync()
	return d.Close()
}
