package junit

// The elements, as the consumers know them. The types of jstemmer/go-junit-report would not do: they leave out a count
// that is 0, which consumers then take for unknown, and their test case has no file. The tests read with them.

type suites struct {
	XMLName struct{} `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	counts
	Suite suite `xml:"testsuite"`
}

type suite struct {
	Name string `xml:"name,attr"`
	counts
	Timestamp  string     `xml:"timestamp,attr"`
	Properties properties `xml:"properties"`
	// Cases are test cases that are XML already: their sizes were measured.
	Cases []byte `xml:",innerxml"`
}

// counts are equal to what the children are, on the suite and on the root.
type counts struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"` // seconds
}

// count adds one test case.
func (c *counts) count(o outcome) {
	c.Tests++
	switch {
	case o.Failure != nil:
		c.Failures++
	case o.Error != nil:
		c.Errors++
	case o.Skipped != nil:
		c.Skipped++
	}
}

type properties struct {
	List []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// testcase has no time: calls are shared between steps.
type testcase struct {
	XMLName   struct{} `xml:"testcase"`
	Classname string   `xml:"classname,attr"`
	Name      string   `xml:"name,attr"`
	File      string   `xml:"file,attr"`
	outcome
}

// outcome has one element at most; a test case with none passed.
type outcome struct {
	Failure *result `xml:"failure"`
	Error   *result `xml:"error"`
	Skipped *result `xml:"skipped"`
}

// result says the same in its attribute and in its content: GitLab shows the content, others the message.
type result struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}
