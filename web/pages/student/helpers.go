package student

// orPerson names the part of the profile that a button leads to.
func orPerson(part string) string {
	if part == "" {
		return "person"
	}
	return part
}

// wardKind is the badge of a ward.
func wardKind(w Ward) string {
	if w.Confirmed {
		return "good"
	}
	return "wait"
}

// byTurn parts what waits for the reader from what doesn't; both keep their order.
func byTurn(cards []Card) (mine, others []Card) {
	for _, c := range cards {
		if c.Way.Mine {
			mine = append(mine, c)
		} else {
			others = append(others, c)
		}
	}
	return mine, others
}
