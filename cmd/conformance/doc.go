// Package conformance is the independent judge: it makes accounts with the real aws command on an emulator that is not
// ours (moto's server), grades them with the real binary and compares the verdict of every step, the grade and the exit
// code. Its tests stand behind the build tag "conformance"; make conformance installs what they need and runs them.
//
// A story (stories_test.go names them all) is one account and what its owner types, scenario by scenario. The table of
// the first scenario is that of a newcomer (lab_test.go); each scenario says what it changes in the table before. To add
// one, add it to a story: it is played and counted.
//
// A scenario may type the commands that the report before printed as the fix of a step: then that step must be green and
// no other worse. What the emulator cannot represent is listed once, with the reason (beyond_test.go), and graded on
// the practice account.
//
// No image can be pushed to the emulator. In the place of docker stands testdata/bin/docker, which hands the manifest of
// an image to ECR.
package conformance
