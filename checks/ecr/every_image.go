package ecr

import (
	"slices"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// everyImage lists the images of a repository, those in the archive and on the way out of it as well, and says whether
// there is the repository. The error is that of a list which cannot be had; the images are those of the others then.
//
// The archive is asked second: a repository that is not there has none, and ECR gets no more requests at a time than it
// answers (see the limits of package account).
func everyImage(v *facts.View, repository string) (images []account.Image, exists bool, err error) {
	key := account.ImagesKey{Region: v.Site().Region, Repository: repository, Status: account.ActiveImage}
	active, err := account.Images.Get(v, key)
	if err == nil && !active.RepositoryExists {
		return nil, false, nil
	}
	images = slices.Clone(active.Images)
	for _, some := range startArchived(v, repository) {
		list, failed := some.Get()
		if failed != nil {
			err = failed
		}
		images = append(images, list.Images...)
	}
	return images, true, err
}
