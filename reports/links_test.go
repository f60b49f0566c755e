package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

func TestLinks(t *testing.T) {
	s := reports.Step{Pages: checks.Pages{
		Docs: "AmazonECR/latest/userguide/repository-create.html", Console: "ecr/repositories?region={region}",
	}}
	links := func(source reports.Source, caller, region string, s reports.Step) (urls []string) {
		r := reports.Report{Source: source, Target: reports.Target{Caller: caller, Region: region}}
		for _, link := range r.Links(s) {
			urls = append(urls, link.URL)
		}
		return urls
	}
	require.Equal(t, []string{
		"https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-create.html",
		"https://console.aws.amazon.com/ecr/repositories?region=eu-west-1",
	}, links(reports.AWS, "arn:aws:iam::1:user/a", "eu-west-1", s))
	require.Equal(t, []string{
		"https://docs.amazonaws.cn/en_us/AmazonECR/latest/userguide/repository-create.html",
		"https://console.amazonaws.cn/ecr/repositories?region=cn-north-1",
	}, links(reports.AWS, "arn:aws-cn:iam::1:user/a", "cn-north-1", s))
	require.Len(t, links(reports.Sandbox, "arn:aws:iam::1:user/a", "eu-west-1", s), 1, "practice has no console")
	require.Empty(t, links(reports.AWS, "arn:aws-iso:iam::1:user/a", "us-iso-east-1", s))
	require.Len(t, links(reports.AWS, "", `x" onclick="`, s), 1, "a Region that is none")
	for _, hostile := range []string{
		"/evil.example", "//evil.example", "a b", "a)b", "a\"b", "@evil.example", "a\nb", "\\evil",
	} {
		s.Pages = checks.Pages{Docs: hostile, Console: hostile}
		require.Empty(t, links(reports.AWS, "", "us-east-1", s), hostile)
	}
}
