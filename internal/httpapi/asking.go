package httpapi

import (
	"bytes"
	"context"

	"github.com/orynda/orynda/internal/asking"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

// AskingAPI answers what was searched for in vain.
type AskingAPI struct {
	Asking *asking.Service
}

// GetNothingFound answers getNothingFound.
func (a *AskingAPI) GetNothingFound(ctx context.Context, r apigen.GetNothingFoundRequestObject) (apigen.GetNothingFoundResponseObject, error) {
	lang := httpd.Lang(ctx)
	report, err := a.Asking.NothingFound(ctx, httpd.Actor(ctx), asking.Wanted{
		Days: int(deref(r.Params.Days)), Region: deref(r.Params.Region), Trade: deref(r.Params.Trade),
	}, lang)
	if err != nil {
		return nil, err
	}
	if deref(r.Params.Format) == apigen.GetNothingFoundParamsFormatCsv {
		name, body, err := a.Asking.File(report, lang)
		if err != nil {
			return nil, err
		}
		return apigen.GetNothingFound200TextCsvResponse{
			Body: bytes.NewReader(body), ContentLength: int64(len(body)), Headers: apigen.GetNothingFound200ResponseHeaders{ContentDisposition: attachment(name)},
		}, nil
	}
	return apigen.GetNothingFound200JSONResponse{
		Body: apigen.NothingFound{
			Days: report.Days, From: report.From, InVain: report.InVain, Least: asking.Least, Texts: inVain(report.Texts), Regions: inVain(report.Regions),
			Trades: inVain(report.Trades),
		},
		Headers: apigen.GetNothingFound200ResponseHeaders{ContentDisposition: "inline"},
	}, nil
}

func inVain(lines []asking.Line) []apigen.AskedInVain {
	out := make([]apigen.AskedInVain, len(lines))
	for i, l := range lines {
		out[i] = apigen.AskedInVain{Value: l.Value, Label: l.Label, Count: l.Count}
	}
	return out
}
