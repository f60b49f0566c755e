// Command hello is the smallest program that the start of labcheck is compared with.
package main

import "os"

func main() {
	_, _ = os.Stdout.WriteString("hello, world\n")
}
