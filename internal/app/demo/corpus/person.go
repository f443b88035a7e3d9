package corpus

// Person makes the i-th invented person, as names are written in Kazakhstan: Kazakh ones in Kazakh spelling with -ұлы and -қызы or in
// Russian spelling with -ович and -овна, and Slavic ones.
func (c *Corpus) Person(i int) Name { return c.name(newRNG(c.seed, streamPerson, i)) }

func (c *Corpus) name(r *rng) Name {
	n := Name{Female: r.chance(48)}
	switch d := r.n(100); {
	case d < 45:
		c.kazakhName(r, &n)
	case d < 78:
		c.russifiedName(r, &n)
	default:
		c.slavicName(r, &n)
	}
	return n
}

func (c *Corpus) kazakhName(r *rng, n *Name) {
	nm := &c.d.names
	n.Kazakh = true
	n.Last, n.Patronymic = pick(r, nm.Last)[0], pick(r, nm.Male)[0]
	if n.Female {
		n.First, n.Last, n.Patronymic = pick(r, nm.Female)[0], n.Last+"а", n.Patronymic+"қызы"
		return
	}
	n.First, n.Patronymic = pick(r, nm.Male)[0], n.Patronymic+"ұлы"
}

func (c *Corpus) russifiedName(r *rng, n *Name) {
	nm := &c.d.names
	father := pick(r, nm.Male)
	n.Last, n.Patronymic = pick(r, nm.Last)[1], father[2]
	if n.Female {
		n.First, n.Last, n.Patronymic = pick(r, nm.Female)[1], n.Last+"а", father[3]
		return
	}
	n.First = pick(r, nm.Male)[1]
}

func (c *Corpus) slavicName(r *rng, n *Name) {
	nm := &c.d.names
	father, last := pick(r, nm.RuMale), pick(r, nm.RuLast)
	if n.Female {
		n.First, n.Last, n.Patronymic = pick(r, nm.RuFemale), last[1], father[2]
		return
	}
	n.First, n.Last, n.Patronymic = pick(r, nm.RuMale)[0], last[0], father[1]
}
