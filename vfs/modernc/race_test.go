//go:build race

package modernc_test

// raceDetector makes SQLite, which is Go here, some twenty times slower.
const raceDetector = true
