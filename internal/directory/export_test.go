package directory

import "github.com/orynda/orynda/internal/cal"

// CheckRosterFile is the check of a whole roster file, without a service around it.
func CheckRosterFile(ref *Reference, regime string, today cal.Day, data []byte) (rows int, err error) {
	students, check, err := checkRoster(ref, regime, today, data)
	if err != nil {
		return 0, err
	}
	return len(students), check.refusal()
}
