package search

import (
	"math"
	"strconv"
	"strings"
)

// ParsePoint reads "lat,lon" in degrees. What is no such text is a point off the earth, which Query.Validate refuses.
func ParsePoint(text string) Point {
	lat, lon, _ := strings.Cut(text, ",")
	return Point{Lat: degrees(lat), Lon: degrees(lon)}
}

func degrees(text string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// EarthKM is the radius of the sphere on which distances are counted.
const EarthKM = 6371

// DistanceKM is the great-circle distance of two points (haversine).
func DistanceKM(a, b Point) float64 {
	rad := math.Pi / 180
	dLat, dLon := (b.Lat-a.Lat)*rad, (b.Lon-a.Lon)*rad
	h := math.Sin(dLat/2)*math.Sin(dLat/2) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Sin(dLon/2)*math.Sin(dLon/2)
	return 2 * EarthKM * math.Asin(math.Min(1, math.Sqrt(h)))
}

// NearestKM is the distance to the nearest of several points; nil when there is none.
func NearestKM(from Point, points []Point) *float64 {
	var best *float64
	for _, p := range points {
		if d := DistanceKM(from, p); best == nil || d < *best {
			best = &d
		}
	}
	return best
}

// Points gives the known points of the workplaces, each once, in order. A point off the earth is not known.
func (d *Document) Points() []Point {
	var out []Point
	for i := range d.Workplaces {
		p := d.Workplaces[i].Point
		if p == nil || !p.valid() {
			continue
		}
		seen := false
		for _, o := range out {
			seen = seen || o == *p
		}
		if !seen {
			out = append(out, *p)
		}
	}
	return out
}
