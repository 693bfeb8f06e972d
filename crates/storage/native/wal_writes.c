/*
 * A SQLite VFS that hands the write-ahead log to the operating system in few large writes.
 *
 * SQLite writes a log frame as two system calls, a header of 24 bytes and a page, so a commit of sixty acts makes
 * five hundred of them: most of the time of a commit. All of them are consecutive. Here they are gathered in memory and
 * written before anybody can depend on them: before the log is synced, read, measured, cut or closed.
 *
 * The connection that uses this must run with synchronous=FULL. Then SQLite syncs the log before it shows a commit to
 * other connections, and whoever reads the log finds it written. Every other file, and every other operation, is left to
 * the VFS that was the default.
 */
#include <string.h>
#include "sqlite3.h"

/* Bytes gathered before they are written. The VFS below takes no write of 128 KiB or more. */
#define GATHERED (124 * 1024)

typedef struct LogFile {
  sqlite3_file base;
  sqlite3_file *real;
  unsigned char *gathered;
  int amount;
  sqlite3_int64 at;
} LogFile;

static sqlite3_vfs *under;
static sqlite3_vfs gathering;

static int written(LogFile *log) {
  int amount = log->amount;
  if (amount == 0) return SQLITE_OK;
  /* A failure is told once, to whoever has to know; SQLite then gives the transaction up. */
  log->amount = 0;
  return log->real->pMethods->xWrite(log->real, log->gathered, amount, log->at);
}

static int log_close(sqlite3_file *file) {
  LogFile *log = (LogFile *)file;
  int rc = written(log);
  int closed = log->real->pMethods->xClose(log->real);
  sqlite3_free(log->gathered);
  log->gathered = 0;
  return rc == SQLITE_OK ? closed : rc;
}

static int log_read(sqlite3_file *file, void *to, int amount, sqlite3_int64 at) {
  LogFile *log = (LogFile *)file;
  int rc = written(log);
  return rc == SQLITE_OK ? log->real->pMethods->xRead(log->real, to, amount, at) : rc;
}

static int log_write(sqlite3_file *file, const void *from, int amount, sqlite3_int64 at) {
  LogFile *log = (LogFile *)file;
  if (log->amount > 0 && (at != log->at + log->amount || amount > GATHERED - log->amount)) {
    int rc = written(log);
    if (rc != SQLITE_OK) return rc;
  }
  if (amount > GATHERED) return log->real->pMethods->xWrite(log->real, from, amount, at);
  if (log->amount == 0) log->at = at;
  memcpy(log->gathered + log->amount, from, (size_t)amount);
  log->amount += amount;
  return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
  LogFile *log = (LogFile *)file;
  int rc = written(log);
  return rc == SQLITE_OK ? log->real->pMethods->xTruncate(log->real, size) : rc;
}

static int log_sync(sqlite3_file *file, int flags) {
  LogFile *log = (LogFile *)file;
  int rc = written(log);
  return rc == SQLITE_OK ? log->real->pMethods->xSync(log->real, flags) : rc;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
  LogFile *log = (LogFile *)file;
  int rc = written(log);
  return rc == SQLITE_OK ? log->real->pMethods->xFileSize(log->real, size) : rc;
}

static int log_lock(sqlite3_file *file, int level) {
  LogFile *log = (LogFile *)file;
  return log->real->pMethods->xLock(log->real, level);
}

static int log_unlock(sqlite3_file *file, int level) {
  LogFile *log = (LogFile *)file;
  return log->real->pMethods->xUnlock(log->real, level);
}

static int log_reserved(sqlite3_file *file, int *taken) {
  LogFile *log = (LogFile *)file;
  return log->real->pMethods->xCheckReservedLock(log->real, taken);
}

static int log_control(sqlite3_file *file, int what, void *with) {
  LogFile *log = (LogFile *)file;
  int rc = written(log);
  return rc == SQLITE_OK ? log->real->pMethods->xFileControl(log->real, what, with) : rc;
}

static int log_sector(sqlite3_file *file) {
  LogFile *log = (LogFile *)file;
  return log->real->pMethods->xSectorSize(log->real);
}

static int log_device(sqlite3_file *file) {
  LogFile *log = (LogFile *)file;
  return log->real->pMethods->xDeviceCharacteristics(log->real);
}

/* Version 1: a log is neither shared memory nor mapped. */
static const sqlite3_io_methods log_methods = {
  .iVersion = 1,
  .xClose = log_close,
  .xRead = log_read,
  .xWrite = log_write,
  .xTruncate = log_truncate,
  .xSync = log_sync,
  .xFileSize = log_size,
  .xLock = log_lock,
  .xUnlock = log_unlock,
  .xCheckReservedLock = log_reserved,
  .xFileControl = log_control,
  .xSectorSize = log_sector,
  .xDeviceCharacteristics = log_device,
};

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *got) {
  LogFile *log = (LogFile *)file;
  int rc;
  (void)vfs;
  if ((flags & SQLITE_OPEN_WAL) == 0) return under->xOpen(under, name, file, flags, got);
  memset(log, 0, sizeof *log);
  log->gathered = sqlite3_malloc(GATHERED);
  if (log->gathered == 0) return SQLITE_NOMEM;
  log->real = (sqlite3_file *)(log + 1);
  rc = under->xOpen(under, name, log->real, flags, got);
  if (rc != SQLITE_OK) {
    sqlite3_free(log->gathered);
    return rc;
  }
  log->base.pMethods = &log_methods;
  return SQLITE_OK;
}

int xiaoan_give_back(void);

/* SQLite calls this once, when it starts: SQLITE_EXTRA_INIT. */
int xiaoan_wal_writes(const char *unused) {
  int rc = xiaoan_give_back();
  (void)unused;
  if (rc != SQLITE_OK) return rc;
  under = sqlite3_vfs_find(0);
  if (under == 0) return SQLITE_OK;
  gathering = *under;
  gathering.zName = "xiaoan";
  gathering.pNext = 0;
  gathering.szOsFile = under->szOsFile + (int)sizeof(LogFile);
  gathering.xOpen = open_file;
  return sqlite3_vfs_register(&gathering, 0);
}
