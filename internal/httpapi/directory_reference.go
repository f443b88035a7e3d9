package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/storage"
)

// pageOf cuts a list of reference data, which is short and held in memory. The cursor names the last thing shown; one that isn't in
// the list is errs.Invalid bad_cursor.
func pageOf[T any](items []T, key func(T) string, cursor *string, limit *int) (page []T, next *string, err error) {
	after, n, err := cursorOf(cursor, limit)
	if err != nil {
		return nil, nil, err
	}
	if !after.IsZero() {
		at := 0
		for at < len(items) && key(items[at]) != after.ID {
			at++
		}
		if at == len(items) {
			return nil, nil, errs.New(errs.Invalid, "bad_cursor").WithFields(errs.Field{Field: "cursor", Code: "bad_cursor"})
		}
		items = items[at+1:]
	}
	if len(items) <= n {
		return items, nil, nil
	}
	return items[:n], some(storage.Cursor{ID: key(items[n-1])}.String()), nil
}

// ListRegions answers listRegions.
func (a *DirectoryAPI) ListRegions(ctx context.Context, r apigen.ListRegionsRequestObject) (apigen.ListRegionsResponseObject, error) {
	lang := httpd.Lang(ctx)
	all := a.Directory.Reference().FindRegions(deref(r.Params.Q), lang)
	page, next, err := pageOf(all, func(x directory.Region) string { return x.Code }, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListRegions200JSONResponse{Items: []apigen.Region{}, NextCursor: next}
	for _, x := range page {
		out.Items = append(out.Items, apigen.Region{
			Code: x.Code, Name: x.Name.In(lang), Names: texts(x.Name), ShortNames: texts(x.Short), Lat: x.Lat, Lon: x.Lon,
		})
	}
	return out, nil
}

// ListCities answers listCities.
func (a *DirectoryAPI) ListCities(ctx context.Context, r apigen.ListCitiesRequestObject) (apigen.ListCitiesResponseObject, error) {
	lang := httpd.Lang(ctx)
	all := a.Directory.Reference().FindCities(deref(r.Params.Q), deref(r.Params.Region), lang)
	page, next, err := pageOf(all, func(x directory.City) string { return x.Region + "|" + x.Key() }, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListCities200JSONResponse{Items: []apigen.City{}, NextCursor: next}
	for _, x := range page {
		city := apigen.City{Name: x.Name.In(lang), Names: texts(x.Name), Region: x.Region, Lat: x.Lat, Lon: x.Lon}
		if len(x.Aliases) > 0 {
			city.Aliases = &x.Aliases
		}
		out.Items = append(out.Items, city)
	}
	return out, nil
}

// ListSpecialties answers listSpecialties.
func (a *DirectoryAPI) ListSpecialties(
	ctx context.Context, r apigen.ListSpecialtiesRequestObject,
) (apigen.ListSpecialtiesResponseObject, error) {
	all := a.Directory.Reference().FindSpecialties(deref(r.Params.Q))
	page, next, err := pageOf(all, func(x directory.Specialty) string { return x.Code }, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListSpecialties200JSONResponse{Items: []apigen.Specialty{}, NextCursor: next}
	for _, x := range page {
		out.Items = append(out.Items, apigen.Specialty{Code: x.Code, Name: x.Name.In(httpd.Lang(ctx)), Names: texts(x.Name)})
	}
	return out, nil
}

// ListQualifications answers listQualifications.
func (a *DirectoryAPI) ListQualifications(
	ctx context.Context, r apigen.ListQualificationsRequestObject,
) (apigen.ListQualificationsResponseObject, error) {
	all := a.Directory.Reference().FindQualifications(deref(r.Params.Q), deref(r.Params.Specialty))
	page, next, err := pageOf(all, func(x directory.Qualification) string { return x.Code }, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListQualifications200JSONResponse{Items: []apigen.Qualification{}, NextCursor: next}
	for _, x := range page {
		out.Items = append(out.Items, apigen.Qualification{
			Code: x.Code, SpecialtyCode: x.SpecialtyCode, Level: some(apigen.QualificationLevel(x.Level)),
			Name: x.Name.In(httpd.Lang(ctx)), Names: texts(x.Name),
		})
	}
	return out, nil
}

// ListProgrammes answers listProgrammes.
func (a *DirectoryAPI) ListProgrammes(
	ctx context.Context, r apigen.ListProgrammesRequestObject,
) (apigen.ListProgrammesResponseObject, error) {
	all := a.Directory.Reference().FindProgrammes(deref(r.Params.Q))
	page, next, err := pageOf(all, func(x directory.Programme) string { return x.Code }, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListProgrammes200JSONResponse{Items: []apigen.Programme{}, NextCursor: next}
	for _, x := range page {
		out.Items = append(out.Items, apigen.Programme{Code: x.Code, Name: x.Name.In(httpd.Lang(ctx)), Names: texts(x.Name)})
	}
	return out, nil
}
