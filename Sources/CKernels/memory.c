// What the system's allocator does with memory that is freed.

#include "CKernels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

void tk_keep_freed_memory(void) {
#if defined(__GLIBC__)
    // Both, for setting either ends the adaptation of the other.
    mallopt(M_MMAP_THRESHOLD, 8 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
#endif
}
