// Package compat holds what SQLCipher says: the settings of its four
// compatibility levels, the textual forms of a key, the names of pragmas and
// URI parameters, and the errors that a database can answer with.
//
// It parses text and holds numbers. It opens no file and knows no engine.
//
// Three words are kept apart throughout. A passphrase is what a person
// remembers; a key is the 32 bytes that encrypt pages; a keyspec is the text
// from which one of the two is read.
package compat
