package paper

import (
	"strconv"
	"time"
)

// setRequisites sets the common page: who the parties are and where they sign, once, in all languages.
func (f *flow) setRequisites(d Data, j joint, copyOnly bool) {
	f.head = j.heading(d.Number, "doc.common")
	if copyOnly {
		f.head += " · " + j.say("copy.head")
	}
	f.foot = j.say("doc.verify") + ": " + d.Verification.Code
	f.newPage()
	for i, v := range j {
		p := para{text: v.labels["doc.common"], style: bold, size: sizeSection + 1, tone: ink, keep: true}
		if i == 0 {
			p.outline, p.outlineTop = j.say("doc.common"), true
		}
		f.put(p)
	}
	f.setVerification(j, "doc.verify", d.Verification, d.RenderedAt)
	f.party(j, "role.college", j.organisation(d.College))
	f.party(j, "role.enterprise", j.organisation(d.Enterprise))
	f.party(j, "role.student", j.student(d.Student))
	if d.Guardian != nil {
		f.party(j, "role.guardian", j.guardian(*d.Guardian))
	}
}

// heading names the document at the head of the pages that all languages share.
func (j joint) heading(number, key string) string {
	return "№" + nbsp + number + " · " + j.say(key)
}

// party sets one party's block: its name, its particulars, its place to sign. It stays on one page whenever it fits on one.
func (f *flow) party(j joint, role string, rows [][]string) {
	sign := pairs([][]string{{j.say("req.signature"), j.values("req.electronic")}})
	place := f.tableLeast(sign) + signatureHeight
	t := pairs(rows)
	t.keep = true
	head := para{text: j.say(role), style: bold, size: sizeSection, tone: ink, before: 4, keep: true}
	f.putUnder(head, t, place)
	f.need(place)
	f.putTable(sign)
	f.signatureLine()
}

// putUnder sets a table under its heading, with room for what must follow on the same page.
func (f *flow) putUnder(head para, t table, after float64) {
	above := head.least(len(f.lines(head))) + 1
	if above+f.tableLeast(t)+after > pageBottom-marginTop {
		t.keep, after = false, 0 // more than a page: then it may be broken
	}
	f.need(above + f.tableLeast(t) + after)
	f.put(head)
	f.y++
	f.putTable(t)
}

const signatureHeight = 11.0

// signatureLine leaves room for a handwritten signature under the last row, for copies that are signed on paper.
func (f *flow) signatureLine() {
	f.add(op{kind: opFrame, x: marginLeft, y: f.y, w: textWidth, h: signatureHeight, tone: edge})
	f.add(op{kind: opLine, x: marginLeft + 60, y: f.y + signatureHeight - 3, w: textWidth - 66, tone: edge})
	f.y += signatureHeight
}

func (j joint) organisation(o Organisation) [][]string {
	s := sheetRows{}
	s.add(j.say("req.name"), j.text(o.Name))
	s.add(j.say("req.bin"), o.BIN)
	s.add(j.say("req.iin"), o.IIN)
	s.add(j.say("req.address"), j.text(o.Address))
	if o.Licence != nil {
		s.add(j.say("req.licence"), j.act(*o.Licence))
	}
	if o.Bank != nil {
		s.add(j.say("req.bank"), j.text(o.Bank.Name))
		s.add(j.say("req.account"), o.Bank.Account)
		s.add(j.say("req.bic"), o.Bank.BIC)
		s.add(j.say("req.bankcode"), o.Bank.Code)
	}
	s.add(j.say("req.phone"), o.Phone)
	s.add(j.say("req.email"), o.Email)
	s.add(j.say("req.signatory"), o.Signatory.FullName)
	s.add(j.say("req.position"), j.text(o.Signatory.Position))
	s.add(j.say("req.authority"), j.text(o.Signatory.Authority))
	return s.rows
}

func (j joint) act(a Act) string {
	date, _ := shortDate(a.Date) // checked with the data
	return j.lines(func(v version) string { return v.labels.with("act", "number", a.Number, "date", date) })
}

func (j joint) student(p Student) [][]string {
	birth, _ := shortDate(p.BirthDate)
	s := sheetRows{}
	s.add(j.say("req.person"), p.FullName)
	s.add(j.say("req.iin"), p.IIN)
	s.add(j.say("req.birth"), birth)
	if p.IDCard != nil {
		issued, _ := shortDate(p.IDCard.IssuedOn)
		s.add(j.say("req.idcard"), j.lines(func(v version) string {
			return v.labels.with("idcard", "number", p.IDCard.Number, "issuer", p.IDCard.Issuer.In(v.lang), "date", issued)
		}))
	}
	s.add(j.say("req.address"), j.text(p.Address))
	s.add(j.say("req.phone"), p.Phone)
	s.add(j.say("req.email"), p.Email)
	s.add(j.say("req.group"), p.Group)
	if p.Course > 0 {
		s.add(j.say("req.course"), strconv.Itoa(p.Course))
	}
	s.add(j.say("req.form"), j.text(p.StudyForm))
	return s.rows
}

func (j joint) guardian(g Guardian) [][]string {
	s := sheetRows{}
	s.add(j.say("req.person"), g.FullName)
	s.add(j.say("req.iin"), g.IIN)
	s.add(j.say("req.ground"), j.values("ground."+string(g.Ground)))
	s.add(j.say("req.address"), j.text(g.Address))
	s.add(j.say("req.phone"), g.Phone)
	s.add(j.say("req.email"), g.Email)
	return s.rows
}

// setVerification says how to verify the document and when it was made.
func (f *flow) setVerification(j joint, label string, v Verification, made time.Time) {
	small := para{size: sizeSmall, tone: ink, indent: 3, right: qrColumn + 1}
	code, url, at := small, small, small
	code.text = j.say(label) + ": " + string(markBold) + v.Code + string(markBold)
	url.text = v.URL
	at.text = j.each(func(v version) string { return v.labels.with("doc.rendered", "time", instant(made)) })
	at.tone, at.before = muted, 1
	f.withQR([]para{code, url, at}, v.URL)
}

// withQR sets a box with text and the code at its right.
func (f *flow) withQR(texts []para, url string) {
	height := 0.0
	for _, p := range texts {
		height += p.before + float64(len(f.lines(p)))*leading(p.size)
	}
	height = max(height, qrSize) + 4
	f.need(height + 5)
	f.space(5)
	f.add(op{kind: opFrame, x: marginLeft, y: f.y, w: textWidth, h: height, tone: edge})
	f.add(op{kind: opQR, x: pageWidth - marginRight - qrSize - 2, y: f.y + 2, w: qrSize, h: qrSize, text: url})
	end := f.y + height
	f.y += 2
	for _, p := range texts {
		f.put(p)
	}
	f.y = end
}
