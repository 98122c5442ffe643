package compat

import "testing"

func TestCreateIn(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		`CREATE TABLE t(a, b)`:                              `CREATE TABLE "s".t(a, b)`,
		`CREATE TABLE "a ""b""" (x)`:                        `CREATE TABLE "s"."a ""b""" (x)`,
		`CREATE TABLE 't_data'(id INTEGER PRIMARY KEY)`:     `CREATE TABLE "s".'t_data'(id INTEGER PRIMARY KEY)`,
		"CREATE TABLE [x y](a)":                             `CREATE TABLE "s".[x y](a)`,
		"CREATE TABLE `t`(a)":                               "CREATE TABLE \"s\".`t`(a)",
		`CREATE TABLE/* one */t/* two */(a)`:                `CREATE TABLE/* one */"s".t/* two */(a)`,
		`CREATE TABLE IF NOT EXISTS t(a)`:                   `CREATE TABLE IF NOT EXISTS "s".t(a)`,
		`create table if not exists t(a)`:                   `create table if not exists "s".t(a)`,
		`CREATE TABLE t(a) WITHOUT ROWID, STRICT`:           `CREATE TABLE "s".t(a) WITHOUT ROWID, STRICT`,
		`CREATE INDEX i ON t(a)`:                            `CREATE INDEX "s".i ON t(a)`,
		"CREATE UNIQUE INDEX \"i\" ON t(a) WHERE a.b > ';'": "CREATE UNIQUE INDEX \"s\".\"i\" ON t(a) WHERE a.b > ';'",
		`CREATE INDEX IF NOT EXISTS i ON t(a)`:              `CREATE INDEX IF NOT EXISTS "s".i ON t(a)`,
		`CREATE TABLE index_(a)`:                            `CREATE TABLE "s".index_(a)`,

		``:                               ``,
		`CREATE`:                         ``,
		`CREATE TABLE`:                   ``,
		`CREATE TABLE t`:                 ``,
		`CREATE TABLE main.t(a)`:         ``,
		`CREATE UNIQUE TABLE t(a)`:       ``,
		`CREATE VIEW v AS SELECT 1`:      ``,
		`CREATE VIRTUAL TABLE v USING f`: ``,
		`CREATE TEMP TABLE t(a)`:         ``,
		`CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END`: ``,
		`SELECT 1`:                        ``,
		`DROP TABLE t; CREATE TABLE t(a)`: ``,
	} {
		got, ok := CreateIn(sql, `"s"`)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", sql, got, ok, want)
		}
	}
}
