/*
 * A wall clock that can be set for one process: the system's time plus the seconds in the file CHAOS_CLOCK names, which
 * is mapped, so that a write to it sets the clock at once. The monotonic clock, and every other process, keep theirs.
 * Built and preloaded by "chaos". Not covered: a wait in the kernel until a wall-clock time (LockSupport.parkUntil).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *ahead;
static int (*system_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("CHAOS_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    system_clock = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    if (file >= 0) {
        void *page = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);

        if (page != MAP_FAILED)
            ahead = page;
        close(file);
    }
}

int clock_gettime(clockid_t id, struct timespec *now) {
    /* Another library's constructor may ask before ours ran. */
    int failed = system_clock ? system_clock(id, now) : (int) syscall(SYS_clock_gettime, id, now);

    if (!failed && ahead && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        now->tv_sec += *ahead;
    return failed;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
    struct timespec now;

    (void) zone;
    clock_gettime(CLOCK_REALTIME, &now);
    result->tv_sec = now.tv_sec;
    result->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}
