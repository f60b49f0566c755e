// Package reporttest holds the reports that every format is tested with, and the test that every format must pass. A
// new format is covered by one call of Run.
package reporttest
