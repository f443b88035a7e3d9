package demo

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/selection"
)

// interviewAt is the hour of the trainees' interviews; each has its own day.
const interviewAt = 11

// toMatch walks from the application to the accepted offer, which drafts the agreement.
func (k *walker) toMatch(ctx context.Context) error {
	application, err := k.step(ctx, "applied", -4, hour(12), func(ctx context.Context) (string, error) {
		a, err := k.Selection.Apply(ctx, k.me, k.placement.ID, selection.Request{
			Motivation: "Колледжде электр жабдықтарын оқимын, өндірісте үйренгім келеді. Хочу работать по специальности, практику в мастерской прошёл.",
		})
		if err != nil {
			return "", err
		}
		return a.ID, nil
	})
	if err != nil {
		return err
	}
	if err := k.toInterview(ctx, application); err != nil {
		return err
	}
	offer, err := k.step(ctx, "offered", 0, hour(10), func(ctx context.Context) (string, error) {
		o, err := k.Selection.MakeOffer(ctx, k.hr, application, selection.NewOffer{})
		if err != nil {
			return "", err
		}
		return o.ID, nil
	})
	if err != nil {
		return err
	}
	k.agreement, err = k.step(ctx, "accepted", 0, hour(15), func(ctx context.Context) (string, error) {
		yes, err := k.Selection.AcceptOffer(ctx, k.me, offer)
		if err != nil {
			return "", err
		}
		return yes.Match.AgreementID, nil
	})
	return err
}

// toInterview invites, books and holds the interview, and records that it recommends.
func (k *walker) toInterview(ctx context.Context, application string) error {
	_, err := k.step(ctx, "shortlisted", -3, hour(10), func(ctx context.Context) (string, error) {
		_, err := k.Selection.Shortlist(ctx, k.hr, application, "")
		return "yes", err
	})
	if err != nil {
		return err
	}
	booking, err := k.step(ctx, "booked", -3, hour(11), func(ctx context.Context) (string, error) { return k.book(ctx, application) })
	if err != nil {
		return err
	}
	_, err = k.step(ctx, "interviewed", -1, hour(interviewAt)+35*time.Minute, func(ctx context.Context) (string, error) {
		if _, err := k.Interviews.RecordAttendance(ctx, k.hr, booking, interviews.Attended); err != nil {
			return "", err
		}
		card, _, err := k.Interviews.RecordScorecard(ctx, k.hr, booking, interviews.NewScorecard{
			Criteria: []interviews.Criterion{
				{Name: "Мамандыққа қызығушылық, интерес к профессии", Score: 5}, {Name: "Білім, знания", Score: 4}, {Name: "Қауіпсіздік, безопасность", Score: 4},
			},
			Recommendation: selection.RecommendSelect,
		})
		if err != nil {
			return "", err
		}
		return card.ID, nil
	})
	return err
}

// book offers one time on the day before the offer and takes it.
func (k *walker) book(ctx context.Context, application string) (string, error) {
	begin := k.state.Today.Add(-k.s.days - 1).Start().Add(hour(interviewAt))
	slots, _, err := k.Interviews.CreateSlots(ctx, k.hr, k.placement.ID, interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(30 * time.Minute), Form: interviews.InPerson, InterviewerID: k.refs.get(personRef(interviewersOf(saryarqa)[0])),
		RoomID: k.refs.get(roomRef(saryarqa, 2)),
	})
	if err != nil {
		return "", err
	}
	b, err := k.Interviews.Book(ctx, k.me, slots[0].Slot.ID, application)
	if err != nil {
		return "", err
	}
	return b.ID, nil
}

// toState walks the agreement on from its draft.
func (k *walker) toState(ctx context.Context) error {
	if k.s.state == agreements.Cancelled {
		return k.cancel(ctx)
	}
	steps := []struct {
		to  agreements.State
		run func(ctx context.Context) error
	}{
		{agreements.Draft, nil}, {agreements.Ready, k.ready}, {agreements.Signing, k.enterpriseSigns}, {agreements.Awaiting, k.traineeSigns},
		{agreements.Concluded, k.countersign}, {agreements.Registered, k.register},
	}
	for _, s := range steps {
		if s.run != nil {
			if err := s.run(ctx); err != nil {
				return err
			}
		}
		if s.to == k.s.state {
			return nil
		}
	}
	if k.s.state == agreements.Completed {
		return k.complete(ctx)
	}
	return k.terminate(ctx)
}

func (k *walker) cancel(ctx context.Context) error {
	_, err := k.step(ctx, "cancelled", 1, hour(10), func(ctx context.Context) (string, error) {
		_, err := k.Agreements.Cancel(ctx, k.me, k.agreement, "Басқа қалаға көшемін. Переезжаю в другой город.")
		return "yes", err
	})
	return err
}

// ready fills in the college's part and freezes the document.
func (k *walker) ready(ctx context.Context) error {
	_, err := k.step(ctx, "filled", 1, hour(10), func(ctx context.Context) (string, error) {
		patch, err := k.collegePart(ctx)
		if err != nil {
			return "", err
		}
		_, err = k.Agreements.Update(ctx, k.college, k.agreement, patch, 0)
		return "yes", err
	})
	if err != nil {
		return err
	}
	// Neither this nor a signature may run in a transaction of ours; both can be repeated.
	a, err := k.Agreements.Agreement(ctx, k.agreement)
	if err != nil || a.State != agreements.Draft {
		return err
	}
	k.ago(k.s.days-1, hour(11))
	_, err = k.Agreements.Ready(ctx, k.college, k.agreement, 0)
	return err
}

// collegePart is what the college completes.
func (k *walker) collegePart(ctx context.Context) (agreements.Patch, error) {
	page, err := k.Directory.ListSupervisors(ctx, k.college, k.refs.get(collegeRef(karagandaCollege)), "", noCursor(), 1)
	if err != nil {
		return agreements.Patch{}, err
	}
	var plan []agreements.PlanItem
	for _, m := range k.placement.Modules {
		plan = append(plan, agreements.PlanItem{Name: m.Name.RU, Hours: m.Hours, EnterpriseHours: m.EnterpriseHours, Kind: "professional_module"})
	}
	from, to := k.placement.StartsOn, k.placement.EndsOn
	return agreements.Patch{
		SupervisorID: &page.Items[0].ID,
		Curriculum: &agreements.Curriculum{
			Title: "Жұмыс оқу жоспары, рабочий учебный план 07130100", Number: "12-УР", Date: k.state.Today.Add(-historyDays + 30),
		},
		Schedule: &[]agreements.Phase{
			{From: from, To: to, Weekdays: []int{1, 2, 3}, Minutes: 6 * 60, Where: agreements.AtEnterprise, DayFrom: "09:00", DayTo: "16:00"},
			{From: from, To: to, Weekdays: []int{4, 5}, Minutes: 5 * 60, Where: agreements.AtCollege},
		},
		Plan: &plan,
	}, nil
}

func (k *walker) enterpriseSigns(ctx context.Context) error {
	return k.sign(ctx, k.hr, agreements.ByEnterprise, hour(14), k.Agreements.Sign)
}

func (k *walker) traineeSigns(ctx context.Context) error {
	return k.sign(ctx, k.me, agreements.ByStudent, hour(18), k.Agreements.Sign)
}

func (k *walker) countersign(ctx context.Context) error {
	return k.sign(ctx, k.college, agreements.ByCollege, hour(19), k.Agreements.Countersign)
}

// sign asks for a code, reads it from the mail and signs, unless the party has signed.
func (k *walker) sign(
	ctx context.Context, by accounts.Actor, party agreements.Party, at time.Duration,
	give func(context.Context, accounts.Actor, agreements.SigningItem, agreements.CodeProof) (*agreements.Agreement, error),
) error {
	a, err := k.Agreements.Agreement(ctx, k.agreement)
	if err != nil || slices.ContainsFunc(a.Signatures, func(s agreements.Signature) bool { return s.Party == party }) {
		return err
	}
	k.ago(k.s.days-1, at)
	item := agreements.SigningItem{AgreementID: a.ID, Revision: a.Revision, SHA256: a.Document.SHA256}
	request, err := k.Agreements.RequestCode(ctx, by, []agreements.SigningItem{item})
	if err != nil {
		return err
	}
	code, err := k.secretOf(ctx, agreements.EventCodeIssued, request.ID, "sealed_code", accounts.MailCode)
	if err != nil {
		return err
	}
	_, err = give(ctx, by, item, agreements.CodeProof{Channel: agreements.ByCode, RequestID: request.ID, Code: code})
	return err
}

func (k *walker) register(ctx context.Context) error {
	_, err := k.step(ctx, "registered", 3, hour(10), func(ctx context.Context) (string, error) {
		_, err := k.Agreements.Register(ctx, k.registrar, k.agreement)
		return "yes", err
	})
	return err
}

// complete has both sides confirm on the day after the training ended.
func (k *walker) complete(ctx context.Context) error {
	after := k.state.Today.Add(-k.s.days).DaysUntil(k.placement.EndsOn) + 1
	_, err := k.step(ctx, "completed", after, hour(12), func(ctx context.Context) (string, error) {
		in := agreements.ConfirmInput{Date: k.placement.EndsOn}
		if _, err := k.Agreements.Complete(ctx, k.college, k.agreement, in); err != nil {
			return "", err
		}
		in.Hired = ptr(true)
		_, err := k.Agreements.Complete(ctx, k.hr, k.agreement, in)
		return "yes", err
	})
	return err
}

// terminate ends the training early.
func (k *walker) terminate(ctx context.Context) error {
	_, err := k.step(ctx, "terminated", 100, hour(12), func(ctx context.Context) (string, error) {
		_, err := k.Agreements.Terminate(ctx, k.hr, k.agreement, "Тараптардың келісімі бойынша. По соглашению сторон.", k.day())
		return "yes", err
	})
	return err
}
