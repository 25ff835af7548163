// What of the system Swift does not see, for glibc hides it from whoever has not asked for it.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdint.h>

// Lets the system begin to bring a part of a file to the disk, and does not wait for it; nothing
// where the system has no such call.
void platform_begin_flush(int descriptor, int64_t offset, int64_t count);

#endif
