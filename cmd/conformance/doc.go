// Package conformance is the independent judge: it works with the real aws command, grades with the real binary and
// compares. Its tests stand behind the build tag "conformance"; make conformance installs what they need and runs them.
// At the end they print what was compared, proven and found different.
//
// On an emulator that is not ours (moto's server):
//
//   - A story (stories_test.go names them all) is one account and what its owner types, scenario by scenario. The table
//     of the first scenario is that of a newcomer (lab_test.go); each scenario says what it changes in the table
//     before. To add one, add it to a story: it is played and counted.
//   - A scenario may type the commands that the report before printed as the fix of a step: then that step must be
//     green and no other worse. What the emulator cannot represent is listed once, with the reason (beyond_test.go),
//     and graded on the practice account.
//   - No image can be pushed to the emulator. In the place of docker stands testdata/bin/docker, which hands the
//     manifest of an image to ECR.
//
// On a practice account that labcheck serves:
//
//   - The closed loop (loop_test.go) begins from many starts (starts_test.go). What the report prints for a step is
//     typed in labcheck's own practice shell until all is green. Images are real: testdata/practice/docker pushes with
//     crane.
//   - The commands of the learner's notes, and requests that AWS refuses, are typed by real clients (clients_test.go).
//   - The stories are played once more, and everything that can be read is read on both sides. Where the two differ,
//     differences_test.go says who is right and why: the one place for it.
//   - A tap keeps every answer as it was on the wire, and holds it against AWS's own models of its services, which come
//     with the aws command: fields, types, values, errors (answer_test.go, shape_test.go).
package conformance
