#include "CBuild.h"

#include <stdlib.h>  // Which says whose library this is.

#ifndef TFRS_COMMIT
#define TFRS_COMMIT ""
#endif

const char *tfrs_build_commit(void) { return TFRS_COMMIT; }

static int argument_count;
static char **arguments;

// These pass main's arguments to what runs before it.
#if defined(__GLIBC__) || defined(__APPLE__)
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    argument_count = count;
    arguments = values;
}
#endif

int tfrs_argument_count(void) { return argument_count; }
const char *tfrs_argument(int index) { return arguments[index]; }
