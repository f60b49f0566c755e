package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
)

type lifecyclePolicyOutput struct {
	repositoryPlace
	Policy string `wire:"lifecyclePolicyText"`
}

func getLifecyclePolicy(r *request, in *repositoryInput) (*lifecyclePolicyOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(repo.LifecyclePolicy) == 0 {
		return nil, failf("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist for %s", r.within(repo))
	}
	// ECR hands out the document on one line, however it was written.
	var text bytes.Buffer
	if err := json.Compact(&text, repo.LifecyclePolicy); err != nil {
		return nil, fmt.Errorf("read the lifecycle policy of %s in the state: %w", repo.Name, err)
	}
	return &lifecyclePolicyOutput{repositoryPlace: r.place(repo), Policy: text.String()}, nil
}

type putLifecyclePolicyInput struct {
	repositoryInput
	Policy string `wire:"lifecyclePolicyText,required"`
}

func putLifecyclePolicy(r *request, in *putLifecyclePolicyInput) (*lifecyclePolicyOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	var policy lifecyclePolicy
	if err := json.Unmarshal([]byte(in.Policy), &policy); err != nil {
		return nil, badECR("LifecyclePolicyText", "Lifecycle policy validation failure: not a policy document")
	}
	if problem := policy.problem(); problem != "" {
		return nil, badECR("LifecyclePolicyText", "Lifecycle policy validation failure: "+problem)
	}
	repo.LifecyclePolicy = json.RawMessage(in.Policy)
	return getLifecyclePolicy(r, &repositoryInput{RepositoryName: repo.Name})
}

// A lifecyclePolicy is the part of the policy language that is checked when a policy is put. Nothing is ever expired.
type lifecyclePolicy struct {
	Rules []lifecycleRule `json:"rules"`
}

type lifecycleRule struct {
	Priority  int                `json:"rulePriority"`
	Selection lifecycleSelection `json:"selection"`
	Action    struct {
		Type string `json:"type"`
	} `json:"action"`
}

type lifecycleSelection struct {
	TagStatus   string   `json:"tagStatus"`
	TagPrefixes []string `json:"tagPrefixList"`
	TagPatterns []string `json:"tagPatternList"`
	CountType   string   `json:"countType"`
	CountUnit   string   `json:"countUnit"`
	CountNumber int      `json:"countNumber"`
}

// problem says what ECR would refuse; it is empty for a good policy.
func (p *lifecyclePolicy) problem() string {
	if len(p.Rules) == 0 {
		return `object has missing required properties (["rules"])`
	}
	seen := map[int]bool{}
	highest, anyAt := 0, 0
	for _, rule := range p.Rules {
		switch problem := rule.problem(); {
		case problem != "":
			return problem
		case seen[rule.Priority]:
			return "rulePriority must be unique"
		}
		seen[rule.Priority] = true
		highest = max(highest, rule.Priority)
		if rule.Selection.TagStatus == "any" {
			anyAt = rule.Priority
		}
	}
	if anyAt != 0 && anyAt != highest {
		return "the rule with tagStatus any must have the highest rulePriority"
	}
	return ""
}

func (r *lifecycleRule) problem() string {
	switch {
	case r.Priority < 1:
		return "rulePriority must be 1 or more"
	case r.Action.Type != "expire" && r.Action.Type != "transition":
		return "action.type must be expire or transition"
	}
	return r.Selection.problem()
}

func (s *lifecycleSelection) problem() string {
	switch {
	case s.CountNumber < 1:
		return "countNumber must be 1 or more"
	case s.TagStatus != "untagged" && s.TagStatus != "any" && s.TagStatus != "tagged":
		return "tagStatus must be tagged, untagged or any"
	case s.TagStatus == "tagged" && len(s.TagPrefixes)+len(s.TagPatterns) == 0:
		return "tagPrefixList or tagPatternList is needed when tagStatus is tagged"
	}
	switch s.CountType {
	case "imageCountMoreThan":
		if s.CountUnit != "" {
			return "countUnit must not be given with imageCountMoreThan"
		}
	case "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned":
		if s.CountUnit != "days" {
			return "countUnit must be days"
		}
	default:
		return "countType must be imageCountMoreThan or sinceImagePushed"
	}
	return ""
}
