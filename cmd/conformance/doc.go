// Package conformance is the independent judge: it makes accounts with the real aws command on an emulator that is not
// ours (moto's server), grades them with the real binary and compares every verdict. Its tests stand behind the build
// tag "conformance"; make conformance installs what they need and runs them.
package conformance
