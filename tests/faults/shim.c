/* A disk that fails on demand: preloaded before a test program, it counts what is written below one folder, and at the
   n-th such call kills the program, tears the write, or answers with an error. It can also keep a log of the calls, from
   which a test builds the disk as a power cut would leave it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { NONE, KILL, TEAR_AND_KILL, EIO_ONCE, EIO_ON, ENOSPC_ON, SHORT_THEN_ENOSPC };

static char folder[4096];
static enum kind kind = NONE;
static int nth, seen;
static int log_descriptor = -1;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

void fault_arm(const char *below, int what, int at) {
    snprintf(folder, sizeof folder, "%s/", below);
    kind = (enum kind)what;
    nth = at;
    seen = 0;
}

int fault_disarm(void) {
    kind = NONE;
    nth = 0;
    return seen;
}

/* -- which calls count -- */

static int below(const char *path) {
    size_t length = strlen(folder);
    if (length < 2) return 0;
    if (strncmp(path, folder, length - 1) || (path[length - 1] != '/' && path[length - 1] != 0)) return 0;
    return strstr(path, "-shm") == NULL && strstr(path, ".lock") == NULL;
}

static int path_of(int descriptor, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* The fault due at this call, if any. */
static enum kind due(void) {
    if (kind == NONE) return NONE;
    seen++;
    if (seen < nth) return NONE;
    if (seen == nth) {
        if (kind == KILL) die();
        return kind;
    }
    return kind == EIO_ON || kind == ENOSPC_ON || kind == SHORT_THEN_ENOSPC ? kind : NONE;
}

/* -- the log: op, offset, length of data, length of name; then name and data -- */

struct record { uint64_t op, offset, length, name_length; };

static void put(char op, uint64_t offset, const char *name, const void *data, uint64_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (log_descriptor < 0) return;
    const char *base = name ? strrchr(name, '/') : NULL;
    base = base ? base + 1 : "";
    struct record record = {(uint64_t)op, offset, length, strlen(base)};
    real(log_descriptor, &record, sizeof record);
    real(log_descriptor, base, strlen(base));
    real(log_descriptor, data, length);
}

void fault_log(const char *below, int descriptor) {
    snprintf(folder, sizeof folder, "%s/", below);
    log_descriptor = descriptor;
}

void fault_note(int number) { put('N', (uint64_t)number, NULL, "", 0); }

/* -- the calls -- */

static ssize_t faulty_write(int descriptor, const void *data, size_t size, off_t offset, int placed,
                            ssize_t (*go)(int, const void *, size_t, off_t)) {
    char path[4096];
    if (!path_of(descriptor, path, sizeof path)) return go(descriptor, data, size, offset);
    off_t at = placed ? offset : lseek(descriptor, 0, SEEK_CUR);
    switch (due()) {
    case TEAR_AND_KILL:
        go(descriptor, data, size / 2, offset);
        die();
        break;
    case EIO_ONCE:
    case EIO_ON:
        errno = EIO;
        return -1;
    case ENOSPC_ON:
        errno = ENOSPC;
        return -1;
    case SHORT_THEN_ENOSPC:
        if (seen == nth && size > 1) return go(descriptor, data, size / 2, offset);
        errno = ENOSPC;
        return -1;
    default:
        break;
    }
    ssize_t written = go(descriptor, data, size, offset);
    if (written > 0) put('W', (uint64_t)at, path, data, (uint64_t)written);
    return written;
}

static ssize_t go_write(int descriptor, const void *data, size_t size, off_t offset) {
    REAL(ssize_t, "write", int, const void *, size_t);
    (void)offset;
    return real(descriptor, data, size);
}

static ssize_t go_pwrite(int descriptor, const void *data, size_t size, off_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    return real(descriptor, data, size, offset);
}

ssize_t write(int descriptor, const void *data, size_t size) {
    return faulty_write(descriptor, data, size, 0, 0, go_write);
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t offset) {
    return faulty_write(descriptor, data, size, offset, 1, go_pwrite);
}

ssize_t pwrite64(int descriptor, const void *data, size_t size, off_t offset) {
    return faulty_write(descriptor, data, size, offset, 1, go_pwrite);
}

/* Whether a call other than a write fails here; with TEAR_AND_KILL it is carried out first. */
static int refused(int room_needed, enum kind *found) {
    *found = due();
    if (*found == EIO_ONCE || *found == EIO_ON) {
        errno = EIO;
        return 1;
    }
    if (room_needed && (*found == ENOSPC_ON || *found == SHORT_THEN_ENOSPC)) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

/* Programs are killed here, and never the machine: to flush for real would only take time. */
static int faulty_sync(int descriptor, int (*real)(int)) {
    char path[4096];
    enum kind found;
    if (!path_of(descriptor, path, sizeof path)) return real(descriptor);
    if (refused(0, &found)) return -1;
    if (found == TEAR_AND_KILL) die();
    struct stat told;
    int is_folder = fstat(descriptor, &told) == 0 && S_ISDIR(told.st_mode);
    put(is_folder ? 'D' : 'S', 0, path, "", 0);
    return 0;
}

int fsync(int descriptor) {
    REAL(int, "fsync", int);
    return faulty_sync(descriptor, real);
}

int fdatasync(int descriptor) {
    REAL(int, "fdatasync", int);
    return faulty_sync(descriptor, real);
}

static int faulty_truncate(int descriptor, off_t length) {
    REAL(int, "ftruncate64", int, off_t);
    char path[4096];
    enum kind found;
    if (!path_of(descriptor, path, sizeof path)) return real(descriptor, length);
    if (refused(1, &found)) return -1;
    int result = real(descriptor, length);
    if (found == TEAR_AND_KILL) die();
    if (result == 0) put('T', (uint64_t)length, path, "", 0);
    return result;
}

int ftruncate(int descriptor, off_t length) { return faulty_truncate(descriptor, length); }
int ftruncate64(int descriptor, off_t length) { return faulty_truncate(descriptor, length); }

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    enum kind found;
    if (!below(path)) return real(path);
    if (refused(0, &found)) return -1;
    int result = real(path);
    if (found == TEAR_AND_KILL) die();
    if (result == 0) put('U', 0, path, "", 0);
    return result;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    enum kind found;
    if (!below(from)) return real(from, to);
    if (refused(1, &found)) return -1;
    int result = real(from, to);
    if (found == TEAR_AND_KILL) die();
    const char *base = strrchr(to, '/');
    if (result == 0) put('R', 0, from, base ? base + 1 : to, strlen(base ? base + 1 : to));
    return result;
}
