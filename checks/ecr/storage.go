package ecr

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// StorageParams limit what a repository may hold.
type StorageParams struct {
	Repository string `json:"repository" help:"the name of the private ECR repository" need:"true"`
	MaxMB      int64  `json:"max-mb" help:"the most that all images together may take, in megabytes of 1,000,000 bytes"`
	Tag        string `json:"tag" help:"the tag of the image that stays when old ones are removed"`
}

// Validate holds the parameters to what makes sense.
func (p StorageParams) Validate() error {
	if p.MaxMB < 1 || p.MaxMB > 1_000_000 {
		return &checks.ParamError{Name: "max-mb", Problem: fmt.Sprintf("is %d; 1 to 1000000 megabytes are possible", p.MaxMB)}
	}
	return p.image().Validate()
}

func (p StorageParams) image() ImageParams { return ImageParams{p.Repository, p.Tag} }

// Storage passes when the repository's images, those in the archive and on the way out of it as well, stay within the
// limit. Layers that images share are stored once and counted here for each: the sum is the most that it can be. A
// repository without images is no pass, for nothing was kept small. Images are listed by status, and so one of a status
// that is not known here is not seen: what is not listed is not said to be empty.
var Storage = checks.New(checks.Spec[StorageParams]{
	ID:       "ecr-storage",
	Title:    "The images stay within the storage limit",
	Why:      "Storage is paid by the month, and the free tier of ECR ends at 500 MB.",
	Verify:   "aws ecr describe-images --repository-name REPOSITORY --region REGION",
	Reads:    []facts.Source{account.Images},
	Defaults: StorageParams{MaxMB: 500, Tag: "latest"},
	Run:      storageWithinLimit,
	Fix:      removeOldImages,
})

func storageWithinLimit(v *facts.View, p StorageParams) (checks.Result, error) {
	s := v.Site()
	images, exists, failed := everyImage(v, p.Repository)
	f := checks.Finding{
		Subject:  repositorySubject(p.Repository),
		LookedAt: "images of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: fmt.Sprintf("images of at most %d MB together", p.MaxMB),
	}
	if !exists {
		return noRepository(s, p.Repository, f.Expected), nil
	}
	sum := stored(images)
	var known map[string]string
	f.LookedAt += fmt.Sprintf(" (%s, archived ones too)", checks.Count(len(images), "manifest"))
	f.Found = fmt.Sprintf("up to %s of %d MB", megabytes(sum), p.MaxMB)
	switch {
	case sum > p.MaxMB*megabyte: // proven, whatever the list that failed would add
		f.Verdict = checks.Fail
		var lost []string
		if known, lost = removable(images, p); len(lost) > 0 {
			f.Advice = "the commands remove what was pushed before " + p.Tag + ", also the images tagged " + checks.Names(lost)
		}
		f.Found += fmt.Sprintf(", about $%.2f a month without the free tier", dollars(sum))
	case failed != nil:
		return checks.Of(f.Unanswered(failed)), nil
	case len(images) == 0:
		f.Verdict, f.Found = checks.Fail, "ECR lists no image in it, active or archived"
		known = map[string]string{missing: theImage}
	default:
		f.Verdict = checks.Pass
	}
	return checks.Result{Findings: []checks.Finding{f}, Known: known}, nil
}
