package ecr_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

func TestStorage(t *testing.T) {
	stored := func(active, archived []account.Image) []facts.Given {
		return []facts.Given{
			images(account.ActiveImage, active...), images(account.ActivatingImage), images(account.ArchivedImage, archived...),
		}
	}
	image := func(digit string, megabytes int64, age time.Duration, tags ...string) account.Image {
		return account.Image{Digest: digest(digit), Tags: tags, Bytes: megabytes * 1_000_000, PushedAt: before(age)}
	}
	index := func(i account.Image) account.Image { i.Index = true; return i }
	const day = 24 * time.Hour
	kept := image("a", 190, day, "latest")
	var gone []facts.Given
	for _, status := range []account.ImageStatus{account.ActiveImage, account.ActivatingImage, account.ArchivedImage} {
		key := account.ImagesKey{Region: checktest.Region, Repository: wanted, Status: status}
		gone = append(gone, account.Images.Given(key, account.ImageList{}))
	}

	checktest.Run(t, ecr.Storage, []checktest.Case{
		{
			Name: "one image", Params: params(), Facts: stored([]account.Image{kept}, nil),
			Want: checks.Pass, Found: "up to 190.0 MB of 500 MB",
		},
		{
			Name: "an index is not counted", Params: params(),
			Facts: stored([]account.Image{image("a", 300, day), index(image("b", 300, day, "latest"))}, nil),
			Want:  checks.Pass, Found: "up to 300.0 MB",
		},
		{
			Name: "a digest is counted once", Params: params(),
			Facts: stored([]account.Image{image("a", 300, day, "latest"), image("a", 300, day, "v1")}, nil),
			Want:  checks.Pass, Found: "up to 300.0 MB",
		},
		{
			Name: "at the limit", Params: params("max-mb", 190), Facts: stored([]account.Image{kept}, nil), Want: checks.Pass,
		},
		{
			Name: "archived images count", Params: params(),
			Facts: stored([]account.Image{kept}, []account.Image{image("b", 400, 40*day)}),
			Want:  checks.Fail, Found: "up to 590.0 MB of 500 MB, about $0.06 a month", Expected: "at most 500 MB together",
			Fix: "aws ecr batch-delete-image --repository-name docker-api --image-ids imageDigest=" + digest("b") +
				" --region us-east-1",
		},
		{
			Name: "an image on its way back from the archive counts", Params: params(), Facts: []facts.Given{
				images(account.ActiveImage), images(account.ActivatingImage, kept), images(account.ArchivedImage),
			},
			Want: checks.Pass, Found: "up to 190.0 MB of 500 MB",
		},
		{
			Name: "an old index goes before its images", Params: params(),
			Facts: stored([]account.Image{kept, image("b", 400, 40*day), index(image("c", 400, 40*day, "v1"))}, nil),
			Want:  checks.Fail, Advice: "also the images tagged v1",
			Fix: "imageDigest=" + digest("c") + " --region us-east-1\naws ecr batch-delete-image " +
				"--repository-name docker-api --image-ids imageDigest=" + digest("b"),
		},
		{
			Name: "the kept image is too large by itself", Params: params("max-mb", 100),
			Facts: stored([]account.Image{kept, image("b", 400, 40*day)}, nil), Want: checks.Fail,
		},
		{
			Name: "sizes that wrap round", Params: params(),
			Facts: stored(
				[]account.Image{{Digest: digest("a"), Bytes: math.MaxInt64}, {Digest: digest("b"), Bytes: math.MaxInt64}}, nil,
			),
			Want: checks.Fail,
		},
		{
			Name: "empty", Params: params(), Facts: stored(nil, nil),
			Want: checks.Fail, Found: "ECR lists no image in it, active or archived",
			Fix: "docker push " + host + "/docker-api:latest",
		},
		{
			Name: "no repository", Params: params(), Facts: gone,
			Want: checks.Fail, Found: "no repository docker-api", Fix: "create-repository",
		},
	})
}

// An image that does not tell when it was pushed may be the newest.
func TestNoCommandRemovesAnImageOfUnknownAge(t *testing.T) {
	result := run(t, ecr.Storage, params(), []facts.Given{
		images(account.ActiveImage,
			account.Image{Digest: digest("a"), Tags: []string{"latest"}, Bytes: 190_000_000, PushedAt: before(time.Hour)},
			account.Image{Digest: digest("b"), Bytes: 400_000_000}),
		images(account.ActivatingImage), images(account.ArchivedImage),
	})
	require.True(t, result.Fix.ConsoleOnly)
	require.Contains(t, result.Fix.Console, "choose the old ones")
}

func TestNoCommandRemovesTheLabsImage(t *testing.T) {
	result := run(t, ecr.Storage, params("max-mb", 100), []facts.Given{
		images(account.ActiveImage, account.Image{Digest: digest("a"), Tags: []string{"latest"}, Bytes: 190_000_000}),
		images(account.ActivatingImage), images(account.ArchivedImage),
	})
	require.Equal(t, checks.Fail, result.Verdict())
	require.True(t, result.Fix.ConsoleOnly)
	require.Empty(t, result.Fix.Commands)
	require.Contains(t, result.Fix.Console, "a smaller base image")
}
