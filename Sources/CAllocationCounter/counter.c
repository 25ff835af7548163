#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CAllocationCounter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/resource.h>

static _Atomic uint64_t allocations;
static _Thread_local uint64_t own_allocations;

uint64_t ac_allocation_count(void) {
    return atomic_load_explicit(&allocations, memory_order_relaxed);
}

uint64_t ac_thread_allocation_count(void) { return own_allocations; }

static uint64_t faults(int who) {
    struct rusage usage;
    return getrusage(who, &usage) == 0 ? (uint64_t)usage.ru_minflt : 0;
}

uint64_t ac_fault_count(void) { return faults(RUSAGE_SELF); }

uint64_t ac_thread_fault_count(void) {
#if defined(RUSAGE_THREAD)
    return faults(RUSAGE_THREAD);
#else
    return 0;
#endif
}

// A sanitizer stands in this place itself.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define AC_COUNTS 0
#elif defined(__GLIBC__)
#define AC_COUNTS 1
#else
#define AC_COUNTS 0
#endif

#if AC_COUNTS

bool ac_is_counting(void) { return true; }

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void note(void) {
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    own_allocations++;
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note();
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    note();
    void *memory = __libc_memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

#else

bool ac_is_counting(void) { return false; }

#endif
