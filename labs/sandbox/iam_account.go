package sandbox

type accountSummaryOutput struct {
	SummaryMap map[string]int32 `wire:"SummaryMap"`
}

// getAccountSummary counts what is in the account. Quotas are left at AWS's defaults.
func getAccountSummary(r *request, _ *none) (*accountSummaryOutput, error) {
	iam, root := r.state().IAM, r.state().Root
	inUse := 0
	for _, device := range iam.MFA {
		if device.User != "" {
			inUse++
		}
	}
	return &accountSummaryOutput{SummaryMap: map[string]int32{
		"AccountAccessKeysPresent":          int32(min(len(root.AccessKeys), 1)),
		"AccountMFAEnabled":                 flag(root.MFA),
		"AccountPasswordPresent":            flag(root.Password),
		"AccountSigningCertificatesPresent": 0,
		"AccessKeysPerUserQuota":            maxAccessKeys,
		"Groups":                            int32(len(iam.Groups)),
		"GroupsQuota":                       300,
		"MFADevices":                        int32(len(iam.MFA)),
		"MFADevicesInUse":                   int32(inUse),
		"Policies":                          int32(len(iam.Policies)),
		"PoliciesQuota":                     1500,
		"Roles":                             int32(len(iam.Roles)),
		"RolesQuota":                        1000,
		"Users":                             int32(len(iam.Users)),
		"UsersQuota":                        5000,
	}}, nil
}

// flag is a truth as IAM counts it.
func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
