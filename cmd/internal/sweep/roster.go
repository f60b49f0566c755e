// Package sweep reads the accounts of a class at their source: it takes on a role in each of them, grades the labs
// there, and keeps each report as a file of a folder.
//
// The folder is all that there is between one run and the next, and between one machine and another: what is there is
// not read again, what failed is tried again, and a shard that runs twice writes the same files twice. No name in it
// comes from the roster but the account's number.
package sweep

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/policy"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/roster"
)

// Account is an account to be read, with those whose it is.
type Account struct {
	ID       string
	Students []string
	// Region is asked in the place of the lab's; "" is the lab's.
	Region string
	// ExternalID is what the role's owner asks for; "" for nothing.
	ExternalID string
	// IAMUser is the name of the user whom the checks about an IAM user look at; "" for nobody.
	IAMUser string
	// Profile is a profile of the AWS CLI that leads to the account in the place of a role.
	Profile string
	// Params are the lab's parameters that are the student's own.
	Params map[string]string
}

// Problem is a row of the roster that leads to no account, and what to do about it.
type Problem struct{ Student, Text string }

// accountID is how an account's number is written, and lostZeros what a spreadsheet makes of one that begins with
// zeros or is shown as a number.
var (
	accountID = regexp.MustCompile(`^[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}$`)
	lostZeros = regexp.MustCompile(`^([0-9]{9,11}|[0-9][.,][0-9]+[eE]\+[0-9]+)$`)
	userName  = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,64}$`)
)

// Accounts finds the accounts of a roster: one for all students who share it with the same settings. params are the
// names of the labs' parameters, each of which may be a column.
func Accounts(r *roster.Roster, params []string) (accounts []Account, problems []Problem) {
	columns := map[string]int{}
	for i, name := range r.Header {
		columns[columnKey(name)] = i
	}
	at := map[string]int{}
	for _, student := range r.Students {
		a, err := accountOf(student, columns, params)
		who := class.KeyOf(student)
		if who == student.Account {
			who = cmp.Or(student.Name, who)
		}
		if err != nil {
			problems = append(problems, Problem{who, err.Error()})
			continue
		}
		key := fmt.Sprintf("%q", []any{a.ID, a.Region, a.ExternalID, a.IAMUser, a.Profile, a.Params})
		if i, ok := at[key]; ok {
			accounts[i].Students = append(accounts[i].Students, who)
			continue
		}
		at[key] = len(accounts)
		a.Students = []string{who}
		accounts = append(accounts, a)
	}
	return accounts, problems
}

// columnKey is the name of a column without what spreadsheets and people write differently.
func columnKey(name string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(strings.TrimSpace(name)))
}

func accountOf(student class.Identity, columns map[string]int, params []string) (Account, error) {
	cell := func(name string) string {
		i, ok := columns[columnKey(name)]
		if !ok || i >= len(student.Row) {
			return ""
		}
		return strings.TrimSpace(student.Row[i])
	}
	a := Account{
		ID: student.Account, Region: cell("region"), ExternalID: cell("external-id"), IAMUser: cell("iam-user"),
		Profile: cell("profile"), Params: map[string]string{},
	}
	for _, name := range params {
		if value := cell(name); value != "" {
			a.Params[name] = value
		}
	}
	switch {
	case a.ID == "":
		return a, fmt.Errorf("there is no account in the row: ask for its number of 12 digits")
	case lostZeros.MatchString(a.ID):
		return a, fmt.Errorf("%q is no account: a spreadsheet took its zeros away; make the column text and write "+
			"all 12 digits", facts.NameOf(a.ID))
	case !accountID.MatchString(a.ID):
		return a, fmt.Errorf("%q is no account: it has 12 digits", facts.NameOf(a.ID))
	case a.Region != "" && !facts.IsRegion(a.Region):
		return a, fmt.Errorf("%q is no Region: us-east-1 is one", facts.NameOf(a.Region))
	case a.ExternalID != "" && !policy.ValidExternalID(a.ExternalID):
		return a, fmt.Errorf("the external id is none: it has 2 to 1224 letters, digits and characters of _+=,.@:/-")
	case a.IAMUser != "" && !userName.MatchString(a.IAMUser):
		return a, fmt.Errorf("%q is no name of an IAM user: it has 1 to 64 letters, digits and characters of _+=,.@-",
			facts.NameOf(a.IAMUser))
	}
	a.ID = strings.NewReplacer("-", "", " ", "").Replace(a.ID)
	return a, nil
}
