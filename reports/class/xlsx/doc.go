// Package xlsx writes a class as a workbook: the grades, every step of every student, and what the class made of each
// step.
//
// It stands on tealeg/xlsx and not on excelize, which looks methods up by name: that would keep every method of the AWS
// SDK in the binary and triple its size.
package xlsx
