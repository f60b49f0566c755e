package roster

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/reports/class"
)

// ReadOverrides reads the instructor's decisions: a CSV file with the columns student, score (points, or "excuse") and
// reason. The name is for the messages.
func ReadOverrides(name string, data []byte) ([]class.Override, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	who, score, reason := t.column("student", "name", "email", "key"), t.column("score", "grade", "points"),
		t.column("reason", "because", "comment")
	if who < 0 || score < 0 || reason < 0 {
		return nil, errors.New("it needs the columns student, score and reason")
	}
	var list []class.Override
	for _, row := range t.rows {
		o := class.Override{Key: row.cell(who), Reason: row.cell(reason), Position: fmt.Sprintf("%s:%d", name, row.number)}
		switch value := strings.ToLower(row.cell(score)); {
		case o.Key == "":
			return nil, fmt.Errorf("line %d: the student is missing", row.number)
		case o.Reason == "":
			return nil, fmt.Errorf("line %d: the reason is missing; a decision needs one", row.number)
		case value == "excuse" || value == "excused" || value == "ex":
			o.Excuse = true
		default:
			points, ok := class.ParsePoints(value)
			if !ok {
				return nil, fmt.Errorf("line %d: the score is neither points such as 87.5 nor the word excuse", row.number)
			}
			o.Score = &points
		}
		list = append(list, o)
	}
	return list, nil
}

// ReadGroups reads who is in which group: a CSV file with the columns student and group, or the groups of a course as
// Canvas exports them. Whoever has no group there is in none. The name is for the messages.
func ReadGroups(name string, data []byte) ([]class.Membership, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	group, columns := t.column(groupNames()...), []int{t.column("student", "key"), t.column("userid"), t.column("loginid")}
	for _, c := range newReader(t).columns {
		if c.unique || c.names[0] == "student" {
			columns = append(columns, c.index)
		}
	}
	var list []class.Membership
	for _, row := range t.rows {
		m := class.Membership{Group: row.cell(group), Position: fmt.Sprintf("%s:%d", name, row.number)}
		for _, c := range columns {
			if who := row.cell(c); who != "" && !slices.Contains(m.Names, who) {
				m.Names = append(m.Names, who)
			}
		}
		switch {
		case group < 0 || len(m.Names) == 0:
			return nil, fmt.Errorf("line %d: it needs the columns student and group", row.number)
		case m.Group != "":
			list = append(list, m)
		}
	}
	return list, nil
}

// ReadPairs reads who may work together: a CSV file whose rows name the students of a pair or a group, in the columns
// student and partner (more partners may follow). The name is for the messages.
func ReadPairs(name string, data []byte) ([]class.Pair, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	if t.column("student") != 0 || t.column("partner") != 1 {
		return nil, errors.New("its first columns must be student and partner")
	}
	var pairs []class.Pair
	for _, row := range t.rows {
		pair := class.Pair{Position: fmt.Sprintf("%s:%d", name, row.number)}
		for i := range row.cells {
			if who := row.cell(i); who != "" {
				pair.Students = append(pair.Students, who)
			}
		}
		if len(pair.Students) < 2 {
			return nil, fmt.Errorf("line %d: a pair needs two students", row.number)
		}
		pairs = append(pairs, pair)
	}
	return pairs, nil
}
