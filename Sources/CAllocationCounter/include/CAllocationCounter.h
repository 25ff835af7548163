#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Calls that allocated memory in this process so far, in all threads. Linking this counts them:
/// it stands before the C library's allocator and passes every call on.
uint64_t ac_allocation_count(void);

/// The same of the calling thread alone.
uint64_t ac_thread_allocation_count(void);

/// Whether this platform can count.
bool ac_is_counting(void);

/// Pages that the system had to provide to this process so far without reading a disk, in all
/// threads or in the calling one; 0 where it does not tell.
uint64_t ac_fault_count(void);
uint64_t ac_thread_fault_count(void);
