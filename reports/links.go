package reports

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// Link is a page of AWS's that a person may want to open.
type Link struct{ Label, URL string }

// hosts are the hosts of a partition's pages: the console's and the documentation's.
type hosts struct{ console, docs string }

var hostsOf = map[string]hosts{
	"aws":        {"console.aws.amazon.com", "docs.aws.amazon.com"},
	"aws-us-gov": {"console.amazonaws-us-gov.com", "docs.aws.amazon.com"},
	"aws-cn":     {"console.amazonaws.cn", "docs.amazonaws.cn/en_us"},
}

// Links are AWS's pages about a step: its documentation and, of a real account, the place in its console. They are made
// of the check's own paths, the partition and the Region, and tell nobody who follows them from where. There is none
// for a partition that is not known.
func (r *Report) Links(s Step) []Link {
	partition := "aws"
	if part := strings.SplitN(r.Target.Caller, ":", 3); len(part) == 3 && part[0] == "arn" {
		partition = part[1]
	}
	at, known := hostsOf[partition]
	if !known {
		return nil
	}
	var list []Link
	if s.Pages.Docs != "" && pagePath.MatchString(s.Pages.Docs) {
		list = append(list, Link{"AWS documentation", "https://" + at.docs + "/" + s.Pages.Docs})
	}
	console := strings.ReplaceAll(s.Pages.Console, checks.PageRegion, r.Target.Region)
	if r.Source == AWS && console != "" && pagePath.MatchString(console) {
		list = append(list, Link{"AWS console", "https://" + at.console + "/" + console})
	}
	return list
}

// pagePath is what the path of a page looks like: nothing in it ends an address, a link of Markdown or an attribute of
// HTML, and nothing leads to another host.
var pagePath = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_./?=#:-]*$`)
