package meili

import (
	"context"
	"errors"
	"fmt"
	"time"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/errs"
)

// Polling for a task begins quickly, because one document takes a few milliseconds, and slows down.
const (
	firstPoll = 2 * time.Millisecond
	lastPoll  = 100 * time.Millisecond
)

// TaskError is the cause of search_write_failed: the server took the work and failed at it. errors.As finds it.
type TaskError struct {
	Task  int64  // its number on the server
	Type  string // "documentAdditionOrUpdate", …
	State string // failed | canceled
	Code  string // the server's code, "invalid_document_id"
}

// Error implements error. The server's message is left out: it may quote documents.
func (e *TaskError) Error() string {
	return fmt.Sprintf("search task %d (%s) %s: %s", e.Task, e.Type, e.State, e.Code)
}

// asTask gives the failed task in an error's chain.
func asTask(err error) (*TaskError, bool) {
	var t *TaskError
	ok := errors.As(err, &t)
	return t, ok
}

// done waits until the server has carried out a task.
func (e *Engine) done(ctx context.Context, info *meilisearch.TaskInfo, err error) error {
	if err != nil {
		return typed(ctx, err)
	}
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		task, err := e.client.GetTaskWithContext(ctx, info.TaskUID)
		if err != nil {
			return typed(ctx, err)
		}
		switch task.Status {
		case meilisearch.TaskStatusSucceeded:
			return nil
		case meilisearch.TaskStatusFailed, meilisearch.TaskStatusCanceled:
			return errs.New(errs.Internal, "search_write_failed").WithCause(
				&TaskError{Task: info.TaskUID, Type: string(task.Type), State: string(task.Status), Code: task.Error.Code})
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return unavailable(ctx.Err())
		}
	}
}
