package sarif

// The objects of SARIF 2.1.0 that this format writes, with the names of the standard. Members that are always empty,
// and numbers that are always -1, are the standard's defaults: they are written because they always were, so that two
// files of different versions differ only in what was found.

// none is a list that is always empty.
type none [0]int

type file struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Addresses                none         `json:"addresses"`
	AutomationDetails        automation   `json:"automationDetails"`
	Graphs                   none         `json:"graphs"`
	Invocations              []invocation `json:"invocations"`
	Language                 string       `json:"language"`
	LogicalLocations         none         `json:"logicalLocations"`
	NewlineSequences         []string     `json:"newlineSequences"`
	Policies                 none         `json:"policies"`
	RedactionTokens          none         `json:"redactionTokens"`
	Results                  []result     `json:"results"`
	RunAggregates            none         `json:"runAggregates"`
	Taxonomies               none         `json:"taxonomies"`
	ThreadFlowLocations      none         `json:"threadFlowLocations"`
	Tool                     tool         `json:"tool"`
	Translations             none         `json:"translations"`
	VersionControlProvenance none         `json:"versionControlProvenance"`
	WebRequests              none         `json:"webRequests"`
	WebResponses             none         `json:"webResponses"`
}

type automation struct {
	ID string `json:"id"`
}

type invocation struct {
	ExecutionSuccessful                bool           `json:"executionSuccessful"`
	NotificationConfigurationOverrides none           `json:"notificationConfigurationOverrides"`
	RuleConfigurationOverrides         none           `json:"ruleConfigurationOverrides"`
	ToolConfigurationNotifications     none           `json:"toolConfigurationNotifications"`
	ToolExecutionNotifications         []notification `json:"toolExecutionNotifications"`
}

type notification struct {
	Level     string  `json:"level"`
	Locations none    `json:"locations"`
	Message   message `json:"message"`
}

type message struct {
	Arguments none   `json:"arguments"`
	Text      string `json:"text"`
}

type tool struct {
	Driver     driver `json:"driver"`
	Extensions none   `json:"extensions"`
}

type driver struct {
	Contents            []string `json:"contents"`
	IsComprehensive     bool     `json:"isComprehensive"`
	Language            string   `json:"language"`
	Locations           none     `json:"locations"`
	Name                string   `json:"name"`
	Notifications       none     `json:"notifications"`
	Rules               []rule   `json:"rules"`
	SemanticVersion     string   `json:"semanticVersion"`
	SupportedTaxonomies none     `json:"supportedTaxonomies"`
	Taxa                none     `json:"taxa"`
	Version             string   `json:"version"`
}

type rule struct {
	FullDescription  text   `json:"fullDescription"`
	Help             text   `json:"help"`
	ID               string `json:"id"`
	Relationships    none   `json:"relationships"`
	ShortDescription text   `json:"shortDescription"`
}

type text struct {
	Text string `json:"text"`
}

type result struct {
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	Attachments         none              `json:"attachments"`
	CodeFlows           none              `json:"codeFlows"`
	Fixes               none              `json:"fixes"`
	GraphTraversals     none              `json:"graphTraversals"`
	Graphs              none              `json:"graphs"`
	Kind                string            `json:"kind"`
	Level               string            `json:"level"`
	Locations           []location        `json:"locations"`
	Message             message           `json:"message"`
	Rank                int               `json:"rank"`
	RelatedLocations    none              `json:"relatedLocations"`
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"`
	Stacks              none              `json:"stacks"`
	Suppressions        []suppression     `json:"suppressions,omitempty"`
	Taxa                none              `json:"taxa"`
}

type suppression struct {
	Justification string `json:"justification"`
	Kind          string `json:"kind"`
	Status        string `json:"status"`
}

type location struct {
	Annotations      none             `json:"annotations"`
	ID               int              `json:"id"`
	LogicalLocations none             `json:"logicalLocations"`
	PhysicalLocation physicalLocation `json:"physicalLocation"`
	Relationships    none             `json:"relationships"`
}

type physicalLocation struct {
	ArtifactLocation artifactLocation `json:"artifactLocation"`
	Region           region           `json:"region"`
}

type artifactLocation struct {
	Index int    `json:"index"`
	URI   string `json:"uri"`
}

type region struct {
	ByteOffset  int `json:"byteOffset"`
	CharOffset  int `json:"charOffset"`
	EndColumn   int `json:"endColumn"`
	EndLine     int `json:"endLine"`
	StartColumn int `json:"startColumn"`
	StartLine   int `json:"startLine"`
}
