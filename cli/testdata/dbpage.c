/*
** The table sqlite_dbpage, for a sqlite3 whose library was built without it:
** the .recover of such a shell reads its pages from there. Reads only, and only
** the file: no write-ahead log.
*/
#include "sqlite3ext.h"
#include <string.h>
SQLITE_EXTENSION_INIT1

typedef struct Cursor {
  sqlite3_vtab_cursor base;
  sqlite3_int64 pgno, last;
  int page_size;
  sqlite3_file *file;
} Cursor;

typedef struct Table {
  sqlite3_vtab base;
  sqlite3 *db;
} Table;

static int connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                   sqlite3_vtab **vtab, char **err) {
  Table *t = sqlite3_malloc(sizeof *t);
  if (!t) return SQLITE_NOMEM;
  memset(t, 0, sizeof *t);
  t->db = db;
  *vtab = &t->base;
  return sqlite3_declare_vtab(
      db, "CREATE TABLE x(pgno INTEGER PRIMARY KEY, data BLOB, schema HIDDEN)");
}

static int disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

/* The arguments of filter: the schema, which is main anyway, and the page. */
static int best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  int i, n = 0;
  for (i = 0; i < info->nConstraint; i++) {
    if (!info->aConstraint[i].usable) continue;
    if (info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (info->aConstraint[i].iColumn == 2) {
      info->aConstraintUsage[i].omit = 1;
      info->aConstraintUsage[i].argvIndex = ++n;
      info->idxNum |= n == 1 ? 4 : 0;
    } else if (info->aConstraint[i].iColumn <= 0) {
      info->aConstraintUsage[i].omit = 1;
      info->aConstraintUsage[i].argvIndex = ++n;
      info->idxNum |= n;
    }
  }
  info->estimatedCost = info->idxNum & 3 ? 1 : 1000;
  return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
  Cursor *c = sqlite3_malloc(sizeof *c);
  if (!c) return SQLITE_NOMEM;
  memset(c, 0, sizeof *c);
  *cursor = &c->base;
  return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor) {
  sqlite3_free(cursor);
  return SQLITE_OK;
}

static sqlite3_int64 pragma(sqlite3 *db, const char *sql) {
  sqlite3_stmt *s = 0;
  sqlite3_int64 v = 0;
  if (sqlite3_prepare_v2(db, sql, -1, &s, 0) == SQLITE_OK &&
      sqlite3_step(s) == SQLITE_ROW)
    v = sqlite3_column_int64(s, 0);
  sqlite3_finalize(s);
  return v;
}

static int filter(sqlite3_vtab_cursor *cursor, int idx, const char *name,
                  int argc, sqlite3_value **argv) {
  Cursor *c = (Cursor *)cursor;
  sqlite3 *db = ((Table *)cursor->pVtab)->db;
  c->page_size = pragma(db, "PRAGMA page_size");
  c->last = pragma(db, "PRAGMA page_count");
  c->pgno = 1;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &c->file);
  if (idx & 3) {
    c->pgno = sqlite3_value_int64(argv[(idx & 3) - 1]);
    if (c->pgno < 1 || c->pgno > c->last)
      c->pgno = c->last + 1;
    else
      c->last = c->pgno;
  }
  return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *cursor) {
  ((Cursor *)cursor)->pgno++;
  return SQLITE_OK;
}

static int eof(sqlite3_vtab_cursor *cursor) {
  Cursor *c = (Cursor *)cursor;
  return c->pgno > c->last;
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int i) {
  Cursor *c = (Cursor *)cursor;
  unsigned char *page;
  int rc;
  if (i == 0) sqlite3_result_int64(ctx, c->pgno);
  if (i != 1) return SQLITE_OK;
  page = sqlite3_malloc(c->page_size);
  if (!page) return SQLITE_NOMEM;
  rc = c->file->pMethods->xRead(c->file, page, c->page_size,
                                (c->pgno - 1) * c->page_size);
  if (rc == SQLITE_IOERR_SHORT_READ) rc = SQLITE_OK;
  if (rc == SQLITE_OK)
    sqlite3_result_blob(ctx, page, c->page_size, sqlite3_free);
  else
    sqlite3_free(page);
  return rc;
}

static int rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id) {
  *id = ((Cursor *)cursor)->pgno;
  return SQLITE_OK;
}

static sqlite3_module module = {
    .xConnect = connect,       .xBestIndex = best_index,
    .xDisconnect = disconnect, .xOpen = open_cursor,
    .xClose = close_cursor,    .xFilter = filter,
    .xNext = next,             .xEof = eof,
    .xColumn = column,         .xRowid = rowid,
};

int sqlite3_dbpage_init(sqlite3 *db, char **err,
                        const sqlite3_api_routines *api) {
  SQLITE_EXTENSION_INIT2(api);
  return sqlite3_create_module(db, "sqlite_dbpage", &module, 0);
}
