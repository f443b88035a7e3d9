package paper

import "strconv"

// setSheet lays out the signature sheet.
func (f *flow) setSheet(s SheetData, j joint) {
	f.head = j.heading(s.Number, "sheet.title")
	f.foot = j.say("doc.verify") + ": " + s.Verification.Code
	f.newPage()
	f.put(para{text: j.say("sheet.title"), style: bold, size: sizeTitle, tone: ink, keep: true, outline: j.say("sheet.title"), outlineTop: true})
	texts := []para{{text: j.say("sheet.unsigned"), style: bold, size: sizeSmall, tone: ink, indent: 3, right: 3}}
	for _, v := range j {
		texts = append(texts, para{text: v.labels["sheet.note"], size: sizeSmall, tone: ink, indent: 3, right: 3, before: 0.6})
	}
	f.space(3)
	f.boxed(texts)
	f.space(3)
	f.putTable(pairs(j.sheetHead(s)))
	f.setVerification(j, "sheet.verify", s.Verification, s.RenderedAt)
	for i, sig := range s.Signatures {
		f.setSignature(j, i+1, sig)
	}
}

func (j joint) sheetHead(s SheetData) [][]string {
	rows := sheetRows{}
	rows.add(j.say("sheet.document"), j.lines(func(v version) string {
		return v.labels.with("doc.head", "number", s.Number, "revision", strconv.Itoa(s.Revision))
	}))
	rows.add(j.say("sheet.hash"), s.DocumentSHA256)
	rows.add(j.say("sheet.college"), j.text(s.College))
	rows.add(j.say("sheet.enterprise"), j.text(s.Enterprise))
	concluded := j.say("sheet.pending")
	if s.ConcludedOn != "" {
		concluded, _ = shortDate(s.ConcludedOn) // checked with the data
	}
	rows.add(j.say("sheet.concluded"), concluded)
	if r := s.Registration; r != nil {
		rows.add(j.say("sheet.registered"), j.text(r.Chamber)+"\n"+j.act(Act{Number: r.Number, Date: r.Date}))
	}
	return rows.rows
}

// setSignature sets one signature as a block of its own: in three languages a row of a table would be too narrow for it.
func (f *flow) setSignature(j joint, number int, sig Signature) {
	rows := sheetRows{}
	rows.add(j.say("sheet.signer"), sig.FullName)
	rows.add(j.say("req.position"), j.text(sig.Position))
	rows.add(j.say("sheet.authority"), j.text(sig.Authority))
	rows.add(j.say("sheet.time"), instant(sig.At))
	rows.add(j.say("sheet.channel"), j.say("channel."+string(sig.Channel)))
	rows.add(j.say("sheet.assurance"), j.values("assurance."+string(sig.Assurance)))
	t := pairs(rows.rows)
	t.keep = true
	head := para{text: strconv.Itoa(number) + ". " + j.say("role."+string(sig.Role)), style: bold, size: sizeSection, tone: ink, before: 4, keep: true}
	f.putUnder(head, t, 0)
}
