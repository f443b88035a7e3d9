package directory

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Room is where interviews take place; it holds one slot at a time.
type Room struct {
	ID           string    `json:"id"`
	Version      int64     `json:"version"`
	CreatedAt    time.Time `json:"created_at"`
	EnterpriseID string    `json:"enterprise_id"`
	Name         string    `json:"name"`
	Region       string    `json:"region"`
	City         string    `json:"city"` // see City.Key
	Address      string    `json:"address"`
	Directions   string    `json:"directions,omitempty"`
	Seats        int       `json:"seats,omitempty"` // 0 when not said
	EndedAt      time.Time `json:"ended_at,omitzero"`
}

// Identity implements storage.Document.
func (r *Room) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document. The key "one" makes two active rooms of one name impossible.
func (r *Room) Keys() storage.Keys {
	k := listKeys(r.EnterpriseID, r.Name, r.State())
	if r.EndedAt.IsZero() {
		k["one"] = r.EnterpriseID + "|" + foldName(r.Name)
	}
	return k
}

// State is active or ended.
func (r *Room) State() string { return stateOf(r.EndedAt) }

func roomSpec() storage.Spec {
	return listSpec("rooms", storage.Index{Name: "one", Keys: []string{"one"}, Unique: true})
}

// RoomInput is what an enterprise writes about a room; what is empty of region, city and address is the enterprise's.
type RoomInput struct {
	Name, Region, City, Address, Directions string
	Seats                                   int
}

// Room reads a room for other services: errs.NotFound room_not_found.
func (s *Service) Room(ctx context.Context, id string) (*Room, error) {
	r, err := s.rooms.Get(ctx, id)
	return r, missing(err, "room")
}

// newRoom checks an input into a room of an enterprise.
func (s *Service) newRoom(e *Enterprise, in RoomInput) (*Room, error) {
	r := &Room{
		ID: id.New(prefixRoom), CreatedAt: s.clock.Now(), EnterpriseID: e.ID, Region: e.Region, City: e.City, Address: e.Address, Seats: in.Seats,
	}
	var f form
	f.text("name", &in.Name, &r.Name, 1, 100)
	if in.Region != "" || in.City != "" {
		var region, city *string
		if in.Region != "" {
			region = &in.Region
		}
		if in.City != "" {
			city = &in.City
		}
		f.place(s.ref, region, city, &r.Region, &r.City)
	}
	if in.Address != "" {
		f.text("address", &in.Address, &r.Address, MinText, MaxAddress)
	}
	f.text("directions", &in.Directions, &r.Directions, 0, 500)
	if in.Seats < 0 || in.Seats > 500 {
		f.add("seats", "too_large")
	}
	return r, f.finish()
}

// CreateRoom adds a room (createRoom). It answers errs.Conflict name_taken, errs.Unprocessable validation_failed.
func (s *Service) CreateRoom(ctx context.Context, by accounts.Actor, enterpriseID string, in RoomInput) (*Room, error) {
	if err := s.mayEnterprise(ctx, by, "createRoom", enterpriseID); err != nil {
		return nil, err
	}
	e, err := s.Enterprise(ctx, enterpriseID)
	if err != nil {
		return nil, err
	}
	r, err := s.newRoom(e, in)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.rooms.Insert(ctx, r); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(enterpriseID), "room.created", map[string]string{"room_id": r.ID})
	})
	if storage.ConflictOn(err, "one") {
		return nil, errs.New(errs.Conflict, "name_taken")
	}
	return r, err
}

// ListRooms lists an enterprise's rooms by name (listRooms); state "" means the active ones.
func (s *Service) ListRooms(
	ctx context.Context, by accounts.Actor, enterpriseID, state string, after storage.Cursor, limit int,
) (Page[*Room], error) {
	if err := s.mayEnterprise(ctx, by, "listRooms", enterpriseID); err != nil {
		return Page[*Room]{}, err
	}
	return listPage(ctx, s.rooms, enterpriseID, state, after, limit)
}

// EndRoom takes a room off the list (endRoom); a repeat changes nothing. It answers errs.NotFound not_found, errs.Conflict in_use.
func (s *Service) EndRoom(ctx context.Context, by accounts.Actor, enterpriseID, roomID string) error {
	if err := s.mayEnterprise(ctx, by, "endRoom", enterpriseID); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		r, err := s.rooms.Lock(ctx, roomID)
		if storage.IsNotFound(err) || (err == nil && r.EnterpriseID != enterpriseID) {
			return notFound()
		}
		if err != nil || !r.EndedAt.IsZero() {
			return err
		}
		if err := used(ctx, s.RoomInUse, roomID); err != nil {
			return err
		}
		r.EndedAt = s.clock.Now()
		if err := s.rooms.Save(ctx, r); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(enterpriseID), "room.ended", map[string]string{"room_id": r.ID})
	})
}
