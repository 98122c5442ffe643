//go:build !race

package modernc_test

const raceDetector = false
