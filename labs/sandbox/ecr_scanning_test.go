package sandbox_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/require"
)

func TestEffectiveScanning(t *testing.T) {
	for name, c := range map[string]struct {
		registry, repository string
		want                 types.ScanFrequency
	}{
		"nothing is set":            {`{}`, `false`, types.ScanFrequencyManual},
		"the repository's setting":  {`{}`, `true`, types.ScanFrequencyScanOnPush},
		"a rule for all":            {rules("BASIC", "SCAN_ON_PUSH", "*"), `false`, types.ScanFrequencyScanOnPush},
		"a rule without a star":     {rules("BASIC", "SCAN_ON_PUSH", "api"), `false`, types.ScanFrequencyScanOnPush},
		"a rule with a star":        {rules("BASIC", "SCAN_ON_PUSH", "api*"), `false`, types.ScanFrequencyManual},
		"a rule for others":         {rules("BASIC", "SCAN_ON_PUSH", "other"), `true`, types.ScanFrequencyScanOnPush},
		"enhanced, no rule matches": {rules("ENHANCED", "SCAN_ON_PUSH", "other"), `true`, types.ScanFrequencyManual},
		"continuous": {
			rules("ENHANCED", "CONTINUOUS_SCAN", "docker-*"), `false`, types.ScanFrequencyContinuousScan,
		},
		"continuous wins": {`{"type": "ENHANCED", "rules": [
			{"frequency": "CONTINUOUS_SCAN", "filters": [{"filter": "docker-*", "type": "WILDCARD"}]},
			{"frequency": "SCAN_ON_PUSH", "filters": [{"filter": "*", "type": "WILDCARD"}]}
		]}`, `false`, types.ScanFrequencyContinuousScan},
	} {
		t.Run(name, func(t *testing.T) {
			_, cfg := practice(
				t,
				`{"ecr": {"scanning": `+c.registry+`, "repositories": [{"name": "docker-api", "created": "-1h", `+
					`"scanOnPush": `+c.repository+`}]}}`,
			)
			out, err := ecr.NewFromConfig(
				cfg,
			).BatchGetRepositoryScanningConfiguration(t.Context(), &ecr.BatchGetRepositoryScanningConfigurationInput{
				RepositoryNames: []string{"docker-api", "gone"},
			})
			require.NoError(t, err)
			require.Len(t, out.ScanningConfigurations, 1)
			require.Equal(t, c.want, out.ScanningConfigurations[0].ScanFrequency)
			require.Equal(t, c.want != types.ScanFrequencyManual, out.ScanningConfigurations[0].ScanOnPush)
			require.Len(t, out.Failures, 1)
			require.Equal(t, "gone", *out.Failures[0].RepositoryName)
			require.Equal(t, types.ScanningConfigurationFailureCodeRepositoryNotFound, out.Failures[0].FailureCode)
		})
	}
}

// rules is a registry's scanning configuration with one rule.
func rules(scanType, frequency, filter string) string {
	return `{"type": "` + scanType + `", "rules": [{"frequency": "` + frequency + `", "filters": [{"filter": "` + filter +
		`", "type": "WILDCARD"}]}]}`
}

func TestScanningSettings(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-1h"}]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	frequency := func() types.ScanFrequency {
		out, err := client.BatchGetRepositoryScanningConfiguration(ctx, &ecr.BatchGetRepositoryScanningConfigurationInput{
			RepositoryNames: []string{"docker-api"},
		})
		require.NoError(t, err)
		return out.ScanningConfigurations[0].ScanFrequency
	}
	registry, err := client.GetRegistryScanningConfiguration(ctx, &ecr.GetRegistryScanningConfigurationInput{})
	require.NoError(t, err)
	require.Equal(t, types.ScanTypeBasic, registry.ScanningConfiguration.ScanType)
	require.Empty(t, registry.ScanningConfiguration.Rules)
	require.Equal(t, types.ScanFrequencyManual, frequency())

	_, err = client.PutImageScanningConfiguration(ctx, &ecr.PutImageScanningConfigurationInput{
		RepositoryName:             aws.String("docker-api"),
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
	})
	require.NoError(t, err)
	require.Equal(t, types.ScanFrequencyScanOnPush, frequency())

	put := func(scanType types.ScanType, frequency types.ScanFrequency) error {
		_, err := client.PutRegistryScanningConfiguration(ctx, &ecr.PutRegistryScanningConfigurationInput{
			ScanType: scanType,
			Rules: []types.RegistryScanningRule{{
				ScanFrequency: frequency,
				RepositoryFilters: []types.ScanningRepositoryFilter{
					{Filter: aws.String("*"), FilterType: types.ScanningRepositoryFilterTypeWildcard},
				},
			}},
		})
		return err
	}
	requireCode(t, "InvalidParameterException", put(types.ScanTypeBasic, types.ScanFrequencyContinuousScan))
	require.NoError(t, put(types.ScanTypeEnhanced, types.ScanFrequencyContinuousScan))
	require.Equal(t, types.ScanFrequencyContinuousScan, frequency())
	registry, err = client.GetRegistryScanningConfiguration(ctx, &ecr.GetRegistryScanningConfigurationInput{})
	require.NoError(t, err)
	require.Equal(t, types.ScanTypeEnhanced, registry.ScanningConfiguration.ScanType)
	require.Equal(t, "*", *registry.ScanningConfiguration.Rules[0].RepositoryFilters[0].Filter)
}

func findings(
	t *testing.T, client *ecr.Client, id types.ImageIdentifier,
) (*ecr.DescribeImageScanFindingsOutput, error) {
	t.Helper()
	return client.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{
		RepositoryName: aws.String("docker-api"), ImageId: &id, MaxResults: aws.Int32(1),
	})
}

func TestFindingsOfADescribedImage(t *testing.T) {
	_, cfg := practice(t, oneImage)
	client := ecr.NewFromConfig(cfg)
	statuses := map[types.ScanStatus]int{}
	for digest := range describe(t, client) {
		out, err := findings(t, client, types.ImageIdentifier{ImageDigest: &digest})
		require.NoError(t, err)
		statuses[out.ImageScanStatus.Status]++
		if out.ImageScanStatus.Status != types.ScanStatusComplete {
			require.Nil(t, out.ImageScanFindings)
			continue
		}
		require.Equal(t, map[string]int32{"MEDIUM": 2}, out.ImageScanFindings.FindingSeverityCounts)
		require.Len(t, out.ImageScanFindings.Findings, 1)
		require.NotNil(t, out.NextToken, "the second finding is on another page")
		require.Equal(t, 48*time.Hour, now.Sub(*out.ImageScanFindings.ImageScanCompletedAt))
	}
	require.Equal(t, map[types.ScanStatus]int{
		types.ScanStatusComplete: 1, types.ScanStatusUnsupportedImage: 2,
	}, statuses,
		"neither the index nor the attestation can be scanned")
}

func TestScanning(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["latest"], "pushed": "-48h", "attestation": true, "size": 1000},
		{"tags": ["single"], "pushed": "-24h", "size": 1000, "scan": {"counts": {"CRITICAL": 1}}}
	]}]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	scan := func(tag string) error {
		_, err := client.StartImageScan(ctx, &ecr.StartImageScanInput{
			RepositoryName: aws.String("docker-api"), ImageId: &types.ImageIdentifier{ImageTag: aws.String(tag)},
		})
		return err
	}
	single := types.ImageIdentifier{ImageTag: aws.String("single")}
	_, err := findings(t, client, single)
	requireCode(t, "ScanNotFoundException", err)
	require.NoError(t, scan("single"))
	out, err := findings(t, client, single)
	require.NoError(t, err)
	require.Equal(t, types.ScanStatusComplete, out.ImageScanStatus.Status)
	require.Equal(t, map[string]int32{"CRITICAL": 1}, out.ImageScanFindings.FindingSeverityCounts)

	requireCode(t, "LimitExceededException", scan("single"))
	requireCode(t, "UnsupportedImageTypeException", scan("latest"))
	requireCode(t, "ImageNotFoundException", scan("nowhere"))
}

func TestEnhancedScanning(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"scanning": `+rules("ENHANCED", "CONTINUOUS_SCAN", "*")+`,
		"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["latest"], "pushed": "-48h", "size": 1000, "scan": {"status": "ACTIVE", "counts": {"HIGH": 1}}},
		{"tags": ["slow"], "pushed": "-1m", "size": 1000, "scan": {"status": "PENDING"}}]}]}}`)
	client := ecr.NewFromConfig(cfg)
	latest := types.ImageIdentifier{ImageTag: aws.String("latest")}
	out, err := findings(t, client, latest)
	require.NoError(t, err)
	require.Equal(t, types.ScanStatusActive, out.ImageScanStatus.Status)
	require.Empty(t, out.ImageScanFindings.Findings)
	require.Equal(t, "HIGH", *out.ImageScanFindings.EnhancedFindings[0].Severity)

	out, err = findings(t, client, types.ImageIdentifier{ImageTag: aws.String("slow")})
	require.NoError(t, err)
	require.Equal(t, types.ScanStatusPending, out.ImageScanStatus.Status)
	require.Nil(t, out.ImageScanFindings)

	_, err = client.PutImage(t.Context(), putImage("docker-api", "new", "one"))
	require.NoError(t, err)
	out, err = findings(t, client, types.ImageIdentifier{ImageTag: aws.String("new")})
	require.NoError(t, err)
	require.Equal(t, types.ScanStatusActive, out.ImageScanStatus.Status)

	_, err = client.StartImageScan(
		t.Context(), &ecr.StartImageScanInput{RepositoryName: aws.String("docker-api"), ImageId: &latest},
	)
	requireCode(t, "ValidationException", err)
}

func TestPushIsScannedOnArrival(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h"}]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	_, err := client.PutImage(ctx, putImage("docker-api", "before", "one"))
	require.NoError(t, err)
	_, err = client.PutImageScanningConfiguration(ctx, &ecr.PutImageScanningConfigurationInput{
		RepositoryName:             aws.String("docker-api"),
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
	})
	require.NoError(t, err)
	_, err = client.PutImage(ctx, putImage("docker-api", "after", "two"))
	require.NoError(t, err)

	_, err = client.PutImage(ctx, putImage("docker-api", "again", "one"))
	require.NoError(t, err)

	_, err = findings(t, client, types.ImageIdentifier{ImageTag: aws.String("before")})
	requireCode(t, "ScanNotFoundException", err) // one more tag is no push of an image
	out, err := findings(t, client, types.ImageIdentifier{ImageTag: aws.String("after")})
	require.NoError(t, err)
	require.Equal(t, types.ScanStatusComplete, out.ImageScanStatus.Status)
	require.NotNil(t, out.ImageScanFindings)
	require.Empty(t, out.ImageScanFindings.FindingSeverityCounts)
}

func TestAuthorizationToken(t *testing.T) {
	_, cfg := practice(t, `{}`)
	out, err := ecr.NewFromConfig(cfg).GetAuthorizationToken(t.Context(), &ecr.GetAuthorizationTokenInput{})
	require.NoError(t, err)
	require.Len(t, out.AuthorizationData, 1)
	data := out.AuthorizationData[0]
	require.Equal(t, "https://123456789012.dkr.ecr.us-east-1.amazonaws.com", *data.ProxyEndpoint)
	require.Equal(t, 12*time.Hour, data.ExpiresAt.Sub(now))
	token, err := base64.StdEncoding.DecodeString(*data.AuthorizationToken)
	require.NoError(t, err)
	password, ok := strings.CutPrefix(string(token), "AWS:")
	require.True(t, ok)
	content, err := base64.StdEncoding.DecodeString(password)
	require.NoError(t, err)
	require.Contains(t, string(content), `"type":"DATA_KEY"`)
}
