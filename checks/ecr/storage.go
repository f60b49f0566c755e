package ecr

import (
	"fmt"
	"math"
	"slices"
	"time"

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
		problem := fmt.Sprintf("is %d; 1 to 1000000 megabytes are possible", p.MaxMB)
		return &checks.ParamError{Name: "max-mb", Problem: problem}
	}
	return p.image().Validate()
}

func (p StorageParams) image() ImageParams { return ImageParams{p.Repository, p.Tag} }

// Storage passes when the repository's images, those in the archive and on the way out of it as well, stay within the
// limit. Layers that images share are stored once and counted here for each: the sum is the most that it can be. A
// repository without images is no pass, for nothing was kept small. Images are listed by status, and so one of a status
// that is not known here is not seen: what is not listed is not said to be empty.
var Storage = checks.New(checks.Spec[StorageParams]{
	ID:     "ecr-storage",
	Title:  "The images stay within the storage limit",
	Why:    "Storage is paid by the month, and the free tier of ECR ends at 500 MB.",
	Verify: "aws ecr describe-images --repository-name REPOSITORY --region REGION",
	Pages: checks.Pages{
		Docs:    "AmazonECR/latest/userguide/LifecyclePolicies.html",
		Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
	},
	Reads:    []facts.Source{account.Images},
	Defaults: StorageParams{MaxMB: 500, Tag: "latest"},
	Run:      storageWithinLimit,
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
		return noRepository(s, p.Repository, f.Expected, pushImage(s, p.image())), nil
	}
	sum := stored(images)
	f.LookedAt += fmt.Sprintf(" (%s, archived ones too)", checks.Count(len(images), "manifest"))
	found := fmt.Sprintf("up to %s of %d MB", megabytes(sum), p.MaxMB)
	switch {
	case sum > p.MaxMB*megabyte: // proven, whatever the list that failed would add
		old, tooLarge := olderThanTag(images, p)
		if len(old.tags) > 0 {
			f.Advice = "the commands remove what was pushed before " + p.Tag +
				", also the images tagged " + checks.Names(old.tags)
		}
		f = f.Fail(found + fmt.Sprintf(", about $%.2f a month without the free tier", dollars(sum)))
		if tooLarge {
			return checks.Of(f).WithFix(makeSmaller), nil
		}
		return checks.Of(f).WithFix(removeOldImages(s, p, old)), nil
	case failed != nil:
		return checks.Of(f.Unknown(failed)), nil
	case len(images) == 0:
		return checks.Of(f.Fail("ECR lists no image in it, active or archived")).WithFix(pushImage(s, p.image())), nil
	}
	return checks.Of(f.Pass(found)), nil
}

// stored sums the sizes of the images, each digest once. An index is left out: its size is that of its largest image.
func stored(images []account.Image) int64 {
	seen := map[string]bool{}
	var sum int64
	for _, i := range images {
		if i.Index || seen[i.Digest] {
			continue
		}
		seen[i.Digest] = true
		if i.Bytes > math.MaxInt64-sum {
			return math.MaxInt64 // more than any registry holds, but no reason to wrap round below the limit
		}
		sum += i.Bytes
	}
	return sum
}

// dollars is the price of a month at $0.10 for a gigabyte: https://aws.amazon.com/ecr/pricing/
func dollars(bytes int64) float64 { return float64(bytes) / 1e9 * 0.10 }

// onePush is the time within which the parts of one push arrive.
const onePush = time.Hour

// maxBatch is the most that ECR removes at once:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
const maxBatch = 100

// oldPushes are what may go from a repository.
type oldPushes struct {
	// indexes and images are digests. ECR keeps an image as long as an index lists it, so indexes go first.
	indexes, images []string
	tags            []string // what would be lost with them, sorted
}

// olderThanTag is everything that was pushed before the lab's image; nothing if the repository is over the limit
// without it too, and tooLarge if the lab's image alone is.
func olderThanTag(images []account.Image, p StorageParams) (old oldPushes, tooLarge bool) {
	kept, found := time.Time{}, false
	for _, i := range images {
		if slices.Contains(i.Tags, p.Tag) {
			kept, found = i.PushedAt, true
		}
	}
	var rest, own []account.Image
	for _, i := range images {
		switch {
		case !found, !account.IsDigest(i.Digest), i.PushedAt.IsZero(), !i.PushedAt.Before(kept.Add(-onePush)):
			rest = append(rest, i)
			if slices.Contains(i.Tags, p.Tag) || !i.PushedAt.IsZero() && i.PushedAt.Sub(kept).Abs() <= onePush {
				own = append(own, i)
			}
			continue
		case i.Index:
			old.indexes = append(old.indexes, i.Digest)
		default:
			old.images = append(old.images, i.Digest)
		}
		old.tags = append(old.tags, i.Tags...)
	}
	if stored(rest) > p.MaxMB*megabyte {
		return oldPushes{}, stored(own) > p.MaxMB*megabyte
	}
	slices.Sort(old.tags)
	return old, false
}

// makeSmaller is the fix where the lab's image alone is over the limit: what is removed beside it would not be enough.
var makeSmaller = checks.Fix{
	ConsoleOnly: true,
	Console: "your editor › Dockerfile › a smaller base image, such as one that ends in -slim or -alpine; " +
		"then build, push, and remove the larger image",
}

// removeOldImages keeps the lab's image and what came after it. Where that is over the limit, a person must choose
// what goes.
func removeOldImages(s checks.Site, p StorageParams, old oldPushes) checks.Fix {
	fix := checks.Fix{Console: console(p.Repository, "Images › choose the old ones › Delete")}
	for _, all := range [][]string{old.indexes, old.images} {
		for digests := range slices.Chunk(all, maxBatch) {
			ids := []string{"--image-ids"}
			for _, digest := range digests {
				ids = append(ids, "imageDigest="+digest)
			}
			fix.Commands = append(fix.Commands, ecrCommand(s, "batch-delete-image", p.Repository, ids...))
		}
	}
	fix.ConsoleOnly = len(fix.Commands) == 0
	return fix
}
