/**
 * For LD_PRELOAD, in C: moves the clocks of one process, at once and at any time. The file that
 * $CLOCK_SHIM_FILE names holds two int64 in microseconds: how far its wall clock is from the real one (or,
 * with $CLOCK_SHIM_MODE=frozen, what it says), and how far its monotonic clocks are.
 */
export const clockShim: string = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t nothing[2] = {0, 0};
static volatile const int64_t *given;
static int is_frozen;

static void begin(void) {
  const char *path = getenv("CLOCK_SHIM_FILE");
  const char *mode = getenv("CLOCK_SHIM_MODE");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void *page = file < 0 ? MAP_FAILED : mmap(0, sizeof nothing, PROT_READ, MAP_SHARED, file, 0);
  if (file >= 0) close(file);
  is_frozen = page != MAP_FAILED && mode && strcmp(mode, "frozen") == 0;
  given = page == MAP_FAILED ? nothing : page;
}

static int64_t nanoseconds(clockid_t clock) {
  if (!given) begin();
  int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (is_wall && is_frozen) return given[0] * 1000;
  struct timespec real;
  syscall(SYS_clock_gettime, is_wall ? CLOCK_REALTIME : clock, &real);
  return real.tv_sec * INT64_C(1000000000) + real.tv_nsec + given[is_wall ? 0 : 1] * 1000;
}

int clock_gettime(clockid_t clock, struct timespec *to) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
      break;
    default:
      return (int)syscall(SYS_clock_gettime, clock, to);
  }
  int64_t now = nanoseconds(clock);
  to->tv_sec = now / 1000000000;
  to->tv_nsec = now % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict to, void *restrict zone) {
  (void)zone;
  int64_t now = nanoseconds(CLOCK_REALTIME);
  to->tv_sec = now / 1000000000;
  to->tv_usec = now % 1000000000 / 1000;
  return 0;
}

time_t time(time_t *to) {
  time_t now = nanoseconds(CLOCK_REALTIME) / 1000000000;
  if (to) *to = now;
  return now;
}
`;
