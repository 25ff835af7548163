// What was built.
#ifndef TFRS_BUILD_H
#define TFRS_BUILD_H

/// The commit that was built, empty where the build does not say: the environment variable
/// TFRS_COMMIT tells it to Package.swift, and the scripts set that.
const char *_Nonnull tfrs_build_commit(void);

/// The arguments of the process, its name included, as it was started with them. Swift's own
/// CommandLine reads them from /proc, which is not everywhere. 0 where they are not known.
int tfrs_argument_count(void);
const char *_Nonnull tfrs_argument(int index);

#endif
