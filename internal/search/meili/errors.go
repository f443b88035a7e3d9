package meili

import (
	"context"
	"errors"
	"net/http"
	"slices"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/errs"
)

// unavailable is the error of a server that doesn't answer as it should just now.
func unavailable(cause error) error {
	return errs.New(errs.Unavailable, "search_unavailable").WithCause(cause)
}

// notBuilt is the error of an index that is not there or was built by another version.
func notBuilt() *errs.Error { return errs.New(errs.Unavailable, "search_not_built") }

// refusal gives the server's code of a request that it refused, "" for any other error.
func refusal(err error) string {
	var e *meilisearch.Error
	if errors.As(err, &e) {
		return e.MeilisearchApiError.Code
	}
	return ""
}

// typed turns an error of the library into ours: no answer, an answer of a sick server or of one that doesn't let us in is
// search_unavailable, a missing index search_not_built; what else it refuses is our mistake.
func typed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var e *meilisearch.Error
	if ctx.Err() != nil || !errors.As(err, &e) || e.StatusCode == 0 {
		return unavailable(err)
	}
	switch {
	// A filter, facet or sort that the server refuses is one that its index isn't set up for: the engine itself writes only valid ones.
	case slices.Contains([]string{"index_not_found", "invalid_search_filter", "invalid_search_facets", "invalid_search_sort"}, refusal(err)):
		return notBuilt().WithCause(err)
	case e.StatusCode >= 500, e.StatusCode == http.StatusTooManyRequests, e.StatusCode == http.StatusUnauthorized,
		e.StatusCode == http.StatusForbidden, e.StatusCode < 400:
		return unavailable(err)
	default:
		return errs.New(errs.Internal, "search_refused").WithCause(err)
	}
}
