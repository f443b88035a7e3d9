package indexing

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
)

// watchEvery is how often a search server is looked at.
const watchEvery = 30 * time.Second

// Jobs are the clocks of this package: a search server that answers but has no index of this version, because it was away when one was asked for or has
// lost its data, gets one. An index in the process is built at each start and needs none.
func Jobs(s *Service) []outbox.Job {
	if s.d.EachCopy {
		return nil
	}
	return []outbox.Job{{Name: "search.watch", Every: watchEvery, Run: s.watch}}
}

// watch asks for a rebuild where one is needed; one that waits or runs already is the one.
func (s *Service) watch(ctx context.Context, _ time.Time) error {
	if !errs.Has(s.d.Engine.Ready(ctx), "search_not_built") {
		return nil // a server that doesn't answer is looked at again
	}
	_, made, err := s.Ask(ctx)
	if made {
		s.d.Log.WarnContext(ctx, "the search server has no index of this version; a rebuild is requested")
	}
	return err
}
