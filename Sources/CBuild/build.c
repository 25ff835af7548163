#include "CBuild.h"

#ifndef TFRS_COMMIT
#define TFRS_COMMIT ""
#endif

const char *tfrs_build_commit(void) { return TFRS_COMMIT; }
