package ecr

import (
	"slices"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// outOfReach looks for the tag among the images that cannot be pulled, in the archive and on the way out of it: a tag is
// absent only when it is on none of them either.
func outOfReach(v *facts.View, p ImageParams) (account.FoundImage, error) {
	for _, some := range startArchived(v, p.Repository) {
		list, err := some.Get()
		if err != nil {
			return account.FoundImage{}, err
		}
		for _, image := range list.Images {
			if slices.Contains(image.Tags, p.Tag) {
				return account.FoundImage{RepositoryExists: true, Exists: true, Image: image}, nil
			}
		}
	}
	return account.FoundImage{RepositoryExists: true}, nil
}

// startArchived begins to list the images that cannot be pulled.
func startArchived(v *facts.View, repository string) []*facts.Pending[account.ImageList] {
	var pending []*facts.Pending[account.ImageList]
	for _, status := range []account.ImageStatus{account.ArchivedImage, account.ActivatingImage} {
		pending = append(pending, account.Images.Start(v, account.ImagesKey{
			Region: v.Site().Region, Repository: repository, Status: status,
		}))
	}
	return pending
}
