// What was built.
#ifndef TFRS_BUILD_H
#define TFRS_BUILD_H

/// The commit that was built, empty where the build does not say: the environment variable
/// TFRS_COMMIT tells it to Package.swift, and the scripts set that.
const char *_Nonnull tfrs_build_commit(void);

#endif
