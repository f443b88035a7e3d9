package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// agreement writes an agreement as this reader may see it.
func (a *AgreementsAPI) agreement(ctx context.Context, v *agreements.View) apigen.Agreement {
	g, lang := v.Agreement, httpd.Lang(ctx)
	t := g.Terms
	out := apigen.Agreement{
		ID: g.ID, State: apigen.AgreementState(g.State), Version: g.Version, CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt,
		Regime: apigen.PlacementRegime(g.Regime), Number: some(g.Number), Revision: g.Revision,
		VerificationCode: agreements.PrintedCode(g.VerificationCode), PlacementID: g.PlacementID, PlacementTitle: textsOrNil(g.PlacementTitle),
		PlacementReference: some(g.PlacementReference), ApplicationID: g.ApplicationID, OfferID: some(g.OfferID), MatchID: g.MatchID,
		StudentID: g.StudentID, EnterpriseID: g.EnterpriseID, CollegeID: g.CollegeID, ChamberID: some(g.ChamberID),
		City: some(a.cityName(v.Parties.College.Region, v.Parties.College.City, lang)), Languages: agreementLanguages(g.Languages), GuardianRequired: v.GuardianRequired,
		Parties: a.partiesOut(v, lang), Level: some(apigen.PlacementLevel(t.Level)), StartsOn: dateOf(t.StartsOn), EndsOn: dateOf(t.EndsOn),
		TimeModel: apigen.PlacementTimeModel(t.TimeModel), Hours: hoursOut(v.Hours), Workplace: workplaceOut(t.Workplace),
		Mentor: mentorOut(v.Parties.Mentor, v.Trainees), Supervisor: supervisorOut(v.Parties.Supervisor), Curriculum: curriculumOut(t.Curriculum),
		Schedule: scheduleOut(t.Schedule), Plan: planOut(t.Plan), TrainingShare: shareOut(v.Share), Enrolment: enrolmentOut(g.Enrolment),
		Insurance: agreementInsurance(t.Insurance), Compensation: agreementPay(t.Compensation), Duties: some(t.Duties.In(lang)),
		Template: templateOut(v.Template), LegalRulesVersion: g.Rules, ConcludedAt: timeOf(g.ConcludedAt),
		Signatures: a.signatures(g.Signatures, lang), Refusals: refusals(g.Refusals), WaitingFor: waitingOut(v.Waiting), Missing: a.missingOut(v.Gaps, lang),
		Registration: registrationOut(g.Registration), RegistrationRefusal: registrationRefusal(g.Returned), Completion: completionOut(g.Completion),
		Termination: terminationOut(g.Termination), Cancellation: cancellationOut(g.Cancellation),
	}
	if g.Number != "" {
		out.NumberVoid = &g.NumberVoid
	}
	if v.Parties.Guardian != nil && v.Parties.Guardian.Confirmed {
		out.GuardianID = some(v.Parties.Guardian.PersonID)
	}
	if d := g.Document; d != nil {
		out.DocumentSha256, out.DocumentSize, out.ReadyAt = &d.SHA256, &d.Size, timeOf(d.ReadyAt)
		if g.State.Frozen() {
			out.SignUntil = dateOrNil(g.SignUntil())
		}
	}
	if g.State == agreements.Concluded {
		out.RegistrationUntil = dateOrNil(g.RegisterBy)
	}
	a.trade(&out, v)
	return out
}

// trade writes what is trained, by regime.
func (a *AgreementsAPI) trade(out *apigen.Agreement, v *agreements.View) {
	t, ref := v.Agreement.Terms, a.Agreements.Reference
	if v.Agreement.Regime == rules.R361 {
		out.ProgrammeCode = some(t.ProgrammeCode)
		if p, ok := ref.Programme(t.ProgrammeCode); ok {
			out.ProgrammeNames = textsOrNil(p.Name)
		}
		return
	}
	out.SpecialtyCode, out.QualificationCode = some(v.Parties.Student.SpecialtyCode), some(t.QualificationCode)
	if s, ok := ref.Specialty(v.Parties.Student.SpecialtyCode); ok {
		out.SpecialtyNames = textsOrNil(s.Name)
	}
	if q, ok := ref.Trade(t.QualificationCode); ok {
		out.QualificationNames = textsOrNil(q.Name)
	}
	out.ProfileMatches, out.ProfileReason = &v.ProfileMatches, some(t.ProfileReason)
}

func (a *AgreementsAPI) cityName(region, city string, lang i18n.Lang) string {
	return a.Agreements.Reference.CityName(region, city, lang)
}

func agreementLanguages(list []i18n.Lang) []apigen.AgreementLanguage {
	out := make([]apigen.AgreementLanguage, 0, len(list))
	for _, l := range list {
		out = append(out, apigen.AgreementLanguage(l))
	}
	return out
}

func (a *AgreementsAPI) partiesOut(v *agreements.View, lang i18n.Lang) apigen.AgreementParties {
	p := v.Parties
	s, e, c := p.Student, p.Enterprise, p.College
	out := apigen.AgreementParties{
		Student: apigen.AgreementStudent{
			PersonID: s.PersonID, FullName: s.FullName, Iin: some(s.IIN), BirthDate: dateOrNil(s.BirthDate), IDCardNumber: some(s.Contacts.IDCardNumber),
			IDCardIssuedBy: some(s.Contacts.IDCardIssuedBy), IDCardIssuedOn: dateOrNil(s.Contacts.IDCardIssuedOn), Address: some(s.Contacts.Address),
			Phone: some(s.Contacts.Phone), Email: some(s.Email), Group: some(s.Group), Course: some(s.Course), StudyForm: some(s.StudyForm),
			Funding: some(apigen.AgreementFunding(s.Funding)), Citizen: v.Agreement.Citizen,
		},
		Enterprise: apigen.AgreementEnterprise{
			ID: e.ID, Kind: apigen.EnterpriseKind(e.Kind), Name: e.Name, LegalNames: textsOrNil(e.LegalNames), Bin: some(e.BIN), Iin: some(e.IIN),
			Region: e.Region, City: a.cityName(e.Region, e.City, lang), Address: e.Address, ActivityCode: some(e.ActivityCode), HeadName: some(e.HeadName),
			HeadPosition: some(e.HeadPosition), HeadAuthority: some(e.HeadAuthority), Bank: bankOrNil(e.Bank), Email: some(e.Email), Phone: some(e.Phone),
		},
		College: apigen.AgreementCollege{
			ID: c.ID, Kind: apigen.CollegeKind(c.Kind), Name: c.Name, LegalNames: textsOrNil(c.LegalNames), Bin: c.BIN, Region: c.Region,
			City: a.cityName(c.Region, c.City, lang), Address: c.Address, LicenceNumber: some(c.LicenceNumber), LicenceDate: dateOrNil(c.LicenceDate),
			HeadName: some(c.HeadName), HeadPosition: some(c.HeadPosition), HeadAuthority: some(c.HeadAuthority), Bank: bankOrNil(c.Bank),
			Email: some(c.Email), Phone: some(c.Phone),
		},
	}
	for i := range v.Agreement.Signatures {
		if sig := &v.Agreement.Signatures[i]; sig.Party == agreements.ByStudent {
			out.Student.Under18AtOwnSignature = &sig.Minor
		}
	}
	if g := p.Guardian; g != nil {
		out.Guardian = &apigen.AgreementGuardian{
			PersonID: g.PersonID, FullName: g.FullName, Ground: apigen.GuardianGround(g.Ground), Confirmed: g.Confirmed, Iin: some(g.IIN),
			IDCardNumber: some(g.Contacts.IDCardNumber), IDCardIssuedBy: some(g.Contacts.IDCardIssuedBy),
			IDCardIssuedOn: dateOrNil(g.Contacts.IDCardIssuedOn), Address: some(g.Contacts.Address), Phone: some(g.Contacts.Phone), Email: some(g.Email),
		}
	}
	return out
}

func hoursOut(h agreements.Hours) *apigen.AgreementHours {
	out := &apigen.AgreementHours{
		Weekly: h.Weekly(), WeeklyLimit: h.Limit, LimitReason: apigen.AgreementHoursLimitReason(h.Reason), NightWork: &h.Night,
	}
	if h.Scheduled {
		total, at := float64(h.TotalMinutes)/60, float64(h.AtEnterpriseMinutes)/60
		out.ScheduledTotal, out.ScheduledAtEnterprise = &total, &at
	}
	return out
}

func workplaceOut(w agreements.Workplace) apigen.AgreementWorkplace {
	return apigen.AgreementWorkplace{
		ID: w.ID, Region: w.Region, City: w.City, Address: w.Address, Lat: some(w.Lat), Lon: some(w.Lon), Kind: apigen.PlacementWorkplaceKind(w.Kind),
		Hazardous: w.Hazardous,
	}
}

func mentorOut(m *agreements.MentorParty, trainees int) *apigen.AgreementMentor {
	if m == nil {
		return nil
	}
	out := &apigen.AgreementMentor{
		ID: m.ID, FullName: m.FullName, Position: some(m.Position), Qualification: some(m.Qualification), OrderNumber: some(m.OrderNumber),
		OrderDate: dateOrNil(m.OrderDate),
	}
	if trainees >= 0 {
		out.Trainees = &trainees
	}
	return out
}

func supervisorOut(v *agreements.SupervisorParty) *apigen.AgreementSupervisor {
	if v == nil {
		return nil
	}
	return &apigen.AgreementSupervisor{
		ID: v.ID, FullName: v.FullName, Position: some(v.Position), OrderNumber: some(v.OrderNumber), OrderDate: dateOrNil(v.OrderDate), Phone: some(v.Phone),
	}
}

func curriculumOut(c *agreements.Curriculum) *apigen.AgreementCurriculum {
	if c == nil {
		return nil
	}
	return &apigen.AgreementCurriculum{Title: c.Title, Number: c.Number, Date: dateOf(c.Date)}
}

func scheduleOut(phases []agreements.Phase) []apigen.AgreementScheduleEntry {
	out := make([]apigen.AgreementScheduleEntry, 0, len(phases))
	for _, p := range phases {
		out = append(out, apigen.AgreementScheduleEntry{
			From: dateOf(p.From), To: dateOf(p.To), Weekdays: p.Weekdays, HoursPerDay: p.HoursPerDay(), Where: apigen.AgreementScheduleEntryWhere(p.Where),
			DayFrom: some(p.DayFrom), DayTo: some(p.DayTo), Note: some(p.Note),
		})
	}
	return out
}

func planOut(items []agreements.PlanItem) []apigen.AgreementPlanItem {
	out := make([]apigen.AgreementPlanItem, 0, len(items))
	for _, i := range items {
		out = append(out, apigen.AgreementPlanItem{
			Name: i.Name, Hours: i.Hours, EnterpriseHours: i.EnterpriseHours, Kind: some(apigen.AgreementPlanItemKind(i.Kind)),
		})
	}
	return out
}

func shareOut(s agreements.Share) apigen.AgreementTrainingShare {
	out := apigen.AgreementTrainingShare{
		Hours: s.Hours, EnterpriseHours: s.EnterpriseHours, RequiredPercent: s.Required, Met: s.Met,
		Items: make([]apigen.AgreementTrainingShareItem, 0, len(s.Items)),
	}
	if s.Known {
		out.Percent = &s.Percent
	}
	for _, i := range s.Items {
		out.Items = append(out.Items, apigen.AgreementTrainingShareItem{Name: i.Name, Percent: i.Percent, Counted: i.Counted})
	}
	return out
}

func enrolmentOut(e *agreements.Enrolment) *apigen.AgreementEnrolment {
	if e == nil {
		return nil
	}
	return &apigen.AgreementEnrolment{
		OrderNumber: e.OrderNumber, OrderDate: dateOf(e.OrderDate), Group: some(e.Group), Course: some(e.Course), StudyForm: some(e.StudyForm),
		Funding: some(apigen.AgreementFunding(e.Funding)), SpecialtyCode: some(e.SpecialtyCode),
	}
}

func agreementInsurance(i *agreements.Insurance) *apigen.AgreementInsurance {
	if i == nil {
		return nil
	}
	return &apigen.AgreementInsurance{Taken: i.Taken, Note: some(i.Note)}
}

func agreementPay(c *agreements.Compensation) *apigen.AgreementCompensation {
	if c == nil {
		return nil
	}
	return &apigen.AgreementCompensation{
		Kind: apigen.PlacementCompensationKind(c.Kind), Amount: some(c.Amount), Basis: some(c.Basis), PaymentDay: some(c.PaymentDay),
	}
}

func templateOut(t agreements.Template) apigen.AgreementTemplate {
	return apigen.AgreementTemplate{
		ID: t.ID, Version: t.Version, SourceAct: t.SourceAct, SourceEditionOn: dateOrNil(t.Edition), ComparedWithOfficialForm: t.Compared,
	}
}
