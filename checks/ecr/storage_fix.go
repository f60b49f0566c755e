package ecr

import (
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
)

// The keys of Result.Known that hold the digests of what may go, with a space between them. ECR keeps an image as long
// as an index lists it, so indexes go first.
const (
	oldIndexes = "old indexes"
	oldImages  = "old images"
)

// onePush is the time within which the parts of one push arrive.
const onePush = time.Hour

// maxBatch is the most that ECR removes at once:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
const maxBatch = 100

// removable is everything that was pushed before the lab's image, if the repository is within the limit without it, and
// the tags that would be lost with it.
func removable(images []account.Image, p StorageParams) (known map[string]string, lost []string) {
	kept, found := time.Time{}, false
	for _, i := range images {
		if slices.Contains(i.Tags, p.Tag) {
			kept, found = i.PushedAt, true
		}
	}
	var indexes, plain []string
	var rest []account.Image
	for _, i := range images {
		switch {
		case !found, !account.IsDigest(i.Digest), i.PushedAt.IsZero(), !i.PushedAt.Before(kept.Add(-onePush)):
			rest = append(rest, i)
			continue
		case i.Index:
			indexes = append(indexes, i.Digest)
		default:
			plain = append(plain, i.Digest)
		}
		lost = append(lost, i.Tags...)
	}
	if stored(rest) > p.MaxMB*megabyte {
		return nil, nil
	}
	slices.Sort(lost)
	return map[string]string{oldIndexes: strings.Join(indexes, " "), oldImages: strings.Join(plain, " ")}, lost
}

// removeOldImages keeps the lab's image and what came after it. Where that alone is over the limit, a person must choose
// what goes.
func removeOldImages(s checks.Site, p StorageParams, r checks.Result) checks.Fix {
	if r.Known[missing] != "" {
		return checks.Fix{
			Commands: createFirst(s, p.Repository, r, push(s, p.image())...),
			Console:  console(p.Repository, "View push commands"),
		}
	}
	fix := checks.Fix{Console: console(p.Repository, "Images › choose the old ones › Delete")}
	for _, what := range []string{oldIndexes, oldImages} {
		for digests := range slices.Chunk(strings.Fields(r.Known[what]), maxBatch) {
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
