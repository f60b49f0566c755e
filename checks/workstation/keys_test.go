package workstation

import (
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// base32Alphabet are the characters of an id.
const base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

func drawn(r *rand.Rand, alphabet string, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

// keysIn are the kinds of the keys in a text.
func keysIn(text, name string) map[KeyKind]int {
	found, kinds := map[string]bool{}, map[KeyKind]int{}
	keyScanner{func(k foundKey) {
		if !found[k.text] {
			found[k.text] = true
			kinds[k.kind]++
		}
	}}.scan([]byte(text), name)
	return kinds
}

// Of keys that are drawn by lot, fewer than one in a thousand is taken for a word or a hash.
func TestRandomKeysAreKeys(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	const draws = 20_000
	ids, secrets, bedrock := 0, 0, 0
	for range draws {
		key := "ABSK" + encoded("BedrockAPIKey-"+drawn(r, "abcdefghijklmnopqrstuvwxyz234567", 4)+"-at-123456789012:"+
			drawn(r, base64Alphabet, 43)+"=")
		if len(keysIn("k="+key, "x")) == 0 {
			bedrock++
		}
		if isPlaceholderID("AKIA" + drawn(r, base32Alphabet, 16)) {
			ids++
		}
		if secret := drawn(r, base64Alphabet, secretLength); hasAllClasses(secret) && !looksRandom(secret) {
			secrets++
		}
	}
	t.Logf("of %d keys: %d ids, %d secrets and %d of Bedrock are not seen", draws, ids, secrets, bedrock)
	require.Less(t, bedrock, draws/1000)
	require.Less(t, ids, draws/1000)
	require.Less(t, secrets, draws/1000)
}

// Made up, and put together so that no scanner of this file finds a key.
const (
	madeUpID     = "AKIA" + "Q4Z7MX2KLD5WTEYB"
	madeUpSecret = "pX7vKq2LmZt9Rb4WcY8/dF3gHj6" + "NsA1uE5oTiC0x"
)

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// wrapped breaks a text as the program base64 does.
func wrapped(text string, width int) string {
	var lines strings.Builder
	for len(text) > width {
		lines.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	return lines.String() + text + "\n"
}

func TestKeysAreFound(t *testing.T) {
	t.Parallel()
	file := "[default]\naws_access_key_id = " + madeUpID + "\naws_secret_access_key = " + madeUpSecret + "\n"
	pair := map[KeyKind]int{AccessKeyID: 1, SecretAccessKey: 1}
	words := strings.Repeat("a word ", 1000)
	id, secret := map[KeyKind]int{AccessKeyID: 1}, map[KeyKind]int{SecretAccessKey: 1}
	bedrock := map[KeyKind]int{BedrockKey: 1}
	for name, c := range map[string]struct {
		text string
		want map[KeyKind]int
	}{
		"a file of the CLI": {file, pair},
		"the file of a new key": {
			"Access key ID,Secret access key\r\n" + madeUpID + "," + madeUpSecret + "\r\n", pair,
		},
		"an address with a password": {"https://" + madeUpID + ":" + madeUpSecret + "@example.com/", pair},
		"escaped in an address":      {"AWSAccessKeyId%3D" + madeUpID + "%26", id},
		"a line break in JSON":       {`{"user_data": "id\n` + madeUpID + `\nnext"}`, id},
		"a slash in JSON": {
			`"SecretAccessKey": "` + strings.ReplaceAll(madeUpSecret, "/", `\/`) + `"`, secret,
		},
		"a diff":           {"+" + madeUpID + "\n", id},
		"a name of a file": {"backup_" + madeUpID + "-old", id},
		"a folder":         {"s3://bucket/home/Alice2/keys/" + madeUpID + "/x", id},
		"in a Kubernetes Secret": {
			"  AWS_ACCESS_KEY_ID: " + encoded(madeUpID) + "\n  AWS_SECRET_ACCESS_KEY: " + encoded(madeUpSecret), pair,
		},
		"made by echo and base64":     {"  AWS_SECRET_ACCESS_KEY: " + encoded(madeUpSecret+"\n"), secret},
		"a file in base 64":           {"credentials: " + encoded(file), pair},
		"a file in base 64, on lines": {wrapped(encoded(file), 76), pair},
		"a file in base 64, indented": {
			"data: |\n    " + strings.ReplaceAll(wrapped(encoded(file), 64), "\n", "\n    "), pair,
		},
		"a Kubernetes Secret in base 64": {
			encoded("AWS_ACCESS_KEY_ID: " + encoded(madeUpID) + "\nAWS_SECRET_ACCESS_KEY: " + encoded(madeUpSecret)), pair,
		},
		"base 64 after a folder": {"data/" + encoded("x\n"+file), pair},
		"Spring": {
			"cloud.aws.credentials.accessKey=${KEY}\ncloud.aws.credentials.secretKey=" + madeUpSecret, secret,
		},
		"Spring in YAML": {
			"cloud:\n  aws:\n    credentials:\n      access-key: ${KEY}\n      secret-key: " + madeUpSecret, secret,
		},
		"Terraform": {
			"provider \"aws\" {\n  access_key = var.id\n  secret_key = \"" + madeUpSecret + "\"\n}", secret,
		},
		"JavaScript":                    {"new S3({ secretAccessKey: '" + madeUpSecret + "' })", secret},
		"a name of its own":             {"awsSecretKey: \"" + madeUpSecret + "\"", secret},
		"Hadoop":                        {"fs.s3a.secret.key=" + madeUpSecret, secret},
		"a name that git-secrets knows": {"AWS_KEY => '" + madeUpSecret + "'", secret},
		"a constructor":                 {`new BasicAWSCredentials("` + madeUpID + `", "` + madeUpSecret + `")`, pair},
		"zeros between texts":           {"id\x00" + madeUpID + "\x00next", id},
		"a service's own":               {"ACCA" + madeUpID[4:], id},
		"within a long line": {
			words + `{"AccessKeyId": "` + madeUpID + `", "SecretAccessKey": "` + madeUpSecret + `"}` + words, pair,
		},
		"Bedrock": {
			"AWS_BEARER_TOKEN_BEDROCK=ABSK" + encoded("BedrockAPIKey-w4kk-at-123456789012:"+madeUpSecret), bedrock,
		},
		"Bedrock for a session": {
			"bedrock-api-key-" + encoded("bedrock.amazonaws.com/?Action=CallWithBearerToken&x="+madeUpSecret), bedrock,
		},
		"Bedrock in a Kubernetes Secret": {
			"token: " + encoded("ABSK"+encoded("BedrockAPIKey-w4kk-at-123456789012:"+madeUpSecret)), bedrock,
		},
		"S3's secret":              {"S3_SECRET=" + madeUpSecret, secret},
		"a dotted name of S3":      {"hive.s3.secret=" + madeUpSecret, secret},
		"an access secret":         {"AWS_ACCESS_SECRET=" + madeUpSecret, secret},
		"an access key secret":     {"awsAccessKeySecret: '" + madeUpSecret + "'", secret},
		"a name of Amazon":         {"amazonSecret: " + madeUpSecret, secret},
		"Laravel":                  {"'s3' => [\n'key' => env('X'),\n'secret' => '" + madeUpSecret + "',", secret},
		"a value on its line":      {"- name: AWS_SECRET_ACCESS_KEY\n  value: " + madeUpSecret, secret},
		"the same in base 64":      {"- name: AWS_SECRET_ACCESS_KEY\n  value: " + encoded(madeUpSecret), secret},
		"binary in YAML":           {"AWS_SECRET_ACCESS_KEY: !!binary |\n  " + encoded(madeUpSecret), secret},
		"base 64 of base 64":       {"AWS_SECRET_ACCESS_KEY: " + encoded(encoded(madeUpSecret)), secret},
		"an id in base 64, twice":  {"id: " + encoded(encoded("x"+madeUpID)), id},
		"a file in base 64, twice": {encoded(wrapped(encoded(file), 76)), pair},
		"UTF-16 in base 64":        {"powershell -EncodedCommand " + encoded(wide(file)), pair},
		"UTF-16":                   {wide("\ufeff" + file), pair},
		"escaped as \\u002f":       {`"secretAccessKey":"` + strings.ReplaceAll(madeUpSecret, "/", `\u002f`) + `"`, secret},
		"escaped in XML":           {"<secretAccessKey>" + strings.ReplaceAll(madeUpSecret, "/", "&#47;") + "<", secret},
		"a mail":                   {"aws_secret_access_key=3D" + madeUpSecret, secret},
		"Terraform's state": {
			`"id": "` + madeUpID + "\",\n\"key_fingerprint\": null,\n\"secret\": \"" + madeUpSecret + `"`, pair,
		},
		"a secret that a test made up": {`{"SecretAccessKey": "` + "abcdEFGHijkl0123mnop" + `QRST/456uvwx+YZ78abC"}`, secret},
		"Bedrock without name":         {"ABSK" + drawn(rand.New(rand.NewPCG(3, 4)), base64Alphabet, 128), bedrock},
	} {
		require.Equal(t, c.want, keysIn(c.text, "x"), name)
	}
}

// wide is a text in UTF-16, as PowerShell writes it.
func wide(text string) string {
	var data []byte
	for _, c := range utf16.Encode([]rune(text)) {
		data = binary.LittleEndian.AppendUint16(data, c)
	}
	return string(data)
}

// Most lines of a text are not looked at. Those that are keep their number.
func TestKeysAreFoundOnTheirLines(t *testing.T) {
	t.Parallel()
	for _, between := range []int{0, 1, 2, 3, 4, 9, 10, 11, 12, 25} {
		clean := strings.Repeat("a clean line\r\n", between)
		text := clean + madeUpID + "\n" + clean + "aws.s3\naccess_key:\nsecret_key: " + madeUpSecret + "\n" + clean +
			"secret\n" + clean + madeUpID
		var lines []int
		keyScanner{func(k foundKey) { lines = append(lines, k.line) }}.scan([]byte(text), "x")
		slices.Sort(lines)
		require.Equal(t, []int{between + 1, 2*between + 4, 4*between + 6}, slices.Compact(lines), between)
	}
}

func TestWhatLooksLikeAKeyIsNone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	picture := "iVBORw0KGgoAAA+" + madeUpID + "/AbCd+kJggg=="
	near := "aws_secret_access_key = ${SECRET}\n"
	words := strings.Repeat("a word ", 100)
	for name, text := range map[string]string{
		"a letter again and again":  "AKIA" + strings.Repeat("X", 16),
		"a word again and again":    "AKIA" + strings.Repeat("FAKE", 4),
		"a row of letters":          "AKIA" + "ABCDEFGHIJKLMNOP",
		"a row of the keyboard":     "AKIA" + "QWERTYUIOPASDFGH",
		"words in capitals":         "ASIA" + "PACIFICSOUTHEAST, " + "ASIA" + "PACIFICNORTHEAST",
		"words for a key":           "AKIA" + "YOURACCESSKEYIDX and " + "AKIA" + "REPLACEWITHYOURS",
		"more letters":              "TODAYIN" + "ASIA" + "ASACKOFRICEFELLOVER",
		"a gene":                    "-" + "ACCA" + "GATTACAGATTACAGA-",
		"AWS's own example":         "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"in a picture":              `"data:image/png;base64,` + picture + `"`,
		"in a signed token":         "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3-" + madeUpID + "_aB3dE5fG7hJ",
		"in a checksum":             "sha512-q8VzT0y7+" + madeUpID + "/X5bN3kQ0f2Zr9LcVYw==",
		"the hash of a commit":      near + "uses: x/y@0123456789abcdef0123456789abcdef01234567",
		"a hash with its name":      near + "sha1: " + drawn(r, base64Alphabet, 40),
		"another service's token":   near + "SLACK_TOKEN=" + drawn(r, base64Alphabet, 40),
		"a path":                    near + "/home/runner/work/Some2/path/of/40/charss",
		"a class":                   near + "com/amazonaws/services/s3/AmazonS3Client1",
		"a long name":               near + "getAwsSecretAccessKeyFromEnvironment2Var",
		"an address of Ethereum":    near + "0x52908400098527886E0F7030069857D2E4169EE7",
		"in longer base 64":         near + drawn(r, base64Alphabet, 64) + "\n" + drawn(r, base64Alphabet, 40) + "\n",
		"a row of letters, as long": near + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl12",
		"a key of Django":           "AWS_REGION=us-east-1\nDJANGO_SECRET_KEY=" + drawn(r, base64Alphabet, 40),
		"a secret of a web page":    "region: eu-west-1\nsecretKey: " + drawn(r, base64Alphabet, 40),
		"a signed address":          "?X-Amz-Credential=" + madeUpID + "%2F20261101%2Fus-east-1%2Fs3%2Faws4_request",
		"an older signed address":   "?AWSAccessKeyId=" + madeUpID + "&Expires=1&Signature=x",
		"the same, on lines":        "?Action=x\n&AWSAccessKeyId=" + madeUpID + "\n&Expires=1\n",
		"the same, escaped":         "https://example.com/?x=1&amp;AWSAccessKeyId=" + madeUpID,
		"a token in one":            "?Handle=" + drawn(r, base64Alphabet, 40) + " &AWSAccessKeyId=" + madeUpID,
		"far away on one line":      "aws_secret_access_key " + words + drawn(r, base64Alphabet, 40),
		"far from an example":       "AKIAIOSFODNN7EXAMPLE " + words + drawn(r, base64Alphabet, 40) + words,
		"the first guide's secret":  near + "'OtxrzxIsfpFjA7SwPzIL" + "wy8Bw21TLhquhboDYROV'",
		"Bedrock's form":            "ABSK" + encoded("BedrockAPIKey-xxxx-at-123456789012:"+strings.Repeat("x", 44)),
		"Bedrock's name":            "AWS_BEARER_TOKEN_BEDROCK=ABSK" + strings.Repeat("x", 120),
	} {
		require.Empty(t, keysIn(text, "x"), name)
	}
}

// What people write in the place of a key is none, and neither is what has the name of something else.
func TestPlaceholdersAreNoKeys(t *testing.T) {
	t.Parallel()
	for id := range strings.FieldsSeq("XXXXXXXXEXAMPLEX TESTTESTTESTTEST DUMMYKEY77777777 FAKEACCESSKEYABC " +
		"EXAMPLEKEY234567 MYACCESSKEYID234 IOSFODNN7EXAMPLA THISISNOTAKEY234 " +
		"ACCESSKEYID22222 LOREMIPSUMDOLORS DEINSCHLUESSELXX " +
		"EINBEISPIELKEYXX MIKLUCZDOSTEPUXX SUCLAVESECRETAAA UNITTESTDUMMYKEY FORTESTINGONLY23 TODOTODOTODOTODO") {
		require.Empty(t, keysIn("key: AKIA"+id, "x"), id)
		require.Empty(t, keysIn("key: ASIA"+id, "x"), id)
	}
	for secret := range strings.FieldsSeq("YourSecretAccessKeyGoesHere0123456789abc " +
		"A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0 aA1bB2cC3dD4eE5fF6gG7hH8iI9jJ0kK1lL2mM3n " +
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9olP0QAZ1 MyS3cr3tK3yF0rT3st1ngPurp0s3sOnly1234567 " +
		"FakeSecretAccessKeyFakeSecretAccessKey12 PasteYourAws40CharacterSecretKeyHerePlea " +
		"S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr 1234567890abcdefghijABCDEFGHIJ1234567890") {
		require.Len(t, secret, secretLength)
		require.Empty(t, keysIn("aws_secret_access_key = "+secret, "x"), secret)
	}
	token := drawn(rand.New(rand.NewPCG(5, 6)), base64Alphabet[:62], secretLength)
	for _, name := range []string{
		"SESSION_SECRET=", "APP_KEY=", "apiKey: \"", "client_secret = ", "STRIPE_KEY=", "database_url: postgres://u:",
		"ENCRYPTION_KEY=", "webhook_secret: ", "image: repo@", "ref = ", "NEXTAUTH_SECRET=", "secret_key_base: ",
		"google_api_key: ", "cacheKey: ", "build_id: ", "version: ", "'revision' => '",
	} {
		for _, value := range []string{token, encoded(token)} {
			require.Empty(t, keysIn("AWS_ACCESS_KEY_ID=${ID}\nAWS_SECRET_ACCESS_KEY=${X}\n"+name+value+"\n", "x"), name)
		}
	}
}
