// Command hello tells what it runs on.
package main

import (
	"crypto/rand"
	"fmt"
	"runtime"
)

func main() {
	rand.Text()
	fmt.Printf("%s/%s", runtime.GOOS, runtime.GOARCH)
}
