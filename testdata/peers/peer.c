/*
 * One SQLite implementation as a process. The file is compiled against the
 * header of each implementation and has two modes:
 *
 *   peer               serve requests on stdin, answer on stdout
 *   peer FILE SQL...   run the statements and print rows in list format
 *
 * A request is "VERB LEN\n" and LEN bytes; an answer is one line of JSON. The
 * package vfs/vfstest/peers documents the verbs and the answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite3.h"

struct buffer {
  char *data;
  size_t len, cap;
};

/* What an answer says besides its rows. */
struct outcome {
  int code, extended;
  sqlite3_int64 changes;
  char message[1024];
};

static sqlite3 *database;

static void die(const char *why) {
  fprintf(stderr, "peer: %s\n", why);
  exit(2);
}

static void put(struct buffer *b, const void *data, size_t n) {
  if (b->len + n > b->cap) {
    b->cap = (b->len + n) * 2;
    b->data = realloc(b->data, b->cap);
    if (b->data == NULL) die("out of memory");
  }
  memcpy(b->data + b->len, data, n);
  b->len += n;
}

static void puts_to(struct buffer *b, const char *s) { put(b, s, strlen(s)); }

/* The length of the well-formed UTF-8 sequence at s, or 0. */
static size_t sequence(const unsigned char *s, size_t n) {
  size_t want = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2
              : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
  if (want == 0 || want > n) return 0;
  for (size_t i = 1; i < want; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  if (s[0] == 0xe0 && s[1] < 0xa0) return 0; /* overlong */
  if (s[0] == 0xed && s[1] > 0x9f) return 0; /* surrogate */
  if (s[0] == 0xf0 && s[1] < 0x90) return 0; /* overlong */
  if (s[0] == 0xf4 && s[1] > 0x8f) return 0; /* past U+10FFFF */
  return want;
}

/* The inside of a JSON string. What is not UTF-8 becomes U+FFFD, because a
 * JSON text cannot carry it. */
static void put_escaped(struct buffer *b, const char *text, size_t n) {
  const unsigned char *s = (const unsigned char *)text;
  while (n > 0) {
    size_t len = sequence(s, n);
    char escape[8];
    if (len == 0) {
      puts_to(b, "\\ufffd");
      len = 1;
    } else if (s[0] < 0x20 || s[0] == '"' || s[0] == '\\') {
      snprintf(escape, sizeof escape, "\\u%04x", s[0]);
      puts_to(b, escape);
    } else {
      put(b, s, len);
    }
    s += len;
    n -= len;
  }
}

static void put_hex(struct buffer *b, const unsigned char *s, size_t n) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    char pair[2] = {digits[s[i] >> 4], digits[s[i] & 15]};
    put(b, pair, 2);
  }
}

static void put_text(struct buffer *b, sqlite3_stmt *st, int i) {
  const char *text = (const char *)sqlite3_column_text(st, i);
  put_escaped(b, text, (size_t)sqlite3_column_bytes(st, i));
}

static void put_value(struct buffer *b, sqlite3_stmt *st, int i) {
  char number[64];
  switch (sqlite3_column_type(st, i)) {
  case SQLITE_NULL:
    puts_to(b, "null");
    return;
  case SQLITE_INTEGER:
    snprintf(number, sizeof number, "\"i%lld", (long long)sqlite3_column_int64(st, i));
    puts_to(b, number);
    break;
  case SQLITE_FLOAT:
    snprintf(number, sizeof number, "\"r%.17g", sqlite3_column_double(st, i));
    puts_to(b, number);
    break;
  case SQLITE_TEXT:
    puts_to(b, "\"t");
    put_text(b, st, i);
    break;
  default:
    puts_to(b, "\"b");
    put_hex(b, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i));
  }
  puts_to(b, "\"");
}

static void put_columns(struct buffer *b, sqlite3_stmt *st) {
  puts_to(b, b->data[b->len - 1] == '[' ? "{\"columns\":[" : ",{\"columns\":[");
  for (int i = 0; i < sqlite3_column_count(st); i++) {
    const char *name = sqlite3_column_name(st, i);
    puts_to(b, i == 0 ? "\"" : ",\"");
    put_escaped(b, name, strlen(name));
    puts_to(b, "\"");
  }
  puts_to(b, "],\"rows\":[");
}

static void put_row(struct buffer *b, sqlite3_stmt *st) {
  puts_to(b, b->data[b->len - 1] == '[' ? "[" : ",[");
  for (int i = 0; i < sqlite3_column_count(st); i++) {
    if (i > 0) puts_to(b, ",");
    put_value(b, st, i);
  }
  puts_to(b, "]");
}

/* Steps one statement to its end and returns what the last step returned. The
 * columns are written after the first step, as a step can prepare anew. */
static int run_statement(struct buffer *b, sqlite3_stmt *st) {
  int begun = 0, rc;
  while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
    if (!begun) put_columns(b, st);
    begun = 1;
    put_row(b, st);
  }
  if (!begun && rc == SQLITE_DONE && sqlite3_column_count(st) > 0) {
    put_columns(b, st);
    begun = 1;
  }
  if (begun) puts_to(b, "]}");
  return rc;
}

static void fail(struct outcome *o, int code, int extended, const char *message) {
  o->code = code & 0xff;
  o->extended = extended;
  snprintf(o->message, sizeof o->message, "%s", message);
}

static void fail_here(struct outcome *o, int code) {
  fail(o, code, sqlite3_extended_errcode(database), sqlite3_errmsg(database));
}

static void do_exec(struct buffer *b, struct outcome *o, const char *sql) {
  while (*sql != 0) {
    sqlite3_stmt *st = NULL;
    int before = sqlite3_total_changes(database);
    int rc = sqlite3_prepare_v2(database, sql, -1, &st, &sql);
    if (rc == SQLITE_OK && st == NULL) continue; /* a comment or white space */
    if (rc == SQLITE_OK) {
      run_statement(b, st);
      rc = sqlite3_finalize(st);
    }
    if (rc != SQLITE_OK) {
      fail_here(o, rc);
      return;
    }
    if (sqlite3_total_changes(database) != before)
      o->changes += sqlite3_changes(database);
  }
}

/* The flags for sqlite3_open_v2, or 0 for a word that is none. */
static int open_flags(char *words) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  for (char *w = strtok(words, " "); w != NULL; w = strtok(NULL, " ")) {
    if (strcmp(w, "ro") == 0) flags = SQLITE_OPEN_READONLY;
    else if (strcmp(w, "rw") == 0) flags = SQLITE_OPEN_READWRITE;
    else return 0;
  }
  return flags | SQLITE_OPEN_URI;
}

static void do_open(struct outcome *o, char *name) {
  char none[] = "", *words = strchr(name, '\n');
  if (words != NULL) *words++ = 0;
  int flags = open_flags(words != NULL ? words : none);
  if (flags == 0) {
    fail(o, SQLITE_MISUSE, SQLITE_MISUSE, "unknown open flag");
    return;
  }
  int rc = sqlite3_open_v2(name, &database, flags, NULL);
  if (rc == SQLITE_OK) return;
  fail_here(o, rc);
  sqlite3_close(database);
  database = NULL;
}

static void do_key(struct outcome *o, const char *key, size_t len) {
#ifdef SQLITE_HAS_CODEC
  int rc = sqlite3_key(database, key, (int)len);
  if (rc != SQLITE_OK) fail(o, rc, rc, "sqlite3_key failed");
#else
  (void)key;
  (void)len;
  fail(o, SQLITE_ERROR, SQLITE_ERROR, "this peer has no encryption");
#endif
}

static void do_close(struct outcome *o) {
  int rc = sqlite3_close(database);
  if (rc != SQLITE_OK) fail_here(o, rc);
  else database = NULL;
}

static void serve_request(struct buffer *b, struct outcome *o,
                          const char *verb, char *payload, size_t len) {
  int open = strcmp(verb, "open") == 0;
  if (strcmp(verb, "quit") == 0) return;
  if (strcmp(verb, "close") == 0) do_close(o);
  else if (open && database == NULL) do_open(o, payload);
  else if (open) fail(o, SQLITE_MISUSE, SQLITE_MISUSE, "a database is open already");
  else if (database == NULL) fail(o, SQLITE_MISUSE, SQLITE_MISUSE, "no database is open");
  else if (strcmp(verb, "exec") == 0) do_exec(b, o, payload);
  else if (strcmp(verb, "key") == 0) do_key(o, payload, len);
  else fail(o, SQLITE_ERROR, SQLITE_ERROR, "unknown verb");
}

static void answer(struct buffer *b, const struct outcome *o) {
  char tail[128];
  snprintf(tail, sizeof tail, "],\"code\":%d,\"extended\":%d,\"changes\":%lld,\"message\":\"",
           o->code, o->extended, (long long)o->changes);
  puts_to(b, tail);
  put_escaped(b, o->message, strlen(o->message));
  puts_to(b, "\"}\n");
  if (fwrite(b->data, 1, b->len, stdout) != b->len || fflush(stdout) != 0)
    die("cannot write an answer");
}

static int serve(void) {
  struct buffer b = {0};
  char header[64], verb[16] = "";
  while (strcmp(verb, "quit") != 0 && fgets(header, sizeof header, stdin) != NULL) {
    struct outcome o = {0};
    size_t len;
    if (sscanf(header, "%15s %zu", verb, &len) != 2) die("malformed request");
    char *payload = calloc(1, len + 1);
    if (payload == NULL) die("out of memory");
    if (fread(payload, 1, len, stdin) != len) die("cut off request");
    b.len = 0;
    puts_to(&b, "{\"results\":[");
    serve_request(&b, &o, verb, payload, len);
    free(payload);
    answer(&b, &o);
  }
  sqlite3_close(database);
  free(b.data);
  return 0;
}

static int print_row(void *unused, int n, char **values, char **names) {
  (void)unused;
  (void)names;
  for (int i = 0; i < n; i++)
    printf("%s%s", i > 0 ? "|" : "", values[i] != NULL ? values[i] : "");
  putchar('\n');
  return 0;
}

static int run_arguments(int n, char **args) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
  int rc = sqlite3_open_v2(args[0], &database, flags, NULL);
  for (int i = 1; i < n && rc == SQLITE_OK; i++)
    rc = sqlite3_exec(database, args[i], print_row, NULL, NULL);
  fflush(stdout);
  if (rc != SQLITE_OK)
    fprintf(stderr, "Error: %s (%d)\n", sqlite3_errmsg(database), rc & 0xff);
  sqlite3_close(database);
  return rc == SQLITE_OK ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc > 1) return run_arguments(argc - 1, argv + 1);
  return serve();
}
