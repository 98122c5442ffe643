package salvage

// Report is what was found and what was not.
type Report struct {
	PageSize int    `json:"page_size"`
	Pages    uint32 `json:"pages"` // looked at
	// Missing are the pages that the file ends before.
	Missing uint32 `json:"missing_pages"`
	// Bad are the pages that do not verify, or that cannot be read.
	Bad []uint32 `json:"bad_pages"`
	// Broken are pages that a tree leads to and that are none of it, without
	// those that are bad.
	Broken []uint32 `json:"broken_pages"`
	// Astray are pointers of trees to pages that the database does not have.
	Astray bool `json:"pointers_astray"`
	// Lost are the pages that neither a tree nor the list of free pages has.
	Lost []uint32 `json:"lost_pages"`
	// Tables are those that were made, with what came into them.
	Tables []TableReport `json:"tables"`
	// LostAndFound is the table of rows that belong to no table, empty if there
	// was no need for it.
	LostAndFound TableReport `json:"lost_and_found"`
	// Schema is what could not be made again.
	Schema []string `json:"schema_lost"`
	// Doubts are what SQLite does not like about the new database.
	Doubts []string `json:"doubts"`
	// Notes are what else there is to know.
	Notes []string `json:"notes"`
}

// TableReport is about the rows of a table.
type TableReport struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	// Cut are rows that have lost a part of their content, which is NULL now.
	Cut int64 `json:"cut"`
	// Refused are rows that the table did not take; they are in lost_and_found.
	Refused int64 `json:"refused"`
	// Unreadable are cells on pages of the table that are no rows.
	Unreadable int64 `json:"unreadable"`
}

// Complete tells that nothing shows that anything was lost.
func (r *Report) Complete() bool {
	for _, t := range r.Tables {
		if t.Cut+t.Refused+t.Unreadable > 0 {
			return false
		}
	}
	return r.Missing == 0 && len(r.Bad)+len(r.Broken)+len(r.Lost)+len(r.Schema)+len(r.Doubts) == 0 && !r.Astray &&
		r.LostAndFound.Rows == 0
}
