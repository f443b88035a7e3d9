package httpapi

import (
	"context"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

// CreateMentor answers createMentor.
func (a *DirectoryAPI) CreateMentor(ctx context.Context, r apigen.CreateMentorRequestObject) (apigen.CreateMentorResponseObject, error) {
	m, err := a.Directory.CreateMentor(ctx, httpd.Actor(ctx), r.ID, mentorInput(*r.Body))
	if err != nil {
		return nil, err
	}
	return apigen.CreateMentor201JSONResponse(a.mentor(m, cal.DayOf(m.CreatedAt))), nil
}

// mentorInput reads what an enterprise writes about a mentor.
func mentorInput(b apigen.CreateMentorRequest) directory.MentorInput {
	return directory.MentorInput{
		FullName: b.FullName, Position: b.Position, Qualification: deref(b.Qualification), ExperienceYears: b.ExperienceYears,
		OrderNumber: deref(b.OrderNumber), OrderDate: dayIn(b.OrderDate), Phone: deref(b.Phone), Email: deref(b.Email),
		Languages: deref(b.Languages), PersonID: deref(b.PersonID),
	}
}

// UpdateMentor answers updateMentor.
func (a *DirectoryAPI) UpdateMentor(ctx context.Context, r apigen.UpdateMentorRequestObject) (apigen.UpdateMentorResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.Directory.UpdateMentor(ctx, httpd.Actor(ctx), r.ID, r.MentorID, expect, mentorInput(*r.Body))
	if err != nil {
		return nil, err
	}
	return apigen.UpdateMentor200JSONResponse(a.mentor(m, a.Directory.Today())), nil
}

// ListMentors answers listMentors.
func (a *DirectoryAPI) ListMentors(ctx context.Context, r apigen.ListMentorsRequestObject) (apigen.ListMentorsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Directory.ListMentors(ctx, httpd.Actor(ctx), r.ID, string(deref(r.Params.State)), after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListMentors200JSONResponse{Items: []apigen.Mentor{}, NextCursor: some(page.Next.String())}
	for _, m := range page.Items {
		out.Items = append(out.Items, a.mentor(m, a.Directory.Today()))
	}
	return out, nil
}

// EndMentor answers endMentor.
func (a *DirectoryAPI) EndMentor(ctx context.Context, r apigen.EndMentorRequestObject) (apigen.EndMentorResponseObject, error) {
	if err := a.Directory.EndMentor(ctx, httpd.Actor(ctx), r.ID, r.MentorID); err != nil {
		return nil, err
	}
	return apigen.EndMentor204Response{}, nil
}

func (a *DirectoryAPI) mentor(m *directory.Mentor, day cal.Day) apigen.Mentor {
	out := apigen.Mentor{
		ID: m.ID, State: apigen.MentorState(m.State()), Version: m.Version, CreatedAt: m.CreatedAt, EnterpriseID: m.EnterpriseID,
		FullName: m.FullName, Position: m.Position, Qualification: some(m.Qualification), ExperienceYears: m.ExperienceYears,
		OrderNumber: some(m.OrderNumber), OrderDate: dateOrNil(m.OrderDate), Phone: some(m.Phone), Email: some(m.Email),
		PersonID: some(m.PersonID), Trainees: len(m.Trainees), TraineesLimit: a.Directory.MentorLimitOn(day),
	}
	if len(m.Languages) > 0 {
		out.Languages = &m.Languages
	}
	return out
}

// CreateRoom answers createRoom.
func (a *DirectoryAPI) CreateRoom(ctx context.Context, r apigen.CreateRoomRequestObject) (apigen.CreateRoomResponseObject, error) {
	b := r.Body
	room, err := a.Directory.CreateRoom(ctx, httpd.Actor(ctx), r.ID, directory.RoomInput{
		Name: b.Name, Region: deref(b.Region), City: deref(b.City), Address: deref(b.Address), Directions: deref(b.Directions), Seats: deref(b.Seats),
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateRoom201JSONResponse(a.room(ctx, room)), nil
}

// ListRooms answers listRooms.
func (a *DirectoryAPI) ListRooms(ctx context.Context, r apigen.ListRoomsRequestObject) (apigen.ListRoomsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Directory.ListRooms(ctx, httpd.Actor(ctx), r.ID, string(deref(r.Params.State)), after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListRooms200JSONResponse{Items: []apigen.Room{}, NextCursor: some(page.Next.String())}
	for _, room := range page.Items {
		out.Items = append(out.Items, a.room(ctx, room))
	}
	return out, nil
}

// EndRoom answers endRoom.
func (a *DirectoryAPI) EndRoom(ctx context.Context, r apigen.EndRoomRequestObject) (apigen.EndRoomResponseObject, error) {
	if err := a.Directory.EndRoom(ctx, httpd.Actor(ctx), r.ID, r.RoomID); err != nil {
		return nil, err
	}
	return apigen.EndRoom204Response{}, nil
}

func (a *DirectoryAPI) room(ctx context.Context, r *directory.Room) apigen.Room {
	return apigen.Room{
		ID: r.ID, State: apigen.RoomState(r.State()), Version: r.Version, CreatedAt: r.CreatedAt, EnterpriseID: r.EnterpriseID, Name: r.Name,
		Region: some(r.Region), City: a.city(ctx, r.Region, r.City), Address: r.Address, Directions: some(r.Directions), Seats: some(r.Seats),
	}
}

// CreateSignatory answers createSignatory.
func (a *DirectoryAPI) CreateSignatory(
	ctx context.Context, r apigen.CreateSignatoryRequestObject,
) (apigen.CreateSignatoryResponseObject, error) {
	b := r.Body
	g, err := a.Directory.CreateSignatory(ctx, httpd.Actor(ctx), r.ID, directory.SignatoryInput{
		PersonID: b.PersonID, Position: deref(b.Position), Ground: b.Ground, From: dayIn(&b.From), To: dayIn(b.To),
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateSignatory201JSONResponse(a.signatory(g)), nil
}

// ListSignatories answers listSignatories.
func (a *DirectoryAPI) ListSignatories(
	ctx context.Context, r apigen.ListSignatoriesRequestObject,
) (apigen.ListSignatoriesResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	state := directory.SignatoryState(deref(r.Params.State))
	page, err := a.Directory.ListSignatories(ctx, httpd.Actor(ctx), r.ID, state, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListSignatories200JSONResponse{Items: []apigen.Signatory{}, NextCursor: some(page.Next.String())}
	for _, g := range page.Items {
		out.Items = append(out.Items, a.signatory(g))
	}
	return out, nil
}

// EndSignatory answers endSignatory.
func (a *DirectoryAPI) EndSignatory(ctx context.Context, r apigen.EndSignatoryRequestObject) (apigen.EndSignatoryResponseObject, error) {
	if err := a.Directory.EndSignatory(ctx, httpd.Actor(ctx), r.ID, r.SignatoryID); err != nil {
		return nil, err
	}
	return apigen.EndSignatory204Response{}, nil
}

func (a *DirectoryAPI) signatory(g *directory.Signatory) apigen.Signatory {
	return apigen.Signatory{
		ID: g.ID, State: apigen.SignatoryState(g.StateOn(a.Directory.Today())), Version: g.Version, CreatedAt: g.CreatedAt,
		OrganisationID: g.OrganisationID, PersonID: g.PersonID, FullName: g.FullName, Position: some(g.Position), Ground: g.Ground,
		From: types.Date{Time: g.From.Start().In(cal.Zone())}, To: dateOrNil(g.To),
	}
}

// CreateSupervisor answers createSupervisor.
func (a *DirectoryAPI) CreateSupervisor(
	ctx context.Context, r apigen.CreateSupervisorRequestObject,
) (apigen.CreateSupervisorResponseObject, error) {
	b := r.Body
	v, err := a.Directory.CreateSupervisor(ctx, httpd.Actor(ctx), r.ID, directory.SupervisorInput{
		FullName: b.FullName, Position: b.Position, Role: string(deref(b.Role)), OrderNumber: deref(b.OrderNumber), OrderDate: dayIn(b.OrderDate),
		Phone: deref(b.Phone), Email: deref(b.Email), PersonID: deref(b.PersonID),
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateSupervisor201JSONResponse(supervisor(v)), nil
}

// ListSupervisors answers listSupervisors.
func (a *DirectoryAPI) ListSupervisors(
	ctx context.Context, r apigen.ListSupervisorsRequestObject,
) (apigen.ListSupervisorsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Directory.ListSupervisors(ctx, httpd.Actor(ctx), r.ID, string(deref(r.Params.State)), after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListSupervisors200JSONResponse{Items: []apigen.Supervisor{}, NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		out.Items = append(out.Items, supervisor(v))
	}
	return out, nil
}

// EndSupervisor answers endSupervisor.
func (a *DirectoryAPI) EndSupervisor(
	ctx context.Context, r apigen.EndSupervisorRequestObject,
) (apigen.EndSupervisorResponseObject, error) {
	if err := a.Directory.EndSupervisor(ctx, httpd.Actor(ctx), r.ID, r.SupervisorID); err != nil {
		return nil, err
	}
	return apigen.EndSupervisor204Response{}, nil
}

func supervisor(v *directory.Supervisor) apigen.Supervisor {
	return apigen.Supervisor{
		ID: v.ID, State: apigen.SupervisorState(v.State()), Version: v.Version, CreatedAt: v.CreatedAt, CollegeID: v.CollegeID,
		FullName: v.FullName, Position: v.Position, Role: some(apigen.SupervisorRole(v.Role)), OrderNumber: some(v.OrderNumber),
		OrderDate: dateOrNil(v.OrderDate), Phone: some(v.Phone), Email: some(v.Email), PersonID: some(v.PersonID),
	}
}
