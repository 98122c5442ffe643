package compat

// SQLCipherVersion is the release of SQLCipher whose behaviour we match.
const SQLCipherVersion = "4.14.0"

// PagesealVersion is our own.
const PagesealVersion = "0.1.0"

// Version is the answer to PRAGMA cipher_version.
const Version = SQLCipherVersion + " pageseal " + PagesealVersion
