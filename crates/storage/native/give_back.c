/*
 * give_back_memory(): what the allocator keeps of freed memory goes back to the operating system.
 *
 * mimalloc gives pages back when somebody asks for memory again. After a busy morning nobody does, and an old desktop is
 * left with what the morning needed. A connection that has been idle for a while calls this on its own thread, so that
 * nobody who works waits for it. Weak, because only the program is linked with that allocator; elsewhere it does nothing.
 */
#include <stdbool.h>
#include "sqlite3.h"

#if defined(__GNUC__)
extern void mi_collect(bool force) __attribute__((weak));
#endif

static void give_back(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  (void)values;
#if defined(__GNUC__)
  if (mi_collect) mi_collect(true);
#endif
  sqlite3_result_null(context);
}

static int known(sqlite3 *connection, char **error, const void *api) {
  (void)error;
  (void)api;
  return sqlite3_create_function(connection, "give_back_memory", 0, SQLITE_UTF8 | SQLITE_DIRECTONLY, 0, give_back, 0, 0);
}

/* Makes the function known to every connection from now on. */
int xiaoan_give_back(void) {
  return sqlite3_auto_extension((void (*)(void))known);
}
