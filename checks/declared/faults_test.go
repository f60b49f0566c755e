package declared

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goodCheck is a check without a fault. A fault replaces a part of it.
const goodCheck = `schema: labcheck.check/v1
id: dynamodb-own
title: The table is paid by request
why: A table that nobody uses then costs nothing.
params:
  table: { help: the table's name }
  least: { help: the least number of items, default: 1 }
reads:
  table: { call: dynamodb:DescribeTable, with: { TableName: $table }, absent: [ResourceNotFoundException] }
  backups: { call: dynamodb:DescribeContinuousBackups, after: table, with: { TableName: $table.Table.TableName } }
expect:
  - subject: table $table
    exists: table
    near: { call: dynamodb:ListTables, names: "TableNames[]", to: $table }
    console: DynamoDB › Create table
  - of: table
    that: Table.BillingModeSummary.BillingMode
    is: PAY_PER_REQUEST
    null: fail
    fix: [ aws dynamodb update-table --table-name $table --billing-mode PAY_PER_REQUEST ]
    console: DynamoDB › $table › Edit
  - { of: table, that: Table.ItemCount, at-least: $least, console: DynamoDB › Items }
  - of: backups
    that: ContinuousBackupsDescription.ContinuousBackupsStatus
    is: ENABLED
    console: DynamoDB › Backups
tests:
  - name: good
    table: { Table: { TableName: t, ItemCount: 3, BillingModeSummary: { BillingMode: PAY_PER_REQUEST } } }
    backups: { ContinuousBackupsDescription: { ContinuousBackupsStatus: ENABLED } }
    verdict: pass
  - name: bad
    table: { Table: { TableName: t, ItemCount: 0, BillingModeSummary: { BillingMode: PROVISIONED } } }
    backups: { ContinuousBackupsDescription: { ContinuousBackupsStatus: DISABLED } }
    verdict: fail
  - name: never set
    table: { Table: { TableName: t, ItemCount: 3 } }
    backups: { ContinuousBackupsDescription: { ContinuousBackupsStatus: ENABLED } }
    verdict: fail
  - { name: none, table: absent, verdict: fail }
`

// The faults that authors make, each with the words that tell it.
var faults = []struct{ name, old, is, says string }{
	{"an operation that writes", "dynamodb:ListTables", "dynamodb:DeleteTable", "DeleteTable is not read by name"},
	{"an operation that gives out data", "dynamodb:ListTables", "dynamodb:Scan", "dynamodb:Scan is not read by name"},
	{"a misspelt operation", "dynamodb:ListTables", "dynamodb:ListTable", "did you mean ListTables?"},
	{"a misspelt key", "exists: table", "exist: table", `did you mean "exists"?`},
	{"a misspelt read", "of: backups", "of: backup", `there is no read "backup"; did you mean "backups"?`},
	{"a misspelt member", "Table.ItemCount, at", "Table.ItemCounts, at", "did you mean ItemCount?"},
	{"a misspelt input", "{ TableName: $table }", "{ Tablename: $table }", "did you mean TableName?"},
	{"an input that is missing", "with: { TableName: $table }, ", "", "TableName: it is required"},
	{"a misspelt parameter", "to: $table", "to: $tabel", `did you mean "table"?`},
	{"a value that AWS does not have", "is: PAY_PER_REQUEST", "is: PAY_PER_REQUESTS", "did you mean PAY_PER_REQUEST?"},
	{"text against a number", "at-least: $least", `at-least: "3"`, "write it without quotes"},
	{"YAML's guess", "is: PAY_PER_REQUEST", "is: 1.30", `write "1.30", with the quotes`},
	{
		"a time in order", "Table.ItemCount, at-least: $least", "Table.CreationDateTime, at-least: 3",
		"at-least goes with a number",
	},
	{"a number beyond 2^53", "at-least: $least", "at-least: 9007199254740994", "beyond 2^53"},
	{"a whole structure", "Table.ItemCount, at-least: $least", "Table, is: 3", "name the members that are meant"},
	{"a dollar in an expression", "Table.ItemCount, at", `"Items[?N=='$table']", at`, "an expression holds no $"},
	{"no expression", "Table.ItemCount, at", "Table..ItemCount, at", "is not an expression"},
	{"a code that means a denial", "ResourceNotFoundException", "AccessDeniedException", "it stands for access_denied"},
	{"a code that means throttling", "ResourceNotFoundException", "ThrottlingException", "it stands for throttled"},
	{"two operators", "is: ENABLED", "is: ENABLED\n    not: DISABLED", "there are 2"},
	{"no operator", "    is: ENABLED\n", "", "there are 0"},
	{
		"absence that nobody decides", "    exists: table\n    near: { call: dynamodb:ListTables, names: \"TableNames[]\", " +
			"to: $table }\n", "    of: table\n    that: Table.TableName\n    is: t\n",
		"say what decides where there is no such thing",
	},
	{"a share that is none", "is: ENABLED", "is: ENABLED\n    partial: 100", "from 1 to 99"},
	{"two commands", "aws dynamodb update-table --table-name", "aws x; rm -rf --table-name", "a fix is one command"},
	{"an age that is none", "is: ENABLED", "newer-than: 30", "text is expected here"},
	{"a regular expression that is none", "is: ENABLED", "matches: \"(\"", "no regular expression"},
	{
		"a title that says nothing", "title: The table is paid by request", "title: " + strings.Repeat("x", 76),
		"1 to 75 are allowed",
	},
	{"a reserved name", "  least: {", "  region: { help: x }\n  least: {", "cannot be a parameter's name"},
	{"a test of nothing", "  - { name: none, table: absent, verdict: fail }\n", "", "exists: table fails in no test"},
	{"a wrong verdict", "verdict: pass", "verdict: fail", "the verdict is pass, and fail is expected"},
	{"an answer that AWS cannot give", "ItemCount: 3", "ItemCount: many", "a whole number is expected"},
	{"a wrong null", "null: fail", "null: pass", "and fail is expected"},
	{"a null that nobody decides", "    null: fail\n", "", "the verdict is unknown, and fail is expected"},
	{
		"a pass from nothing", "that: Table.BillingModeSummary.BillingMode\n    is: PAY_PER_REQUEST\n    null: fail",
		"that: \"Table.BillingModeSummary.BillingMode != 'PROVISIONED'\"\n    is: true\n    null: fail",
		"the verdict is pass, and fail is expected",
	},
	{
		"a filter that hides a missing member", "that: Table.BillingModeSummary.BillingMode\n    is: PAY_PER_REQUEST\n" +
			"    null: fail", "count: \"Table.Replicas[?ReplicaStatus=='ACTIVE']\"\n    at-most: 0",
		"is met in no test|fails in no test|the verdict is",
	},
	{
		"the wrong Region", "call: dynamodb:DescribeTable,", "call: dynamodb:DescribeTable, region: eu-west-1,",
		"the Region is always eu-west-1",
	},
	{"part of a name", "is: ENABLED", "contains: $table", "a part of the text is enough here"},
	{"a misspelt list of names", "names: \"TableNames[]\"", "names: \"TableName[]\"", "did you mean TableNames?"},
	{"an anchor", "id: dynamodb-own", "id: &a dynamodb-own", "anchors and aliases are not allowed"},
	{"a control character", "why: A table", "why: \"\\e[31mA table\"\nfix: []\ndocs: \"\" # ", "control character U+001B"},
	{
		"reads in the wrong order", "after: table, with: { TableName: $table.Table.TableName }",
		"with: { TableName: $table.Table.TableName }", "tells no answer of the read|say after: table",
	},
	{"a read after itself", "after: table,", "after: backups,", "comes after itself"},
	{"a read after nothing", "after: table,", "after: tables,", `there is no read "tables"; did you mean "table"?`},
	{
		"a list and no word of an empty one", "that: Table.ItemCount, at-least: $least",
		"each: \"Table.Replicas[]\", that: ReplicaStatus, is: ACTIVE", "say what an empty list decides",
	},
	{
		"an empty list that passes for right", "that: Table.ItemCount, at-least: $least",
		"each: \"Table.Replicas[]\", that: ReplicaStatus, is: ACTIVE, empty: pass", "is met only by an empty list",
	},
	{
		"a Region that is none", "call: dynamodb:DescribeTable,", "call: dynamodb:DescribeTable, region: virginia,",
		`"virginia" is not a Region such as us-east-1`,
	},
	{
		"a Region from nowhere", "call: dynamodb:DescribeTable,", "call: dynamodb:DescribeTable, region: $where,",
		`there is no parameter "where"`,
	},
	{"a page of a list", "with: { TableName: $table }", "with: { TableName: $table, NextToken: x }", "all pages are read"},
	{"a secret member", "is: ENABLED", "is: ENABLED\n    wait: [ [] ]", "is expected here"},
	{"two tests of one name", "name: never set", "name: bad", `two tests are named "bad"`},
	{"a parameter too many", "params:\n", "params:\n  other: { help: x }\n", `nothing uses the parameter "other"`},
	{
		"a read that nothing uses", "reads:\n", "reads:\n  limits: { call: dynamodb:DescribeLimits }\n",
		`tells no answer of the read "limits"`,
	},
	{"an id that is no name", "id: dynamodb-own", "id: Own_Table", "is not in kebab-case"},
	{"a key twice", "title: The", "title: x\ntitle: The", "stands twice"},
	{"no way to put it right", "    console: DynamoDB › Backups\n", "", "a fix or a console path is needed"},
	{"bidirectional text", "why: A table", "why: \"A \u202e table\"\ndocs: \"\" # ", "control character U+202E"},
	{"a fix with an unknown name", "--table-name $table", "--table-name $name", "there is no parameter"},
}

// A filter that hides what is missing passes all its own tests: only a spoiled one tells it.
func TestAPassFromNothingIsFound(t *testing.T) {
	lines := strings.Split(goodCheck, "  - name: never set\n")
	text := lines[0] + "  - { name: none, table: absent, verdict: fail }\n"
	text = strings.Replace(text, "that: Table.BillingModeSummary.BillingMode\n    is: PAY_PER_REQUEST\n    null: fail",
		"count: \"Table.AttributeDefinitions[?AttributeType=='S']\"\n    at-most: 0", 1)
	text = strings.Replace(text, "BillingModeSummary: { BillingMode: PROVISIONED }",
		"AttributeDefinitions: [ { AttributeName: a, AttributeType: S } ]", 1)
	text = strings.Replace(text, "ItemCount: 0", "ItemCount: 3", 1)
	text = strings.Replace(text, "Status: DISABLED", "Status: ENABLED", 1)
	text = strings.Replace(text, "BillingModeSummary: { BillingMode: PAY_PER_REQUEST }", "AttributeDefinitions: []", 1)
	f, err := Load("filter.yaml", []byte(text))
	require.NoError(t, err)
	assert.Empty(t, f.RunTests())
	said := f.Prove().Errors.Error()
	assert.Contains(t, said, "without Table.AttributeDefinitions[].AttributeType in the answer")
	assert.Contains(t, said, "a pass from what is missing")
}

func TestFaultsAreFound(t *testing.T) {
	f, err := Load("good.yaml", []byte(goodCheck))
	require.NoError(t, err)
	good := f.Prove()
	assert.Empty(t, good.Errors)
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			require.Contains(t, goodCheck, fault.old)
			f, err := Load("fault.yaml", []byte(strings.Replace(goodCheck, fault.old, fault.is, 1)))
			text := ""
			if err != nil {
				text = err.Error()
			} else {
				p := f.Prove()
				text = append(p.Errors, p.Notes...).Error()
			}
			found := false
			for words := range strings.SplitSeq(fault.says, "|") {
				found = found || strings.Contains(text, words)
			}
			assert.True(t, found, "%q is not in:\n%s", fault.says, text)
		})
	}
}

// Of each of these checks, which pass their own tests, only a spoiled test tells what is wrong.
func TestFaultsThatOnlySpoiledTestsTell(t *testing.T) {
	const text = `schema: labcheck.check/v1
id: ecr-own
title: Tags are never moved
why: What was tested is what runs.
params: { repository: { help: a name } }
reads:
  all: { call: ecr:DescribeRepositories }
expect:
  - { subject: ECR, KEY, console: ECR }
tests:
  - { name: good, all: { repositories: [ { repositoryName: a, imageTagMutability: IMMUTABLE } ] }, verdict: pass }
  - { name: bad, all: { repositories: [ { repositoryName: a, imageTagMutability: MUTABLE } ] }, verdict: fail }
`
	for _, fault := range []struct{ name, key, says string }{
		{
			"the first of a list", "that: \"repositories[0].imageTagMutability\", is: IMMUTABLE",
			"with another element before those of the test",
		},
		{
			"a filter that passes from nothing", "count: \"repositories[?imageTagMutability=='MUTABLE']\", is: 0",
			"without repositories[].imageTagMutability",
		},
		{
			"null that passes", "each: \"repositories[]\", empty: fail, that: imageTagMutability, not: MUTABLE, null: pass",
			"one that AWS adds one day",
		},
	} {
		f, err := Load("own.yaml", []byte(strings.Replace(text, "KEY", fault.key, 1)))
		require.NoError(t, err, fault.name)
		require.Empty(t, f.RunTests(), fault.name)
		p := f.Prove()
		assert.Contains(t, append(p.Errors, p.Notes...).Error(), fault.says, fault.name)
	}
	wrong := strings.Replace(goodCheck, "after: table, with: { TableName: $table.T", "with: { TableName: $table.T", 1)
	wrong = strings.Replace(wrong, "{ name: none, table: absent,", "{ name: none, table: absent, backups: denied,", 1)
	f, err := Load("own.yaml", []byte(wrong))
	require.NoError(t, err)
	assert.Contains(t, f.Prove().Notes.Error(), "say after: table, or write ${table}")
}

// A hostile file is refused soon, with its place.
func TestHostileFiles(t *testing.T) {
	for name, text := range map[string]string{
		"ten megabytes": strings.Repeat("a: b\n", 2<<20),
		"deep":          "schema: labcheck.check/v1\nreads: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"deep with": strings.Replace(goodCheck, "{ TableName: $table }",
			strings.Repeat("[", 3000)+strings.Repeat("]", 3000), 1),
		"a bomb": "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nschema: *c\n",
		"an expression that doubles": strings.Replace(goodCheck, "Table.ItemCount, at",
			"\""+strings.Repeat("[@,@][] | ", 300)+"[0]\", at", 1),
		"an expression that nests": strings.Replace(goodCheck, "Table.ItemCount, at",
			"\""+strings.Repeat("[", 4000)+strings.Repeat("]", 4000)+"\", at", 1),
		"an expression that squares": strings.Replace(goodCheck, "Table.ItemCount, at",
			"\""+strings.Repeat("[[@,@,@,@],[@,@,@,@]][][] | ", 4)+"[0]\", at", 1),
		"nothing": "", "a list": "[]", "text": "x", "another schema": "schema: labcheck.lab/v1\nid: x\n",
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := Load("hostile.yaml", []byte(text))
			require.Error(t, err)
			assert.Contains(t, err.Error(), "hostile.yaml")
			assert.Less(t, len(err.Error()), 64<<10)
			assert.Less(t, time.Since(began), 20*time.Second)
		})
	}
}

// What a stranger calls a thing never becomes an option, a file or another member in a printed command.
func TestWithheldCommands(t *testing.T) {
	f, err := Load("good.yaml", []byte(goodCheck))
	require.NoError(t, err)
	for value, printed := range map[string]bool{
		"orders": true, "it's": true, "$(id)": true, "-rf": false, "--profile": false, "file:///etc/passwd": false,
		"fileb://x": false, "https://x": false, "a\nb": false, "a\x1b[31m": false,
	} {
		e := &environment{params: map[string]any{"table": value, "least": 1}}
		s := f.plan.judgements[1].fix.filledIn(e, nil)
		assert.Equal(t, printed, len(s.commands) == 1 && !s.withheld, "%q", value)
	}
	for word, values := range map[string]map[string]bool{
		"Status=": {"a": true, "a,b": false, "a=b": false, "{a}": false, "[a]": false},
		"--name=": {"a": true, "-a": true, "file://a": false, "a=b": true},
		`{"a":"`:  {"a": true, `a"`: false, `a\`: false},
	} {
		for value, safe := range values {
			assert.Equal(t, safe, isSafe(value, word, ""), "%s%s", word, value)
		}
	}
	assert.True(t, isSafe("https://sqs.eu-west-1.amazonaws.com/1/q", "", "--queue-url"))
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(goodCheck))
	for _, fault := range faults {
		f.Add([]byte(strings.Replace(goodCheck, fault.old, fault.is, 1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Load("fuzz.yaml", data)
		if err == nil {
			c.Prove() // neither panics, and both end
			return
		}
		assert.Contains(t, err.Error(), "fuzz.yaml")
	})
}

// Whatever an expression and an answer are, judging ends soon, and an answer that lacks a part is never better.
func FuzzEvaluate(f *testing.F) {
	f.Add("Table.ItemCount", `{"Table":{"TableName":"t","ItemCount":3}}`)
	f.Add("length(Table.Replicas[?ReplicaStatus=='ACTIVE'])", `{"Table":{"Replicas":[{"ReplicaStatus":"ACTIVE"}]}}`)
	f.Add("Table.[ItemCount,TableSizeBytes]|[0]", `{"Table":{"ItemCount":1e300}}`)
	f.Add("max_by(Table.Replicas,&RegionName).RegionName", `{"Table":{"Replicas":[{},{"RegionName":null}]}}`)
	f.Add("to_number(not_null(Table.TableName,'1'))", `{}`)
	f.Fuzz(func(t *testing.T, expression, answer string) {
		text := strings.Replace(goodCheck, "that: Table.ItemCount", "that: "+Flow(expression), 1)
		c, err := Load("fuzz.yaml", []byte(text))
		var value map[string]any
		if err != nil || json.Unmarshal([]byte(answer), &value) != nil {
			return
		}
		test := c.Tests[0]
		test.Answers = map[string]TestAnswer{"table": {Value: value}, "backups": test.Answers["backups"]}
		began := time.Now()
		r, err := c.Run(test)
		require.NoError(t, err)
		require.NotEmpty(t, r.Findings)
		require.Less(t, time.Since(began), 10*time.Second)
	})
}
