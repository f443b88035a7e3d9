package demo

import "context"

func (w *world) seedAgreements(ctx context.Context) error { return nil }
